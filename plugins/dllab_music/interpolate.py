"""The experiment `music-interpolate`: steps from one melody, or drum loop, to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_music.excerpts import EXCERPT_KO, Excerpt, used_bars
from dllab_music.texts import ABOUT, LECTURES
from dllab_music.variations import LISTENING_KO, Listening, Room

if TYPE_CHECKING:
    import numpy as np

    from dllab_music.bar_vae import DrumBars, MelodyBars
    from dllab_music.songs import Song

FINEST = 11.0  # px a beat: songs on a sheet are parted only where they would need less


class MusicInterpolateParams(Excerpt, Listening):
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
    tiny={"last_bar": 1, "steps": 2},
    ko={
        **LISTENING_KO,
        **EXCERPT_KO,
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
    from dllab_music.songs import LONGEST_S, read_song, to_midi

    kind, songs = _same_kind([read_song(one.path, one.name) for one in (params.a, params.b)], params)
    names = (params.a.name, params.b.name)
    songs = [used_bars(run, song, name, params) for song, name in zip(songs, names, strict=True)]
    if params.tempo_bpm is not None:
        songs = [song.with_tempo(params.tempo_bpm) for song in songs]
    _tell_ends(run, songs, names)
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
        run.check(f"steps that are no nearer to the end, variation {number}",
                  ko=f"마지막 곡에 더 가까워지지 않은 단계 수, 곡 {number}", got=rises, expected=0,
                  source="each step is to be nearer than the one before")  # fmt: skip
        run.check(f"notes of the two ends that were changed, variation {number}",
                  ko=f"처음과 마지막에서 바뀐 음 수, 곡 {number}", expected=0,
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


def _tell_ends(run: dllab.Run, songs: list[Song], names: tuple[str, str]) -> None:
    """Say what the way makes of the two: which voice, which is repeated, which octave."""
    from dllab_music.way_ends import bars_of, line_ends

    for song, name in zip(songs, names, strict=True):
        voices = len({note.voice for note in song.notes})
        if voices > 1 and not song.notes[0].is_drum:
            run.message(
                run.words(
                    f"{name} has {voices} voices; the steps go by its highest",
                    f"{name}에는 성부가 {voices}개 있습니다. 단계들은 가장 높은 성부를 따릅니다",
                )
            )
    long, short = sorted((0, 1), key=lambda end: -songs[end].length)
    bars = [bars_of(song) for song in songs]
    if bars[0] != bars[1] or songs[0].beats_per_bar != songs[1].beats_per_bar:
        run.message(
            run.words(
                f"{names[short]} ({bars[short]} bars) is shorter than {names[long]} ({bars[long]} bars): "
                "in the steps between it is begun again until both are as long",
                f"{names[short]}({bars[short]}마디)이(가) {names[long]}({bars[long]}마디)보다 짧아, "
                "사이의 단계에서는 길이가 같아질 때까지 처음부터 되풀이합니다",
            )
        )
    octaves = 0 if songs[0].notes[0].is_drum else line_ends(*songs).octaves
    if octaves:
        run.message(
            run.words(
                f"the steps lie where {names[1]} does, {abs(octaves)} octave{'s' * (abs(octaves) > 1)} "
                f"{'above' if octaves > 0 else 'below'} {names[0]}",
                f"단계들은 {names[1]}의 음역에 있습니다: {names[0]}보다 {abs(octaves)}옥타브 "
                f"{'위' if octaves > 0 else '아래'}",
            )
        )


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
    from dllab_music.bar_paths import WANDER, DrumPath, walk, whole_bars
    from dllab_music.bars import STEPS_PER_BAR, STEPS_PER_BEAT
    from dllab_music.way_ends import MelodyPath, grown, line_ends

    is_drums = one.notes[0].is_drum
    if is_drums:
        loops = [_strokes(song) for song in (one, other)]
        last = whole_bars(*(len(loop[0]) for loop in loops))
        loops = [[grown(array, last) for array in loop] for loop in loops]
        ends: Any = [_levels(loop[0]) for loop in loops]
    else:
        found_ends = line_ends(one, other)
        ends, last = (found_ends.start, found_ends.end), found_ends.num_steps
    noise = temperature * WANDER * rng.normal(size=(len(ends[0]) // STEPS_PER_BAR, net.sizes["latent"]))
    path: Any = (DrumPath if is_drums else MelodyPath)(net, *ends, noise)
    path.num_steps = last
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
        beats = last / STEPS_PER_BEAT
        made.append(
            _loop(state, loops, share, tempo) if is_drums else _tune(state, one, other, share, tempo, beats)
        )
    return [*made, other], [path.full, *(path.distance(state) for state in found), 0]


def _strokes(song: Song) -> list[np.ndarray]:
    from dllab_music.drums import to_strokes

    strokes = to_strokes(song)
    if not strokes.velocities.any():
        raise dllab.UsageError(
            "a loop of none of the nine drums (kick, snare, hats, toms, cymbals); give another"
        )
    return [strokes.velocities, strokes.offsets]


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


def _tune(line: Any, one: Song, other: Song, share: float, tempo_bpm: float, beats: float) -> Song:
    """A line as a song of so many beats, as loud as the two are on average, in the metre of the nearer."""
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
    return Song(tuple(notes), ((0.0, tempo_bpm),), metre, length=beats)


def one_after_another(made: list[Song]) -> Song:
    """The songs as one, each from the first bar line after the last, at its own tempo."""
    from math import ceil

    from dllab_music.drums import apart
    from dllab_music.songs import Song

    metres = {song.metre for song in made}
    metre = metres.pop() if len(metres) == 1 else (4, 4)
    bar = metre[0] * 4 / metre[1]
    notes, tempi, at = [], [], 0.0
    for song in made:
        size = bar * max(1, ceil(song.length / bar - 0.01))
        notes += [note._replace(onset=note.onset + at) for note in song.notes]
        tempi += [(at + beat, bpm) for beat, bpm in song.tempi if beat < size]
        at += size
    return Song(tuple(apart(sorted(notes), 1 / 480)), tuple(tempi), metre, length=at)


def sheet(made: list[Song]) -> np.ndarray:
    """The piano rolls of songs below each other, all at one scale, float32 (3, H, W) in [0, 1].

    Each is one system where it can be, as they are to be compared.
    """
    import numpy as np

    from dllab_music.piano_roll import SCALES, TALLEST, lay_out, picture, systems_of

    titles = ["A", *map(str, range(1, len(made) - 1)), "B"]
    for scale in SCALES:
        layouts = [
            lay_out(song, systems=systems_of(song, [scale]), title=title)
            for song, title in zip(made, titles, strict=True)
        ]
        is_parted = any(one.num_systems > 1 for one in layouts) and scale[0] > FINEST
        if sum(one.height for one in layouts) <= TALLEST and not is_parted:
            break
    rolls = [picture(one) for one in layouts]
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
