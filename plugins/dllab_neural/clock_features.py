"""Reading a clock from pixels, from points and from angles: features that make it easy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class ClockFeaturesParams(dllab.Params):
    clocks: int = dllab.param(
        800, ge=100, le=10_000, help="clocks that are learned from; a quarter as many test"
    )
    size: int = dllab.param(24, ge=12, le=64, unit="px", help="side of a clock's picture")
    depth: int = dllab.param(10, ge=1, le=20, help="questions that the tree may ask in a row")


@dllab.experiment(
    "clock-features",
    topic="course/neural",
    lectures=("2@500:특성공학 예시", "2@580:2차원 픽셀 데이터", "2@630:훨씬 더 좋은 특성"),
    about=ABOUT["clock-features"],
    tiny={"clocks": 120, "size": 12},
    ko={
        "clocks": "배울 시계 수 (시험은 그 4분의 1)",
        "size": "시계 그림의 한 변",
        "depth": "결정 트리의 깊이",
    },
)
def clock_features(run: dllab.Run, params: ClockFeaturesParams) -> None:
    """The same tree, and the same straight line, read the time from pixels, from tips and from angles."""
    import numpy as np
    from sklearn.tree import DecisionTreeRegressor

    minutes = run.rng.integers(0, 720, params.clocks + params.clocks // 4)
    angles = hands(minutes)  # (n, 2) in degrees, clockwise from 12
    tips = np.concatenate(
        [
            length * np.stack([np.sin(np.deg2rad(a)), np.cos(np.deg2rad(a))], 1)
            for length, a in ((0.5, angles[:, 0]), (0.9, angles[:, 1]))
        ],
        axis=1,
    )
    pictures = np.stack([clock(one, params.size) for one in angles])
    features = {"pixels": pictures.reshape(len(minutes), -1), "points": tips, "angles": angles}
    cut, errors, read = params.clocks, {}, {}
    for reader in ("tree", "line"):
        for name, X in features.items():
            if reader == "tree":
                tree = DecisionTreeRegressor(max_depth=params.depth, random_state=0)
                read[reader, name] = tree.fit(X[:cut], minutes[:cut]).predict(X[cut:])
            else:
                read[reader, name] = straight(X[:cut], minutes[:cut], X[cut:])
            errors[f"{reader}_{name}"] = float(around(read[reader, name], minutes[cut:]).mean())
    run.log(0, **errors)
    formula = from_angles(angles)
    _draw(run, pictures[cut], angles[cut], minutes[cut:], read, errors)
    run.save_json("errors.json", {"mean_error_minutes": errors})
    run.check(
        "minutes lost by the formula on angles",
        got=float(around(formula, minutes).max()),
        expected=0,
        abs=1e-9,
        source="closed form: the hour hand goes 30° an hour, the minute hand 6° a minute",
        ko="각도 공식의 최대 오차(분)",
    )
    back = np.rad2deg(np.arctan2(tips[:, 2], tips[:, 3])) % 360
    run.check(
        "angle from the tip of the minute hand, largest error",
        got=float(np.abs((back - angles[:, 1] + 180) % 360 - 180).max()),
        at_most=1e-9,
        source="closed form: atan2 of the tip",
        ko="분침 끝으로 구한 각도의 최대 오차",
    )
    guess = float(np.mean([around(np.full(720, 360.0), np.arange(720)).mean()]))
    run.check(
        "mean error of always saying six o'clock",
        got=guess,
        expected=180,
        abs=1e-9,
        source="by hand: a quarter of twelve hours",
        ko="늘 6시라고 답할 때의 평균 오차",
    )
    run.check(
        "a tree's error with points over that with pixels",
        got=errors["tree_points"] / errors["tree_pixels"],
        at_most=1,
        source="the slide: a better representation",
        ko="트리의 오차: 픽셀 대비 좌표",
    )
    run.check(
        "a straight line's error with angles, in minutes",
        got=errors["line_angles"],
        expected=0,
        abs=1e-6,
        source="closed form: minutes = 2 · θ1, a straight line; the slide: a far better feature",
        ko="각도를 쓴 직선의 오차(분)",
    )
    run.check(
        "a straight line's error with points, in minutes",
        got=errors["line_points"],
        at_least=10,
        source="a dial is round: no straight line unrolls it, and the step from 12 to 1 breaks it",
        ko="좌표를 쓴 직선의 오차(분)",
    )
    for number, tip, known in ((1, (0.3, 0.8), 69.444), (2, (0.3, 0.6), 63.435)):
        run.check(
            f"θ{number} of the slide's point {tip}",
            got=float(np.rad2deg(np.arctan2(tip[1], tip[0]))),
            expected=known,
            abs=1e-3,
            source=f"by hand: atan({tip[1]} / {tip[0]}); the slide says {(70, 80)[number - 1]}",
            ko=f"슬라이드의 점 {tip}의 θ{number}",
        )


def hands(minutes: np.ndarray) -> np.ndarray:
    """The angles (n, 2) of the hour hand and the minute hand, in degrees clockwise from 12."""
    import numpy as np

    return np.stack([minutes / 2, minutes % 60 * 6], axis=1).astype(float)


def straight(X: np.ndarray, y: np.ndarray, new: np.ndarray) -> np.ndarray:
    """What the straight line of least squares through (X, y) says of new rows; the shortest if many fit."""
    import numpy as np

    weights = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y, rcond=1e-9)[0]
    return np.column_stack([new, np.ones(len(new))]) @ weights


def from_angles(angles: np.ndarray) -> np.ndarray:
    """The minutes since twelve (n,): whole hours from the first hand, minutes from the second."""
    import numpy as np

    minute = angles[:, 1] / 6
    hour = np.round((2 * angles[:, 0] - minute) / 60)
    return (60 * hour + minute) % 720


def around(read: np.ndarray, true: np.ndarray) -> np.ndarray:
    """The distance in minutes, the short way round the dial."""
    import numpy as np

    return np.abs((read - true + 360) % 720 - 360)


def clock(angles: np.ndarray, size: int) -> np.ndarray:
    """A picture (size, size) in [0, 1] of two hands, the short one thick."""
    import numpy as np

    y, x = (np.mgrid[:size, :size] + 0.5) * 2 / size - 1
    picture = np.zeros((size, size))
    for angle, length, thick in zip(angles, (0.5, 0.9), (0.1, 0.055), strict=True):
        dx, dy = np.sin(np.deg2rad(angle)), -np.cos(np.deg2rad(angle))
        along = np.clip(x * dx + y * dy, 0, length)
        distance = np.hypot(x - along * dx, y - along * dy)
        picture = np.maximum(picture, np.clip((thick - distance) * size / 2 + 0.5, 0, 1))
    return picture


def _draw(
    run: dllab.Run, picture: np.ndarray, angles: np.ndarray, true: np.ndarray, read: dict, errors: dict
) -> None:
    import numpy as np

    titles = {
        "pixels": run.words("pixels", "픽셀"),
        "points": run.words("points (x, y)", "좌표 (x, y)"),
        "angles": run.words("angles θ", "각도 θ"),
    }
    figure, panels = dllab.new_figure(3, 3, size=(11.0, 9.0))
    panels[0, 0].imshow(picture, cmap="gray_r", vmin=0, vmax=1)
    for axes, is_point in ((panels[0, 1], True), (panels[0, 2], False)):
        axes.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), aspect="equal")
        turn = np.linspace(0, 2 * np.pi, 100)
        axes.plot(np.sin(turn), np.cos(turn), color="#c3cad6", linewidth=1)
        for k, (angle, length) in enumerate(zip(np.deg2rad(angles), (0.5, 0.9), strict=True)):
            tip = length * np.sin(angle), length * np.cos(angle)
            if is_point:
                axes.scatter(*tip, s=50, color=dllab.COLOURS[k])
                axes.annotate(
                    f"({tip[0]:.2f}, {tip[1]:.2f})", tip, (6, 6), textcoords="offset points", fontsize=8.5
                )
            else:
                axes.plot([0, tip[0]], [0, tip[1]], color=dllab.COLOURS[k], linewidth=5 - 2 * k)
                arc = np.linspace(0, angle, 60)
                axes.plot(
                    (0.2 + 0.1 * k) * np.sin(arc),
                    (0.2 + 0.1 * k) * np.cos(arc),
                    color=dllab.COLOURS[k],
                    linewidth=1.4,
                )
                axes.text(
                    -1.05,
                    0.95 - 0.2 * k,
                    f"θ{k + 1} = {np.rad2deg(angle):.0f}°",
                    fontsize=9,
                    color=dllab.COLOURS[k],
                )
    names = {"tree": run.words("tree", "트리"), "line": run.words("straight line", "직선")}
    for axes, ((reader, name), values) in zip(panels[1:].flat, read.items(), strict=True):
        axes.plot([0, 720], [0, 720], color="#c3cad6", linewidth=1)
        colour = dllab.COLOURS[0 if reader == "tree" else 1]
        axes.scatter(true, values, s=9, color=colour, alpha=0.7, edgecolors="none")
        axes.set(xlim=(0, 720), ylim=(-100, 820), xlabel=run.words("true time (minutes)", "실제 시각 (분)"))
        axes.set_ylabel(run.words(f"read by a {names[reader]}", f"읽은 시각: {names[reader]}"))
        error = errors[f"{reader}_{name}"]
        axes.set_title(run.words(f"{error:.1f} minutes off", f"평균 {error:.1f}분 오차"), loc="left")
    for axes, title in zip(panels[0], titles.values(), strict=True):
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
        axes.set_title(title, loc="left")
    run.save_figure("clock.png", figure)
