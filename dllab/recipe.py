"""The recipe: the canonical facts that make a run again, as a line of JSON inside its pictures.

It holds no run id, time, host or path, so that the same run gives the same bytes everywhere.
Whatever is read back from a file is untrusted: it is checked by the experiment's own parameter
model before it is used, and no path is taken from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KEYWORD = "dllab"
FORMAT = 1
MAX_BYTES = 1_000_000


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces and ASCII only: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def recipe(
    *,
    experiment: str,
    version: str,
    params: Mapping[str, Any],
    seed: int,
    inputs: Mapping[str, Mapping[str, Any]],
    device: str = "",
    dtype: str = "",
    threads: int = 0,
    code: str = "",
    torch: str = "",
    models: Mapping[str, str] | None = None,
    language: str = "en",
) -> dict[str, Any]:
    """The facts of a run.

    code: digest of the plugin's sources; models: digests of the weights of the models it asked for.
    device, dtype and torch's version are left out where the run never asked for a device, and so is the
    language where it is English or the run never asked for it.
    """
    facts: dict[str, Any] = {
        "dllab": FORMAT,
        "experiment": experiment,
        "version": version,
        "params": dict(params),
        "seed": seed,
        "inputs": {field: _input_facts(value) for field, value in inputs.items()},
        "threads": threads,
    }
    if code:
        facts["code"] = code
    if device:
        facts.update(device=device.split(":")[0], dtype=dtype)
    if torch:
        facts["torch"] = torch
    if models:
        facts["models"] = dict(models)
    if language != "en":
        facts["language"] = language
    return facts


def weights_digest(state: Mapping[str, Any]) -> str:
    """The first 12 hex digits of sha256 over names and values of a state."""
    import torch

    digest = hashlib.sha256()
    for name in sorted(state):
        digest.update(name.encode())
        values = state[name].detach().cpu().contiguous().reshape(-1).view(torch.uint8)
        digest.update(values.numpy().tobytes())
    return digest.hexdigest()[:12]


def _input_facts(value: Mapping[str, Any]) -> dict[str, Any]:
    reference = str(value.get("reference", ""))
    facts = {"digest": value["digest"]}
    if reference.startswith("sample:"):
        facts["sample"] = reference.removeprefix("sample:")
    if str(value.get("name", "")).startswith("agent:"):
        facts["agent"] = reference
    return facts


def read_recipe(path: Path) -> dict[str, Any] | None:
    """The recipe inside a PNG, or None where there is none or it is not one of ours."""
    raw = _png_text(path)
    if raw is None:
        return None
    try:
        facts = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(facts, dict) or facts.get("dllab") != FORMAT:
        return None
    right_types = {
        "experiment": str,
        "version": str,
        "params": dict,
        "seed": int,
        "inputs": dict,
        "threads": int,
    }
    if any(not isinstance(facts.get(key), kind) for key, kind in right_types.items()):
        return None
    return facts if _is_encodable(facts) else None


def _is_encodable(facts: dict[str, Any]) -> bool:
    """Whether every text in it can be written down: JSON may spell half a character ("\\ud800")."""
    try:
        json.dumps(facts, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _png_text(path: Path) -> str | None:
    """The text chunk with our keyword, read chunk by chunk without decoding the picture."""
    with path.open("rb") as file:
        if file.read(8) != b"\x89PNG\r\n\x1a\n":
            return None
        while len(head := file.read(8)) == 8:
            size, kind = int.from_bytes(head[:4], "big"), head[4:]
            if kind == b"IEND":
                return None
            if kind != b"tEXt" or size > MAX_BYTES:
                file.seek(size + 4, 1)
                continue
            keyword, _, value = file.read(size).partition(b"\0")
            file.seek(4, 1)
            if keyword == KEYWORD.encode():
                return value.decode("latin-1")
    return None
