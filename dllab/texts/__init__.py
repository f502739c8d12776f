"""What the lab says, in English and Korean, from one catalogue.

A key is `area.name`; the area names a module of this package, which is read when its first text
is asked for. A module holds one dictionary, TEXTS: name to (English, Korean).
"""

import os
from importlib import import_module

LANGUAGES = ("en", "ko")
_language: str | None = None


def set_language(language: str | None) -> None:
    """Choose "en" or "ko"; None goes back to what the environment says."""
    global _language
    _language = language


def language() -> str:
    """The language in force: the chosen one, else DLLAB_LANG, else the locale's, else English."""
    if _language is not None:
        return _language
    for name in ("DLLAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"


def text(key: str, /, **values: object) -> str:
    """The text of a key in the language in force, its {placeholders} filled from values."""
    area, name = key.split(".", 1)
    english, korean = import_module(f"dllab.texts.{area}").TEXTS[name]
    template = korean if language() == "ko" else english
    return template.format(**values) if values else template


def did_you_mean(wrong: str, names: "list[str] | tuple[str, ...]") -> str:
    """ " Did you mean 'plasma'?", or nothing where no name is near."""
    from difflib import get_close_matches

    near = get_close_matches(wrong, names, n=1, cutoff=0.5)
    return " " + text("errors.did_you_mean", near=near[0]) if near else ""
