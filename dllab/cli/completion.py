"""`dllab completion SHELL`: completion of commands, experiments and flags, from the index alone."""

import argparse

from dllab.cli.flags import RUN_FLAGS, experiment_named, flags_of
from dllab.cli.help import summary
from dllab.index import Index, read_index
from dllab.reserved import COMMANDS
from dllab.texts import LANGUAGES, text

COMMON_FLAGS = ("--lang", "--store", "--plugins-dir", "--strict", "--debug", "--help")

# Each shell hands over the words up to the cursor; every answer is a line "candidate TAB description".
# bash takes ":" for the end of a word, so what stands before it is cut off again.
SCRIPTS = {
    "bash": r"""_dllab() {
    local line cur="${COMP_WORDS[COMP_CWORD]}" words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    COMPREPLY=()
    if declare -F _get_comp_words_by_ref >/dev/null; then
        local cword
        _get_comp_words_by_ref -n := -c cur -w words -i cword
        words=("${words[@]:1:cword}")
    fi
    while IFS=$'\t' read -r line _; do
        COMPREPLY+=("$line")
    done < <(dllab --complete "${words[@]}" 2>/dev/null)
    if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
}
complete -o bashdefault -o default -F _dllab dllab""",
    "zsh": r"""#compdef dllab
_dllab() {
    local -a found
    local candidate description
    dllab --complete "${(@)words[2,CURRENT]}" 2>/dev/null | while IFS=$'\t' read -r candidate description; do
        found+=("${candidate//:/\\:}:$description")
    done
    if (( $#found )); then _describe -V dllab found; else _files; fi
}
compdef _dllab dllab""",
    "fish": r"""function __dllab_complete
    set -l words (commandline -opc) (commandline -ct)
    dllab --complete $words[2..-1] 2>/dev/null
end
complete -c dllab -a '(__dllab_complete)'""",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab completion` takes."""
    parser.add_argument("shell", choices=list(SCRIPTS), help=text("cli.completion_shell"))


def main(args: argparse.Namespace) -> int:
    """Print the script for a shell."""
    print(SCRIPTS[args.shell])
    return 0


def complete(words: list[str]) -> int:
    """Print the candidates for the last of the words, one "candidate TAB description" a line."""
    for candidate, description in candidates(words or [""], read_index()):
        print(f"{candidate}\t{description}")
    return 0


def candidates(words: list[str], index: Index) -> list[tuple[str, str]]:
    """(candidate, description) pairs that begin with the last of the words typed after `dllab`."""
    before, current = words[:-1], words[-1]
    if before and before[-1] == "--lang":
        found = [(language, "") for language in LANGUAGES]
    elif not before:
        own = [(name, text(f"cli.command_{name}")) for name in COMMANDS]
        found = own + [(name, summary(one)) for name, one in index.commands.items()]
    elif before[0] == "run" and experiment_named(before[1:]) in index.experiments:
        found = _of_run(before[1:], current, index)
    elif before[0] in ("run", "info") and not current.startswith("-"):
        found = [(name, summary(one)) for name, one in sorted(index.experiments.items())]
    elif before[0] == "plugins" and before[-1] in ("--check", "--disable", "--enable"):
        found = [(name, "") for name in _plugins(before[-1], index)]
    elif before[0] == "models" and not current.startswith("-"):
        found = _models(index) if "get" in before else [("get", text("models.what"))]
    elif before[0] == "completion" and not current.startswith("-"):
        found = [(shell, "") for shell in SCRIPTS]
    elif before[0] in COMMANDS and current.startswith("-"):
        found = _of_command(before[0])
    else:
        found = []
    if before and current.startswith("-"):
        found += [(flag, "") for flag in COMMON_FLAGS]
    return [(candidate, description) for candidate, description in found if candidate.startswith(current)]


def _of_run(before: list[str], current: str, index: Index) -> list[tuple[str, str]]:
    """Flags of an experiment, or the values of the flag that stands before."""
    flags = {flag.name: flag for flag in flags_of(index.schema(experiment_named(before))).values()}
    flag = flags.get("--" + before[-1].lstrip("-").replace("_", "-"))
    if flag and flag.takes != "bool":
        values = [str(choice) for choice in flag.choices] + (["none"] if flag.is_optional else [])
        if flag.input and current and "sample:".startswith(current[:7]):
            values += [
                f"sample:{one['name']}" for one in index.resources.values()
                if one["kind"] == "sample" and one["media"] in (flag.input, "")
            ]  # fmt: skip
        return [(value, "") for value in values]
    if not current.startswith("-"):
        return []
    found = [(name, one.facts.get("description", "")) for name, one in flags.items()]
    found += [(f"--no-{name[2:]}", "") for name, one in flags.items() if one.takes == "bool"]
    return found + [(f"--{name}", text(f"cli.run_{name}")) for name in RUN_FLAGS]


def _plugins(flag: str, index: Index) -> list[str]:
    """What may follow --check, --disable or --enable."""
    if flag == "--enable":
        return [one["name"] for one in index.left_out if one["by"] == "settings"]
    return [*index.plugins, *(["all", *index.experiments] if flag == "--check" else [])]


def _models(index: Index) -> list[tuple[str, str]]:
    """The models that can be downloaded."""
    models = [one for one in index.resources.values() if one["kind"] == "model" and one["url"]]
    return sorted((one["name"], summary(one)) for one in models)


def _of_command(command: str) -> list[tuple[str, str]]:
    """The flags of one of the lab's own commands."""
    if command == "run":
        return [(f"--{name}", text(f"cli.run_{name}")) for name in RUN_FLAGS]
    from importlib import import_module

    from dllab.cli.parsers import Parser

    parser = Parser(f"dllab {command}", "")
    import_module("dllab.cli." + command.replace("-", "_")).add_arguments(parser)
    return [
        (option, action.help or "")
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--")
    ]
