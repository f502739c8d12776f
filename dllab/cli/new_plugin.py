"""`dllab new-plugin NAME`: a package for a plugin of one's own that installs and passes its tests."""

import argparse
import keyword
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

from dllab import __version__
from dllab.cli.figures import plain
from dllab.errors import DllabError, UsageError
from dllab.index import read_index
from dllab.texts import text

TEMPLATE = Path(__file__).parents[1] / "template"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
TOOLS = ("hatchling", "pytest")  # that the next steps need
LONGEST_NAME = 24  # so that no line of what is written grows too long

# in the template, and where it goes
FILES = {
    "pyproject.toml.txt": "pyproject.toml",
    "plugin.py.txt": "@module@.py",
    "tests.py.txt": "tests/test_@identifier@.py",
    "README.md.txt": "README.md",
    "tests.yml.txt": ".github/workflows/tests.yml",
    "gitignore.txt": ".gitignore",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab new-plugin` takes."""
    parser.add_argument("name", metavar=text("cli.word_name"), help=text("kit.help_name"))
    parser.add_argument("--dir", type=Path, default=Path(), metavar="FOLDER", help=text("kit.help_dir"))


def main(args: argparse.Namespace) -> int:
    """Write the package and say what to do next."""
    folder = write_plugin(args.name, args.dir)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        print(path)
    missing = any(find_spec(tool) is None for tool in TOOLS)
    tools = f"  python -m pip install {' '.join(TOOLS)}\n" if missing else ""
    print("\n" + text("kit.next", folder=folder, name=args.name, tools=tools))
    return 0


def write_plugin(name: str, directory: Path) -> Path:
    """Write the package `dllab-NAME` into a folder, whole or not at all; returns its own folder.

    Raises UsageError for a name that cannot be one or is taken, for a folder that isn't there, and
    for one that is there already.
    """
    check_name(name)
    folder = directory / f"dllab-{name}"
    if not directory.is_dir():
        raise UsageError(text("kit.no_folder", path=directory))
    if folder.exists() or folder.is_symlink():
        raise UsageError(text("kit.exists", path=folder))
    words = values(name)
    unfinished = directory / f".dllab-{name}.part"
    try:
        for source, target in FILES.items():
            path = unfinished / filled(target, words)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(filled((TEMPLATE / source).read_text(encoding="utf-8"), words), encoding="utf-8")
        unfinished.rename(folder)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise DllabError(text("kit.cannot_write", path=folder, error=error.strerror or error)) from error
    return folder


def check_name(name: str) -> None:
    """Raise UsageError, with a remedy, for a name that cannot be a plugin's or that one has already."""
    if name.startswith("dllab"):
        bare = name.removeprefix("dllab").lstrip("-_") or "dots"
        raise UsageError(text("kit.prefix", name=name, bare=bare))
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        key = "kit.bad_name" if near_name(name) else "kit.bad_letters"
        raise UsageError(text(key, name=plain(name), near=near_name(name), longest=LONGEST_NAME))
    if keyword.iskeyword(name):
        raise UsageError(text("kit.keyword", name=name))
    index = read_index()
    for kind, table in (("experiment", index.experiments), ("plugin", index.plugins)):
        if name in table:
            owner = name if kind == "plugin" else table[name]["plugin"]
            raise UsageError(text("kit.taken", kind=text(f"plugins.kind_{kind}"), name=name, plugin=owner))


def near_name(name: str) -> str:
    """A name like this one that would do, as "my-waves" for "My Waves"; "" where no letter is left."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).lstrip("-0123456789")
    return words[:LONGEST_NAME].strip("-")


def values(name: str) -> dict[str, str]:
    """What stands for each @word@ of the template."""
    words = name.split("-")
    identifier = "_".join(words)
    return {
        "name": name,
        "title": " ".join(words).capitalize(),
        "identifier": identifier,
        "function": identifier,
        "class": "".join(word.capitalize() for word in words),
        "module": f"dllab_{identifier}",
        "distribution": f"dllab-{name}",
        "minimum": ".".join(__version__.split(".")[:2]),
    }


def filled(template: str, words: dict[str, str]) -> str:
    """The template with each @word@ replaced."""
    return re.sub(r"@([a-z]+)@", lambda match: words[match[1]], template)
