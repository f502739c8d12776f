"""The experiment `music-continue`: a melody goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_music.excerpts import EXCERPT_KO, Excerpt, used_bars
from dllab_music.texts import ABOUT, LECTURES
from dllab_music.variations import WRITING_KO, Room, Writing

if TYPE_CHECKING:
    import numpy as np

    from dllab_music.chorale_net import ChoraleNet
    from dllab_music.melodies import Line
    from dllab_music.songs import Song

DEFAULT = "sample:ode-to-joy"
HEARD_BARS = 8  # of the input, of four beats, that the net hears


class MusicContinueParams(Excerpt, Writing):
    melody: dllab.Input = dllab.input("midi", default=DEFAULT, help="melody to go on with")
    notes: str = dllab.param(
        "", max_length=8000, help='notes typed instead: "C5 D5 E5:2 r F#5:.5" is pitch, octave, beats'
    )
    bars: int = dllab.param(4, ge=1, le=32, help="bars to add")
    voices: Literal["melody", "all"] = dllab.param(
        "melody", help="the melody alone goes on, or with the three voices that the net thinks below it"
    )
    key: str = dllab.param("any", max_length=20, help="key whose notes alone are added, as C or F# minor")
    model: dllab.Input | None = dllab.input(
        "model", default=None, help="a net of music-train; none: the lab's own"
    )


@dllab.experiment(
    "music-continue",
    topic="music",
    lectures=LECTURES,
    about=ABOUT["music-continue"],
    tiny={"last_bar": 1, "bars": 1},
    ko={
        **WRITING_KO,
        **EXCERPT_KO,
        "melody": "이어 갈 선율",
        "notes": '직접 적은 음: "C5 D5 E5:2 r F#5:.5"는 음, 옥타브, 박',
        "bars": "덧붙일 마디 수",
        "voices": "선율만, 또는 그 아래 세 성부와 함께",
        "key": "이 조의 음만 덧붙임: C, F# minor; any는 모든 음",
        "model": "music-train의 신경망; none은 내장된 것",
    },
)
def music_continue(run: dllab.Run, params: MusicContinueParams) -> None:
    """The net hears the melody with voices of its own below it, and goes on writing all four."""
    from dllab_music.keys import read_key
    from dllab_music.melodies import line_of
    from dllab_music.primers import melody_or_notes
    from dllab_music.variations import missing

    key = read_key(params.key)
    song, name = melody_or_notes(run, params.melody, params.notes, DEFAULT)
    song = used_bars(run, song, name, params)
    line = line_of(song, name)
    net = run.model("music/chorales", params.model)
    room = Room(run, params)
    lost = 0
    for number, rng in room.variations():
        steps = round(params.bars * song.beats_per_bar * 4)
        piece = continued(
            net, line, steps, rng, params.temperature, params.top_p,
            scale=key.scale if key else None, avoid_parallels=params.parallels == "avoid",
        )  # fmt: skip
        made = joined(song, line, piece, 4 if params.voices == "all" else 1)
        lost += missing(song, made)
        run.log(number, notes=len(made.notes) - len(song.notes))
        room.save(f"continuation-{number:02}", made, timbres=("piano",), new_from=float(line.beats))
    run.check("notes of the input that the files lack", ko="파일에 빠진 입력의 음 수", got=lost, expected=0,
              source="the input, read again from what was written")  # fmt: skip
    room.close()


def continued(
    net: ChoraleNet,
    line: Line,
    steps: int,
    rng: np.random.Generator,
    temperature: float,
    top_p: float,
    scale: Any = None,
    avoid_parallels: bool = True,
) -> np.ndarray:
    """The line and `steps` more, in four voices: pitches (num_steps, 4), the part unheard left silent."""
    import numpy as np

    from dllab_music.chorale_writing import FREE, write_chorale
    from dllab_music.chorales import STEPS_PER_BAR

    bars = -(-len(line.pitches) // STEPS_PER_BAR)
    unheard = max(0, bars - HEARD_BARS) * STEPS_PER_BAR  # whole bars, so that the net's bar stays where it is
    heard = line.pitches[unheard:]
    given = np.full((len(heard) + steps, 4), FREE)
    given[: len(heard), 0] = heard
    given[: len(heard)][heard < 0] = -1
    piece = write_chorale(net, given, rng, temperature, top_p, scale, avoid_parallels=avoid_parallels)
    return np.concatenate([np.full((unheard, 4), -1), piece])


def joined(song: Song, line: Line, piece: np.ndarray, voices: int) -> Song:
    """The song itself, and from where its melody ends on the new notes of the first `voices` voices."""
    from dllab_music.melodies import notes_of

    start = len(line.pitches)
    top = min(note.voice for note in song.notes if not note.is_drum)
    last = max(note.voice for note in song.notes)
    new = [
        note
        for voice in range(voices)
        for note in notes_of(
            piece[:, voice], top if voice == 0 else last + voice, start=start, shift=-line.shift
        )
    ]
    return replace(song, notes=(*song.notes, *new), length=len(piece) / 4)
