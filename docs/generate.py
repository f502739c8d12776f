"""Write docs/experiments.md, and docs/course.md, from what the lab's own plugins declare.

    python docs/generate.py

A test fails when the file is not what this script would write.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dllab.cli.flags import Flag, flags_of
from dllab.cli.help import flag_name, shown
from dllab.cli.list import place_of
from dllab.index import Index, read_index

PAGE = Path(__file__).with_name("experiments.md")
HEAD = """# The experiments

<!-- written by docs/generate.py; change what a plugin declares, then run it again -->

What comes with the lab, by topic. `dllab info NAME` says the same of any installed experiment, in Korean with
`--lang ko`. Every run also takes `--seed`, `--device`, `--threads` and the rest of `dllab run --help`.
"""


def page(index: Index) -> str:
    """The whole page, for the experiments of the distribution `dllab`."""
    own = [one for one in index.experiments.values() if _distribution(index, one) == "dllab"]
    parts = [HEAD]
    topic = None
    for one in sorted(own, key=lambda one: (one["topic"], one["name"])):
        if one["topic"] != topic:
            topic = one["topic"]
            parts.append(f"## {topic}\n")
        parts.append(section(index.experiment(one["name"])))
    models = [one for one in index.resources.values() if _distribution(index, one) == "dllab"]
    parts.append("## Models, samples and other resources\n")
    parts.append(resources(models))
    return "\n".join(parts)


def _distribution(index: Index, entry: Mapping[str, Any]) -> str:
    return index.plugins[entry["plugin"]]["distribution"]


def section(facts: Mapping[str, Any]) -> str:
    """One experiment: summary in both languages, details, lectures, parameters."""
    lines = [f"### {facts['name']}\n", facts["summary"] + "\n"]
    if facts["ko"].get(""):
        lines.append(f"*{facts['ko']['']}*\n")
    if facts["details"]:
        lines.append(facts["details"] + "\n")
    if facts["about"]:
        lines.append(f"*{facts['about']['details'][1]}*\n")
        looks = zip(("What to look at", "눈여겨볼 점"), facts["about"]["look"], strict=True)
        lines.extend(f"{title}: {look}\n" for title, look in looks)
    if facts["lectures"]:
        named = [place_of(one) for one in facts["lectures"]]
        places = [f"lecture {lecture}, {words}" for lecture, _, words in named]
        lines.append(f"In the course: {'; '.join(places)}\n")
    lines.append("| parameter | default | takes | what it is |\n|---|---|---|---|")
    required = facts["schema"].get("required", [])
    for flag in flags_of(facts["schema"]).values():
        default = "required" if flag.field in required else f"`{shown(flag.facts.get('default'))}`"
        lines.append(
            f"| `{flag_name(flag)}` | {default} | {takes(flag)} | {flag.facts.get('description', '')} |"
        )
    return "\n".join(lines) + "\n"


def takes(flag: Flag) -> str:
    """Type, bounds, choices and unit of a parameter, in words."""
    if flag.takes == "bool":
        return "yes or no"
    names = {"integer": "whole number", "number": "number", "string": "text", "object": "JSON"}
    what = flag.input or ", ".join(shown(one) for one in flag.choices) or names.get(flag.type, flag.type)
    signs = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
    bounds = [f"{sign} {shown(flag.item[key])}" for key, sign in signs if key in flag.item]
    unit = flag.facts.get("unit", "")
    parts = [f"list of {what}" if flag.takes == "list" else what, " and ".join(bounds), unit]
    return ", ".join(part for part in parts if part) + (" or none" if flag.is_optional else "")


def resources(entries: list[dict[str, Any]]) -> str:
    """A table of resources, by kind and name."""
    rows = [
        f"| {one['kind']} | `{one['name']}` | {one['summary']} | {one['licence']} |"
        for one in sorted(entries, key=lambda one: (one["kind"], one["name"]))
    ]
    return "\n".join(["| kind | name | what it is | licence |\n|---|---|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    os.environ["DLLAB_LANG"] = "en"
    PAGE.write_text(page(read_index(plugins_dirs=())), encoding="utf-8")
    import course_page  # beside this script

    course_page.PAGE.write_text(course_page.page(), encoding="utf-8")
