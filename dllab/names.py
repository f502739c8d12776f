"""Names of files that a run leaves: plain, portable, and never a way out of the run's folder."""

import unicodedata

from dllab.errors import DeclarationError

RESERVED_STEMS = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))]
)
RESERVED_NAMES = frozenset(["run.json", "preview.png"])
MAX_BYTES = 200


def check_artifact_name(name: str) -> str:
    """The name itself, when it can be the name of an artifact on every system.

    Raises DeclarationError for an empty or over-long name, a path, a hidden file, a name with control
    characters or one that Windows or the lab keeps for itself.
    """
    fault = _fault(name)
    if fault:
        raise DeclarationError(f"artifact name {name!r} {fault}")
    return name


def _fault(name: str) -> str:
    if not name:
        return "is empty"
    if len(name.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return f"is longer than {MAX_BYTES} bytes"
    if any(character in '/\\:*?"<>|' for character in name):
        return 'must be a plain file name, without any of / \\ : * ? " < > |'
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        return "has control characters"
    if name.startswith(".") or name != name.strip() or name.endswith("."):
        return "must not begin with a dot, nor begin or end with a space, nor end with a dot"
    if name.lower() in RESERVED_NAMES or name.split(".")[0].lower() in RESERVED_STEMS:
        return "is reserved"
    return ""


def well_formed(words: str) -> str:
    """The words with lone surrogates escaped, which no file and no database takes."""
    return words if words.isascii() else words.encode("utf-8", "backslashreplace").decode()
