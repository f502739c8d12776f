"""Animals on cards: the two most alike are joined, again and again, until one tree holds all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import dllab
from dllab_unsupervised.tables import OWN_TABLE_KO, OwnTable, Points, check_groups, chosen, standard
from dllab_unsupervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

MOST_ROWS = 200  # of a tree that can be read, and joined by brute force
# English, Korean, legs (cm), body (cm), plants in the food (%), flies (0 or 1), eyes to the side
# (0 or 1); round figures for play, made up for this experiment
ANIMALS = (
    ("rabbit", "토끼", 10, 40, 100, 0, 1),
    ("squirrel", "다람쥐", 6, 22, 95, 0, 1),
    ("hamster", "햄스터", 3, 12, 90, 0, 1),
    ("guinea pig", "기니피그", 5, 25, 100, 0, 1),
    ("horse", "말", 120, 220, 100, 0, 1),
    ("giraffe", "기린", 180, 230, 100, 0, 1),
    ("deer", "사슴", 95, 170, 100, 0, 1),
    ("lion", "사자", 80, 190, 2, 0, 0),
    ("wolf", "늑대", 70, 130, 5, 0, 0),
    ("tiger", "호랑이", 75, 200, 1, 0, 0),
    ("eagle", "독수리", 12, 80, 0, 1, 0),
    ("owl", "부엉이", 8, 50, 0, 1, 0),
)
SMALL_PLANT_EATERS = frozenset(range(4))


class TreeParams(OwnTable):
    groups: int = dllab.param(4, ge=1, le=12, help="groups that the tree is cut into")
    linkage: Literal["average", "single", "complete"] = dllab.param(
        "average", help="distance of two groups: the mean, the least or the greatest of their pairs"
    )
    standardise: bool = dllab.param(True, help="bring every column to mean 0 and standard deviation 1")


@dllab.experiment(
    "hierarchical-clustering",
    topic="course/unsupervised",
    lectures=("0@2310:다리 길이가 짧은 초식 동물", "1@330:데이터를 특정한 기준으로 묶는다"),
    about=ABOUT["hierarchical-clustering"],
    tiny={"groups": 4},
    ko={
        **OWN_TABLE_KO,
        "groups": "나무를 자를 집단의 수",
        "linkage": "두 집단의 거리: 쌍의 평균(average), 최소(single), 최대(complete)",
    },
)
def hierarchical_clustering(run: dllab.Run, params: TreeParams) -> None:
    """Source: Sneath and Sokal 1973. The tree is SciPy's; the checks build it again by hand."""
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage

    points = chosen(run, params, lambda: animals(run))
    X, raw = points.X, points.X if points.raw is None else points.raw
    leaves = [run.words(one[0], one[1]) for one in ANIMALS]
    if params.data is not None:
        leaves = [str(i + 1) for i in range(len(X))]
        if points.groups is not None:
            leaves = [
                f"{leaf} {points.group_names[i]}" for leaf, i in zip(leaves, points.groups, strict=True)
            ]
    if len(X) > MOST_ROWS:
        raise dllab.UsageError(
            f"'{points.name}' has {len(X)} rows, and a tree takes {MOST_ROWS}; take a part"
        )
    check_groups(params.groups, points)
    tree = linkage(X, params.linkage)  # (n - 1, 4)
    labels = fcluster(tree, params.groups, "maxclust")
    for step, height in enumerate(tree[:, 2]):
        run.log(step, height=height)
    _picture(run, params, points, raw, tree, leaves)
    run.save_table(
        "groups.csv", {"name": leaves, **dict(zip(points.names, raw.T, strict=True)), "group": labels}
    )
    run.save_table("tree.csv", dict(zip(("first", "second", "height", "size"), tree.T, strict=True)))

    distances = np.sqrt(((X[:, None] - X[None]) ** 2).sum(axis=2))
    run.check(
        "largest fault of a join: not the nearest two groups, or not at their distance",
        ko="병합의 가장 큰 어긋남(가장 가까운 두 집단이 아니거나 그 거리가 아님)",
        got=worst_join(distances, tree, params.linkage),
        at_most=1e-9 * max(1.0, float(distances.max())),
        source="the definition, by brute force: at each join all pairs of groups, all pairs in them",
    )
    run.check(
        "difference of the single links' heights from the shortest tree's edges",
        ko="최소(single) 연결의 높이와 최소 신장 트리 변의 차이",
        got=float(np.abs(linkage(X, "single")[:, 2] - shortest_tree(distances)).max()),
        at_most=1e-9 * max(1.0, float(distances.max())),
        source="Gower and Ross 1969: they are the edges of the minimum spanning tree (Prim 1957)",
    )
    if params.data is None and params.standardise and params.groups == 4:
        with_rabbit = frozenset(np.flatnonzero(labels == labels[0]).tolist())
        run.check(
            "cards in the rabbit's group that are wrong or missing",
            ko="토끼의 집단에 잘못 들거나 빠진 카드 수",
            got=len(with_rabbit ^ SMALL_PLANT_EATERS),
            expected=0,
            source="the slide: plant eaters with short legs, such as rabbit and squirrel, belong together",
        )


def animals(run: dllab.Run) -> Points:
    """Twelve made-up cards (12, 5)."""
    import numpy as np

    names = (
        run.words("legs (cm)", "다리 (cm)"),
        run.words("body (cm)", "몸 (cm)"),
        run.words("plants in food (%)", "식물 먹이 (%)"),
        run.words("flies", "난다"),
        run.words("eyes to the side", "눈이 옆에"),
    )
    return Points(
        run.words("animal cards", "동물 카드"), np.array([one[2:] for one in ANIMALS], dtype=float), names
    )


def worst_join(distances: np.ndarray, tree: np.ndarray, linkage: str) -> float:
    """How far a join of the tree (n - 1, 4) is off: in its height, or from the least distance of two groups.

    distances: (n, n). Where several pairs are equally near, any may be joined.
    """
    import numpy as np

    of_pairs = {"average": np.mean, "single": np.min, "complete": np.max}[linkage]
    count = len(distances)
    between = np.full((2 * count - 1, 2 * count - 1), np.inf)
    between[:count, :count] = distances + np.where(np.eye(count, dtype=bool), np.inf, 0)
    members = {i: [i] for i in range(count)}
    worst = 0.0
    for new, (one, other, height, _) in enumerate(tree, count):
        first, second = int(one), int(other)
        worst = max(worst, abs(height - between[first, second]), abs(height - between.min()))
        joined = members.pop(first) + members.pop(second)
        between[[first, second], :] = between[:, [first, second]] = np.inf
        for group, own in members.items():
            between[new, group] = between[group, new] = of_pairs(distances[np.ix_(joined, own)])
        members[new] = joined
    return float(worst)


def shortest_tree(distances: np.ndarray) -> np.ndarray:
    """The lengths (n - 1,) of the edges of the minimum spanning tree, sorted; Prim 1957."""
    import numpy as np

    nearest, is_out, edges = distances[0].copy(), np.ones(len(distances), dtype=bool), []
    is_out[0] = False
    for _ in range(len(distances) - 1):
        new = int(np.where(is_out, nearest, np.inf).argmin())
        edges.append(nearest[new])
        is_out[new] = False
        nearest = np.minimum(nearest, distances[new])
    return np.sort(edges)


def _picture(
    run: dllab.Run, params: TreeParams, points: Points, raw: np.ndarray, tree: np.ndarray, leaves: list[str]
) -> None:
    """The tree, its branches in the colours of the groups, beside the table in the tree's order."""
    from scipy.cluster.hierarchy import dendrogram

    from dllab_unsupervised.drawing import INK, MUTED

    many = len(leaves)
    height = max(4.8, 0.17 * many)
    figure, (left, right) = dllab.new_figure(1, 2, size=(10.6, height), width_ratios=(1.3, 1))
    joins = len(tree) - params.groups
    low = tree[joins, 2] if joins < len(tree) else tree[-1, 2] * 1.05
    cut = (low + (tree[joins - 1, 2] if joins > 0 else 0)) / 2 if params.groups > 1 else tree[-1, 2] * 1.02
    drawn = dendrogram(tree, orientation="left", no_plot=True, color_threshold=cut, labels=leaves)
    drawn_colours: dict[str, str] = {}
    for x, y, colour in zip(drawn["dcoord"], drawn["icoord"], drawn["color_list"], strict=True):
        left.plot(x, y, color=MUTED if max(x) > cut else _branch(colour, y, drawn_colours), linewidth=2)
    left.axvline(cut, color=INK, linestyle="--", linewidth=1)
    left.set_xlim(tree[-1, 2] * 1.04 or 1, 0)
    left.set_yticks([5 + 10 * i for i in range(many)], drawn["ivl"], fontsize=10 if many <= 30 else 6)
    left.yaxis.tick_right()
    left.grid(False)
    left.set_ylim(0, 10 * many)
    left.set(xlabel=run.words("distance at which two groups are joined", "두 집단이 합쳐지는 거리"))
    left.set_title(
        f"{points.name}: " + run.words(f"cut into {params.groups}", f"{params.groups}개로 자르기"), loc="left"
    )
    ordered = standard(raw)[drawn["leaves"]]
    right.imshow(
        ordered, aspect="auto", cmap="RdBu_r", vmin=-2.2, vmax=2.2, origin="lower", interpolation="nearest"
    )
    if many <= 30 and len(points.names) <= 8:
        for row, leaf in enumerate(drawn["leaves"]):
            for column in range(len(points.names)):
                colour = "white" if abs(ordered[row, column]) > 1.4 else INK
                right.text(
                    column,
                    row,
                    f"{raw[leaf, column]:.4g}",
                    ha="center",
                    va="center",
                    fontsize=8,
                    color=colour,
                )
    right.set_xticks(range(len(points.names)), points.names, rotation=25, ha="right")
    right.set_yticks([])
    right.grid(False)
    right.set_title(
        run.words("Red: more than the mean, blue: less", "빨강: 평균보다 큼, 파랑: 작음"), loc="left"
    )
    run.save_figure("tree.png", figure)


def _branch(colour: str, y: list[float], seen: dict[str, str]) -> str:
    """One of the lab's colours for each of SciPy's names; SciPy gives every cut branch a name in turn."""
    return seen.setdefault(colour, dllab.COLOURS[len(seen) % len(dllab.COLOURS)])
