"""The experiment `music-harmonize`: a melody gets three more voices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import dllab
from dllab_music.excerpts import EXCERPT_KO, Excerpt, used_bars
from dllab_music.texts import ABOUT, LECTURES
from dllab_music.variations import WRITING_KO, Room, Writing

if TYPE_CHECKING:
    import numpy as np

    from dllab_music.chorale_net import ChoraleNet
    from dllab_music.melodies import Line
    from dllab_music.songs import Song


DEFAULT = "sample:old-hundredth"


class MusicHarmonizeParams(Excerpt, Writing):
    melody: dllab.Input = dllab.input("midi", default=DEFAULT, help="melody for the soprano")
    notes: str = dllab.param(
        "", max_length=8000, help='a melody typed instead: "C5 D5 E5:2 r F#5:.5" is pitch, octave, beats'
    )
    key: str = dllab.param("any", max_length=20, help="key whose notes alone are written, as C or F# minor")
    model: dllab.Input | None = dllab.input(
        "model", default=None, help="a net of music-train; none: the lab's own"
    )


@dllab.experiment(
    "music-harmonize",
    topic="music",
    lectures=LECTURES,
    about=ABOUT["music-harmonize"],
    tiny={"last_bar": 1},
    ko={
        **WRITING_KO,
        **EXCERPT_KO,
        "melody": "소프라노가 될 선율",
        "notes": '직접 적은 선율: "C5 D5 E5:2 r F#5:.5"는 음, 옥타브, 박',
        "key": "이 조의 음만 씀: C, F# minor; any는 모든 음",
        "model": "music-train의 신경망; none은 내장된 것",
    },
)
def music_harmonize(run: dllab.Run, params: MusicHarmonizeParams) -> None:
    """Alto, tenor and bass, drawn note by note; of several readings those that foretell the melody stay."""
    from dllab_music.keys import heard, pitch_classes, read_key
    from dllab_music.melodies import line_of
    from dllab_music.primers import melody_or_notes
    from dllab_music.variations import missing

    key = read_key(params.key)
    song, name = melody_or_notes(run, params.melody, params.notes, DEFAULT)
    line = line_of(used_bars(run, song, name, params), name)
    net = run.model("music/chorales", params.model)
    room = Room(run, params)
    lost = 0
    for number, rng in room.variations():
        piece = harmonized(
            net, line, rng, params.temperature, params.top_p,
            scale=key.scale if key else None, avoid_parallels=params.parallels == "avoid",
        )  # fmt: skip
        made = together(line, piece)
        lost += missing(line.song, made)
        _tell(run, number, piece)
        room.save(f"harmony-{number:02}", made, timbres=("organ",))
    found = heard(pitch_classes(line.pitches))
    run.message(run.words(f"the melody is heard in {found.name}", f"선율은 {found.name_ko}로 들립니다"))
    run.check("notes of the melody that the files lack", ko="파일에 빠진 선율의 음 수", got=lost, expected=0,
              source="the melody that was given, read again from what was written")  # fmt: skip
    room.close()


def harmonized(
    net: ChoraleNet,
    line: Line,
    rng: np.random.Generator,
    temperature: float,
    top_p: float,
    scale: Any = None,
    avoid_parallels: bool = True,
) -> np.ndarray:
    """The line with three more voices below it, (num_steps, 4); where it has not begun, nobody sings."""
    import numpy as np

    from dllab_music.chorale_writing import FREE, write_chorale

    given = np.full((len(line.pitches), 4), FREE)
    given[:, 0] = line.pitches
    given[line.pitches < 0] = -1
    return write_chorale(net, given, rng, temperature, top_p, scale, avoid_parallels=avoid_parallels)


def together(line: Line, piece: np.ndarray) -> Song:
    """The melody itself over the voices below it, all where the melody lies."""
    from dllab_music.melodies import notes_of

    below = [
        note for voice in (1, 2, 3)
        for note in notes_of(piece[:, voice], voice, shift=-line.shift, again=line.again)
    ]  # fmt: skip
    return replace(line.song, notes=(*line.song.notes, *below), length=0.0)


def _tell(run: dllab.Run, number: int, piece: np.ndarray) -> None:
    from dllab_music.voice_leading import counts, ranges

    found = counts(piece)
    names = ("parallel_fifths", "parallel_octaves", "crossings", "out_of_range")
    run.log(number, **{name: found[name] for name in names})
    english, korean = ranges(piece)
    run.message(run.words(f"harmony {number}: {english}", f"화음 {number}: {korean}"))
