"""One experiment tracker in a process of its own, so that store.py can time several in turn.

    python benchmarks/peers.py dllab|trackio|mlflow FOLDER

Reads a command a line and answers each with a line of JSON: "run" records one run and answers the
seconds by the clock and of CPU; "newest" and "top" search among the runs; "fill N" makes N runs first,
written straight into the tables as the tracker would have left them. dllab also takes "share HOME" and
"many N", for several writers of one store.
"""

import json
import math
import os
import sqlite3
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

PARAMS = {f"parameter_{number}": number / 10 for number in range(10)}
STEPS, KEYS = 1000, ["metric_0"]
FILES = [f"file_{number}.bin" for number in range(3)]
BLOCK = os.urandom(2**20 - 16)
NEWEST, TOP = 100, 20
SEARCHES = 3  # in a row, of which the fastest counts: what else ran in between has emptied the caches
QUIET = {"MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false", "TRACKIO_AUTO_LOG_CPU": "0"}


def some_megabyte() -> bytes:
    """1 MB that no file had before: drawing it all anew would cost more than keeping it."""
    return os.urandom(16) + BLOCK


def value_of(key: str, step: int) -> float:
    """Some number that differs for every key and step."""
    return math.sin(step + len(key) + int(key[-1]))


def shown(records: list) -> int:
    """Read what a list of runs shows."""
    return len([(one.id, one.experiment, one.status, one.created, one.ended, one.tags) for one in records])


class Dllab:
    """The whole way of a run through the lab: validated, executed inline, events, store."""

    def __init__(self, folder: Path) -> None:
        os.environ["DLLAB_HOME"] = str(folder / "home")
        os.environ["DLLAB_CACHE"] = str(folder / "cache")
        os.environ["DLLAB_PLUGINS_DIR"] = str(Path(__file__).with_name("experiments"))
        from dllab.runner import RunRequest, carry_out
        from dllab.store import Store

        self.store = Store()
        self.request = RunRequest("bench-tracking", PARAMS, threads=1)
        self.carry_out = carry_out

    def run(self) -> None:
        assert self.carry_out(self.store, self.request).record.status == "succeeded"

    def share(self, home: str) -> None:
        self.store = type(self.store)(home)

    def many(self, count: str) -> None:
        for _ in range(int(count)):
            self.run()

    def newest(self) -> int:
        return shown(self.store.runs(limit=NEWEST))

    def top(self) -> int:
        return shown(self.store.runs(sort="metric:metric_0", limit=TOP))

    def fill(self, count: str) -> None:
        self.run()
        with self.store._writing() as connection:
            columns = [row["name"] for row in connection.execute("PRAGMA table_info(run)")]
            given = dict(connection.execute("SELECT * FROM run").fetchone())
            for number in range(int(count) - 1):
                facts = {"id": f"r{number:07}", "folder": f"f{number}", "created": given["created"] + number}
                connection.execute(
                    f"INSERT INTO run VALUES ({','.join('?' * len(columns))})", list((given | facts).values())
                )
                connection.executemany(
                    "INSERT INTO latest_metric VALUES (?, ?, 0, ?)",
                    [(facts["id"], key, value_of(key, number)) for key in KEYS],
                )


class Trackio:
    """trackio.init, log, save for the files, finish.

    trackio keeps files for a project, not for a run: of the same name, the next run's replace them. So
    they carry the run's name, as they must for anybody who wants to keep them, as the others do.
    """

    def __init__(self, folder: Path) -> None:
        os.environ["TRACKIO_DIR"] = str(folder)
        import trackio

        self.trackio, self.folder = trackio, folder

    def run(self) -> None:
        run = uuid.uuid4().hex
        self.trackio.init(project="bench", name=run, config=PARAMS, auto_log_cpu=False)
        for step in range(STEPS):
            self.trackio.log({key: value_of(key, step) for key in KEYS}, step=step)
        written = [self.folder / f"{run}-{name}" for name in FILES]
        for path in written:
            path.write_bytes(some_megabyte())
            self.trackio.save(path, project="bench")
        self.trackio.finish()
        for path in written:
            path.unlink()


class MLflow:
    """MLflow over SQLite: start_run, one log_batch of 1,000 points, log_artifact for the files, end_run."""

    def __init__(self, folder: Path) -> None:
        import mlflow
        from mlflow.tracking import MlflowClient

        self.mlflow, self.folder, self.database = mlflow, folder, folder / "mlflow.db"
        mlflow.set_tracking_uri(f"sqlite:///{self.database}")
        self.client = MlflowClient()
        self.experiment = self.client.create_experiment("bench", (folder / "artifacts").as_uri())

    def run(self) -> None:
        from mlflow.entities import Metric, Param

        run = self.mlflow.start_run(experiment_id=self.experiment).info.run_id
        now = int(time.time() * 1000)
        metrics = [Metric(key, value_of(key, step), now, step) for key in KEYS for step in range(STEPS)]
        params = [Param(name, str(value)) for name, value in PARAMS.items()]
        self.client.log_batch(run, metrics=metrics, params=params)
        for name in FILES:
            path = self.folder / name
            path.write_bytes(some_megabyte())
            self.mlflow.log_artifact(str(path))
        self.mlflow.end_run()

    def newest(self) -> int:
        return len(self._search("attributes.start_time DESC", NEWEST))

    def top(self) -> int:
        return len(self._search("metrics.metric_0 DESC", TOP))

    def _search(self, order: str, limit: int) -> list:
        return self.mlflow.search_runs([self.experiment], order_by=[order], max_results=limit)

    def fill(self, count: str) -> None:
        self.run()
        with sqlite3.connect(self.database) as connection:
            given = connection.execute("SELECT * FROM runs").fetchone()
            columns = [row[1] for row in connection.execute("PRAGMA table_info(runs)")]
            tags = connection.execute("SELECT key, value FROM tags").fetchall()
            for number in range(int(count) - 1):
                row = dict(zip(columns, given, strict=True))
                row |= {"run_uuid": uuid.uuid4().hex, "start_time": row["start_time"] + number}
                names = ",".join(row)
                connection.execute(
                    f"INSERT INTO runs ({names}) VALUES ({','.join('?' * len(row))})", [*row.values()]
                )
                connection.executemany(
                    "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)"
                    " VALUES (?, ?, 0, 0, 0, ?)",
                    [(key, value_of(key, number), row["run_uuid"]) for key in KEYS],
                )
                connection.executemany(
                    "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
                    [(name, str(value), row["run_uuid"]) for name, value in PARAMS.items()],
                )
                connection.executemany(
                    "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)",
                    [(*tag, row["run_uuid"]) for tag in tags],
                )


def timed(action: Callable[[], object]) -> dict[str, float]:
    """Seconds by the clock and of this process's CPU that an action takes, and what it returned."""
    clock, cpu = time.perf_counter(), time.process_time()
    found = action()
    return {"clock_s": time.perf_counter() - clock, "cpu_s": time.process_time() - cpu, "found": found}


def main() -> None:
    """Answer the commands of standard input; whatever a tracker prints goes to standard error."""
    os.environ.update(QUIET)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    name, folder = sys.argv[1:]
    peer = {"dllab": Dllab, "trackio": Trackio, "mlflow": MLflow}[name](Path(folder))
    for line in sys.stdin:
        command, *words = line.split()
        times = SEARCHES if command in ("newest", "top") else 1
        tried = [timed(lambda: getattr(peer, command)(*words)) for _ in range(times)]  # noqa: B023 called at once
        print(json.dumps(min(tried, key=lambda one: one["clock_s"])), file=answers, flush=True)


if __name__ == "__main__":
    main()
