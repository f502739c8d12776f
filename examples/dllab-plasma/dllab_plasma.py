"""Plasma: sums of sine waves as a picture; and a user for most hooks of the lab.

This module is the plugin: the lab imports it to see what there is. What only a running experiment or
a called command needs is imported inside the functions.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Literal

import dllab


class PlasmaParams(dllab.Params):
    size: int = dllab.param(256, ge=16, le=4096, unit="px", help="height and width")
    waves: int = dllab.param(4, ge=1, le=64, help="sine waves summed per colour channel")
    palette: Literal["colour", "grey"] = dllab.param("colour", help="three channels of waves, or one")


@dllab.experiment(
    "plasma",
    topic="generative",
    tiny={"size": 32},
    ko={
        "": "사인파를 더해 만든 그림",
        "size": "높이와 너비",
        "waves": "색 채널마다 더하는 사인파의 수",
        "palette": "세 채널의 파동 또는 한 채널의 파동",
    },
)
def plasma(run: dllab.Run, params: PlasmaParams) -> None:
    """Sine waves summed into a picture.

    Frequencies and phases are drawn from the run's seed; each channel is the mean of its waves.
    """
    import numpy as np

    channels = 3 if params.palette == "colour" else 1
    y, x = np.mgrid[0 : 1 : params.size * 1j, 0 : 1 : params.size * 1j]  # each (H, W)
    fx, fy, phase = run.rng.uniform(-8, 8, size=(3, channels, params.waves, 1, 1))  # each (C, waves, 1, 1)
    image = np.sin(2 * np.pi * (fx * x + fy * y) + phase).mean(axis=1)  # (C, H, W), in [-1, 1]
    root_mean_square = float((image**2).mean() ** 0.5)
    run.log(0, root_mean_square=root_mean_square)
    run.save_image("plasma.png", np.broadcast_to((image + 1) / 2, (3, params.size, params.size)))
    run.check(
        "root mean square",
        got=root_mean_square,
        expected=(2 * params.waves) ** -0.5,
        rel=0.4,
        source="the mean square of a sine is 1/2; independent waves add in square",
    )


def export_page(record: dllab.RunRecord, destination: Path) -> Path:
    """One run as one HTML file that needs nothing beside it; returns the file."""
    from dllab_plasma_pages import run_page

    destination.write_text(run_page(record), encoding="utf-8")
    return destination


def add_wall_arguments(parser: ArgumentParser) -> None:
    """What `dllab wall` takes."""
    parser.add_argument("page", type=Path, help="the HTML file to write")
    parser.add_argument("--limit", type=int, default=20, help="how many runs, the newest first")


def write_wall(args: Namespace) -> int:
    """The pictures of the newest runs on one page."""
    from dllab_plasma_pages import wall_page

    with dllab.Store(args.store) as store:
        records = store.runs(statuses=("succeeded",), limit=args.limit)
    if not records:
        raise dllab.UsageError("no run has succeeded yet; make one: dllab run plasma")
    args.page.write_text(wall_page(records), encoding="utf-8")
    print(args.page)
    return 0


@dllab.hookimpl
def dllab_experiments():
    return [plasma]


@dllab.hookimpl
def dllab_exporters():
    return [
        dllab.Exporter("page", "one run as one HTML file", export_page, ko="실행 하나를 HTML 파일 하나로")
    ]


@dllab.hookimpl
def dllab_commands():
    return [
        dllab.Command(
            "wall",
            "the pictures of the newest runs on one page",
            write_wall,
            add_arguments=add_wall_arguments,
            ko="최근 실행의 그림을 한 페이지에",
        )
    ]


@dllab.hookimpl
def dllab_run_finished(record: dllab.RunRecord) -> None:
    """Write a line for each run into the file that PLASMA_DIARY names, where it names one."""
    diary = os.environ.get("PLASMA_DIARY")
    if diary:
        with Path(diary).open("a", encoding="utf-8") as file:
            file.write(f"{record.id},{record.experiment},{record.status},{record.duration:.2f}\n")
