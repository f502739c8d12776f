"""The experiment `music-interpolate`: steps from one melody, or drum loop, to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_music.texts import ABOUT, LECTURES
from dllab_music.variations import LISTENING_KO, Listening, Room

if TYPE_CHECKING:
    import numpy as np

    from dllab_music.bar_vae import DrumBars, MelodyBars
    from dllab_music.songs import Song

BEATS_PER_BAR = 4.0


class MusicInterpolateParams(Listening):
    a: dllab.Input = dllab.input(
        "midi", default="sample:ode-to-joy", help="melody or drum loop to begin with"
    )
    b: dllab.Input = dllab.input(
        "midi", default="sample:ah-vous-dirai-je", help="the one to end with, of the same kind"
    )
    steps: int = dllab.param(4, ge=1, le=16, help="how many pieces between the two")
    temperature: float = dllab.param(
        0.5, ge=0, le=2, help="how far the way wanders; 0 is the straightest, and the same for every seed"
    )
    model: dllab.Input | None = dllab.input(
        "model", default=None, help="bars.safetensors of music-train; none: the lab's own"
    )


@dllab.experiment(
    "music-interpolate",
    topic="music",
    lectures=LECTURES,
    about=ABOUT["music-interpolate"],
    tiny={"a": "sample:rock-beat", "b": "sample:funk-beat", "steps": 2},
    ko={
        **LISTENING_KO,
        "a": "처음의 선율이나 드럼 루프",
        "b": "마지막의 것, 같은 종류",
        "steps": "둘 사이의 곡 수",
        "temperature": "길이 벗어나는 정도; 0은 곧은 길이며 시드에 상관없이 같음",
        "model": "music-train의 bars.safetensors; none은 내장된 것",
    },
)
def music_interpolate(run: dllab.Run, params: MusicInterpolateParams) -> None:
    """Bars are points of a space, and points between them are bars between them."""
    from itertools import pairwise

    from dllab_music.bar_vae import chosen_bars
    from dllab_music.drums import held
    from dllab_music.songs import LONGEST_S, read_song, to_midi

    given = [held(read_song(one.path, one.name), one.name) for one in (params.a, params.b)]
    kind, songs = _same_kind(given, params)
    if params.tempo_bpm is not None:
        songs = [song.with_tempo(params.tempo_bpm) for song in songs]
    net = chosen_bars(params.model)[kind]
    room = Room(run, params)
    rows: list[dict[str, Any]] = []
    ways = [
        (number, *interpolate(songs[0], songs[1], net, params.steps, rng, params.temperature))
        for number, rng in room.variations()
    ]  # all of them before the first is saved: a refusal leaves nothing behind
    whole = [one_after_another(made) for _, made, _ in ways]
    longest = max(song.seconds(song.length) for song in whole)
    if longest > LONGEST_S:
        raise dllab.UsageError(
            f"--steps {params.steps}: they last {longest / 60:.0f} minutes, and {LONGEST_S / 60:.0f} "
            "is the most; take fewer steps or cut what you gave"
        )
    for song, (number, made, distances) in zip(whole, ways, strict=True):
        name = f"interpolate-{number:02}"
        for step, part in enumerate(made):
            rows.append({"variation": number, "step": step, "distance_to_b": distances[step]})
            run.log(len(rows), distance_to_b=distances[step])
            run.save_midi(f"{name}-step-{step:02}.mid", to_midi(part))
        rises = sum(after >= before for before, after in pairwise(distances))
        run.check(f"steps that are no nearer to the end, variation {number}", got=rises, expected=0,
                  source="each step is to be nearer than the one before")  # fmt: skip
        run.check(f"notes of the two ends that were changed, variation {number}", expected=0,
                  got=sum(len(set(songs[end].notes) ^ set(made[end].notes)) for end in (0, -1)),
                  source="the first and the last are what was given")  # fmt: skip
        room.save(name, song)
        run.save_image(f"{name}-steps.png", sheet(made))
    run.save_table("distances.csv", rows)
    _draw(run, rows, kind)
    room.close()


def _same_kind(songs: list[Song], params: MusicInterpolateParams) -> tuple[str, list[Song]]:
    """What the two are, and their notes of that kind. Raises dllab.UsageError for one of each."""
    is_tune = [bool(song.melody().notes) for song in songs]
    if is_tune[0] != is_tune[1]:
        tune, loop = (params.a.name, params.b.name) if is_tune[0] else (params.b.name, params.a.name)
        raise dllab.UsageError(
            f"{tune} is a melody and {loop} a drum loop; give two melodies, or two drum loops"
        )
    if is_tune[0]:
        return "melody", [song.melody() for song in songs]
    return "drums", [song.drums() for song in songs]


def interpolate(
    one: Song,
    other: Song,
    net: MelodyBars | DrumBars,
    steps: int,
    rng: np.random.Generator,
    temperature: float = 0.5,
) -> tuple[list[Song], list[int]]:
    """The two songs and so many between them, in order, and the distance of each to the other's end.

    See bar_paths for what the distance is. Raises dllab.UsageError where the two differ too little for so
    many.
    """
    from dllab_music.bar_paths import WANDER, DrumPath, LinePath, same_length, walk, whole_bars
    from dllab_music.bars import STEPS_PER_BAR, read_line

    is_drums = one.notes[0].is_drum
    if is_drums:
        loops = [_strokes(song) for song in (one, other)]
        size = whole_bars(*(len(loop[0]) for loop in loops))
        loops = [[_grown(array, size) for array in loop] for loop in loops]
        ends: Any = [_levels(loop[0]) for loop in loops]
    else:
        ends = same_length(read_line(one, "the first melody"), read_line(other, "the second melody"))
        size = len(ends[0])
    noise = temperature * WANDER * rng.normal(size=(size // STEPS_PER_BAR, net.sizes["latent"]))
    path = (DrumPath if is_drums else LinePath)(net, *ends, noise)
    found = walk(path, steps) if path.full > steps else []
    if len(found) < steps:
        most = len(found) or path.full - 1
        raise dllab.UsageError(
            f"--steps {steps}: the two differ in {path.full} {'strokes' if is_drums else 'sixteenths'} only; "
            + (f"take {most} steps at most, or others" if 0 < most < steps else "give others")
        )
    made = [one]
    for number, state in enumerate(found, 1):
        share = number / (steps + 1)
        tempo = one.tempo_bpm ** (1 - share) * other.tempo_bpm**share
        made.append(_loop(state, loops, share, tempo) if is_drums else _tune(state, one, other, share, tempo))
    return [*made, other], [path.full, *(path.distance(state) for state in found), 0]


def _strokes(song: Song) -> list[np.ndarray]:
    from dllab_music.drums import to_strokes

    strokes = to_strokes(song)
    if not strokes.velocities.any():
        raise dllab.UsageError(
            "a loop of none of the nine drums (kick, snare, hats, toms, cymbals); give another"
        )
    return [strokes.velocities, strokes.offsets]


def _grown(array: np.ndarray, size: int) -> np.ndarray:
    """Strokes (T, 9), silent from their end to `size` steps."""
    import numpy as np

    return np.pad(array, ((0, size - len(array)), (0, 0)))


def _levels(velocities: np.ndarray) -> np.ndarray:
    import numpy as np

    from dllab_music.drums import Strokes

    return Strokes(velocities, np.zeros_like(velocities), 120.0).levels


def _loop(levels: np.ndarray, loops: list, share: float, tempo_bpm: float) -> Song:
    """Levels (T, 9) as a song: loudness and place between the two loops', where both have the stroke."""
    import numpy as np

    from dllab_music.drum_grammar import LEVEL_VELOCITY
    from dllab_music.drums import to_song

    velocities = np.array(LEVEL_VELOCITY)[levels]
    (loud_one, late_one), (loud_other, late_other) = loops
    weight_one, weight_other = (1 - share) * (loud_one > 0), share * (loud_other > 0)
    total = weight_one + weight_other
    known = np.maximum(total, 1e-9)
    mixed = (weight_one * loud_one + weight_other * loud_other) / known
    offsets = (weight_one * late_one + weight_other * late_other) / known
    is_hit = levels > 0
    velocities = np.where(is_hit, np.where(total > 0, mixed, velocities), 0.0)
    return to_song(velocities, np.where(is_hit, offsets, 0.0), tempo_bpm)


def _tune(line: Any, one: Song, other: Song, share: float, tempo_bpm: float) -> Song:
    """A line as a song, as loud as the two are on average, in the metre of the nearer."""
    import numpy as np

    from dllab_music.bars import STEPS_PER_BEAT
    from dllab_music.songs import Note, Song

    loud = [float(np.mean([note.velocity for note in song.notes])) for song in (one, other)]
    velocity = round((1 - share) * loud[0] + share * loud[1])
    begins = np.flatnonzero(line.is_struck)
    notes = []
    for begin in begins:
        after = np.flatnonzero(line.is_struck[begin + 1 :] | (line.pitches[begin + 1 :] < 0))
        length = int(after[0]) + 1 if len(after) else len(line) - begin
        notes.append(
            Note(begin / STEPS_PER_BEAT, int(line.pitches[begin]), length / STEPS_PER_BEAT, velocity)
        )
    metre = one.metre if share < 0.5 else other.metre
    return Song(tuple(notes), ((0.0, tempo_bpm),), metre, length=len(line) / STEPS_PER_BEAT)


def one_after_another(made: list[Song]) -> Song:
    """The songs as one, each from a bar line on and at its own tempo."""
    from math import ceil

    from dllab_music.drums import apart
    from dllab_music.songs import Song

    size = BEATS_PER_BAR * max(1, ceil(max(song.length for song in made) / BEATS_PER_BAR - 0.01))
    notes = [note._replace(onset=note.onset + i * size) for i, song in enumerate(made) for note in song.notes]
    tempi = [(i * size + beat, bpm) for i, song in enumerate(made) for beat, bpm in song.tempi if beat < size]
    return Song(tuple(apart(sorted(notes), 1 / 480)), tuple(tempi), length=size * len(made))


def sheet(made: list[Song]) -> np.ndarray:
    """The piano rolls of songs below each other, float32 (3, H, W) in [0, 1]."""
    import numpy as np

    from dllab_music.piano_roll import lay_out, picture

    rolls = [picture(lay_out(song)) for song in made]
    width = max(roll.shape[2] for roll in rolls)
    paper = rolls[0][:, 0, 0]
    page = np.empty((3, sum(roll.shape[1] for roll in rolls), width), dtype=np.float32)
    page[:] = paper[:, None, None]
    top = 0
    for roll in rolls:
        page[:, top : top + roll.shape[1], : roll.shape[2]] = roll
        top += roll.shape[1]
    return page


def _draw(run: dllab.Run, rows: list[dict[str, Any]], kind: str) -> None:
    figure, axes = dllab.new_figure()
    for number in sorted({row["variation"] for row in rows}):
        mine = [row for row in rows if row["variation"] == number]
        axes.plot([row["step"] for row in mine], [row["distance_to_b"] for row in mine], "o-",
                  color=dllab.COLOURS[(number - 1) % len(dllab.COLOURS)])  # fmt: skip
    axes.set_title(run.words("How far it is to the end", "마지막 곡까지의 거리"), loc="left")
    axes.set_xlabel(run.words("step", "단계"))
    strokes, cells = (
        run.words("strokes that differ", "서로 다른 타격"),
        run.words("sixteenths that differ", "서로 다른 16분음표 칸"),
    )
    axes.set_ylabel(strokes if kind == "drums" else cells)
    axes.set_ylim(bottom=0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    run.save_figure("distances.png", figure)
