"""argparse, as the lab's commands use it: errors in one line, and in the language in force."""

import argparse
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from dllab.cli.layout import columns_of_terminal, width
from dllab.errors import UsageError
from dllab.texts import did_you_mean, language, text
from dllab.texts.argparse_words import PLACEHOLDERS, WORDS

FILLER = "\0"  # takes a column while argparse counts, and is taken out of what it wrote


def _translate(message: str) -> str:
    return WORDS.get(message, message) if language() == "ko" else message


def _translate_plural(singular: str, plural: str, count: int) -> str:
    return _translate(singular if count == 1 else plural)


# argparse looks its words up by these two names; through gettext it would need compiled catalogues.
argparse._ = _translate  # type: ignore[attr-defined]
argparse.ngettext = _translate_plural  # type: ignore[attr-defined]


def _filled(words: str) -> str:
    """The words, as long as they are wide: a filler stands behind each Korean syllable."""
    return words if words.isascii() else "".join(c + FILLER * (width(c) - 1) for c in words)


class _Formatter(argparse.HelpFormatter):
    """argparse's own, whose columns stay aligned when some of it is Korean."""

    def __init__(self, prog: str) -> None:
        # told the width: it would import shutil to ask
        super().__init__(prog, width=columns_of_terminal() - 2, max_help_position=30)

    def _metavar_formatter(
        self, action: argparse.Action, default_metavar: str
    ) -> Callable[[int], tuple[str, ...]]:
        # argparse also calls this with None, to see whether the metavar fits nargs
        named = super()._metavar_formatter(action, default_metavar or "")
        return lambda count: tuple(_filled(one) for one in named(count))

    def _get_help_string(self, action: argparse.Action) -> str:
        return _filled(action.help or "")

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return super()._fill_text(_filled(text), width, indent)

    def _format_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None) -> str:
        return super()._format_usage(usage, actions, groups, prefix or _filled(_translate("usage: ")))

    def format_help(self) -> str:
        """What argparse wrote, without the fillers."""
        return super().format_help().replace(FILLER, "")


class Parser(argparse.ArgumentParser):
    """The parser of one command. Raises UsageError where argparse would print and exit."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=text("cli.common_options"),
            add_help=False,
            allow_abbrev=False,
            formatter_class=_Formatter,
        )

    def _add_action(self, action: Any) -> Any:
        """Add a flag or a word; what stands for its value is put into the language in force."""
        if language() == "ko" and action.nargs != 0 and action.choices is None:
            english = action.metavar or action.dest.upper()
            action.metavar = PLACEHOLDERS.get(str(english), action.metavar)
        return super()._add_action(action)

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
    if getattr(parser, "takes_words_between", False):
        args, unknown = parser.parse_known_intermixed_args(words)
    else:
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
