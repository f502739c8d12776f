"""The state of a run as one safetensors file: tensors, plain values and every generator's state."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from dllab.errors import StoreError

if TYPE_CHECKING:
    import numpy as np
    import torch


def write_checkpoint(
    file: IO[bytes],
    state: Mapping[str, Any],
    step: int,
    rng: np.random.Generator | None,
    torch_generators: Mapping[str, torch.Generator],
) -> None:
    """Write a state of tensors, arrays and JSON values (nested in dicts and lists), and all generators.

    Raises TypeError for a value of another kind, naming its place.
    """
    import numpy as np
    from safetensors.numpy import save

    arrays: dict[str, np.ndarray] = {}
    tree = _pack(dict(state), "state", arrays)
    generators: dict[str, Any] = {"random": _json_state(random.getstate()), "step": step}
    legacy = np.random.get_state(legacy=False)
    generators["numpy"] = _pack(legacy, "numpy", arrays)
    if rng is not None:
        generators["rng"] = rng.bit_generator.state
    torch_module = sys.modules.get("torch")
    if torch_module is not None:
        arrays["torch"] = torch_module.get_rng_state().numpy()
    for name, generator in torch_generators.items():
        arrays[f"generator/{name}"] = generator.get_state().cpu().numpy()
    file.write(save(arrays, metadata={"state": json.dumps(tree), "generators": json.dumps(generators)}))


def _json_state(state: tuple[Any, ...]) -> list[Any]:
    return [state[0], list(state[1]), state[2]]


def _pack(value: Any, place: str, arrays: dict[str, np.ndarray]) -> Any:
    """JSON for a value, its arrays set aside under their place."""
    import numpy as np

    if isinstance(value, Mapping):
        return {"dict": {str(key): _pack(entry, f"{place}/{key}", arrays) for key, entry in value.items()}}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_pack(entry, f"{place}/{index}", arrays) for index, entry in enumerate(value)]}
    if value is None or isinstance(value, bool | int | float | str):
        return {"value": value}
    if hasattr(value, "detach"):
        tensor = value.detach().cpu().contiguous()
        bits = {"bfloat16": "int16"}.get(str(tensor.dtype).removeprefix("torch."))
        raw = tensor.view(getattr(sys.modules["torch"], bits)) if bits else tensor
        arrays[place] = raw.numpy().copy()
        return {"tensor": place, "dtype": str(tensor.dtype).removeprefix("torch.")}
    if isinstance(value, np.generic):
        return {"value": value.item()}
    if isinstance(value, np.ndarray) and value.dtype != object:
        arrays[place] = np.ascontiguousarray(value)
        return {"array": place, "shape": list(value.shape)}
    raise TypeError(
        f"run.checkpoint: {place} is a {type(value).__name__}; give tensors, arrays and plain values"
    )


class Checkpoint:
    """A checkpoint that was read: its state, and the way to set the generators back."""

    def __init__(self, path: Path) -> None:
        """Raises StoreError when the file is no checkpoint."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as file:
                metadata = file.metadata() or {}
                self._arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            self._generators = json.loads(metadata["generators"])
            self.state: dict[str, Any] = self._unpack(json.loads(metadata["state"]))
        except (SafetensorError, KeyError, ValueError, OSError) as error:
            raise StoreError(f"the checkpoint {path.name} cannot be read: {error}") from error
        self.step: int = self._generators["step"]

    def _unpack(self, tree: dict[str, Any]) -> Any:
        if "dict" in tree:
            return {key: self._unpack(entry) for key, entry in tree["dict"].items()}
        if "list" in tree:
            return [self._unpack(entry) for entry in tree["list"]]
        if "tuple" in tree:
            return tuple(self._unpack(entry) for entry in tree["tuple"])
        if "tensor" in tree:
            import torch

            raw = torch.from_numpy(self._arrays[tree["tensor"]].copy())
            dtype = getattr(torch, tree["dtype"])
            return raw.view(dtype) if raw.dtype != dtype else raw
        if "array" in tree:
            return self._arrays[tree["array"]].reshape(tree["shape"])
        return tree["value"]

    def restore_generators(
        self, rng: np.random.Generator, torch_generator: Callable[[str], torch.Generator]
    ) -> None:
        """Set every generator back: the global ones, the run's own, and torch's by their names."""
        self.restore_globals()
        self.restore_rng(rng)
        for name in self.torch_generator_names:
            self.restore_torch_generator(name, torch_generator(name))

    def restore_globals(self) -> None:
        """Set `random`, `numpy.random` and torch's default generator back."""
        import numpy as np

        version, numbers, gauss = self._generators["random"]
        random.setstate((version, tuple(numbers), gauss))
        np.random.set_state(self._unpack(self._generators["numpy"]))
        if "torch" in self._arrays:
            import torch

            torch.set_rng_state(torch.from_numpy(self._arrays["torch"].copy()))

    def restore_rng(self, rng: np.random.Generator) -> None:
        """Set the run's own NumPy generator back."""
        if "rng" in self._generators:
            rng.bit_generator.state = self._generators["rng"]

    def restore_torch_generator(self, name: str, generator: torch.Generator) -> None:
        """Set a named torch generator back, if it stood when the checkpoint was made."""
        if f"generator/{name}" in self._arrays:
            import torch

            generator.set_state(torch.from_numpy(self._arrays[f"generator/{name}"].copy()))

    @property
    def torch_generator_names(self) -> list[str]:
        return [name.removeprefix("generator/") for name in self._arrays if name.startswith("generator/")]
