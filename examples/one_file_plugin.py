"""Darts: pi from points thrown at random on a square. A whole plugin in one file."""

import dllab


class DartsParams(dllab.Params):
    darts: int = dllab.param(20_000, ge=100, le=5_000_000, help="points thrown at the square")
    size: int = dllab.param(256, ge=16, le=2048, unit="px", help="side of the picture")


@dllab.experiment(
    "darts",
    topic="basics",
    tiny={"darts": 1000, "size": 32},
    ko={
        "": "무작위로 던진 점으로 구하는 원주율",
        "darts": "정사각형에 던지는 점의 수",
        "size": "그림 한 변의 길이",
    },
)
def darts(run: dllab.Run, params: DartsParams) -> None:
    """Pi from points thrown at random on a square.

    Of points spread evenly over a square, pi / 4 fall into the circle that it holds.
    """
    import math

    import numpy as np  # heavy imports stand here, so that listing and help stay fast

    picture = np.ones((3, params.size, params.size))  # (3, H, W), in [0, 1]
    hit_colour, miss_colour = [[0.1], [0.3], [0.8]], [[0.9], [0.5], [0.1]]  # each (3, 1)
    hits = thrown = 0
    for _ in run.progress(range(10), label="throwing"):
        x, y = run.rng.random((2, params.darts // 10))  # each (n,), in [0, 1)
        is_hit = np.hypot(x - 0.5, y - 0.5) <= 0.5
        rows, columns = (y * params.size).astype(int), (x * params.size).astype(int)
        picture[:, rows, columns] = np.where(is_hit, hit_colour, miss_colour)
        hits, thrown = hits + int(is_hit.sum()), thrown + len(x)
        run.log(thrown, pi=4 * hits / thrown)
    run.save_image("darts.png", picture)
    run.check(
        "pi",
        got=4 * hits / thrown,
        expected=math.pi,
        abs=4 * math.sqrt(math.pi * (4 - math.pi) / thrown),
        source="the share of hits is pi / 4, within four standard deviations of a binomial share",
    )


@dllab.hookimpl
def dllab_experiments():
    return [darts]
