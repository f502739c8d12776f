"""CPU time of the lab's light commands with 40 plugins installed, as a ratio of `llm --help`.

    python benchmarks/startup.py --llm PATH-TO-LLM

`dllab` is the console script beside the running Python. The 40 plugins are distributions made for
the occasion, each with two experiments, in a folder on PYTHONPATH. What is compared runs in turn,
in one go; the figures are medians of user and system time, child processes included. Exit status
1 when a limit is passed, or when torch or pydantic is imported by a command that needs neither.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PLUGINS = 40
LIMITS = {"list": 0.06, "list, cold": 0.5, "--help": 0.05, "run X --help": 0.08}
HEAVY = ("torch", "pydantic", "numpy", "rich", "pluggy", "importlib.metadata")

PLUGIN = '''"""Plugin number {number}."""

import dllab


class FirstParams(dllab.Params):
    size: int = dllab.param(256, ge=16, le=4096, unit="px", help="height and width")
    rate: float = dllab.param(0.01, gt=0, help="learning rate")
    layers: tuple[str, ...] = dllab.param(("c1", "c2"), help="layers to look at")
    image: dllab.Input | None = dllab.input("image", default=None, help="picture to begin with")


class SecondParams(FirstParams):
    waves: int = dllab.param(4, ge=1, le=64, help="waves summed for each colour")


@dllab.experiment("first-{number}", topic="topic-{topic}", lectures=["{topic}:Figure {number}"])
def first(run: dllab.Run, params: FirstParams) -> None:
    """The first experiment of plugin {number}.

    It says a little more of itself than what fits a line.
    """


@dllab.experiment("second-{number}", topic="topic-{topic}")
def second(run: dllab.Run, params: SecondParams) -> None:
    """The second experiment of plugin {number}."""


@dllab.hookimpl
def dllab_experiments():
    return [first, second]
'''


def write_plugins(site: Path, number_of_plugins: int) -> None:
    """Lay out installed distributions in a folder: a package and a dist-info each."""
    for number in range(number_of_plugins):
        package = site / f"bench_plugin_{number}"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(PLUGIN.format(number=number, topic=number % 8))
        info = site / f"bench_plugin_{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: bench-plugin-{number}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[dllab]\nbench-{number} = bench_plugin_{number}\n")


def cpu_seconds(command: list[str], environment: dict[str, str]) -> float:
    """User and system time of a command and its children, which must end with status 0."""
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    with process.stderr as stderr:  # type: ignore[union-attr]
        complaint = stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}\n{complaint.decode()}")
    return usage.ru_utime + usage.ru_stime


def heavy_imports(arguments: list[str], environment: dict[str, str]) -> list[str]:
    """Which of HEAVY the lab's command imports."""
    code = "import sys; from dllab.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, check=True, text=True
    )
    return [name for name in HEAVY if name in done.stderr.split()]


def measure(dllab: str, llm: str, rounds: int) -> bool:
    """Print the table; returns whether every limit holds."""
    with tempfile.TemporaryDirectory() as folder:
        site, cache = Path(folder, "site"), Path(folder, "cache")
        write_plugins(site, PLUGINS)
        unwanted = ("PYTHON", "DLLAB")
        plain = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        environment = {**plain, "PYTHONPATH": str(site), "DLLAB_CACHE": str(cache)}
        arguments = {"list": ["list"], "--help": ["--help"], "run X --help": ["run", "first-7", "--help"]}
        times: dict[str, list[float]] = {name: [] for name in ("python -c pass", "llm --help", *LIMITS)}
        for name in arguments.values():  # bytecode and file cache, as after the first use
            cpu_seconds([dllab, *name], environment)
        cpu_seconds([llm, "--help"], plain)
        for _ in range(rounds):
            times["python -c pass"].append(cpu_seconds([sys.executable, "-c", "pass"], plain))
            times["llm --help"].append(cpu_seconds([llm, "--help"], plain))
            for name, words in arguments.items():
                times[name].append(cpu_seconds([dllab, *words], environment))
            for file in cache.iterdir():
                file.unlink()
            times["list, cold"].append(cpu_seconds([dllab, "list"], environment))
        imported = {name: heavy_imports(words, environment) for name, words in arguments.items()}
    return report(times, imported)


def report(times: dict[str, list[float]], imported: dict[str, list[str]]) -> bool:
    """Print medians, ratios and limits; returns whether every limit holds."""
    base = statistics.median(times["llm --help"])
    holds = True
    print(f"{'command':16} {'CPU ms':>8} {'of llm':>8} {'limit':>6}   heavy imports")
    for name, figures in times.items():
        median = statistics.median(figures)
        limit = LIMITS.get(name)
        heavy = imported.get(name, [])
        is_good = (limit is None or median / base <= limit) and not heavy
        holds = holds and is_good
        limit_shown = "" if limit is None else f"{limit:.2f}"
        line = f"{name:16} {median * 1000:8.1f} {median / base:8.3f} {limit_shown:>6}   {', '.join(heavy)}"
        print(line if is_good else f"{line}  <-- too much")
    return holds


def main() -> int:
    """Read the line, measure, and return 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description="startup of dllab against llm")
    parser.add_argument("--llm", default="llm", help="the llm command to compare with")
    beside = str(Path(sys.executable).with_name("dllab"))
    parser.add_argument("--dllab", default=beside, help="the dllab command")
    parser.add_argument("--rounds", type=int, default=15)
    args = parser.parse_args()
    return 0 if measure(args.dllab, args.llm, args.rounds) else 1


if __name__ == "__main__":
    raise SystemExit(main())
