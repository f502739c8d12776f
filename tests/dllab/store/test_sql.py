"""`dllab sql`: every view answers; nothing that is asked can write, attach, load or run for ever."""

import json
import time

import pytest

from dllab.cli import main
from dllab.errors import UsageError
from dllab.store.schema import VIEWS
from dllab.store.sql import ask

VIEW_NAMES = [line.split()[2] for line in VIEWS.splitlines() if "CREATE VIEW" in line]

ATTACKS = {
    "delete": "DELETE FROM run",
    "insert": "INSERT INTO tag VALUES ('x', 'y')",
    "update with an answer": "UPDATE run SET seed = 1 RETURNING id",
    "drop": "DROP TABLE run",
    "create": "CREATE TABLE mine (x)",
    "temporary table": "CREATE TEMP TABLE mine (x)",
    "attach": "ATTACH '{folder}/new.sqlite3' AS other",
    "attach by function": "SELECT * FROM run WHERE load_extension('{folder}/new.so')",
    "vacuum": "VACUUM INTO '{folder}/new.sqlite3'",
    "writable schema": "PRAGMA writable_schema = ON",
    "query_only off": "PRAGMA query_only = OFF",
    "user_version": "PRAGMA user_version = 0",
    "user_version in brackets": "PRAGMA user_version(0)",
    "journal": "PRAGMA journal_mode = DELETE",
    "pragma function that sets": "SELECT * FROM pragma_journal_mode('DELETE')",
    "two statements": "SELECT 1; DELETE FROM run",
    "begin": "BEGIN IMMEDIATE",
    "explain a write": "EXPLAIN DELETE FROM run",
    "in a common table": "WITH x AS (SELECT 1) DELETE FROM run",
    "reindex": "REINDEX",
    "nothing": "",
    "a comment": "-- SELECT 1",
    "not SQL": "what is the best run?",
    "a huge value": "SELECT length(zeroblob(2000000000))",
    "a nul character": "SELECT 1\0",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_in_one_line_and_changes_nothing(store, new_run, tmp_path, attack):
    run = new_run(tags=["best"])
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError) as caught:
        ask(store.home, ATTACKS[attack].format(folder=tmp_path))
    assert "\n" not in str(caught.value) and "dllab sql" in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before
    assert ask(store.home, "SELECT id, seed FROM run").rows == [(run.id, 7)]
    assert ask(store.home, "PRAGMA user_version").rows == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    ],
)
def test_a_question_without_end_is_stopped(store, new_run, statement):
    new_run()
    begun = time.monotonic()
    with pytest.raises(UsageError, match=r"no answer within 0\.3 s"):
        ask(store.home, statement, seconds=0.3)
    assert time.monotonic() - begun < 20


def test_every_view_answers_and_carries_the_runs_facts(store, new_run, add_file):
    run = new_run(status="running", metrics={"loss": 0.5}, tags=["b", "a"])
    add_file(run, "a.png", b"a")
    store.add_event(
        run.id, "check", {"name": "n", "got": 1.0, "expected": "1", "passed": True, "source": "s"}
    )
    store.set_status(run.id, "succeeded")
    for view in VIEW_NAMES:
        answer = ask(store.home, f"SELECT * FROM {view}")
        assert len(answer.rows) == 1, view
        assert run.id in answer.rows[0]
    assert ask(store.home, "SELECT tags, status, params ->> '$.size' FROM runs").rows == [
        ("a,b", "succeeded", 32)
    ]
    assert ask(store.home, "SELECT name, passed FROM checks").rows == [("n", 1)]
    (path,) = ask(store.home, "SELECT path FROM artifacts").rows[0]
    assert (store.home / path).read_bytes() == b"a"


def test_the_answer_is_printed_as_a_table_json_or_csv_up_to_a_limit(store, new_run, capsys):
    for seed in range(3):
        new_run(seed=seed)
    words = ["sql", "--store", str(store.home), "SELECT seed, error FROM runs ORDER BY seed"]
    assert main([*words, "--limit", "2"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "seed  error\n0\n1\n"
    assert "--limit 0" in captured.err
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[2] == {"seed": 2, "error": None}
    assert main([*words, "--csv"]) == 0
    assert capsys.readouterr().out == "seed,error\n0,\n1,\n2,\n"
    for flag in ("--limit", "--seconds"):
        assert main([*words, flag, "-1"]) == 2
    assert main([*words, "--seconds", "nan"]) == 2


def test_a_store_that_is_not_there_answers_with_nothing(tmp_path):
    assert ask(tmp_path / "none", "SELECT * FROM runs").rows == []
    assert not (tmp_path / "none").exists()
