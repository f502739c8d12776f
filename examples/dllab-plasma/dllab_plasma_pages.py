"""Runs as HTML: from what lies in a run's folder, and nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from html import escape
from pathlib import Path

import dllab

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>{title}</title>
<style>body {{ font: 16px sans-serif; margin: 2em }} img {{ max-width: 24em }}</style>
{body}
"""
PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".gif": "image/gif"}


def run_page(record: dllab.RunRecord) -> str:
    """The page of one run: its parameters, checks and pictures."""
    facts = json.loads((record.folder / "run.json").read_text(encoding="utf-8"))
    rows = [(name, json.dumps(value, ensure_ascii=False)) for name, value in record.params.items()]
    rows += [("seed", str(record.seed)), ("status", record.status)]
    rows += [(check["name"], f"{check['got']} (expected {check['expected']})") for check in facts["checks"]]
    cells = "\n".join(f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in rows)
    body = f"<h1>{escape(record.experiment)}</h1>\n<table>\n{cells}\n</table>\n{_pictures(record)}"
    return PAGE.format(title=escape(f"{record.experiment} {record.id}"), body=body)


def wall_page(records: Iterable[dllab.RunRecord]) -> str:
    """The page of many runs: their pictures, each under its experiment's name."""
    parts = [f"<h2>{escape(f'{one.experiment} {one.id}')}</h2>\n{_pictures(one)}" for one in records]
    return PAGE.format(title="dllab", body="\n".join(parts))


def _pictures(record: dllab.RunRecord) -> str:
    """The pictures of a run, their bytes inside the page."""
    files = sorted(path for path in record.folder.iterdir() if path.suffix in PICTURES)
    return "\n".join(f'<img alt="{escape(path.name)}" src="{_data_uri(path)}">' for path in files)


def _data_uri(path: Path) -> str:
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{PICTURES[path.suffix]};base64,{content}"
