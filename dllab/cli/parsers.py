"""argparse, as the lab's commands use it: errors in one line, and in the language in force."""

import argparse
from collections.abc import Iterable
from typing import Any, NoReturn

from dllab.cli.layout import columns_of_terminal
from dllab.errors import UsageError
from dllab.texts import did_you_mean, language, text
from dllab.texts.argparse_words import WORDS


def _translate(message: str) -> str:
    return WORDS.get(message, message) if language() == "ko" else message


def _translate_plural(singular: str, plural: str, count: int) -> str:
    return _translate(singular if count == 1 else plural)


# argparse looks its words up by these two names; through gettext it would need compiled catalogues.
argparse._ = _translate  # type: ignore[attr-defined]
argparse.ngettext = _translate_plural  # type: ignore[attr-defined]


def _formatter(prog: str) -> argparse.HelpFormatter:
    """argparse's own, told the width: it would import shutil to ask."""
    return argparse.HelpFormatter(prog, width=columns_of_terminal() - 2)


class Parser(argparse.ArgumentParser):
    """The parser of one command. Raises UsageError where argparse would print and exit."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=text("cli.common_options"),
            add_help=False,
            allow_abbrev=False,
            formatter_class=_formatter,
        )

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} ({text('cli.see_help', command=f'{self.prog} --help')})")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        choices: Iterable[Any] | None = action.choices
        if choices is not None and value not in choices:
            names = [str(choice) for choice in choices]
            message = text("cli.not_a_choice", value=value, choices=", ".join(names))
            raise argparse.ArgumentError(action, message + did_you_mean(str(value), names))


def parse(parser: argparse.ArgumentParser, words: list[str]) -> argparse.Namespace:
    """The parsed words. Raises UsageError, with the nearest flag when one is unknown."""
    args, unknown = parser.parse_known_args(words)
    if unknown:
        flags = list(parser._option_string_actions)
        near = did_you_mean(unknown[0].partition("=")[0], flags) if unknown[0].startswith("-") else ""
        command = f"{parser.prog} --help"
        raise UsageError(
            text("cli.unknown_words", words=" ".join(unknown))
            + near
            + f" ({text('cli.see_help', command=command)})"
        )
    return args
