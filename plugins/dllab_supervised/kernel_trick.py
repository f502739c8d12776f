"""Four points that no straight line separates, and the one number that does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import dllab
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

POINTS = ((0, 3), (3, 0), (1, 2), (2, 1))  # the slide's; the first two are class A, the others B
LABELS = (0, 0, 1, 1)


class KernelTrickParams(dllab.Params):
    feature: Literal["squares", "product"] = dllab.param(
        "squares", help="the new number: x1² + x2², or x1 · x2"
    )
    frames: int = dllab.param(36, ge=2, le=200, help="pictures of the film")


@dllab.experiment(
    "kernel-trick",
    topic="course/supervised",
    lectures=("3@891:예시로 후에 커널 등을 배우면 알 수 있는 예시", "3@1840:커널 방법(Kernel method)"),
    about=ABOUT["kernel-trick"],
    tiny={"frames": 3},
    ko={"feature": "새로 만들 수: x1² + x2² 또는 x1 · x2", "frames": "영상의 장면 수"},
)
def kernel_trick(run: dllab.Run, params: KernelTrickParams) -> None:
    """The slide's points and its two maps; the kernel's identity is that of the polynomial of degree 2."""
    import numpy as np

    points, labels = np.array(POINTS, dtype=float), np.array(LABELS)
    values = lift(points, params.feature)
    frames = [_frame(run, points, labels, values, params.feature, share) for share in _pace(params.frames)]
    run.save_video("kernel.gif", frames, fps=12)
    run.save_image("kernel.png", frames[-1])
    run.save_table(
        "points.csv",
        {
            "x1": points[:, 0],
            "x2": points[:, 1],
            "class": ["AB"[one] for one in labels],
            "squares": lift(points, "squares"),
            "product": lift(points, "product"),
        },
    )

    middles = [points[labels == one].mean(axis=0) for one in (0, 1)]
    run.check(
        "distance between the middles of A and of B",
        ko="A의 가운데와 B의 가운데 사이의 거리",
        got=float(np.linalg.norm(middles[0] - middles[1])),
        expected=0,
        source="a line with A on one side and B on the other would part their middles, too",
    )
    for feature, feature_ko, by_hand in (
        ("squares", "제곱의 합", (9, 9, 5, 5)),
        ("product", "곱", (0, 0, 2, 2)),
    ):
        off = float(np.abs(lift(points, feature) - by_hand).max())
        run.check(
            f"{feature}: largest error",
            ko=f"{feature_ko}의 가장 큰 오차",
            got=off,
            expected=0,
            source=f"by hand: A, A, B, B give {by_hand}",
        )
    mapped = np.column_stack([points[:, 0] ** 2, np.sqrt(2) * points[:, 0] * points[:, 1], points[:, 1] ** 2])
    run.check(
        "kernel against inner product",
        ko="커널과 내적의 차이",
        got=float(np.abs(mapped @ mapped.T - (points @ points.T) ** 2).max()),
        at_most=1e-12,
        source="(x · z)² = φ(x) · φ(z) with φ(x) = (x1², √2 x1 x2, x2²)",
    )


def lift(points: np.ndarray, feature: str) -> np.ndarray:
    """One number for each point (n, 2)."""
    return points[:, 0] * points[:, 1] if feature == "product" else (points**2).sum(axis=1)


def _pace(frames: int) -> list[float]:
    """How far along each frame is, slow at both ends and resting at the last."""
    import numpy as np

    moving = max(2, round(frames * 0.75))
    eased = (1 - np.cos(np.pi * np.linspace(0, 1, moving))) / 2
    return [*eased.tolist(), *[1.0] * (frames - moving)][: max(frames, 2)]


def _frame(
    run: dllab.Run, points: np.ndarray, labels: np.ndarray, values: np.ndarray, feature: str, share: float
) -> np.ndarray:
    """The points on their way from the plane down to the line of the new number."""
    import numpy as np

    from dllab_supervised.drawing import INK, MANY

    formula = "$x_1^2 + x_2^2$" if feature == "squares" else r"$x_1 \cdot x_2$"
    low, high = values.min(), values.max()
    threshold = (low + high) / 2
    on_line = np.column_stack(
        [values / max(high, 1) * 3, np.full(len(values), -1.6)]
    )  # scaled into the picture
    now = (1 - share) * points + share * on_line
    figure, axes = dllab.new_figure(size=(5.6, 5.6))
    for one in np.linspace(0, 3, 7):  # what keeps the number constant: circles or hyperbolas
        t = np.linspace(0.02, 3.4, 160)
        curve = (one * np.cos(t / 3.4 * np.pi / 2), one * np.sin(t / 3.4 * np.pi / 2))
        if feature == "product":
            curve = (t, one * 0.75 / t)
        axes.plot(*curve, color="#c9ced6", linewidth=0.8, zorder=1)
    axes.plot([0, 3.3], [-1.6, -1.6], color=INK, linewidth=1)
    axes.text(3.35, -1.6, formula, va="center", fontsize=11)
    cut = threshold / max(high, 1) * 3
    axes.plot([cut, cut], [-1.95, -1.25], color="#c0392b", linewidth=2, alpha=share)
    for value, place in sorted(set(zip(values.tolist(), on_line[:, 0].tolist(), strict=True))):
        axes.text(place, -2.15, f"{value:g}", ha="center", alpha=share, fontsize=10)
    for i, name in enumerate("AB"):
        start = points[labels == i]
        axes.scatter(*start.T, s=60, facecolors="none", edgecolors=MANY[i], linewidths=1.2, zorder=2)
        axes.scatter(*now[labels == i].T, s=110, color=MANY[i], edgecolors="white", zorder=4, label=name)
    axes.set(xlim=(-0.4, 4.3), ylim=(-2.5, 3.6), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    axes.set_yticks([0, 1, 2, 3])
    axes.legend(loc="upper right")
    axes.set_title(
        run.words(
            "No line parts A from B; one new number does", "직선으로는 못 나누지만 새로운 수 하나면 됩니다"
        ),
        loc="left",
    )
    return dllab.figure_image(figure)
