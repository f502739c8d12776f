"""The experiment `music-generate`: new music from nothing."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_music.texts import ABOUT, LECTURES
from dllab_music.variations import WRITING_KO, Room, Writing

if TYPE_CHECKING:
    import numpy as np

    from dllab_music.chorale_net import ChoraleNet
    from dllab_music.keys import Key
    from dllab_music.songs import Song

STYLE = "rock"  # of drums, where none is named
IN_KEY = 0.8  # share of the notes that are to be in the key that was asked for


class MusicGenerateParams(Writing):
    kind: Literal["chorale", "melody", "drums"] = dllab.param(
        "chorale", help="four voices, one voice, or a drum loop"
    )
    bars: int = dllab.param(4, ge=1, le=64, help="length in bars of four beats")
    key: str = dllab.param(
        "any", max_length=20, help="key to begin in, as C, F# minor, Bb; any lets it choose"
    )
    style: str = dllab.param(STYLE, max_length=40, help="of drums: rock, funk, bossa …")
    model: dllab.Input | None = dllab.input(
        "model", default=None, help="a net of music-train; none: the lab's own"
    )


@dllab.experiment(
    "music-generate",
    topic="music",
    lectures=LECTURES,
    about=ABOUT["music-generate"],
    tiny={"bars": 1},
    ko={
        **WRITING_KO,
        "kind": "네 성부, 한 성부, 또는 드럼 루프",
        "bars": "네 박 마디의 수",
        "key": "시작할 조: C, F# minor, Bb; any는 스스로 고름",
        "style": "드럼의 양식: rock, funk, bossa …",
        "model": "music-train의 신경망; none은 내장된 것",
    },
)
def music_generate(run: dllab.Run, params: MusicGenerateParams) -> None:
    """The chorale net writes from an empty page; of several endings the one that comes to rest is taken."""
    from dllab_music.keys import read_key

    key = read_key(params.key)
    _refuse_unheard(params, key)
    if params.kind == "drums":
        from dllab_music.drum_generate import drum_song

        room = Room(run, params)
        for number, rng in room.variations():
            song = drum_song(rng, params.bars, params.temperature, params.top_p, params.model, params.style)
            room.save(f"drums-{number:02}", song)
        room.close()
        return
    net = run.model("music/chorales", params.model)
    room = Room(run, params)
    for number, rng in room.variations():
        piece = compose(net, rng, params, key)
        song, share = to_music(piece, params.kind, key)
        _tell(run, number, piece, share)
        room.save(f"{params.kind}-{number:02}", song, timbres=TIMBRES[params.kind])
        if key is not None:
            run.check(f"share of notes in {key.name}, piece {number}",
                      ko=f"{key.name_ko}에 드는 음의 비율, 곡 {number}", got=share, at_least=IN_KEY,
                      source="Bach's own 229 chorales: 0.90 to 1.00 in 95 % of them")  # fmt: skip
    room.close()


def _refuse_unheard(params: MusicGenerateParams, key: Key | None) -> None:
    """Raises dllab.UsageError for a key of drums, or a style of anything else: nobody would hear them."""
    if params.kind == "drums" and key is not None:
        raise dllab.UsageError(f"--key {params.key}: drums have no key; drop it, or take another --kind")
    if params.kind != "drums" and params.style != STYLE:
        raise dllab.UsageError(f"--style {params.style} is one of drums; add --kind drums, or drop it")


TIMBRES = {"chorale": ("organ",), "melody": ("flute",)}


def compose(net: ChoraleNet, rng: np.random.Generator, params: Any, key: Key | None) -> np.ndarray:
    """A piece (num_steps, 4); in a key it begins with the first chord of it, voiced at random."""
    import numpy as np

    from dllab_music.chorale_writing import FREE, write_chorale
    from dllab_music.chorales import STEPS_PER_BAR, STEPS_PER_BEAT

    given = np.full((params.bars * STEPS_PER_BAR, 4), FREE)
    if key is not None:
        given[:STEPS_PER_BEAT] = opening(key, rng)
    return write_chorale(
        net, given, rng, params.temperature, params.top_p,
        home=key, avoid_parallels=params.parallels == "avoid",
    )  # fmt: skip


def opening(key: Key, rng: np.random.Generator) -> tuple[int, int, int, int]:
    """The first chord of a key for four voices: the root doubled and in the bass, close together."""
    from itertools import product

    from dllab_music.chorales import RANGES

    root, third, fifth = key.triad
    voices = [
        [pitch for pitch in range(low + 2, high - 4) if pitch % 12 in (root, third, fifth)]
        for low, high in RANGES
    ]
    chords = [
        chord for chord in product(*voices)
        if chord[3] % 12 == root
        and sorted(pitch % 12 for pitch in chord) == sorted((root, root, third, fifth))
        and all(0 < high - low <= 12 for high, low in itertools.pairwise(chord))
        and 0 < chord[2] - chord[3] <= 16
    ]  # fmt: skip
    return chords[rng.integers(len(chords))]


def to_music(piece: np.ndarray, kind: str, key: Key | None) -> tuple[Song, float]:
    """The piece, or its soprano, as a song, and the share of its notes in the key (None: the one heard)."""
    from dllab_music.chorales import to_song
    from dllab_music.keys import heard, pitch_classes

    used = piece if kind == "chorale" else piece[:, :1]
    weights = pitch_classes(used)
    scale = (key or heard(pitch_classes(piece))).scale
    share = float(sum(weights[one] for one in scale) / weights.sum())
    return to_song(used, 84.0), share


def _tell(run: dllab.Run, number: int, piece: np.ndarray, share: float) -> None:
    from dllab_music.keys import heard, pitch_classes
    from dllab_music.voice_leading import counts, ranges

    found = counts(piece)
    run.log(number, in_key=share, parallel_fifths=found["parallel_fifths"],
            parallel_octaves=found["parallel_octaves"], crossings=found["crossings"])  # fmt: skip
    key, (english, korean) = heard(pitch_classes(piece)), ranges(piece)
    told = run.words(f"piece {number}: {key.name}; {english}", f"곡 {number}: {key.name_ko}; {korean}")
    run.message(told)
