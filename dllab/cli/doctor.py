"""`dllab doctor`: is everything here that the lab needs, and what will it use?"""

from __future__ import annotations

import json
import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from dllab.cli.layout import pad, width
from dllab.texts import text


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its state ("good", "note", "bad"), what was found, and what to do about it."""

    name: str
    state: str
    found: str
    remedy: str = ""


def add_arguments(parser: ArgumentParser) -> None:
    """Only --json."""
    parser.add_argument("--json", action="store_true", help=text("doctor.help_json"))


def main(args: Namespace) -> int:
    """Look at everything; 0 when nothing is bad, else 1."""
    findings = [finding for look in LOOKS for finding in look(args)]
    if args.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        marks = {"good": "✓", "note": "·", "bad": "✗"}
        name_width = max(width(finding.name) for finding in findings)
        for finding in findings:
            print(f"{marks[finding.state]} {pad(finding.name, name_width)}  {finding.found}")
            if finding.remedy:
                print(f"  {' ' * name_width}  → {finding.remedy}")
    return 1 if any(finding.state == "bad" for finding in findings) else 0


def _look_at_python(args: Namespace) -> list[Finding]:
    import platform

    from dllab import __version__
    from dllab.environment import available_cores, processor

    found = (
        f"dllab {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    )
    cores = text("doctor.cores", processor=processor(), cores=available_cores())
    return [
        Finding(text("doctor.python"), "good", found),
        Finding(text("doctor.processor"), "good", cores),
        _memory(),
    ]


def _memory() -> Finding:
    name = text("doctor.memory")
    try:
        gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (ValueError, OSError, AttributeError):
        return Finding(name, "note", text("doctor.unknown"))
    if gib < 3:
        return Finding(name, "note", f"{gib:.1f} GiB", text("doctor.little_memory"))
    return Finding(name, "good", f"{gib:.1f} GiB")


def _look_at_torch(args: Namespace) -> list[Finding]:
    try:
        import torch
    except (ImportError, OSError) as error:
        return [Finding("torch", "bad", str(error), text("doctor.install_torch"))]
    from dllab.device import accelerators, choose_dtype, has_fast_bfloat16

    devices = accelerators()
    findings = [Finding("torch", "good", torch.__version__)]
    for device in devices:
        free, total = torch.accelerator.get_memory_info(torch.device(device))
        dtype = str(choose_dtype("auto", torch.device(device))).removeprefix("torch.")
        findings.append(Finding(device, "good", f"{free / 2**30:.1f} / {total / 2**30:.1f} GiB, {dtype}"))
    if not devices:
        findings.append(Finding(text("doctor.accelerator"), "note", text("doctor.no_accelerator")))
    is_fast = has_fast_bfloat16(torch.device("cpu"))
    findings.append(
        Finding("cpu", "good", text("doctor.fast_bfloat16") if is_fast else text("doctor.slow_bfloat16"))
    )
    return findings


def _look_at_video(args: Namespace) -> list[Finding]:
    try:
        import av
    except (ImportError, OSError) as error:
        return [Finding("PyAV", "bad", str(error), text("doctor.install_av"))]
    has_h264 = "libx264" in av.codecs_available
    found = f"PyAV {av.__version__}, H.264 " + text("doctor.there" if has_h264 else "doctor.missing")
    ffmpeg = shutil.which("ffmpeg")
    return [
        Finding(text("doctor.video"), "good" if has_h264 else "note", found),
        Finding("ffmpeg", "note", ffmpeg or text("doctor.ffmpeg_not_needed")),
    ]


def _look_at_screen_and_sound(args: Namespace) -> list[Finding]:
    is_posix_desktop = sys.platform not in ("win32", "darwin")
    has_screen = not is_posix_desktop or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    has_sound = not is_posix_desktop or Path("/dev/snd").exists()
    return [
        Finding(text("doctor.display"), "good", text("doctor.there"))
        if has_screen
        else Finding(text("doctor.display"), "note", text("doctor.missing"), text("doctor.no_display")),
        Finding(text("doctor.sound"), "good", text("doctor.there"))
        if has_sound
        else Finding(text("doctor.sound"), "note", text("doctor.missing"), text("doctor.no_sound")),
    ]


def _look_at_fonts(args: Namespace) -> list[Finding]:
    from importlib.util import find_spec

    from matplotlib import font_manager

    name = text("doctor.fonts")
    if find_spec("koreanize_matplotlib") is not None:
        return [Finding(name, "good", "NanumGothic (koreanize-matplotlib)")]
    families = sorted({font.name for font in font_manager.fontManager.ttflist})
    korean = [
        family
        for family in families
        if any(part in family for part in ("Nanum", "Noto Sans CJK", "Malgun", "Apple SD"))
    ]
    if korean:
        return [Finding(name, "good", korean[0])]
    return [Finding(name, "note", text("doctor.no_korean_font"), text("doctor.install_font"))]


def _look_at_places(args: Namespace) -> list[Finding]:
    from dllab.index import cache_directory, read_index
    from dllab.store import home_directory

    home = Path(home_directory(args.store))
    existing = next((folder for folder in (home, *home.parents) if folder.exists()), home)
    free = shutil.disk_usage(existing).free / 2**30
    writable = os.access(existing, os.W_OK)
    index = read_index()
    return [
        Finding(
            text("doctor.home"),
            "good" if writable and free > 1 else "bad",
            text("doctor.free", folder=home, free=f"{free:.1f}"),
            "" if writable and free > 1 else text("doctor.other_home"),
        ),
        Finding(
            text("doctor.cache"), "note" if index.problem else "good", index.problem or cache_directory()
        ),
    ]


def _look_at_store(args: Namespace) -> list[Finding]:
    """Whether the database opens and what it holds; `dllab verify` reads every file."""
    from dllab.cli.layout import size
    from dllab.errors import StoreError
    from dllab.store import Store

    name = text("doctor.store")
    try:
        with Store(args.store, read_only=True) as store:
            extent = store.extent()
    except StoreError as error:
        return [Finding(name, "bad", str(error), text("doctor.mend_store"))]
    if extent is None:
        return [Finding(name, "note", text("doctor.no_store"))]
    facts = {"version": extent.version, "runs": extent.runs, "files": extent.files}
    return [Finding(name, "good", text("doctor.store_holds", size=size(extent.size), **facts))]


def _look_at_plugins(args: Namespace) -> list[Finding]:
    from dllab.index import read_index
    from dllab.plugins import clash_text, plugin_error

    index = read_index()
    broken = [(name, plugin_error(name, one)) for name, one in index.plugins.items() if one["error"]]
    good = text(
        "doctor.plugins_found", plugins=len(index.plugins) - len(broken), experiments=len(index.experiments)
    )
    findings = [Finding(text("doctor.plugins"), "good", good)]
    findings += [Finding(name, "bad", error, text("doctor.broken_plugin")) for name, error in broken]
    findings += [Finding(text("doctor.plugins"), "note", clash_text(index, clash)) for clash in index.clashes]
    return findings


LOOKS: tuple[Callable[[Namespace], list[Finding]], ...] = (
    _look_at_python,
    _look_at_torch,
    _look_at_video,
    _look_at_screen_and_sound,
    _look_at_fonts,
    _look_at_places,
    _look_at_store,
    _look_at_plugins,
)
