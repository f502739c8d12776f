"""Files as people name them: paths with `~`, in both of Unicode's spellings of Korean, and `RUN:NAME`."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

# `RUN:NAME`, a file that a run has left
RUN_ARTIFACT = re.compile(r"(?P<run>[A-Za-z0-9][A-Za-z0-9_.-]*(?::[a-z0-9-]+)?):(?P<artifact>[^/\\:]+)")


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
