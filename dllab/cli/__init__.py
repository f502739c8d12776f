"""The command line: `dllab COMMAND …`. Help, listing and completion load no plugin."""

import atexit
import os
import sys
from gc import freeze  # not gc: once imported, dllab.cli.gc is a name of this module

from dllab import __version__
from dllab.cli.streams import (
    drop_output,
    forget_interrupt,
    interrupt_on_signals,
    is_output_broken,
    open_closed_streams,
    restore_signals,
    say,
)
from dllab.errors import Cancelled, DllabError, UsageError, one_line
from dllab.printable import printable
from dllab.reserved import COMMANDS, COMMON_FLAGS
from dllab.selection import is_strict
from dllab.texts import LANGUAGES, did_you_mean, set_language, text

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import
if TYPE_CHECKING:
    from argparse import Namespace

INTERRUPTED = 130
# commands that look at a store, and make none where there is none
READING = ("runs", "show", "open", "compare", "tag", "rm", "which", "export", "sql", "verify", "gc")


class Options:
    """The options that every command takes, wherever they stand on the line."""

    def __init__(self) -> None:
        self.lang: str | None = None
        self.store: str | None = None
        self.plugins_dir: list[str] = []
        self.debug = False
        self.strict = False
        self.version = False
        self.help = False


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 good, 1 failed, 2 wrong use, 130 interrupted."""
    atexit.register(freeze)  # else Python ends by looking through all that torch has brought: 1.5 s
    open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that has no Korean shows "?"
    options = Options()
    before = os.environ.get("DLLAB_PLUGINS_DIR")
    handlers = interrupt_on_signals()
    try:
        # not list(…): once imported, dllab.cli.list is a name of this module
        status = _dispatch([*(sys.argv[1:] if argv is None else argv)], options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # the reader of a pipe has gone, as with `| head`
        drop_output()
        return 0
    except (KeyboardInterrupt, Cancelled):
        say(text("cli.interrupted"))
        forget_interrupt()
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  the last boundary: whatever is left is told in one line
        return _report(error, options.debug)
    finally:
        restore_signals(handlers)
        set_language(None)
        if before is None:
            os.environ.pop("DLLAB_PLUGINS_DIR", None)
        else:
            os.environ["DLLAB_PLUGINS_DIR"] = before


def _report(error: Exception, is_debug: bool) -> int:
    """Tell an error in one line, with --debug after its traceback; returns the exit status."""
    if is_debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, OSError) and is_output_broken(error):
        drop_output()
        say(text("cli.cannot_write", error=error.strerror or one_line(error)))
        return 1
    if isinstance(error, DllabError):
        try:
            line = printable(" ".join(str(error).splitlines()))
        except Exception:  # noqa: BLE001  a plugin may derive from DllabError, and spoil its text
            line = one_line(error)
        say(line)
        return error.exit_status
    from dllab.cli.blame import blame

    say(blame(error))
    return 1


def take_options(argv: list[str], options: Options) -> list[str]:
    """Fill options from the line, up to `--`, and return the words that are left.

    Raises UsageError for an option without its value, a language that isn't there, or a folder of
    plugins that isn't there.
    """
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            return [*rest, word, *words]
        name, equals, value = word.partition("=")
        if name in ("--lang", "--store", "--plugins-dir"):
            if not equals:
                value = next(words, "")
            if not value:
                raise UsageError(text("cli.needs_value", flag=name))
            if name == "--plugins-dir":
                options.plugins_dir.append(value)
            else:
                setattr(options, name[2:], value)
        elif word in ("--debug", "--strict", "--version", "--help", "-h"):
            setattr(options, "help" if word == "-h" else word[2:], True)
        else:
            rest.append(word)
    return rest


def _apply(options: Options) -> None:
    if options.lang is not None:
        if options.lang not in LANGUAGES:
            raise UsageError(text("cli.no_language", given=options.lang, languages=", ".join(LANGUAGES)))
        set_language(options.lang)
    for directory in options.plugins_dir:
        if not os.path.isdir(directory):
            raise UsageError(text("cli.no_plugins_dir", path=directory))
    if options.plugins_dir:  # in the environment, so that the processes of a run see it too
        known = os.environ.get("DLLAB_PLUGINS_DIR")
        folders = [os.path.abspath(one) for one in options.plugins_dir] + ([known] if known else [])
        os.environ["DLLAB_PLUGINS_DIR"] = os.pathsep.join(folders)


def _dispatch(argv: list[str], options: Options) -> int:
    if argv[:1] == ["--complete"]:
        from dllab.cli.completion import complete

        return complete(argv[1:])
    rest = take_options(argv, options)
    if rest[:1] == ["help"]:
        options.help = True
        del rest[0]
    _apply(options)
    if options.version:
        print(f"dllab {__version__}")
        return 0
    if not rest:
        from dllab.cli.help import print_help, print_short_help

        print_help() if options.help else print_short_help()
        return 0
    command, words = rest[0], rest[1:]
    options.strict = options.strict or is_strict()
    if options.strict and command != "plugins":  # which shows the faults itself, and can disable a plugin
        from dllab.index import read_index
        from dllab.plugins import hold_strictly

        hold_strictly(read_index())
    _check_store(command, options)
    if command == "run":
        return _run(words, options)
    if command in COMMANDS:
        return _built_in(command, words, options)
    return _from_plugin(command, words, options)


def _check_store(command: str, options: Options) -> None:
    """Raise UsageError for a store, named by --store, that is not there to be read, or is no folder."""
    if options.store is None or options.help:
        return
    folder = os.path.expanduser(options.store)
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise UsageError(text("cli.store_is_file", path=options.store))
    if command in READING and not os.path.isdir(folder):
        raise UsageError(text("cli.no_store", path=options.store))


def _run(words: list[str], options: Options) -> int:
    """`dllab run`, whose flags are made from the experiment's schema."""
    from dllab.cli import flags

    if options.help:
        from dllab.cli.help import print_run_help

        print_run_help(flags.experiment_named(words))
        return 0
    args = flags.parse_run(words)
    args.store, args.debug, args.lang = options.store, options.debug, options.lang
    from dllab.cli import run

    return run.main(args)


def _built_in(command: str, words: list[str], options: Options) -> int:
    from importlib import import_module

    from dllab.cli.parsers import Parser, parse

    module = import_module("dllab.cli." + command.replace("-", "_"))
    parser = Parser(f"dllab {command}", text(f"cli.command_{command}"))
    module.add_arguments(parser)
    if options.help:
        parser.print_help()
        return 0
    return module.main(_with(parse(parser, words), options))


def _from_plugin(command: str, words: list[str], options: Options) -> int:
    from dllab.index import read_index

    index = read_index()
    if command not in index.commands:
        near = did_you_mean(command, [*COMMANDS, *index.commands])
        if command.startswith("-"):
            raise UsageError(text("cli.unknown_option", option=command))
        if command in index.experiments:
            near = " " + text("cli.is_experiment", name=command)
        if command.replace("-", "_") in COMMON_FLAGS:
            near = " " + text("cli.is_option", option=f"--{command}")
        raise UsageError(text("cli.unknown_command", command=command) + near)
    from dllab.cli.parsers import Parser, parse
    from dllab.errors import DeclarationError
    from dllab.plugins import failed, load_command
    from dllab.texts import language

    found, plugin = load_command(command)
    shown = index.commands[command]
    parser = Parser(f"dllab {command}", (language() == "ko" and shown["ko"]) or shown["summary"])
    try:
        found.add_arguments(parser)
        if options.help:
            print("\n".join(map(printable, parser.format_help().splitlines())))
            return 0
        status = found.run(_with(parse(parser, words), options))
    except (Exception, KeyboardInterrupt, Cancelled):  # told by `main`
        raise
    except BaseException as error:  # the plugin boundary: SystemExit would end it as if all were well
        raise failed(plugin.name, vars(plugin), error) from error
    if status is not None and not isinstance(status, int):
        fault = f"command {command!r} returned {status!r:.60}, not an exit status"
        raise failed(plugin.name, vars(plugin), DeclarationError(fault))
    return status or 0


def _with(args: "Namespace", options: Options) -> "Namespace":
    for name in ("store", "debug", "strict", "lang"):
        setattr(args, name, getattr(options, name))
    return args
