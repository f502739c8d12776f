"""Sound: a small synthesizer in NumPy, so that a song can be heard with no system package and no sound font.

Pitched timbres are two sine oscillators of which the second bends the first (frequency modulation; Chowning
1973, "The Synthesis of Complex Audio Spectra by Means of Frequency Modulation"); drums are sines that fall
and noise that fades. A note is computed once for each pitch and length and then only added: songs repeat
themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dllab_music.songs import Song

SAMPLE_RATE_HZ = 44_100
PEAK = 0.89  # of full scale: no sample of a rendered song is louder
RELEASE_S = 0.12
TAIL_S = 0.4  # silence that lets the last note fade, kept within 1 % of a song's length where it is long
STEPS_PER_S = 200  # lengths of notes are rounded to these, so that equal ones share a computed sound
BLOCK = 2**16  # samples
ROOM = ((0.0113, 0.20), (0.0197, 0.15), (0.0291, 0.11), (0.0433, 0.07))  # reflections: seconds, strength


@dataclass(frozen=True)
class Timbre:
    """A pitched sound. ratio: second oscillator's frequency over the first's; bend: how far it bends it,
    radians.

    bend_fades: per second, how quickly a struck sound loses its brightness; decay: per second, how quickly it
    fades (0: it sounds as long as it is held); attack: seconds; octave: strength of a sine an octave above.
    """

    ratio: float
    bend: float
    bend_fades: float
    decay: float
    attack: float
    octave: float = 0.0
    vibrato: float = 0.0  # radians


TIMBRES: Mapping[str, Timbre] = {
    "piano": Timbre(1.0, 1.6, 3.5, 1.7, 0.004, octave=0.12),
    "organ": Timbre(2.0, 0.7, 0.0, 0.0, 0.02, octave=0.35),
    "strings": Timbre(1.0, 0.9, 0.3, 0.0, 0.09, octave=0.1, vibrato=0.25),
    "flute": Timbre(1.0, 0.35, 1.0, 0.0, 0.05, octave=0.08, vibrato=0.2),
    "bell": Timbre(3.5, 2.2, 1.5, 2.2, 0.002),
    "marimba": Timbre(4.0, 0.8, 12.0, 5.0, 0.002),
    "bass": Timbre(0.5, 1.4, 4.0, 1.2, 0.006),
    "synth": Timbre(2.0, 1.8, 1.5, 0.6, 0.01, octave=0.2),
}
PROGRAMS = {
    "piano": 0,
    "organ": 19,
    "strings": 48,
    "flute": 73,
    "bell": 14,
    "marimba": 12,
    "bass": 33,
    "synth": 81,
}


def render(
    song: Song, timbres: Sequence[str] = ("piano",), sample_rate_hz: int = SAMPLE_RATE_HZ
) -> np.ndarray:
    """The song as sound: float32 (2, n) in [-PEAK, PEAK], left and right.

    timbres: one name of TIMBRES for each voice, the last for those beyond. As long as the song, plus a tail
    of at most TAIL_S and 1 % of it. Raises KeyError for another name.
    """
    seconds = song.seconds(song.length)
    tail = min(TAIL_S, 0.009 * seconds)
    total = round((seconds + tail) * sample_rate_hz)
    sound = np.zeros((2, max(total, 1)), dtype=np.float32)
    voices = max((note.voice for note in song.notes), default=0) + 1
    for note in song.notes:
        start = round(song.seconds(note.onset) * sample_rate_hz)
        held = song.seconds(note.end) - song.seconds(note.onset)
        if note.is_drum:
            wave, side = drum(note.pitch, sample_rate_hz), DRUM_SIDES.get(note.pitch, 0.0)
        else:
            name = timbres[min(note.voice, len(timbres) - 1)]
            wave = tone(name, note.pitch, max(1, round(held * STEPS_PER_S)), sample_rate_hz)
            side = 0.0 if voices == 1 else 0.5 - note.voice / (voices - 1)
        wave = wave[: sound.shape[1] - start]
        gain = (note.velocity / 127) ** 1.4
        sound[0, start : start + len(wave)] += wave * np.float32(gain * (1 + 0.5 * side))
        sound[1, start : start + len(wave)] += wave * np.float32(gain * (1 - 0.5 * side))
    return _limited(_in_a_room(sound, sample_rate_hz))


@lru_cache(maxsize=4096)
def tone(name: str, pitch: int, steps: int, sample_rate_hz: int) -> np.ndarray:
    """One note of a timbre, float32 (n,): held for steps / STEPS_PER_S seconds, then released."""
    timbre = TIMBRES[name]
    held = steps / STEPS_PER_S
    t = np.arange(round((held + RELEASE_S) * sample_rate_hz), dtype=np.float32) / np.float32(sample_rate_hz)
    frequency = 440.0 * 2.0 ** ((pitch - 69) / 12)
    brightness = timbre.bend * min(
        1.0, (1200.0 / frequency) ** 0.5
    )  # high notes with few overtones: no aliasing
    phase = (2 * np.pi * frequency) * t
    if timbre.vibrato:
        phase = phase + np.float32(timbre.vibrato) * np.sin(2 * np.pi * 5.2 * t) * np.minimum(t / 0.4, 1)
    bend = np.float32(brightness) * np.exp(-np.float32(timbre.bend_fades) * t)
    wave = np.sin(phase + bend * np.sin(np.float32(timbre.ratio) * phase))
    if timbre.octave:
        wave = wave + np.float32(timbre.octave) * np.sin(2 * phase)
    fade = np.float32(timbre.decay * (0.6 + 0.4 * (frequency / 440.0) ** 0.5))
    loudness = np.minimum(t / np.float32(timbre.attack), 1) * np.exp(-fade * t)
    loudness *= np.clip((np.float32(held + RELEASE_S) - t) / np.float32(RELEASE_S), 0, 1)
    return (np.float32(0.3) * wave * loudness).astype(np.float32)


# General MIDI drum to (kind of sound, its settings); a drum that is not here sounds as a low tom.
DRUMS: Mapping[int, tuple[str, tuple[float, ...]]] = {
    35: ("skin", (52, 110, 9.0)), 36: ("skin", (50, 130, 8.0)),
    37: ("click", (1700, 60.0)), 38: ("snare", (185, 14.0)), 39: ("clap", (22.0,)), 40: ("snare", (220,
    16.0)),
    41: ("skin", (80, 40, 6.0)), 43: ("skin", (98, 45, 6.0)), 45: ("skin", (120, 50, 6.5)),
    47: ("skin", (145, 55, 7.0)), 48: ("skin", (170, 60, 7.0)), 50: ("skin", (200, 70, 7.5)),
    42: ("metal", (38.0,)), 44: ("metal", (30.0,)), 46: ("metal", (7.0,)), 22: ("metal", (45.0,)),
    26: ("metal", (9.0,)), 49: ("metal", (2.4,)), 57: ("metal", (2.8,)), 51: ("ride", (4.0,)), 59: ("ride",
    (4.5,)),
    53: ("ride", (5.0,)), 55: ("metal", (5.0,)), 54: ("metal", (16.0,)), 56: ("click", (560, 14.0)),
    70: ("metal", (40.0,)), 75: ("click", (2500, 50.0)),
}  # fmt: skip
DRUM_SIDES = {
    42: 0.5,
    44: 0.5,
    46: 0.5,
    49: -0.6,
    57: 0.6,
    51: -0.5,
    41: -0.6,
    43: -0.4,
    45: -0.1,
    47: 0.2,
    48: 0.4,
}


@lru_cache(maxsize=256)
def drum(pitch: int, sample_rate_hz: int) -> np.ndarray:
    """One stroke of a drum, float32 (n,); its noise is the same at every stroke and on every machine."""
    kind, settings = DRUMS.get(pitch, ("skin", (110, 45, 6.5)))
    seconds = {"metal": 1.2, "ride": 1.0, "skin": 0.7}.get(kind, 0.35)
    t = np.arange(round(seconds * sample_rate_hz), dtype=np.float32) / np.float32(sample_rate_hz)
    noise = np.random.Generator(np.random.PCG64(pitch)).uniform(-1, 1, len(t)).astype(np.float32)
    if kind == "skin":
        low, sweep, decay = settings
        phase = 2 * np.pi * (low * t + sweep / 30 * (1 - np.exp(-30 * t)))
        wave = np.sin(phase) * np.exp(-decay * t) + 0.25 * noise * np.exp(-180 * t)
        level = 0.75
    elif kind == "snare":
        low, decay = settings
        body = np.sin(2 * np.pi * (low * t + 2 * (1 - np.exp(-60 * t)))) * np.exp(-26 * t)
        wave, level = 0.7 * body + _bright(noise) * np.exp(-decay * t), 0.42
    elif kind == "clap":
        strokes = sum(np.exp(-200 * np.abs(t - at)) for at in (0.0, 0.011, 0.022))
        wave, level = _bright(noise) * (0.7 * strokes + np.exp(-settings[0] * t)), 0.34
    elif kind == "click":
        pitch_hz, decay = settings
        wave, level = np.sin(2 * np.pi * pitch_hz * t) * np.exp(-decay * t), 0.3
    else:
        metal = sum(np.sign(np.sin(2 * np.pi * hz * t)) for hz in (2950.0, 4170.0, 5390.0, 6630.0, 8110.0))
        share = 0.28 if kind == "ride" else 0.1
        wave = (_bright(_bright(noise)) + share * metal) * np.exp(-settings[0] * t)
        level = 0.2
    wave *= np.clip((seconds - t) / 0.02, 0, 1)
    return (np.float32(level) * wave).astype(np.float32)


def _bright(noise: np.ndarray) -> np.ndarray:
    """The noise without its low part: each sample less the one before."""
    return np.diff(noise, prepend=np.float32(0)) * np.float32(0.7)


def _in_a_room(sound: np.ndarray, sample_rate_hz: int) -> np.ndarray:
    """The sound with a few reflections, crossing from side to side; changed in place, from its end on.

    Block by block: arrays as long as a song cost more to come by than to compute.
    """
    shifts = [(round(seconds * sample_rate_hz), np.float32(strength)) for seconds, strength in ROOM]
    farthest = max(shift for shift, _ in shifts)
    for stop in range(sound.shape[1], 0, -BLOCK):
        start = max(0, stop - BLOCK)
        first = max(0, start - farthest)
        dry = sound[::-1, first:stop].copy()
        for shift, strength in shifts:
            begin = max(start, shift)
            if begin < stop:
                sound[:, begin:stop] += strength * dry[:, begin - shift - first : stop - shift - first]
    return sound


def _limited(sound: np.ndarray) -> np.ndarray:
    """The sound at a level at which nothing is cut off; quieter passages of a quiet song stay quiet."""
    peak = max(float(sound.max(initial=0.0)), -float(sound.min(initial=0.0)))
    sound *= np.float32(PEAK / max(peak, PEAK * 0.5))
    return np.clip(sound, -PEAK, PEAK, out=sound)
