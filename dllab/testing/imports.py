"""What a plugin imports when the lab lists it, seen from a fresh interpreter.

The lab imports every plugin to make its index; one that imports torch at its top costs every user
seconds. Run as a script this file is that interpreter: it imports the plugin and calls its listing hooks.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HEAVY = (
    "PIL", "av", "cv2", "diffusers", "gymnasium", "jax", "matplotlib", "numba", "numpy", "pandas", "pygame",
    "safetensors", "scipy", "skimage", "sklearn", "tensorflow", "torch", "torchvision", "transformers",
)  # fmt: skip
LIMIT_S = 60


@functools.cache
def heavy_imports(kind: str, source: str, digest: str) -> dict[str, str]:
    """The heavy modules that come in with a plugin: module to "file:line" that asked for it.

    kind, source: as in the index; digest: of the plugin's files, so that an edit is looked at again.
    Raises PluginError when the plugin cannot be imported.
    """
    from dllab.errors import PluginError
    from dllab.index import search_path
    from dllab.texts import text

    core = str(Path(__file__).parents[2])
    job = {"path": [*dict.fromkeys([*search_path(), core])], "kind": kind, "source": source}
    try:
        done = subprocess.run(
            [sys.executable, "-P", __file__], input=json.dumps(job), capture_output=True, text=True,
            encoding="utf-8", errors="replace", timeout=LIMIT_S, check=False,
        )  # fmt: skip
        found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        raise PluginError(text("kit.import_hangs", source=source, seconds=LIMIT_S)) from error
    except (ValueError, IndexError) as error:
        last = [f"exit status {done.returncode}", *done.stderr.strip().splitlines()][-1]
        raise PluginError(text("kit.import_fails", source=source, error=last)) from error
    return found


class _Watch:
    """A finder that finds nothing, and remembers who asked first for each heavy module."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.asked: dict[str, str] = {}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        module = name.partition(".")[0]
        if module in HEAVY and module not in self.asked:
            self.asked[module] = self._asker()

    def _asker(self) -> str:
        """file:line of the innermost frame of the plugin, else of that outside the import system."""
        places = []
        frame = sys._getframe(2)
        while frame is not None:
            file = frame.f_code.co_filename
            if not file.startswith("<frozen") and "importlib" not in file:
                places.append((file, frame.f_lineno))
            frame = frame.f_back  # type: ignore[assignment]
        own = [place for place in places if self.root and place[0].startswith(self.root)]
        file, line = (own or places or [("?", 0)])[0]
        return f"{file}:{line}"


def main() -> None:
    """Import the plugin that standard input names, and print what heavy modules came with it."""
    job = json.loads(sys.stdin.read())
    sys.path[:] = job["path"]
    from dllab import params, plugin_modules  # noqa: F401  before the watch begins

    located = plugin_modules.locate(job["kind"], job["source"])
    watch = _Watch(str(located or ""))
    sys.meta_path.insert(0, watch)
    plugin = plugin_modules.import_plugin(job["kind"], job["source"])
    manager = plugin_modules.register("plugin", plugin)
    for hook in plugin_modules.LISTING_HOOKS:
        plugin_modules.brought(manager, hook)
    print()
    print(json.dumps({module: place for module, place in watch.asked.items() if module in sys.modules}))


if __name__ == "__main__":
    main()
