"""Reading weights that somebody else made: safetensors; pickles only when asked, and then only tensors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dllab.errors import InputError
from dllab.texts import text

if TYPE_CHECKING:
    import torch


def load_weights(path: Path | str, *, allow_pickle: bool = False) -> dict[str, torch.Tensor]:
    """Tensors by name, on the CPU, from a safetensors file; nothing in the file is ever run.

    allow_pickle: also take a file of torch.save, read by torch's `weights_only`, which knows tensors and
    plain values and refuses everything else. Raises InputError for a file that is missing, damaged, or
    of another kind.
    """
    place = Path(path)
    try:
        with place.open("rb") as file:
            is_pickle = file.read(2) in (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
    except OSError as error:
        raise InputError(text("store.input_unreadable", path=place, reason=error.strerror)) from error
    if is_pickle and not allow_pickle:
        raise InputError(text("inputs.weights_pickle", file=place.name))
    return _from_pickle(place) if is_pickle else _from_safetensors(place)


def _from_safetensors(path: Path) -> dict[str, torch.Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise InputError(text("inputs.weights_broken", file=path.name, reason=_line(error))) from error


def _from_pickle(path: Path) -> dict[str, torch.Tensor]:
    import pickle
    import warnings

    import torch

    try:
        with path.open("rb") as file, warnings.catch_warnings():  # by name, torch would go by the suffix
            warnings.simplefilter("ignore")  # of old forms of pickle
            state = torch.load(file, map_location="cpu", weights_only=True)
    except (
        pickle.UnpicklingError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
    ) as error:
        reason = _line(error)
        raise InputError(text("inputs.weights_broken", file=path.name, reason=reason)) from error
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        reason = text("inputs.weights_no_tensors")
        raise InputError(text("inputs.weights_broken", file=path.name, reason=reason))
    return {str(name): tensor for name, tensor in state.items()}


def _line(error: Exception) -> str:
    """The first line of what went wrong, without what torch adds on how to switch the safety off."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].split(". ")[0][:200]
