"""Every random number of a run, from one seed.

One NumPy SeedSequence gives the run's own generators and the seeds of the global ones
(`random`, `numpy.random`, torch), which are put back as they were when the run is over.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


def seed_sequence(seed: int, name: str) -> np.random.SeedSequence:
    """The seed sequence of a named generator of a run; other names give independent streams."""
    from numpy.random import SeedSequence

    return SeedSequence(entropy=seed, spawn_key=(zlib.crc32(name.encode()),))


def integer_seed(seed: int, name: str) -> int:
    """A seed in [0, 2**63) for generators that take an integer, as torch's do."""
    import numpy as np

    return int(seed_sequence(seed, name).generate_state(1, np.uint64)[0] >> np.uint64(1))


@contextmanager
def seeded_globals(seed: int) -> Iterator[None]:
    """Seed the global generators for the time of a block and restore them afterwards.

    torch is seeded when it is imported, if the block does import it: a run without torch does not
    pay for it.
    """
    import random

    import numpy as np

    python_state, numpy_state = random.getstate(), np.random.get_state()
    random.seed(integer_seed(seed, "random"))
    np.random.seed(seed_sequence(seed, "numpy").generate_state(4))
    torch_states: dict[str, Any] = {}

    def seed_torch(torch: Any) -> None:
        torch_states["cpu"] = torch.get_rng_state()
        if torch.accelerator.current_accelerator() is None:  # else it asks every kind that is not there, 3 ms
            torch.default_generator.manual_seed(integer_seed(seed, "torch"))
        else:
            torch.manual_seed(integer_seed(seed, "torch"))

    forget = when_imported("torch", seed_torch)
    try:
        yield
    finally:
        forget()
        random.setstate(python_state)
        np.random.set_state(numpy_state)
        if torch_states:
            sys.modules["torch"].set_rng_state(torch_states["cpu"])


@contextmanager
def torch_in_order(device: str) -> Iterator[None]:
    """On a CPU, make torch add in one order at any number of threads, for the time of a block.

    Without it the gradient of `x[indices]` adds up in the order in which the threads arrive, and no two
    runs have the same bytes. Accelerators keep their own way, which a replay says.
    """
    before: list[tuple[int, bool]] = []

    def put_in_order(torch: Any) -> None:
        if device != "cpu" and torch.accelerator.current_accelerator() is not None:
            return
        memory = torch.utils.deterministic
        before.append((torch.get_deterministic_debug_mode(), memory.fill_uninitialized_memory))
        torch.set_deterministic_debug_mode("warn")  # use_deterministic_algorithms loads the compiler: 1.2 s
        memory.fill_uninitialized_memory = False  # it costs time

    forget = when_imported("torch", put_in_order)
    try:
        yield
    finally:
        forget()
        if before:
            torch: Any = sys.modules["torch"]
            mode, torch.utils.deterministic.fill_uninitialized_memory = before[0]
            torch.set_deterministic_debug_mode(mode)


def when_imported(name: str, action: Callable[[ModuleType], None]) -> Callable[[], None]:
    """Call action(module) now if the module is loaded, else right after its import.

    Returns a function that forgets the wish.
    """
    if name in sys.modules:
        action(sys.modules[name])
        return lambda: None
    finder = _ImportWatcher(name, action)
    sys.meta_path.insert(0, finder)
    return finder.forget


class _ImportWatcher(MetaPathFinder, Loader):
    """Stands before the other finders, lets them import the module, then calls the action."""

    def __init__(self, name: str, action: Callable[[ModuleType], None]) -> None:
        self.name, self.action = name, action
        self.loader: Loader | None = None

    def forget(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        self.forget()
        spec = find_spec(fullname)
        if spec is not None and spec.loader is not None:
            self.loader, spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec) if self.loader else None

    def exec_module(self, module: ModuleType) -> None:
        if self.loader is None:
            raise ImportError(f"{self.name} has no loader", name=self.name)
        if module.__spec__ is not None:
            module.__spec__.loader = self.loader
        module.__loader__ = self.loader
        self.loader.exec_module(module)
        self.action(module)
