"""The experiment `music-groove`: a stiff drum loop, played as a person would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import dllab
from dllab_music.excerpts import EXCERPT_KO, Excerpt, used_bars
from dllab_music.texts import ABOUT, LECTURES
from dllab_music.variations import LISTENING_KO, Listening, Room

if TYPE_CHECKING:
    import numpy as np

    from dllab_music.drum_net import GrooveNet
    from dllab_music.songs import Song

DRIFT_SHARE = (
    0.46  # of a player's unrest that wanders slowly; the rest is each stroke's own (drum_grammar.played)
)
DRIFT_STAYS = 0.9  # from one sixteenth to the next
EARLIEST, LATEST = -0.45, 0.9  # sixteenths off the grid
APART = 0.15  # sixteenths at least between two strokes of one drum


class MusicGrooveParams(Excerpt, Listening):
    loop: dllab.Input = dllab.input("midi", default="sample:rock-beat", help="drum loop to play")
    amount: float = dllab.param(
        1.0, ge=0, le=1.5, help="0 leaves the loop as it is, 1 plays it as a person would"
    )
    swing: float = dllab.param(0.0, ge=0, le=1, help="0 even, 1 each second note as the last of three")
    swing_of: Literal["8", "16"] = dllab.param("16", help="which notes swing: eighths or sixteenths")
    temperature: float = dllab.param(
        1.0, ge=0, le=2, help="how unsteady the player is; 0 plays the same each time"
    )
    model: dllab.Input | None = dllab.input(
        "model", default=None, help="drums.safetensors of music-train; none: the lab's own"
    )


@dllab.experiment(
    "music-groove",
    topic="music",
    lectures=LECTURES,
    about=ABOUT["music-groove"],
    ko={
        **LISTENING_KO,
        **EXCERPT_KO,
        "loop": "연주할 드럼 루프",
        "amount": "0은 그대로, 1은 사람처럼",
        "swing": "0은 고르게, 1은 둘째 음을 셋잇단의 마지막으로",
        "swing_of": "흔들 음표: 8분 또는 16분",
        "temperature": "연주자의 흔들림; 0은 늘 똑같이",
        "model": "music-train의 drums.safetensors; none은 내장된 것",
    },
)
def music_groove(run: dllab.Run, params: MusicGrooveParams) -> None:
    """The net reads the whole loop, and tells of each stroke how loud and how late it would be."""
    from dllab_music.drum_weights import chosen_drums
    from dllab_music.drums import read_loop

    song = used_bars(run, read_loop(params.loop), params.loop.name, params)
    if params.tempo_bpm is not None:
        song = song.with_tempo(params.tempo_bpm)
    _, net = chosen_drums(params.model)
    room = Room(run, params)
    for number, rng in room.variations():
        made = groove(song, net, rng, params.amount, params.swing, int(params.swing_of), params.temperature)
        before, after = feel(song), feel(made)
        run.log(number, timing_16ths=after[0], velocity=after[1])
        off, off_now = (f"{1000 * each[0] * 15 / song.tempo_bpm:.1f} ms" for each in (before, after))
        run.message(
            run.words(
                f"off the grid by {off} before, {off_now} now; velocities spread by {before[1]:.1f}, "
                f"now {after[1]:.1f} (standard deviations)",
                f"박에서 벗어난 정도 {off}에서 {off_now}; 세기의 퍼짐 {before[1]:.1f}에서 "
                f"{after[1]:.1f} (표준 편차)",
            )
        )
        run.check(f"strokes that are missing or new, variation {number}",
                  ko=f"빠지거나 새로 생긴 타격 수, 곡 {number}", expected=0,
                  got=strangers(song, made), source="only when and how loud may change")  # fmt: skip
        room.save(f"groove-{number:02}", made)
    room.close()


def groove(
    song: Song,
    net: GrooveNet,
    rng: np.random.Generator,
    amount: float = 1.0,
    swing: float = 0.0,
    swing_of: int = 16,
    temperature: float = 1.0,
) -> Song:
    """The song with the same strokes, each at another time and loudness; for amount 0 it is the song itself.

    In between, each stroke goes this share of the way from where it was to where the player has it. Drums
    that the net does not know swing along, as loud as they were.
    """
    from dataclasses import replace

    from dllab_music.drum_grammar import STEPS_PER_BEAT
    from dllab_music.drums import apart, drum_of, step_of, to_strokes

    if amount == 0:
        return song
    strokes = to_strokes(song)
    loud, late = person(net, strokes.velocities > 0, rng, temperature)
    notes = []
    for note in song.notes:
        step, drum = min(step_of(note.onset), len(late) - 1), drum_of(note.pitch)
        wanted, velocity = swung_by(step, swing, swing_of), float(note.velocity)
        if drum is not None:
            wanted, velocity = wanted + float(late[step, drum]), float(loud[step, drum])
        is_at = note.onset * STEPS_PER_BEAT - step
        offset = min(max(is_at + amount * (wanted - is_at), EARLIEST), LATEST)
        velocity = note.velocity + amount * (velocity - note.velocity)
        onset = max(0.0, (step + offset) / STEPS_PER_BEAT)
        notes.append(note._replace(onset=onset, velocity=round(min(max(velocity, 1), 127))))
    return replace(song, notes=tuple(apart(notes, APART / STEPS_PER_BEAT)))


def person(
    net: GrooveNet, is_hit: np.ndarray, rng: np.random.Generator, temperature: float
) -> tuple[np.ndarray, np.ndarray]:
    """Velocities, and offsets in sixteenths, of strokes as the net has them; all (num_steps, 9).

    They are drawn from its normal distributions; part of the deviation of times drifts slowly, as a player
    does.
    """
    import numpy as np
    import torch

    from dllab_music.drum_net import MIDDLE_VELOCITY, OFFSET_UNIT, VELOCITY_UNIT

    with torch.no_grad():
        told = net(torch.from_numpy(is_hit[None].astype(np.float32)))
    velocity, spread, offset, unrest = (each[0].double().numpy() for each in told)
    own = rng.normal(size=is_hit.shape)
    steps = rng.normal(size=len(is_hit)) * np.sqrt(1 - DRIFT_STAYS**2)
    drift, last = np.zeros(len(is_hit)), rng.normal()
    for i, change in enumerate(steps):
        last = DRIFT_STAYS * last + change
        drift[i] = last
    wandering = np.sqrt(DRIFT_SHARE) * drift[:, None] + np.sqrt(1 - DRIFT_SHARE) * own
    loud = MIDDLE_VELOCITY + VELOCITY_UNIT * (velocity + temperature * spread * rng.normal(size=is_hit.shape))
    return loud, OFFSET_UNIT * (offset + temperature * unrest * wandering)


def swung_by(step: int, swing: float, swing_of: int) -> float:
    """How many sixteenths late the swing has a step; as drum_grammar.swung."""
    if swing_of == 8:
        return (0.0, 1 / 3, 2 / 3, 1 / 3)[step % 4] * swing
    return swing / 3 if step % 2 else 0.0


def feel(song: Song) -> tuple[float, float]:
    """Standard deviations of a song's strokes: off the grid, in sixteenths, and of their velocities."""
    import numpy as np

    from dllab_music.drum_grammar import STEPS_PER_BEAT
    from dllab_music.drums import step_of

    late = [note.onset * STEPS_PER_BEAT - step_of(note.onset) for note in song.notes]
    return float(np.std(late)), float(np.std([note.velocity for note in song.notes]))


def strangers(song: Song, made: Song) -> int:
    """How many strokes, counted by drum, one song has and the other has not."""
    from collections import Counter

    one, other = (Counter(note.pitch for note in each.notes) for each in (song, made))
    return sum(((one - other) + (other - one)).values())
