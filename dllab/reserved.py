"""Names that the command line keeps for itself: its commands, and the flags that every run has."""

# Commands by group, as in the help. A command's module is dllab.cli.COMMAND, with "_" for "-"; its
# summary is the text cli.command_COMMAND.
COMMAND_GROUPS = {
    "cli.group_experiments": ("list", "info", "run", "rerun", "sweep", "vary", "course"),
    "cli.group_runs": ("runs", "show", "open", "compare", "tag", "rm", "which"),
    "cli.group_store": ("export", "import", "sql", "verify", "gc"),
    "cli.group_lab": ("doctor", "models", "samples", "plugins", "new-plugin", "completion"),
}
COMMANDS = tuple(command for group in COMMAND_GROUPS.values() for command in group)

# The runner's own flags: what follows each ("" nothing, "one" a value, "many" a value each time it is given).
RUN_FLAGS = {
    "seed": "one",
    "device": "one",
    "threads": "one",
    "dtype": "one",
    "executor": "one",
    "out": "one",
    "params": "one",
    "tag": "many",
    "resume": "one",
    "tiny": "",
    "no-recipe": "",
    "quiet": "",
    "json": "",
}
EXECUTORS = ("inline", "process")  # the lab's own; the first is the default
COMMON_FLAGS = ("lang", "debug", "strict", "store", "plugins_dir", "version", "help")
# Parameters of an experiment cannot be called so: every run has these, and every command.
PARAMETER_NAMES = frozenset([*COMMON_FLAGS, *(name.replace("-", "_") for name in RUN_FLAGS)])
