"""Paths as people type them: `~`, and names in either of Unicode's two spellings of Korean."""

from __future__ import annotations

import unicodedata
from pathlib import Path


def expanded(words: str) -> Path:
    """The path with `~` filled in; a word like `~x` that names no user is left as it is."""
    path = Path(words)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def find_path(words: str) -> Path | None:
    """The existing path that words mean, or None.

    A name that came from a Mac is spelt in letters apart (NFD), one typed elsewhere in whole syllables
    (NFC); whichever lies on the disk is found. Raises OSError for words that can be no path.
    """
    path = expanded(words)
    spellings = (str(path), unicodedata.normalize("NFC", str(path)), unicodedata.normalize("NFD", str(path)))
    for candidate in map(Path, spellings):
        try:
            if candidate.exists():
                return candidate
        except ValueError as error:  # a NUL in the name
            raise OSError(str(error)) from error
    return None
