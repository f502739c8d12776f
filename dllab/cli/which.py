"""`dllab which`: how was this file made?"""

from __future__ import annotations

import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.cli.figures import plain
from dllab.errors import InputError, NotFoundError
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store

WHOLES = ("sweep", "vary")  # runs made of runs: no rerun repeats them
UNTOLD = ("device", "dtype")  # a run's own facts leave them out, the recipe in a file may have them


def add_arguments(parser: ArgumentParser) -> None:
    """A file, and the form."""
    parser.add_argument("file", metavar=text("runs.word_file"), help=text("runs.help_which"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: Namespace) -> int:
    """Say how a file was made. Raises InputError for an unreadable one, NotFoundError where nobody knows."""
    from dllab.store import Store
    from dllab.store.records import readable_json

    path = Path(args.file)
    with Store(args.store) as store:
        facts = file_facts(store, path)
    if args.json:
        print(readable_json(facts), end="")
    else:
        _print_facts(facts)
    return 0


def file_facts(store: Store, path: Path) -> dict[str, Any]:
    """What is known of a file: by the recipe in it, and by its digest in the store.

    "how" says by which: "recipe", "digest" or, where it only went into runs, "input". The recipe is
    whatever the file says; nothing in it is believed further than for showing it.
    """
    from dllab.recipe import read_recipe
    from dllab.store.blobs import digest_of

    if path.is_dir():
        raise InputError(text("runs.which_folder", path=plain(path)))
    if not path.is_file():
        raise InputError(text("store.input_missing", path=plain(path)))
    digest = digest_of(path)
    recipe = read_recipe(path)
    known = store.find_digest(digest)
    makers = [(run, file) for run, file in known if file.role != "in"]
    facts: dict[str, Any] = {"file": str(path), "digest": digest, "how": "recipe" if recipe else "digest"}
    if recipe or makers:
        facts |= recipe or _run_facts(makers[0][0])
        facts |= {"run": makers[0][0].id, "artifact": makers[0][1].name} if makers else {"run": None}
        if not makers and recipe:
            facts["same_recipe"] = [run.id for run in _runs_with(store, recipe)]
        if facts["experiment"] not in WHOLES:
            facts["again"] = f"dllab rerun {_quoted(path)}"
    elif known:
        facts |= {"how": "input", "run": None}
    else:
        raise NotFoundError(text("replay.unknown_file", file=plain(path.name)))
    facts["input_of"] = [
        {"run": run.id, "experiment": run.experiment, "field": file.field}
        for run, file in known
        if file.role == "in"
    ]
    return facts


def _run_facts(run: RunRecord) -> dict[str, Any]:
    return {
        "experiment": run.experiment, "version": run.plugin_version, "params": run.params, "seed": run.seed,
        "inputs": run.inputs, "device": run.device, "dtype": run.dtype, "threads": run.threads,
        "created": run.to_json()["created"],
    }  # fmt: skip


def _runs_with(store: Store, recipe: Mapping[str, Any]) -> list[RunRecord]:
    """The runs of the store that this recipe describes, though none of them left these bytes."""
    told = {key: value for key, value in recipe.items() if key not in UNTOLD}
    runs = store.runs(experiment=str(recipe["experiment"]), limit=None)
    return [
        run for run in runs if {key: value for key, value in run.facts.items() if key not in UNTOLD} == told
    ]


def _quoted(path: Path) -> str:
    words = str(path)
    return shlex.quote(f"./{words}" if words.startswith("-") else words)


def _print_facts(facts: Mapping[str, Any]) -> None:
    from dllab.cli.layout import definitions, heading

    if facts["how"] == "input":
        print(text("runs.which_input"))
    else:
        print(heading(plain(facts["experiment"])))
        print("\n".join(definitions(_rows(facts))))
        print("\n".join(["", heading(text("runs.section_params"))]))
        print("\n".join(definitions([(plain(key), plain(value)) for key, value in facts["params"].items()])))
        if facts["inputs"]:
            print("\n".join(["", heading(text("runs.section_inputs")), *definitions(_inputs(facts))]))
    if facts["input_of"]:
        print("\n" + heading(text("runs.section_input_of")))
        rows = [(one["run"], plain(f"{one['experiment']} --{one['field']}")) for one in facts["input_of"]]
        print("\n".join(definitions(rows)))
    if "again" in facts:
        print(f"\n{text('runs.again')}  {plain(facts['again'])}")


def _rows(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    if facts["run"]:
        run = text("runs.made_by", run=facts["run"], name=plain(facts["artifact"]))
    elif facts.get("same_recipe"):
        run = text("runs.same_recipe", runs=", ".join(facts["same_recipe"]))
    else:
        run = text("runs.made_elsewhere")
    how = text("runs.by_recipe") if facts["how"] == "recipe" else text("runs.by_digest")
    where = [plain(facts[key]) for key in ("device", "dtype") if facts.get(key)]
    where += [text("runs.threads", threads=plain(facts["threads"]))] if facts.get("threads") else []
    rows = [
        (text("runs.row_known"), how),
        (text("runs.row_run"), run),
        (text("runs.row_seed"), plain(facts["seed"])),
        (text("runs.row_device"), ", ".join(where)),
        (text("runs.row_version"), plain(facts["version"])),
    ]
    return [(name, words) for name, words in rows if words]


def _inputs(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = []
    for field, value in facts["inputs"].items():
        known = value if isinstance(value, Mapping) else {}
        name = f"sample:{known['sample']}" if known.get("sample") else known.get("name", "")
        rows.append(
            (plain(field), f"{plain(name)}  sha256 {plain(str(known.get('digest', ''))[:12])}…".strip())
        )
    return rows
