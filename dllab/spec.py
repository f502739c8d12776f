"""What an executor is handed: one run as plain JSON. Code is never pickled."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class RunSpec:
    """One run to execute.

    plugin: who brings the experiment, for messages: name, distribution and version.
    inputs: field name to {"reference", "kind", "name", "path", "digest"}.
    staging: the folder, made by the store, where the run writes before the store takes the files over.
    code: digest of the plugin's sources, for the recipe.
    checkpoint: path of a checkpoint to go on from, or "".
    use_recipe: whether pictures and models carry the recipe.
    language: of the words in its pictures, "en" or "ko".
    """

    run_id: str
    experiment: str
    plugin: str
    version: str
    params: dict[str, Any]
    inputs: dict[str, dict[str, str]]
    seed: int
    device: str
    dtype: str
    threads: int
    staging: str
    leases: str
    code: str = ""
    checkpoint: str = ""
    use_recipe: bool = True
    language: str = "en"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, raw: str) -> RunSpec:
        return cls(**json.loads(raw))

    @property
    def staging_path(self) -> Path:
        return Path(self.staging)
