"""Songs: notes in beats, what the tools of the music room pass on; read from MIDI and written to it.

Files are read by symusic (C++; 44 times mido's speed on folk tunes) and written by mido, event by event, so
that the same song is always the same bytes. What comes from outside is never trusted: sizes, counts and tempi
are held to limits before anything is computed from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import repeat
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import dllab

if TYPE_CHECKING:
    import mido

TICKS_PER_BEAT = 480
DRUM_CHANNEL = 9  # the tenth, counted from 0
LARGEST_FILE = 4 * 2**20  # bytes
MOST_NOTES = 100_000
LONGEST_S = 3600.0  # seconds of sound
TEMPO_RANGE = (5.0, 1000.0)  # beats a minute
LEAST_DURATION = 1 / 32  # beats: notes of no length are given this


class Note(NamedTuple):
    """One note. onset, duration: beats (quarter notes); pitch: MIDI number; velocity: 1 to 127.

    voice: which part it belongs to, 0 the highest; is_drum: pitch names a drum of the General MIDI kit.
    """

    onset: float
    pitch: int
    duration: float
    velocity: int = 80
    voice: int = 0
    is_drum: bool = False

    @property
    def end(self) -> float:
        """Where it ends, in beats."""
        return self.onset + self.duration


AS_NOTE = partial(tuple.__new__, Note)  # from six values at once, in a third of Note(...)'s time


@dataclass(frozen=True)
class Song:
    """Notes in order of onset, their tempo and metre.

    tempi: (beat, beats a minute) from beat 0 on; metre: (beats a bar, the note that is a beat), the first one
    of the file. length: beats, never less than the last note's end. ticks_per_beat: what a file is written
    with; of one that was read, such that its notes stay where they are to the tick.
    """

    notes: tuple[Note, ...]
    tempi: tuple[tuple[float, float], ...] = ((0.0, 120.0),)
    metre: tuple[int, int] = (4, 4)
    length: float = 0.0
    names: tuple[str, ...] = field(default=(), compare=False)
    ticks_per_beat: int = field(default=TICKS_PER_BEAT, compare=False)  # of the file to write

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", tuple(sorted(self.notes)))
        if self.notes:
            onsets, _, durations, *_ = zip(*self.notes, strict=True)
            object.__setattr__(self, "length", max(self.length, max(map(add, onsets, durations))))

    @property
    def beats_per_bar(self) -> float:
        """Quarter notes in a bar."""
        return self.metre[0] * 4 / self.metre[1]

    @property
    def tempo_bpm(self) -> float:
        """The tempo at the beginning."""
        return self.tempi[0][1]

    def with_tempo(self, tempo_bpm: float) -> Song:
        """The same notes at one steady tempo."""
        return replace(self, tempi=((0.0, tempo_bpm),))

    def melody(self) -> Song:
        """The notes that are no drums."""
        return replace(self, notes=tuple(note for note in self.notes if not note.is_drum), length=0.0)

    def drums(self) -> Song:
        """The drums alone."""
        return replace(self, notes=tuple(note for note in self.notes if note.is_drum), length=0.0)

    def seconds(self, beat: float) -> float:
        """When a beat sounds, seconds from the beginning."""
        time, (last, bpm) = 0.0, self.tempi[0]
        for start, tempo in self.tempi[1:]:
            if start >= beat:
                break
            time += (start - last) * 60 / bpm
            last, bpm = start, tempo
        return time + (beat - last) * 60 / bpm


def read_song(path: Path, name: str = "") -> Song:
    """The song in a standard MIDI file of type 0 or 1, whatever its ticks a beat.

    Notes of no length get LEAST_DURATION; those that nobody switches off last to the file's end; tracks
    become voices, the highest first. Raises dllab.InputError, in one line, for a file that is none, is
    damaged, holds no notes, is longer than LONGEST_S or has a tempo out of TEMPO_RANGE.
    """
    name = name or path.name
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise dllab.InputError(
                f"{name}: {size / 2**20:.0f} MB is too much for MIDI; at most {LARGEST_FILE // 2**20} MB"
            )
        data = path.read_bytes()
    except OSError as error:
        raise dllab.InputError(f"{name}: cannot be read ({error.strerror})") from error
    return parse_song(data, name)


def parse_song(data: bytes, name: str) -> Song:
    """As read_song, from a file's bytes."""
    if data[:4] != b"MThd":
        raise dllab.InputError(f"{name}: no MIDI file (it does not begin with MThd); export it again as .mid")
    kind, tracks, division = (int.from_bytes(data[at : at + 2], "big") for at in (8, 10, 12))
    if kind > 1:
        raise dllab.InputError(f"{name}: a MIDI file of type {kind}; save it as type 0 or 1")
    if tracks == 0:
        raise dllab.InputError(f"{name}: there is no track in it; export it again")
    if division == 0 or division & 0x8000:
        raise dllab.InputError(f"{name}: it counts in film frames or not at all; save it with ticks a beat")
    score = _parsed(data, name)
    tempi = _tempi(score, division, name)
    notes, names = _notes(score, division, name)
    metres = [(one.numerator, one.denominator) for one in score.time_signatures]
    metre = metres[0] if metres and metres[0][0] > 0 and metres[0][1] > 0 else (4, 4)
    song = Song(tuple(notes), tempi, metre, names=tuple(names), ticks_per_beat=_fine_ticks(division))
    seconds = song.seconds(song.length)
    if seconds > LONGEST_S:
        raise dllab.InputError(f"{name}: it lasts {_duration(seconds)}; cut it to an hour at most")
    return song


def _parsed(data: bytes, name: str) -> Any:
    import symusic

    try:
        return symusic.Score.from_midi(data)
    except (RuntimeError, ValueError, OverflowError) as error:
        reason = (str(error).splitlines() or ["unreadable"])[0].replace("MiniMidi: ", "")[:120]
        raise dllab.InputError(f"{name}: a damaged MIDI file ({reason}); export it again") from error


def _tempi(score: Any, division: int, name: str) -> tuple[tuple[float, float], ...]:
    low, high = TEMPO_RANGE
    found: dict[float, float] = {0.0: 120.0}
    for one in score.tempos:
        bpm = float(one.qpm)
        if not low <= bpm <= high:
            raise dllab.InputError(
                f"{name}: a tempo of {bpm:.4g} beats a minute at beat {one.time / division:g}; "
                f"it must lie between {low:g} and {high:g}"
            )
        found[one.time / division] = bpm
    return tuple(sorted(found.items()))


def _notes(score: Any, division: int, name: str) -> tuple[list[Note], list[str]]:
    import numpy as np

    count = sum(len(track.notes) for track in score.tracks)
    if count == 0:
        raise dllab.InputError(f"{name}: there are no notes in it; give a file with a melody or a rhythm")
    if count > MOST_NOTES:
        raise dllab.InputError(f"{name}: {count:,} notes; at most {MOST_NOTES:,} are read")
    columns = [(track.notes.numpy(), track) for track in score.tracks if len(track.notes)]
    pitched = [(found, track) for found, track in columns if not track.is_drum]
    pitched.sort(key=lambda one: -one[0]["pitch"].mean())
    drums = [(found, track) for found, track in columns if track.is_drum]
    notes: list[Note] = []
    for voice, (found, track) in enumerate([*pitched, *drums]):
        rows = zip(
            (found["time"] / division).tolist(),
            found["pitch"].tolist(),
            np.maximum(found["duration"] / division, LEAST_DURATION).tolist(),
            np.minimum(np.maximum(found["velocity"], 1), 127).tolist(),
            repeat(voice),
            repeat(bool(track.is_drum)),
        )
        notes += map(AS_NOTE, rows)
    return notes, [track.name for _, track in (*pitched, *drums)]


def _fine_ticks(division: int) -> int:
    """The least multiple of a file's ticks a beat that is fine enough to write sixteenths with as well."""
    fine = division * -(-TICKS_PER_BEAT // division)
    return next((fine * by for by in (1, 2, 4) if fine * by % 4 == 0 and fine * by < 2**15), division)


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds > 3600 else f"{seconds / 60:.1f} minutes"


def to_midi(song: Song, programs: Sequence[int] = ()) -> mido.MidiFile:
    """The song as a file of type 1: a track for tempo and metre, then one for each voice, drums on channel
    10.

    programs: the General MIDI instrument of each voice (0 to 127), the last for those beyond; the piano by
    default.
    """
    import mido

    file = mido.MidiFile(type=1, ticks_per_beat=song.ticks_per_beat)

    def ticks(beat: float) -> int:
        return round(beat * song.ticks_per_beat)

    head = [mido.MetaMessage("time_signature", numerator=song.metre[0], denominator=song.metre[1], time=0)]
    head += [
        mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm), time=ticks(beat)) for beat, bpm in song.tempi
    ]
    file.tracks.append(_track(head, ticks(song.length)))
    for voice in sorted({note.voice for note in song.notes}):
        mine = [note for note in song.notes if note.voice == voice]
        channel = DRUM_CHANNEL if mine[0].is_drum else _channel(voice)
        events: list[Any] = []
        if not mine[0].is_drum:
            program = programs[min(voice, len(programs) - 1)] if programs else 0
            events.append(mido.Message("program_change", program=program, channel=channel, time=0))
        for note in mine:
            begin, end = ticks(note.onset), max(ticks(note.end), ticks(note.onset) + 1)
            events.append(
                mido.Message("note_on", note=note.pitch, velocity=note.velocity, channel=channel, time=begin)
            )
            events.append(mido.Message("note_off", note=note.pitch, velocity=0, channel=channel, time=end))
        file.tracks.append(_track(events, ticks(song.length)))
    return file


def _track(events: Iterable[Any], end: int) -> mido.MidiTrack:
    """Events whose times are ticks from the beginning as a track: in order, ends before beginnings."""
    import mido

    track, last = mido.MidiTrack(), 0
    for event in sorted(events, key=lambda one: (one.time, one.type == "note_on", getattr(one, "note", 0))):
        track.append(event.copy(time=event.time - last))
        last = event.time
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - last)))
    return track


def _channel(voice: int) -> int:
    """A channel for a voice, leaving out that of the drums; voices beyond 15 share."""
    free = [channel for channel in range(16) if channel != DRUM_CHANNEL]
    return free[voice % len(free)]
