"""Melodies typed as text: "C4 D4 E4:2 r F#4:.5" is pitch, octave and, after a colon, length in beats."""

from __future__ import annotations

import re

import dllab
from dllab_music.songs import Note, Song

WORD = re.compile(r"(?P<name>[A-Ga-gRr])(?P<sign>#{0,2}|b{0,2}|♯|♭)(?P<octave>-?\d)?(:(?P<beats>\d*\.?\d+))?")
NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
MOST_WORDS = 1024
LONGEST = 64.0  # beats of a note


def read_primer(text: str, tempo_bpm: float = 100.0, metre: tuple[int, int] = (4, 4)) -> Song:
    """A melody from text: notes as C4, F#4 or Bb3 (C4 is MIDI's 60), r for a rest, each a beat long or as
    told.

    A note without an octave stays in the one before, 4 in the beginning. Raises dllab.UsageError that names
    the word that is no note.
    """
    words = text.replace(",", " ").split()
    if len(words) > MOST_WORDS:
        raise dllab.UsageError(f"{len(words)} notes typed; take at most {MOST_WORDS}, or give a MIDI file")
    notes, at, octave = [], 0.0, 4
    for word in words:
        match = WORD.fullmatch(word)
        beats = float(match["beats"] or 1) if match else 0.0
        if match is None or not 0 < beats <= LONGEST:
            raise dllab.UsageError(
                f"{word[:20]!r} is no note: type C4, F#4:2 or Bb3:.5 (pitch, octave, length in beats up to "
                f"{LONGEST:g}), or r for a rest"
            )
        if match["name"] not in "Rr":
            octave = int(match["octave"]) if match["octave"] is not None else octave
            sign = match["sign"]
            bend = len(sign) if sign.startswith(("#", "♯")) else -len(sign)
            pitch = 12 * (octave + 1) + NATURALS[match["name"].upper()] + bend
            if not 0 <= pitch <= 127:
                raise dllab.UsageError(f"{word!r} is out of MIDI's range, C-1 to G9")
            notes.append(Note(at, pitch, beats, 88 if at % 1 == 0 else 80))
        at += beats
    if not notes:
        raise dllab.UsageError('there are no notes in what was typed; type some, as "C4 D4 E4:2"')
    return Song(tuple(notes), ((0.0, tempo_bpm),), metre, length=at)


def melody_or_notes(run: dllab.Run, melody: dllab.Input, notes: str, default: str) -> tuple[Song, str]:
    """The typed notes as a song, or else the melody of a file, and what to call it.

    default: the melody's reference where none is given. Raises dllab.UsageError where both are given, as only
    one can be used; the default itself is taken as not given, and the run says that the typed notes are used.
    """
    from dllab_music.melodies import read_melody

    if not notes:
        return read_melody(melody), melody.name
    if melody.reference != default:
        raise dllab.UsageError(
            f"--melody {melody.reference} and --notes are both given, and only one can be used; drop one"
        )
    song = read_primer(notes)
    count, beats = len(song.notes), f"{song.length:g}"
    run.message(
        run.words(
            f"the melody is what --notes says: {count} notes in {beats} beats",
            f"선율은 --notes에 적은 것: 음 {count}개, {beats}박",
        )
    )
    return song, "--notes"
