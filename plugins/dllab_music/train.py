"""The experiment `music-train`: any model of the music room, learned from a user's own music."""

from __future__ import annotations

import dllab
from dllab_music.texts import ABOUT, LECTURES
from dllab_music.train_params import MusicTrainParams


@dllab.experiment(
    "music-train",
    topic="music",
    lectures=LECTURES,
    about=ABOUT["music-train"],
    tiny={"steps": 2, "batch_size": 1, "width": 32, "num_layers": 1},
    ko={
        "model": "네 성부, 드럼 루프, 또는 사이를 이을 마디",
        "data": "MIDI 파일의 폴더 또는 코랄의 JSON; none은 내장된 음악",
        "steps": "경사 단계 수; none은 모델에 맞게",
        "batch_size": "한 단계의 곡 수; none은 모델에 맞게",
        "width": "음 하나를 나타내는 수의 개수; none은 모델에 맞게",
        "num_layers": "층 수; none은 모델에 맞게",
        "learning_rate": "AdamW의 최고 학습률; none은 모델에 맞게",
    },
)
def music_train(run: dllab.Run, params: MusicTrainParams) -> None:
    """Each model's own module says how it learns."""
    if params.model == "chorale":
        from dllab_music.chorale_training import train_chorales

        train_chorales(run, params)
    elif params.model == "drums":
        from dllab_music.drum_training import train_drums

        train_drums(run, params)
    else:
        from dllab_music.bar_training import train_bars

        train_bars(run, params)
