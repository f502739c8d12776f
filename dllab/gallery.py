"""A gallery of finished runs as one plain HTML page: pictures, checks and files of each; no network."""

from __future__ import annotations

import html
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.checks import shown_name
from dllab.errors import UsageError
from dllab.texts import language, text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store
    from dllab.store.records import ArtifactRecord

PAGE = "index.html"
MARK = "<!-- dllab gallery -->"
FIRST = 3  # pictures of a run that the page shows, one of them moving if any is; the others are links
STYLE = """
:root { color-scheme: light; --ink: #22262e; --muted: #6b7280; --line: #e3e6eb; }
body { font: 16px/1.6 system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif;
  color: var(--ink); background: #fbfbfc; max-width: 62rem; margin: 2.5rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.9rem; margin-bottom: .2rem; }
h2 { margin: 0; font-size: 1.3rem; }
nav { columns: 16rem; margin: 1.5rem 0 2rem; font-size: .95rem; }
nav a { display: block; text-decoration: none; color: inherit; padding: .1rem 0; }
section { background: #fff; border: 1px solid var(--line); border-radius: 10px;
  padding: 1.4rem 1.6rem; margin: 1.4rem 0; }
img, video { max-width: 100%; height: auto; border-radius: 4px; margin: .4rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-top: 1px solid var(--line); }
th { color: var(--muted); font-weight: 500; }
td.n { white-space: nowrap; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
.good { color: #0b7a52; }
.bad { color: #b42318; font-weight: 600; }
.look { border-left: 3px solid #9cc4e4; padding-left: .8rem; }
.sum, .place, .files, code { color: var(--muted); font-size: .88rem; }
.tiny { background: #fff6dc; border: 1px solid #ecd9a0; border-radius: 10px; padding: .6rem 1rem; }
.files a { margin-right: .8rem; }
"""


@dataclass(frozen=True)
class Exhibit:
    """An experiment as the index knows it, and the run of it that is shown."""

    facts: Mapping[str, Any]
    run: RunRecord


def check_folder(folder: Path) -> None:
    """Raise UsageError unless the folder is new, empty, or holds an earlier gallery."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(text("course.no_folder", folder=folder))
    page = folder / PAGE
    try:
        is_ours = page.is_file() and MARK in page.read_text(encoding="utf-8", errors="replace")[:200]
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise UsageError(text("show.out_unusable", folder=folder, fault=error.strerror or error)) from error
    if not (is_empty or is_ours):
        raise UsageError(text("course.not_empty", folder=folder))


def write_gallery(
    folder: Path, title: str, exhibits: Sequence[Exhibit], store: Store, *, is_tiny: bool = False
) -> Path:
    """Copy what the runs left and write the page, which comes last and whole. Returns its path.

    is_tiny: whether the runs were made with --tiny; the page and its commands say so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checks = {one.run.id: store.checks(one.run.id) for one in exhibits}
    sections = [
        _section(one, checks[one.run.id], _copied(folder, one, store), command(one.run, is_tiny))
        for one in exhibits
    ]
    every = [check for found in checks.values() for check in found]
    held = sum(bool(check["passed"]) for check in every)
    total = text("course.total", runs=len(exhibits), held=held, checks=len(every))
    links = "".join(
        f'<a href="#{_name(one)}">{_mark(one, checks[one.run.id])} {_said(one, "summary")}</a>'
        for one in exhibits
    )
    head = f'<meta charset="utf-8"><title>{_safe(title)}</title><style>{STYLE}</style>'
    small = f'<p class="tiny">{_safe(text("course.tiny"))}</p>' if is_tiny else ""
    body = (
        f'<h1>{_safe(title)}</h1><p class="sum">{_safe(total)}</p>{small}'
        f"<nav>{links}</nav>{''.join(sections)}"
    )
    words = (
        f'<!doctype html>\n{MARK}\n<html lang="{language()}"><head>{head}</head><body>{body}</body></html>\n'
    )
    unfinished = folder / f"{PAGE}.part"
    unfinished.write_text(words, encoding="utf-8")
    return unfinished.replace(folder / PAGE)


def command(run: RunRecord, is_tiny: bool) -> str:
    """The command that makes a run of the course again: threads decide its last bits, so they are named."""
    words = ["dllab run", run.experiment]
    words += ["--tiny"] if is_tiny else []
    words += [f"--seed {run.seed}"] if run.seed else []
    words.append(f"--threads {run.threads}")
    asked = str(run.facts.get("language") or "en")
    return " ".join([*words, f"--lang {asked}"] if asked != "en" else words)


def _copied(folder: Path, one: Exhibit, store: Store) -> list[ArtifactRecord]:
    """What a run left, copied into a folder of its own."""
    target = folder / _name(one)
    if target.is_dir():
        shutil.rmtree(target)
    kept = [artifact for artifact in store.artifacts(one.run.id, role="out") if artifact.path is not None]
    for artifact in kept:
        target.mkdir(exist_ok=True)
        shutil.copyfile(str(artifact.path), target / artifact.name)
    return kept


def _shown(files: Sequence[ArtifactRecord]) -> list[ArtifactRecord]:
    """The pictures that the page shows: the first ones, and the first that moves."""
    pictures = [one for one in files if one.media_type.startswith(("image/", "video/"))]
    moving = [one for one in pictures if one.media_type == "image/gif" or one.media_type.startswith("video/")]
    still = [one for one in pictures if one not in moving]
    return [*still[: FIRST - bool(moving)], *moving][:FIRST]


def _section(
    one: Exhibit, checks: Sequence[Mapping[str, Any]], files: Sequence[ArtifactRecord], command: str
) -> str:
    name = _name(one)
    shown = "".join(
        _picture(f"{name}/{artifact.name}", artifact, _said(one, "summary")) for artifact in _shown(files)
    )
    links = "".join(
        f'<a href="{_safe(name)}/{_safe(artifact.name)}">{_safe(artifact.name)}</a>' for artifact in files
    )
    rows = "".join(
        f'<tr><td class="{"good" if check["passed"] else "bad"}">{"✔" if check["passed"] else "✘"}</td>'
        f'<td>{_safe(shown_name(check))}</td><td class="n">{_number(check["got"])}</td>'
        f'<td class="n">{_safe(check["expected"])}</td><td>{_safe(check["source"])}</td></tr>'
        for check in checks
    )
    heads = "".join(
        f"<th>{_safe(text(f'course.{key}'))}</th>" for key in ("check", "got", "expected", "source")
    )
    table = f'<div class="wide"><table><tr><th></th>{heads}</tr>{rows}</table></div>' if rows else ""
    places = "; ".join(
        text("cli.info_lecture", lecture=lecture, words=words) for lecture, words in _places(one)
    )
    fault = one.run.error or (text(f"show.status_{one.run.status}") if one.run.status != "succeeded" else "")
    error = f'<p class="bad">{_safe(fault)}</p>' if fault else ""
    look = (
        f'<p class="look">{_safe(text("cli.info_look"))}: {_said(one, "look")}</p>'
        if one.facts["about"]
        else ""
    )
    return (
        f'<section id="{_safe(name)}"><h2>{_said(one, "summary")}</h2><p class="place">{_safe(places)}</p>'
        f"<p>{_said(one, 'details')}</p>{look}{shown}{error}{table}"
        f'<p class="files">{links}</p><p><code>{_safe(command)}</code></p></section>\n'
    )


def _picture(address: str, artifact: ArtifactRecord, summary: str) -> str:
    """summary: safe for the page."""
    if artifact.media_type.startswith("video/"):
        return f'<video src="{_safe(address)}" controls loop muted></video>'
    return f'<img src="{_safe(address)}" alt="{summary} ({_safe(artifact.name)})" loading="lazy">'


def _places(one: Exhibit) -> list[tuple[str, str]]:
    """(lecture, the slide's words) of each place that names it."""
    parts = [declared.partition(":") for declared in one.facts["lectures"]]
    return [(lecture.partition("@")[0], words) for lecture, _, words in parts]


def _said(one: Exhibit, key: str) -> str:
    """A text of the experiment in the language in force, safe for the page."""
    is_korean = language() == "ko"
    about = one.facts["about"]
    if about:
        return _safe(about[key][is_korean])
    korean = one.facts["ko"].get("", "") if key == "summary" and is_korean else ""
    return _safe(korean or one.facts.get(key, ""))


def _name(one: Exhibit) -> str:
    return one.run.experiment.replace("/", "-")


def _mark(one: Exhibit, checks: Sequence[Mapping[str, Any]]) -> str:
    is_good = one.run.status == "succeeded" and all(check["passed"] for check in checks)
    return '<span class="good">✔</span>' if is_good else '<span class="bad">✘</span>'


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}".replace("-", "−")


def _safe(words: Any) -> str:
    return html.escape(str(words or ""))
