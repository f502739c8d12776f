"""A song played with a SoundFont of the user's choice, by tinysoundfont, where that is installed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import dllab
from dllab_music.songs import DRUM_CHANNEL, Song
from dllab_music.synth import PEAK, SAMPLE_RATE_HZ, TAIL_S

REMEDY = (
    "pip install --no-deps tinysoundfont"  # what it needs beside is for loudspeakers, and is hard to build
)
QUIET_DB = -9.0  # before the level is set, so that many voices are not cut off


class SoundFont:
    """An open SoundFont; see `render`."""

    def __init__(self, file: dllab.Input) -> None:
        """Raises dllab.UsageError where tinysoundfont is not installed, InputError for another file."""
        if file.path is None:
            raise ValueError("SoundFont takes an input field of the parameters, resolved by the runner")
        try:
            import tinysoundfont
        except ImportError as error:
            raise dllab.UsageError(f"--soundfont needs tinysoundfont: {REMEDY}") from error
        with file.path.open("rb") as opened:
            head = opened.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"sfbk":
            raise dllab.InputError(f"{file.name}: no SoundFont; give an .sf2 file")
        self._file = file
        self._make, self._error = tinysoundfont.Synth, tinysoundfont.SoundFontException
        self._open()

    def _open(self):
        synth = self._make(gain=QUIET_DB, samplerate=SAMPLE_RATE_HZ)
        try:
            return synth, synth.sfload(str(self._file.path))
        except (self._error, RuntimeError) as error:
            raise dllab.InputError(
                f"{self._file.name}: a damaged SoundFont, or one with nothing in it; download it again"
            ) from error

    def render(self, song: Song, programs: Sequence[int]) -> np.ndarray:
        """The song as sound, float32 (2, n) in [-PEAK, PEAK], as long as synth.render makes it.

        programs: the General MIDI instrument of each voice, the last for those beyond; one that the
        SoundFont lacks is played with its first.
        """
        synth, font = self._open()
        channels = {}
        for voice in sorted({note.voice for note in song.notes}):
            is_drum = any(note.is_drum for note in song.notes if note.voice == voice)
            free = [one for one in range(16) if one != DRUM_CHANNEL]
            channels[voice] = DRUM_CHANNEL if is_drum else free[voice % len(free)]
            self._choose(synth, channels[voice], font, programs[min(voice, len(programs) - 1)], is_drum)
        seconds = song.seconds(song.length)
        total = max(1, round((seconds + min(TAIL_S, 0.009 * seconds)) * SAMPLE_RATE_HZ))
        events = []
        for note in song.notes:
            begin = round(song.seconds(note.onset) * SAMPLE_RATE_HZ)
            end = max(begin + 1, round(song.seconds(note.end) * SAMPLE_RATE_HZ))
            events += [(begin, 1, note.pitch, note), (end, 0, note.pitch, note)]
        parts, at = [], 0
        for when, is_on, pitch, note in sorted(events, key=lambda one: one[:3]):
            if min(when, total) > at:
                parts.append(_block(synth, min(when, total) - at))
                at = min(when, total)
            if is_on:
                synth.noteon(channels[note.voice], pitch, note.velocity)
            else:
                synth.noteoff(channels[note.voice], pitch)
        if at < total:
            parts.append(_block(synth, total - at))
        sound = np.concatenate(parts, axis=1)
        peak = float(np.abs(sound).max())
        return sound * np.float32(PEAK / max(peak, PEAK * 0.05))

    def _choose(self, synth, channel: int, font: int, program: int, is_drum: bool) -> None:
        """Give a channel its instrument, the SoundFont's first where it has none of that number."""
        for bank, preset in ((128, 0), (0, program), (0, 0)) if is_drum else ((0, program), (0, 0)):
            try:
                synth.program_select(channel, font, bank, preset, is_drum and bank == 128)
            except (self._error, RuntimeError):
                continue
            return
        raise dllab.InputError(f"{self._file.name}: it holds no instrument in bank 0; give another .sf2 file")


def _block(synth, samples: int) -> np.ndarray:
    """So many samples of what sounds now: float32 (2, samples)."""
    return np.frombuffer(synth.generate(samples), dtype=np.float32).reshape(-1, 2).T.copy()
