"""The music room: songs, how they sound and look, and the nets that write them."""

import dllab
from dllab_music.continuation import music_continue
from dllab_music.drum_weights import drum_resources
from dllab_music.drumify import music_drumify
from dllab_music.generate import music_generate
from dllab_music.groove import music_groove
from dllab_music.harmonize import music_harmonize
from dllab_music.interpolate import music_interpolate
from dllab_music.pretrained import chorale_resources
from dllab_music.samples import song_resources
from dllab_music.score import music_score
from dllab_music.train import music_train


@dllab.hookimpl
def dllab_experiments():
    return [
        music_generate,
        music_continue,
        music_harmonize,
        music_interpolate,
        music_groove,
        music_drumify,
        music_train,
        music_score,
    ]


@dllab.hookimpl
def dllab_resources():
    return [*chorale_resources(), *drum_resources(), *song_resources()]
