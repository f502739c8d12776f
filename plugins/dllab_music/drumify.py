"""The experiment `music-drumify`: a drum part that follows a melody or any rhythm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import dllab
from dllab_music.excerpts import EXCERPT_KO, Excerpt, used_bars
from dllab_music.texts import ABOUT, LECTURES
from dllab_music.variations import SAMPLING_KO, Room, Sampling

if TYPE_CHECKING:
    import numpy as np

    from dllab_music.songs import Song

Style = Literal["rock", "funk", "bossa", "swing", "shuffle", "house", "hiphop", "ballad", "march"]
LONG = 1.0  # beats from which a note counts as an accent, where all are equally loud
LOUDER = 0.3  # standard deviations above the mean from which a note is an accent


class MusicDrumifyParams(Excerpt, Sampling):
    melody: dllab.Input = dllab.input("midi", default="sample:ode-to-joy", help="melody or rhythm to follow")
    style: Style = dllab.param("rock", help="in which style to drum")
    follow: float = dllab.param(
        2.0, ge=0, le=5, help="how closely: 0 does not listen, 1 as drummers of the grammar, above closer"
    )
    model: dllab.Input | None = dllab.input(
        "model", default=None, help="drums.safetensors of music-train; none: the lab's own"
    )


@dllab.experiment(
    "music-drumify",
    topic="music",
    lectures=LECTURES,
    about=ABOUT["music-drumify"],
    tiny={"melody": "sample:rock-beat"},
    ko={
        **SAMPLING_KO,
        **EXCERPT_KO,
        "melody": "따라갈 선율이나 리듬",
        "style": "드럼의 양식",
        "follow": "따라가는 정도: 0은 듣지 않음, 1은 보통, 클수록 바짝",
        "model": "music-train의 drums.safetensors; none은 내장된 것",
    },
)
def music_drumify(run: dllab.Run, params: MusicDrumifyParams) -> None:
    """The onsets and accents of the melody are the rhythm that the net is given; it writes drums to it."""
    from dllab_music.drum_weights import chosen_drums
    from dllab_music.piano_roll import lay_out, picture
    from dllab_music.songs import read_song, to_midi

    name = params.melody.name
    song = used_bars(run, read_song(params.melody.path, name), name, params)
    if params.tempo_bpm is not None:
        song = song.with_tempo(params.tempo_bpm)
    if song.melody().notes:
        song = song.melody()  # drums that it had give way to the new ones
    rhythm = rhythm_of(song)
    net, _ = chosen_drums(params.model)
    room = Room(run, params)
    for number, rng in room.variations():
        levels = follow(net, song, rhythm, rng, params)
        drums = performed(levels, song, params.style, rng)
        met, elsewhere = meeting(levels, rhythm)
        run.log(number, onsets_met=met, strokes_elsewhere=elsewhere)
        run.message(
            run.words(
                f"kick, snare or a tom sounds on {met:.0%} of its onsets, and on {elsewhere:.0%} of the rest",
                f"선율의 음이 시작하는 자리의 {met:.0%}, 그 밖의 자리의 {elsewhere:.0%}에서 "
                "킥, 스네어나 탐이 울립니다",
            )
        )
        made = together(song.melody(), drums)
        run.check(f"notes of the tune that were changed, variation {number}",
                  ko=f"바뀐 선율의 음 수, 곡 {number}", expected=0,
                  got=len(set(song.melody().notes) - set(made.notes)), source="drums are added")  # fmt: skip
        run.save_midi(f"drumify-{number:02}-drums.mid", to_midi(drums))
        run.save_image(f"drumify-{number:02}-drums.png", picture(lay_out(drums)))
        room.save(f"drumify-{number:02}", made)
    room.close()


def rhythm_of(song: Song) -> np.ndarray:
    """What a song's notes tap: (num_steps,) of rest, onset, accent (see drum_net); whole bars.

    An accent is a note clearly louder than most, or, where all are alike, one of a beat or more.
    """
    import numpy as np

    from dllab_music.drum_net import ONSET, ONSET_ACCENT, REST
    from dllab_music.drums import step_of

    bar = _bar_steps(song)
    velocities = np.array([note.velocity for note in song.notes], dtype=np.float64)
    spread, mean = velocities.std(), velocities.mean()
    num_steps = bar * max(1, int(np.ceil(round(song.length * 4, 3) / bar)))
    rhythm = np.full(num_steps, REST, dtype=np.int64)
    for note in song.notes:
        is_loud = note.velocity > mean + LOUDER * spread if spread > 4 else note.duration >= LONG
        step = min(step_of(note.onset), num_steps - 1)
        rhythm[step] = max(rhythm[step], ONSET_ACCENT if is_loud else ONSET)
    return rhythm


def _bar_steps(song: Song) -> int:
    """Sixteenths in a bar of the song; 16 where that is none that the net can think of as a bar."""
    steps = round(song.beats_per_bar * 4)
    return steps if 4 <= steps <= 16 and abs(song.beats_per_bar * 4 - steps) < 1e-9 else 16


def follow(
    net: object, song: Song, rhythm: np.ndarray, rng: np.random.Generator, params: MusicDrumifyParams
) -> np.ndarray:
    """Levels (num_steps, 9) of drums to a rhythm (num_steps,).

    The net thinks in bars of sixteen steps: shorter bars are filled up with rest for it, and cut again.
    """
    import numpy as np

    from dllab_music.drum_generate import write_drums
    from dllab_music.drum_net import REST

    bar = _bar_steps(song)
    bars = rhythm.reshape(-1, bar)
    asked = np.pad(bars, ((0, 0), (0, 16 - bar)), constant_values=REST).reshape(-1)
    levels = write_drums(
        net, params.style, len(asked), rng, params.temperature, params.top_p, asked, params.follow
    )
    return levels.reshape(len(bars), 16, -1)[:, :bar].reshape(len(rhythm), -1)


def performed(levels: np.ndarray, song: Song, style: str, rng: np.random.Generator) -> Song:
    """Levels as a song, played as in the style, in the tempo and metre of another."""
    from dataclasses import replace

    from dllab_music.drum_grammar import STYLES, played
    from dllab_music.drums import to_song

    velocities, offsets = played(rng, levels, STYLES[style])
    drums = to_song(velocities, offsets, song.tempo_bpm)
    end = max(song.length, len(levels) / 4)
    kept = tuple(note for note in drums.notes if note.onset < end)
    return replace(drums, notes=kept, tempi=song.tempi, metre=song.metre, length=end)


def together(song: Song, drums: Song) -> Song:
    """A melody with drums in a voice of their own below; the drums alone where it has no notes."""
    from dataclasses import replace

    if not song.notes:
        return drums
    voice = max(note.voice for note in song.notes) + 1
    below = tuple(note._replace(voice=voice) for note in drums.notes)
    return replace(song, notes=(*song.notes, *below), length=max(song.length, drums.length))


def meeting(levels: np.ndarray, rhythm: np.ndarray) -> tuple[float, float]:
    """Shares of the steps with an onset, and of those without, where kick, snare or a tom sounds."""
    from dllab_music.drum_grammar import HIGH_TOM, KICK, LOW_TOM, MID_TOM, SNARE
    from dllab_music.drum_net import ONSET

    drums = [KICK, SNARE, LOW_TOM, MID_TOM, HIGH_TOM]
    sounds, is_onset = (levels[:, drums] > 0).any(1), rhythm >= ONSET
    return float(sounds[is_onset].mean()), float(sounds[~is_onset].mean()) if (~is_onset).any() else 0.0
