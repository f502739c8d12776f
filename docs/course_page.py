"""Write docs/course.md: each row of the course, the experiments that show it, and their checks.

    python docs/course_page.py

The rows are docs/course_map.toml; the checks are read from the experiments' own sources, so that the
page says what is held and not what was meant. A test fails when the file is not what this writes.
"""

from __future__ import annotations

import ast
import inspect
import tomllib
from functools import cache
from pathlib import Path

from dllab.declare import Experiment
from dllab.plugins import load_experiment

PAGE = Path(__file__).with_name("course.md")
MAP = Path(__file__).with_name("course_map.toml")
HEAD = """# The course, row by row

<!-- written by docs/course_page.py from docs/course_map.toml and the experiments' sources -->

What the five lectures name, and the experiment that shows it. `dllab list --lecture N` follows a lecture,
`dllab course` runs all and leaves a gallery. Priority: P0 first, P1 next, P2 wants weights or recorded data,
C is a concept.

**{shown} of {total} rows are shown.**
"""


def rows() -> list[tuple[str, list[list]]]:
    """(title, rows) of each group; a row is [id, English, Korean, lectures, priority, experiments]."""
    groups = tomllib.loads(MAP.read_text(encoding="utf-8"))["group"]
    return [(group["title"], group["rows"]) for group in groups]


def page() -> str:
    """The whole page."""
    groups = rows()
    every = [row for _, members in groups for row in members]
    parts = [HEAD.format(shown=sum(bool(row[5]) for row in every), total=len(every))]
    for title, members in groups:
        parts.append(f"## {title}\n")
        parts.append("| row | lectures | priority | experiment | its checks |\n|---|---|---|---|---|")
        parts.extend(line(*row) for row in members)
        parts.append("")
    return "\n".join(parts).rstrip("\n") + "\n"


def line(name: str, english: str, korean: str, lectures: str, priority: str, experiments: list[str]) -> str:
    """One row as a line of the table."""
    commands = ", ".join(f"`{one}`" for one in experiments) or "not yet"
    checks = "; ".join(dict.fromkeys(check for one in experiments for check in checks_of(one)))
    title = english if english == korean else f"{english} · {korean}"
    return f"| {title} | {', '.join(lectures.split())} | {priority} | {commands} | {checks} |"


@cache
def checks_of(name: str) -> list[str]:
    """The names of an experiment's checks, as its source has them; what is computed in a name shows as ….

    Those of its module where it has that to itself, else those of its function.
    """
    experiment, _ = load_experiment(name)
    module = inspect.getmodule(experiment.function)
    alike = [one for one in vars(module).values() if isinstance(one, Experiment)]
    source = module if len(alike) == 1 and module is not None else experiment.function
    return _named(ast.parse(inspect.getsource(source)))


def _named(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "check":
            if node.args and isinstance(node.args[0], ast.Constant):
                found.append((node.lineno, str(node.args[0].value)))
            elif node.args and isinstance(node.args[0], ast.JoinedStr):
                parts = [
                    str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.args[0].values
                ]
                found.append((node.lineno, "".join(parts)))
    return [words.replace("|", "/") for _, words in sorted(found)]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
