"""`dllab export`: through a plugin's exporter, whose failures are named."""

import json

EXPORTER = """
import dllab


def write(record, destination):
    destination.write_text(record.id)
    return destination


def fail(record, destination):
    raise KeyError("nothing to write")


@dllab.hookimpl
def dllab_exporters():
    return [dllab.Exporter("text", "a text file", write), dllab.Exporter("broken", "none", fail)]
"""


def test_an_exporter_of_a_plugin_writes_the_run(dllab, plugin, new_run, tmp_path):
    plugin("writer", EXPORTER)
    run = new_run()
    place = tmp_path / "out.txt"
    assert dllab("export", run.id, str(place), "--to", "text") == (0, f"{place}\n", "")
    assert place.read_text() == run.id


def test_an_exporter_that_raises_is_named_with_its_plugin(dllab, plugin, new_run, tmp_path):
    plugin("writer", EXPORTER)
    status, out, err = dllab("export", new_run().id, str(tmp_path / "x"), "--to", "broken")
    assert (status, out) == (1, "")
    assert "writer" in err
    assert "KeyError: 'nothing to write'" in err
    assert err.count("\n") == 1


def test_a_missing_or_wrong_way_out_says_which_there_are(dllab, plugin, new_run, tmp_path):
    plugin("writer", EXPORTER)
    run = new_run()
    status, _, err = dllab("export", run.id, str(tmp_path / "x"))
    assert (status, err) == (
        2,
        "dllab: say with --to how to export; there is: broken, mlflow, tensorboard, text, zip\n",
    )
    status, _, err = dllab("export", run.id, str(tmp_path / "x"), "--to", "texts")
    assert status == 2
    assert "Did you mean 'text'?" in err


def test_runs_are_exported_together_whatever_the_order_of_the_words(dllab, plugin, new_run, tmp_path):
    plugin("writer", EXPORTER)
    runs = [new_run(), new_run()]
    for words in (
        [run.id for run in runs] + ["--to", "zip"] + [str(tmp_path / "a.zip")],
        [run.id for run in runs] + [str(tmp_path / "b.zip")] + ["--to", "zip"],
        ["--to", "zip"] + [run.id for run in runs] + [str(tmp_path / "c.zip")],
        [run.id for run in runs] + [str(tmp_path / "D.ZIP")],
    ):
        status, out, err = dllab("export", *words)
        assert (status, err) == (0, "")
        assert out.lower().endswith(".zip\n")
    assert len({path.read_bytes() for path in tmp_path.glob("?.*")}) == 1
    status, out, _ = dllab("export", runs[0].id, str(tmp_path / "x"), "--to", "text", "--json")
    assert (status, json.loads(out)) == (0, [str(tmp_path / "x")])
    assert dllab("export", runs[0].id, "--to", "zip")[0] == 2
