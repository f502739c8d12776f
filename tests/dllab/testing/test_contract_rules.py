"""The contract's rules: each finds its fault in an experiment that has it, and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dllab.errors import NotFoundError, PluginError, UsageError
from dllab.testing import RULES, ContractError, check_experiment, faults_of
from dllab.testing.workshop import Workshop

Writer = Callable[..., Path]
Lab = Callable[..., "subprocess.CompletedProcess[str]"]

EXPERIMENT = '''
{top}
import dllab

calls = 0


class Params(dllab.Params):
    size: int = dllab.param(8, ge=1, le=64, help="how many numbers to draw")
    {field}


@dllab.experiment("subject", topic="testing", {arguments})
def subject(run, params: Params):
    """Numbers that are drawn."""
    global calls
    calls += 1
    numbers = run.rng.random(params.size)
    run.log(0, mean=float(numbers.mean()))
    run.save_json("numbers.json", numbers)
    {body}


@dllab.hookimpl
def dllab_experiments():
    return [subject]
'''


TOGETHER = """
    @pydantic.model_validator(mode="after")
    def is_odd(self):
        if self.size % 2 == 0 and self.size != 4:
            raise ValueError("an odd size")
        return self
"""


def source(top: str = "", field: str = "", arguments: str = "", body: str = "") -> str:
    return EXPERIMENT.format(top=top, field=field, arguments=arguments, body=body)


# what is wrong with it: its rule, the source, what is said
DECLARED = {
    "a parameter without help": (
        "help",
        source(field="rate: bool = False"),
        r"^--rate has no help; give dllab\.param\(help=…\)$",
    ),
    "a number without bounds": (
        "bounds",
        source(field='rate: float | None = dllab.param(None, help="a rate")'),
        r"^--rate takes any number; give",
    ),
    "a parameter that tiny must give": (
        "defaults",
        source(field='rate: str = dllab.param(help="a word")'),
        r"^--rate has no default and tiny gives none",
    ),
    "defaults that do not go together": (
        "defaults",
        source(top="import pydantic", field=TOGETHER),
        r"^a default is refused: .*an odd size",
    ),
    "a tiny value out of bounds": (
        "defaults",
        source(arguments='tiny={"size": 100}'),
        r"^tiny is refused: --size",
    ),
    "half its Korean texts": ("korean", source(arguments='ko={"": "수"}'), r"^ko lacks 'size'"),
    "a heavy import at its top": (
        "imports",
        source(top="import json, PIL.Image"),
        r"^listing the plugin imports PIL \(.*subject\.py:2\); put the import inside",
    ),
    "a heavy import in a hook": (
        "imports",
        source().replace("    return [subject]", "    import numpy\n    return [subject]"),
        r"^listing the plugin imports numpy \(.*subject\.py:\d+\); put the import inside",
    ),
}

RAN = {
    "a failing run": ("inline", source(body="1 / 0"), r"^its tiny run fails: .*ZeroDivisionError"),
    "a check that does not hold": (
        "inline",
        source(body="run.check('sum', got=2, expected=3, source='by construction')"),
        r"^its tiny run fails: .*sum",
    ),
    "a crash": (
        "inline",
        source(body="import os; os.kill(os.getpid(), 9)"),
        r"^its tiny run ended the Python that it ran in \(exit status -9\)",
    ),
    "a failure in a process of its own": (
        "process",
        source(body="import multiprocessing as m; assert m.parent_process() is None, 'alone'"),
        r"^its tiny run fails: .*AssertionError: alone",
    ),
    "another result in a process of its own": (
        "process",
        source(body="import os; run.log(1, pid=os.getpid())"),
        r"^pid is another in a process of its own: differs from step 1 on",
    ),
    "numbers that depend on what ran before": (
        "replay",
        source(body='run.save_json("calls.json", calls)'),
        r"^calls\.json is another when it is made again: other bytes",
    ),
    "a file in the working folder": (
        "clean",
        source(body='import pathlib; pathlib.Path("stray.txt").touch()'),
        r"^leaves stray\.txt in the working folder",
    ),
    "a file in the home folder": (
        "clean",
        source(
            body='from pathlib import Path; (Path.home() / "deep").mkdir(exist_ok=True); '
            '(Path.home() / "deep" / "stray.txt").touch()'
        ),
        r"^leaves deep/stray\.txt in the home folder",
    ),
    "a temporary file that stays": (
        "clean",
        source(body='import tempfile; tempfile.mkstemp(prefix="stray")'),
        r"^leaves stray.* in the folder for temporary files",
    ),
    "another working folder": (
        "clean",
        source(body='import os; os.chdir("/")'),
        r"^it leaves the process in another working folder",
    ),
}


def found(name: str, rules: tuple[str, ...] = RULES, **options: Workshop) -> list[tuple[str, str]]:
    return [(fault.rule, fault.message) for fault in faults_of(name, rules, **options)]


@pytest.mark.parametrize("what", DECLARED)
def test_a_fault_of_the_declaration_is_found_and_no_other(what: str, plugin: Writer) -> None:
    rule, code, message = DECLARED[what]
    plugin("subject", code)
    rules = tuple(one for one in RULES if one not in ("inline", "process", "replay", "clean"))
    ((found_rule, said),) = found("subject", rules)
    assert found_rule == rule
    assert re.search(message, said), said


@pytest.mark.parametrize("what", RAN)
def test_a_fault_of_the_run_is_found_and_no_other(what: str, plugin: Writer) -> None:
    rule, code, message = RAN[what]
    plugin("subject", code)
    faults = found("subject")
    assert re.search(message, next(said for found_rule, said in faults if found_rule == rule)), faults
    also = {"a failing run": {"process"}, "a check that does not hold": {"process"}}.get(what, set())
    assert {found_rule for found_rule, _ in faults} - also == {rule}


def test_a_good_experiment_has_no_fault(plasma: Path) -> None:
    assert faults_of("plasma") == []
    check_experiment("plasma")


def test_one_error_tells_every_fault_in_a_line_of_its_own_and_holds_tracebacks(plugin: Writer) -> None:
    plugin("subject", source(field="rate: bool = False", body="raise RuntimeError('no')"))
    with pytest.raises(ContractError) as caught:
        check_experiment("subject")
    rules = [line.split(": ")[1] for line in str(caught.value).splitlines()]
    assert rules == ["help", "inline", "process"]
    assert [fault.rule for fault in caught.value.faults] == rules
    assert any("RuntimeError: no" in note for note in caught.value.__notes__)


def test_only_the_rules_that_are_asked_for_are_held(plugin: Writer) -> None:
    plugin("subject", source(top="import PIL", field="rate: bool = False", body="1 / 0"))
    check_experiment("subject", ["bounds", "defaults", "korean"])
    with pytest.raises(UsageError, match=r"the contract has no rule 'helps'; it has: help, .*mean 'help'"):
        check_experiment("subject", ["helps"])


def test_an_experiment_that_cannot_be_loaded_is_told_as_everywhere(plugin: Writer) -> None:
    with pytest.raises(NotFoundError, match="there is no experiment called 'nowhere'"):
        check_experiment("nowhere")
    plugin("flaky", "import os\nif 'DLLAB_TEST_GONE' in os.environ: raise OSError('gone')\n" + source())
    faults_of("subject", ["help"])
    from dllab.testing.imports import heavy_imports

    with pytest.raises(PluginError, match=r"cannot be imported: .*No module named 'nowhere'"):
        heavy_imports("entry", "nowhere", "")


def test_an_experiment_that_hangs_is_stopped(plugin: Writer) -> None:
    plugin("subject", source(body="import time; time.sleep(1000)"))
    with Workshop(limit_s=5) as workshop:
        assert found("subject", workshop=workshop) == [
            ("inline", "its tiny runs took more than 5 s and were stopped; tiny should run in about a second")
        ]


def test_the_workshop_goes_on_after_a_crash_and_leaves_nothing(plugin: Writer, plasma: Path) -> None:
    plugin("subject", source(body="import os; os._exit(3)"))
    with Workshop() as workshop:
        folder = Path(workshop._folder.name)
        assert found("subject", workshop=workshop) != []
        assert found("plasma", workshop=workshop) == []
        assert folder.exists()
    assert not folder.exists()


def test_the_command_checks_one_plugin_one_experiment_or_all(plugin: Writer, plasma: Path, lab: Lab) -> None:
    good = lab("plugins", "--check", "plasma")
    assert (good.returncode, good.stderr) == (0, "")
    assert re.fullmatch(r"  plasma +\d+\.\d s  keeps the contract\n", good.stdout)
    plugin("subject", source(field="rate: bool = False"))
    bad = lab("plugins", "--check", "subject")
    assert bad.returncode == 1
    assert "faults: 1" in bad.stdout
    assert "subject: help: --rate has no help; give dllab.param(help=…)" in bad.stdout
    facts = json.loads(lab("plugins", "--check", "subject", "--json").stdout)
    assert [fault["rule"] for fault in facts["experiments"]["subject"]] == ["help"]
    unknown = lab("plugins", "--check", "plazma")
    assert unknown.returncode == 2
    assert "called 'plazma'. Did you mean 'plasma'?" in unknown.stderr


def test_a_broken_plugin_does_not_pass_the_check(plugin: Writer, lab: Lab) -> None:
    plugin("broken", "raise RuntimeError('boom')")
    done = lab("plugins", "--check", "broken")
    assert done.returncode == 1
    assert "RuntimeError: boom" in done.stdout
