"""Sources of small plugins for the tests."""

EXPERIMENT = '''
import dllab


class {title}Params(dllab.Params):
    size: int = dllab.param(8, ge=1, le=64, unit="px", help="height")


@dllab.experiment("{name}", topic="{topic}")
def experiment(run, params: {title}Params):
    """{summary}"""


@dllab.hookimpl
def dllab_experiments():
    return [experiment]
'''


def experiment_source(name: str, topic: str = "testing", summary: str = "Nothing much.") -> str:
    """The source of a plugin with one experiment that does nothing."""
    return EXPERIMENT.format(name=name, title=name.title().replace("-", ""), topic=topic, summary=summary)


WILD = '''
import os
import subprocess
import sys
import time

import dllab


class WildParams(dllab.Params):
    how: str = dllab.param("files", help="what it does")
    size_mb: int = dllab.param(1, ge=0, help="size of its file")


@dllab.experiment("wild", topic="test")
def wild(run, params: WildParams):
    """Does one of several things that no run should."""
    for step in range(50):
        run.log(step, loss=step)
    if params.how == "files":
        with run.open_file("large.bin") as file:
            for _ in range(params.size_mb):
                file.write(os.urandom(2**20))
    elif params.how == "torch":
        run.message("torch was there" if "torch" in sys.modules else "torch was not there")
        import torch
    elif params.how == "prints":
        while True:
            print("and on and on " * 100)
    elif params.how == "leaks":
        kept = []
        while True:
            kept.append(bytearray(2**24))
    elif params.how == "children":
        code = "import time\\nwhile True: time.sleep(1)"
        children = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
        run.message("children " + " ".join(str(child.pid) for child in children))
        while True:
            time.sleep(0.01)
    elif params.how == "deaf":
        import signal

        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        run.message("children")
        while True:
            time.sleep(0.01)
    elif params.how == "memory":
        def work(size):
            if size > 3:
                raise MemoryError
            return size
        run.log(50, fitted=run.fit_memory(work, 12)[1])


@dllab.hookimpl
def dllab_experiments():
    return [wild]
'''
