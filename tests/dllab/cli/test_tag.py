"""`dllab tag`."""

import json

import pytest


def test_tags_are_put_on_and_taken_off(dllab, new_run):
    run = new_run(tags=("old", "kept"))
    assert dllab("tag", run.id, "+best", "-old", "고양이") == (0, f"{run.id} best kept 고양이\n", "")
    assert dllab("tag", "last", "-best")[1] == f"{run.id} kept 고양이\n"


def test_without_tags_those_of_the_run_are_printed(dllab, new_run):
    run = new_run(tags=("a",))
    assert dllab("tag", run.id)[1] == f"{run.id} a\n"


def test_a_bad_tag_is_refused_and_changes_nothing(dllab, new_run):
    run = new_run()
    status, _, err = dllab("tag", run.id, "+good", "+a b")
    assert status == 2
    assert err.startswith("dllab: 'a b' cannot be a tag")
    assert dllab("tag", run.id)[1] == f"{run.id}\n"


def test_json_after_the_run_is_no_tag(dllab, new_run):
    run = new_run(tags=("a",))
    assert json.loads(dllab("tag", "last", "--json")[1]) == {"id": run.id, "tags": ["a"]}
    assert json.loads(dllab("tag", "last", "+b", "--json")[1])["tags"] == ["a", "b"]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("--jsno", "there is no option --jsno"),
        ("--old", "there is no option --old"),
        ("+a\x1b[2J", "cannot be a tag"),
        ("-a\udcff", "cannot be a tag"),
        ("a\udcff", "cannot be a tag"),
        ("a\nb", "cannot be a tag"),
        ("+", "cannot be a tag"),
    ],
)
def test_a_word_that_is_no_tag_is_refused_in_one_line_and_changes_nothing(dllab, new_run, word, said):
    run = new_run(tags=("a",))
    status, out, err = dllab("tag", run.id, "+good", word)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert err[:-1].isprintable()
    assert dllab("tag", run.id)[1] == f"{run.id} a\n"
