"""Text laid out in columns that stay aligned when some of it is Korean."""

import os
import sys

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any


def columns_of_terminal() -> int:
    """The width to lay text out in: COLUMNS, the terminal's, else 80; at most 120."""
    value = os.environ.get("COLUMNS", "")
    if value.isdecimal() and int(value) > 0:
        return min(int(value), 120)
    try:
        return min(os.get_terminal_size(sys.stdout.fileno()).columns or 80, 120)
    except (OSError, ValueError, AttributeError):
        return 80


def width(words: str) -> int:
    """How many columns a terminal needs for it: two for a Korean syllable, none for a combining mark."""
    if words.isascii():
        return len(words)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in words)


def pad(words: str, columns: int) -> str:
    """The words with spaces behind them up to that width."""
    return words + " " * (columns - width(words))


def wrap(words: str, columns: int) -> list[str]:
    """The words in lines of at most that width, broken at spaces; an over-long word stands alone."""
    lines: list[str] = []
    line = ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if line and width(longer) > columns:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line or not lines else lines


def paragraphs(prose: str, columns: int) -> list[str]:
    """Prose wrapped paragraph by paragraph; indented lines stay as they are."""
    lines: list[str] = []
    for block in prose.split("\n\n"):
        own_lines = block.strip("\n").split("\n")
        indented = any(line.startswith((" ", "-", "*")) for line in own_lines)
        lines += [*(own_lines if indented else wrap(block, columns)), ""]
    return lines[:-1]


def definitions(rows: "Sequence[tuple[str, str]]", indent: int = 2, widest: int = 30) -> list[str]:
    """Lines of (term, explanation), the explanations aligned and wrapped beside their terms.

    A term wider than `widest` has its explanation on the next line.
    """
    room = columns_of_terminal()
    left = min(max((width(term) for term, _ in rows), default=0), widest)
    start = indent + left + 2
    lines = []
    for term, explanation in rows:
        wrapped = wrap(explanation, max(room - start, 24))
        if width(term) > left:
            lines.append(" " * indent + term)
            lines += [" " * start + line for line in wrapped]
        else:
            lines.append((" " * indent + pad(term, left) + "  " + wrapped[0]).rstrip())
            lines += [" " * start + line for line in wrapped[1:]]
    return lines


def table(rows: "Iterable[Sequence[str]]", indent: int = 2) -> list[str]:
    """Aligned columns; the last is wrapped beside the others."""
    filled = [list(row) for row in rows]
    if not filled:
        return []
    widths = [max(width(row[i]) for row in filled) for i in range(len(filled[0]) - 1)]
    terms = ["  ".join(pad(cell, w) for cell, w in zip(row, widths, strict=False)) for row in filled]
    return definitions([(term, row[-1]) for term, row in zip(terms, filled, strict=True)], indent, widest=72)


def heading(words: str) -> str:
    """A heading, bold on a terminal unless NO_COLOR is set."""
    is_bold = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return f"\033[1m{words}\033[0m" if is_bold else words


def size(number: int) -> str:
    """A size in bytes as people read it: 1.8 MB."""
    amount, unit = float(number), "B"
    for larger in ("kB", "MB", "GB"):
        if amount >= 1000:
            amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"


def print_json(value: "Any") -> None:
    """Print a value as JSON, its Korean escaped where the console has none."""
    import json

    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=not is_unicode, indent=2))
