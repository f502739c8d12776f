"""What `music-train` is asked for; the modules that train read it, and train.py calls them."""

from __future__ import annotations

from typing import Literal

import dllab


class MusicTrainParams(dllab.Params):
    model: Literal["chorale", "drums", "bars"] = dllab.param(
        "chorale", help="four voices, drum loops, or bars to interpolate between"
    )
    data: dllab.Input | None = dllab.input(
        "file", default=None, help="a folder of MIDI files, or a JSON of chorales; none: the lab's own"
    )
    steps: int | None = dllab.param(None, ge=1, le=1_000_000, help="gradient steps; none: as the model wants")
    batch_size: int | None = dllab.param(None, ge=1, le=256, help="pieces per step; none: as the model wants")
    width: int | None = dllab.param(
        None, ge=16, le=1024, help="numbers that stand for a note; none: as the model wants"
    )
    num_layers: int | None = dllab.param(None, ge=1, le=24, help="layers; none: as the model wants")
    learning_rate: float | None = dllab.param(
        None, gt=0, le=0.1, help="peak of AdamW's, after a warm-up; none: as the model wants"
    )
