"""Tunes that are there from the first minute: typed here, in the public domain, free of anybody's rights.

Each is written as a MIDI file once, when somebody asks for it, and kept in the lab's cache.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import dllab

VERSION = 1  # part of the files' names; raise it with any change of a tune

# Name, what it is, Korean, tempo, metre, the notes as music-continue takes them typed.
TUNES = (
    (
        "ode-to-joy", "Ode to Joy, Beethoven 1824", "환희의 송가, 베토벤 1824", 108, (4, 4),
        "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 F#4:1.5 E4:.5 E4:2 "
        "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 E4:1.5 D4:.5 D4:2 "
        "E4 E4 F#4 D4 E4 F#4:.5 G4:.5 F#4 D4 E4 F#4:.5 G4:.5 F#4 E4 D4 E4 A3:2 "
        "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 E4:1.5 D4:.5 D4:2",
    ),
    (
        "ah-vous-dirai-je", "Ah ! vous dirai-je, maman, France about 1740", "반짝반짝 작은 별의 원곡, 프랑스 1740년쯤",
        100, (4, 4),
        "C5 C5 G5 G5 A5 A5 G5:2 F5 F5 E5 E5 D5 D5 C5:2 "
        "G5 G5 F5 F5 E5 E5 D5:2 G5 G5 F5 F5 E5 E5 D5:2 "
        "C5 C5 G5 G5 A5 A5 G5:2 F5 F5 E5 E5 D5 D5 C5:2",
    ),
    (
        "frere-jacques", "Frère Jacques, France about 1780", "프레르 자크, 프랑스 1780년쯤", 112, (4, 4),
        "G4 A4 B4 G4 G4 A4 B4 G4 B4 C5 D5:2 B4 C5 D5:2 "
        "D5:.5 E5:.5 D5:.5 C5:.5 B4 G4 D5:.5 E5:.5 D5:.5 C5:.5 B4 G4 G4 D4 G4:2 G4 D4 G4:2",
    ),
    (
        "greensleeves", "Greensleeves, England about 1580", "푸른 옷소매, 영국 1580년쯤", 132, (3, 4),
        "r:2 A4 C5:2 D5 E5:1.5 F#5:.5 E5 D5:2 B4 G4:1.5 A4:.5 B4 C5:2 A4 A4:1.5 G#4:.5 A4 B4:2 G#4 E4:2 A4 "
        "C5:2 D5 E5:1.5 F#5:.5 E5 D5:2 B4 G4:1.5 A4:.5 B4 C5:1.5 B4:.5 A4 G#4:1.5 F#4:.5 G#4 A4:3 A4:3",
    ),
    (
        "arirang", "Arirang, Korea, before 1896", "아리랑, 조선 민요", 92, (3, 4),
        "G4:1.5 A4:.5 G4:.5 A4:.5 C5:1.5 D5:.5 C5:.5 D5:.5 E5 D5:.5 E5:.5 C5:.5 A4:.5 G4:1.5 A4:.5 G4:.5 A4:.5 "
        "C5:1.5 D5:.5 C5:.5 A4:.5 G4:.5 E4:.5 D4:.5 E4:.5 G4 G4:1.5 A4:.5 G4 G4:3",
    ),
    (
        "old-hundredth", "Old Hundredth, Bourgeois 1551", "만복의 근원 하나님, 부르주아 1551", 80, (4, 4),
        "G4 G4 F#4 E4 D4 G4 A4 B4:2 B4 B4 B4 A4 G4 C5 B4 A4:2 "
        "G4 A4 B4 A4 G4 E4 F#4 G4:2 D5 B4 G4 A4 C5 B4 A4 G4:3",
    ),
)  # fmt: skip


def melodies() -> list:
    """The tunes as songs."""
    return [_tune(text, tempo, metre) for _, _, _, tempo, metre, text in TUNES]


def _tune(text: str, tempo_bpm: float, metre: tuple[int, int]):
    from dllab_music.primers import read_primer

    return read_primer(text, tempo_bpm, metre)


def songs() -> dict[str, tuple[str, str, Callable]]:
    """All named songs: what each is, in English and Korean, and the function that makes it."""
    found = {name: (summary, ko, partial(_tune, text, tempo, metre))
             for name, summary, ko, tempo, metre, text in TUNES}  # fmt: skip
    if importlib.util.find_spec("dllab_music.drum_samples") is not None:
        from dllab_music.drum_samples import DRUM_SONGS

        found.update({name: (summary, ko, make) for name, summary, ko, make in DRUM_SONGS})
    return found


def cache_folder() -> Path:
    """Where the lab keeps what it can make again: DLLAB_CACHE, else the platform's place for that."""
    chosen = os.environ.get("DLLAB_CACHE")
    if chosen:
        return Path(chosen).absolute() / "tunes"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home())
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "dllab" / "tunes"


def tune(name: str) -> Path:
    """The path of a named song, written now if it never was. Raises dllab.InputError where it cannot be."""
    folder = cache_folder()
    path = folder / f"{name}-{VERSION}.mid"
    if path.is_file():
        return path
    from dllab_music.songs import to_midi
    from dllab_music.variations import midi_bytes

    unfinished = folder / f"{path.name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(midi_bytes(to_midi(songs()[name][2]())))
        unfinished.replace(path)
    except OSError as error:
        raise dllab.InputError(
            f"sample:{name} cannot be kept in {folder} ({error.strerror}); set DLLAB_CACHE to another folder"
        ) from error
    return path


def song_resources() -> list[dllab.Resource]:
    """One sample resource per song."""
    return [
        dllab.Resource(
            "sample",
            name,
            summary=summary,
            load=partial(tune, name),
            media="midi",
            licence="public domain, typed by hand" if name in {one[0] for one in TUNES} else "Apache-2.0",
            source="dllab_music.samples",
            ko=ko,
        )
        for name, (summary, ko, _) in songs().items()
    ]
