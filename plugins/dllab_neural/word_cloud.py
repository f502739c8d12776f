"""The words of a text, each as large as it is frequent: the experiment `word-cloud`."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

OWN_TEXT = """
Deep learning learns from data. A network has layers, and a layer has weights. Learning changes the
weights, step by step, against the slope of the error. A network sees a picture, a network hears a tune, a
network reads a text. Data is the teacher of a network; more data, better learning. A picture is data, a
tune is data, a text is data. An agent learns from rewards, a network from data, a student from a good
teacher. Learning takes time, and learning is play.
딥러닝 은 데이터 로 배운다. 신경망 은 층 을 쌓고 층 은 가중치 를 가진다. 학습 은 오차 의 기울기 를 따라
가중치 를 바꾼다. 학습 에는 데이터 가 필요하다. 좋은 데이터 는 좋은 학습 을 만든다. 신경망 은 그림 을
보고 신경망 은 음악 을 듣고 신경망 은 글 을 읽는다. 데이터 는 선생님 이다. 에이전트 는 보상 으로 배우고
신경망 은 데이터 로 배우고 학생 은 선생님 에게 배운다. 학습 은 시간 이 걸리고 학습 은 놀이 이다. 딥러닝 은
학습 이고 딥러닝 은 데이터 이다.
"""
LITTLE_WORDS = """
a an and are as at be but by for from has have he her his i in is it its no not of on or she so that the they
this to was we were what with you your more takes
은 는 이 가 을 를 의 에 로 으로 와 과 도 에게 에는 이다 이고 그 저 것 수
"""
LITTLE = frozenset(LITTLE_WORDS.split())
COLOURS = ("#0f766e", "#1d4ed8", "#c2410c", "#7c3aed", "#a16207", "#be185d")
WIDE, HIGH = 900, 560  # px
LARGEST, LEAST = 120.0, 7.0  # height of the letters, px


class CloudParams(dllab.Params):
    data: dllab.Input | None = dllab.input("file", default=None, help="your own text")
    words: int = dllab.param(60, ge=1, le=300, help="words at most")


@dllab.experiment(
    "word-cloud",
    topic="course/neural",
    lectures=("0@4560:그림 1-17 워드 임베딩을 이용한 워드 클라우드",),
    about=ABOUT["word-cloud"],
    tiny={"words": 8},
    ko={"data": "나의 글 (텍스트 파일)", "words": "단어 수의 상한"},
)
def word_cloud(run: dllab.Run, params: CloudParams) -> None:
    """Largest words first, each at the first free place of a spiral."""
    from dllab_neural.words import read_text, words_of

    text = read_text(params.data) if params.data is not None else OWN_TEXT
    counts = Counter(word for word in words_of(text) if word not in LITTLE)
    if not counts:
        raise dllab.UsageError("--data: there are no words in it, or none but little ones")
    chosen = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[: params.words]
    figure, placed = _lay_out(run, chosen)
    run.save_figure("cloud.png", figure)
    run.save_table("counts.csv", [
        {"word": one["word"], "count": one["count"], "size_px": round(one["size"], 2)} for one in placed
    ])  # fmt: skip
    left_out = len(chosen) - len(placed)
    if left_out:
        run.message(
            run.words(
                f"{left_out} words found no room or were too small",
                f"단어 {left_out}개는 자리가 없거나 너무 작습니다",
            )
        )
    run.check(
        "pixels that two words share", got=_shared_pixels(figure), expected=0,
        source="each word drawn alone, its pixels counted",
        ko="두 단어가 겹치는 픽셀 수",
    )  # fmt: skip
    word, count = chosen[0]
    alone = rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_]|['’][^\W\d_])"
    run.check(
        "count of the largest word", got=count,
        expected=len(re.findall(alone, text.casefold())),
        source="searched for in the text",
        ko="가장 큰 단어의 횟수",
    )  # fmt: skip


def _shared_pixels(figure: Figure) -> int:
    """How many pixels are inked by more than one word, each drawn alone."""
    import numpy as np

    texts = list(figure.axes[0].texts)
    inked = 0
    for shown in texts:
        for one in texts:
            one.set_visible(one is shown)
        inked = inked + (dllab.figure_image(figure).min(axis=0) < 0.9).astype(np.int32)
    for one in texts:
        one.set_visible(True)
    return int((inked > 1).sum()) if texts else 0


def _lay_out(run: dllab.Run, chosen: list[tuple[str, int]]) -> tuple[Figure, list[dict[str, Any]]]:
    """The figure, and of every word that found a place its count, size (px) and box."""
    figure, axes = dllab.new_figure(size=(WIDE / 100, HIGH / 100))
    axes.set_position((0, 0, 1, 1))
    axes.set(xlim=(0, WIDE), ylim=(0, HIGH))
    axes.axis("off")
    share = sum(
        count * count * max(len(word), 2) for word, count in chosen
    )  # the room that they take, but for scale
    scale = min(LARGEST / chosen[0][1], math.sqrt(0.42 * WIDE * HIGH / max(share, 1)))
    texts = [
        axes.text(
            0, 0, word, fontsize=scale * count * 0.72, color=COLOURS[k % len(COLOURS)], parse_math=False
        )
        for k, (word, count) in enumerate(chosen)
        if k == 0 or scale * count >= LEAST
    ]
    figure.canvas.draw()  # now they have their font, and so their size
    ratio = WIDE / figure.bbox.width  # window px to ours
    placed: list[dict[str, Any]] = []
    for text, (word, count) in zip(texts, chosen, strict=False):
        extent = text.get_window_extent()
        width, height = extent.width * ratio + 4, extent.height * ratio
        place = _free_place(width, height, [one["box"] for one in placed], run.rng)
        if place is None:
            text.remove()
            continue
        left, low = place
        text.set_position((left + 2, low - extent.y0 * ratio))
        box = (left, low, left + width, low + height)
        placed.append({"word": word, "count": count, "size": scale * count, "box": box})
    return figure, placed


def _free_place(
    width: float, height: float, taken: list[tuple[float, ...]], rng: np.random.Generator
) -> tuple[float, float] | None:
    """The first corner on a spiral from the middle where nothing else is; None where there is none."""
    turn = rng.uniform(0, 2 * math.pi)
    for k in range(4000):
        angle, radius = turn + 0.15 * k, 0.13 * k
        left = WIDE / 2 + 1.5 * radius * math.cos(angle) - width / 2
        low = HIGH / 2 + radius * math.sin(angle) - height / 2
        if left < 0 or low < 0 or left + width > WIDE or low + height > HIGH:
            continue
        box = (left, low, left + width, low + height)
        if not any(_cross(box, other) for other in taken):
            return left, low
    return None


def _cross(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
