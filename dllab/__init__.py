"""dllab: a reinforcement-learning and generative-art lab.

Everything public is a name of this package; each is imported when it is first used, so that
`import dllab` itself costs next to nothing.
"""

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import

__version__ = "0.1.0"

_HOMES = {
    "COLOURS": "figures",
    "About": "declare",
    "Cancelled": "errors",
    "Command": "declare",
    "DllabError": "errors",
    "ExecutorFactory": "declare",
    "Experiment": "declare",
    "Exporter": "declare",
    "Input": "params",
    "InputError": "errors",
    "Params": "params",
    "Resource": "declare",
    "Run": "run",
    "RunRecord": "store",
    "ShapeError": "errors",
    "Store": "store",
    "Table": "tables",
    "UsageError": "errors",
    "experiment": "declare",
    "figure_image": "figures",
    "hookimpl": "hookspecs",
    "input": "params",
    "launch": "runner",
    "load_agent": "agents",
    "load_weights": "weights",
    "new_figure": "figures",
    "param": "params",
    "picture_font": "fonts",
    "read_table": "tables",
    "text": "texts",
}

__all__ = ["__version__", *_HOMES]

if TYPE_CHECKING:
    from typing import Any

    from dllab.agents import load_agent
    from dllab.declare import About, Command, ExecutorFactory, Experiment, Exporter, Resource, experiment
    from dllab.errors import Cancelled, DllabError, InputError, ShapeError, UsageError
    from dllab.figures import COLOURS, figure_image, new_figure
    from dllab.fonts import picture_font
    from dllab.hookspecs import hookimpl
    from dllab.params import Input, Params, input, param
    from dllab.run import Run
    from dllab.runner import launch
    from dllab.store import RunRecord, Store
    from dllab.tables import Table, read_table
    from dllab.texts import text
    from dllab.weights import load_weights


def __getattr__(name: str) -> "Any":
    if name not in _HOMES:
        raise AttributeError(f"module 'dllab' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"dllab.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
