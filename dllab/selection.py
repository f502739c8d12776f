"""Which plugins are in force: those that the user has not disabled, or only those that he names.

`dllab plugins --disable NAME` keeps a list in a file of the lab's own folder of settings; the
environment variable DLLAB_LOAD_PLUGINS narrows what is loaded for one process and its children.
Read by every command, so it imports nothing but `os` and `sys`.
"""

import os
import sys

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

DISABLED_FILE = "disabled-plugins.txt"


def config_directory() -> str:
    """Where the lab keeps the user's choices: DLLAB_CONFIG, else the platform's folder for settings."""
    chosen = os.environ.get("DLLAB_CONFIG")
    if chosen:
        return os.path.abspath(chosen)
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or os.path.expanduser("~\\AppData\\Roaming")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Application Support")
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(base, "dllab")


def disabled_plugins() -> list[str]:
    """The plugins that the user has disabled, by name; none where the file cannot be read."""
    try:
        path = os.path.join(config_directory(), DISABLED_FILE)
        with open(path, encoding="utf-8", errors="replace") as file:
            names = [line.strip() for line in file]
    except OSError:
        return []
    return sorted({name for name in names if name and name[0] != "#"})


def write_disabled(names: "Iterable[str]") -> str:
    """Keep this list of disabled plugins, whole or not at all; returns the file. Raises OSError."""
    path = os.path.join(config_directory(), DISABLED_FILE)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    unfinished = f"{path}.{os.getpid()}"
    with open(unfinished, "w", encoding="utf-8") as file:
        file.write(
            "# Plugins that are not loaded, one on a line; dllab plugins --enable NAME takes one off\n"
        )
        file.writelines(f"{name}\n" for name in sorted(set(names)))
    os.replace(unfinished, path)
    return path


def selection() -> "dict[str, Any]":
    """What decides which plugins are loaded: {"only": names or None, "disabled": names}.

    only: from DLLAB_LOAD_PLUGINS, names parted by commas; set and empty, none but the lab's own.
    """
    wanted = os.environ.get("DLLAB_LOAD_PLUGINS")
    only = None if wanted is None else sorted({part.strip() for part in wanted.split(",")} - {""})
    return {"only": only, "disabled": disabled_plugins()}


def left_out_by(name: str, distribution: str, chosen: "dict[str, Any]") -> str:
    """Why a plugin is not loaded: "settings" (disabled), "environment" (not among those named), else "".

    The lab's own plugins can be disabled, and need not be named.
    """
    if name in chosen["disabled"]:
        return "settings"
    if chosen["only"] is not None and name not in chosen["only"] and distribution != "dllab":
        return "environment"
    return ""


def is_strict() -> bool:
    """Whether DLLAB_STRICT asks that a broken plugin or a clash of names fail every command."""
    return os.environ.get("DLLAB_STRICT", "") not in ("", "0")
