"""docs/store.md says what is true: its tables are the tables, its snippets run."""

import re
from pathlib import Path

from dllab.store import schema

DOCS = (Path(__file__).parents[3] / "docs" / "store.md").read_text(encoding="utf-8")


def test_the_documented_tables_and_views_are_those_of_the_schema():
    connection = schema.open_empty()
    names = {
        row["name"]: row["type"]
        for row in connection.execute("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view')")
    }
    columns = {
        name: [row["name"] for row in connection.execute(f"PRAGMA table_info({name})")]
        for name, kind in names.items()
        if kind == "view"
    }
    connection.close()
    assert set(re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE)) == set(names)
    for name, known in columns.items():
        row = re.search(rf"^\| `{name}` \| (.*) \|$", DOCS, re.MULTILINE)[1]
        assert re.findall(r"`(\w+)`", row) == known, name


def test_the_documented_python_runs(home, new_run, add_file, capsys, store, monkeypatch):
    monkeypatch.setenv("DLLAB_HOME", str(store.home))
    run = new_run(experiment="deepdream", metrics={"activation": 2.0})
    file = add_file(run, "dream.png", b"x")
    exec(re.search(r"```python\n(.*?)```", DOCS, re.DOTALL)[1], {})
    assert capsys.readouterr().out == f"{run.id} {run.params} {{'activation': 2.0}}\n{file.copy}\n"


def test_the_documented_sql_runs(store, new_run):
    run = new_run()
    sql = re.search(r'lab\.sqlite3 "(.*?)"', DOCS)[1]
    with store._reading() as connection:
        assert [tuple(row) for row in connection.execute(sql)] == [(run.id, "plasma", "succeeded")]
