"""`dllab tag`."""


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
