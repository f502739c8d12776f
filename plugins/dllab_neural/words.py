"""A small made-up language in English and Korean, a user's own text, and what both word-vector nets share."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

import dllab

if TYPE_CHECKING:
    import numpy as np

Language = Literal["english", "korean"]
NOUNS: dict[str, tuple[tuple[str, str], ...]] = {  # (man, woman) of each role
    "english": (("king", "queen"), ("prince", "princess"), ("man", "woman"), ("boy", "girl"),
                ("father", "mother"), ("uncle", "aunt")),
    "korean": (("왕", "여왕"), ("왕자", "공주"), ("남자", "여자"), ("소년", "소녀"), ("아버지", "어머니"), ("삼촌", "이모")),
}  # fmt: skip
ROLE_WORDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "english": (("crown", "throne", "rules"), ("castle", "heir", "ball"), ("works", "votes", "street"),
                ("school", "plays", "small"), ("child", "home", "raises"), ("visits", "gift", "cousin")),
    "korean": (("왕관", "왕좌", "다스린다"), ("성", "후계자", "무도회"), ("일한다", "투표", "거리"),
               ("학교", "논다", "작다"), ("자식", "집", "키운다"), ("방문", "선물", "사촌")),
}  # fmt: skip
KIND_WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # of men, of women
    "english": (("he", "his", "him", "beard"), ("she", "her", "hers", "dress")),
    "korean": (("그는", "그의", "그를", "수염"), ("그녀는", "그녀의", "그녀를", "치마")),
}
ANALOGY = {"english": ("king", "man", "woman", "queen"), "korean": ("왕", "남자", "여자", "여왕")}
FILLERS: dict[str, tuple[str, ...]] = {"english": ("the", "a", "and"), "korean": ("그리고", "아주", "오늘")}
STRAY = 6
MOST_BYTES, FEWEST_WORDS, MOST_WORDS = 20_000_000, 200, 400


def made_up_text(language: str, sentences: int, rng: np.random.Generator) -> list[list[str]]:
    """Sentences of seven words: a noun, two words of its role, two of its kind (man or woman), two fillers.

    One in STRAY of these words is replaced by any other: as in a real text, all words meet now and then.
    """
    nouns, roles, kinds, fillers = (table[language] for table in (NOUNS, ROLE_WORDS, KIND_WORDS, FILLERS))
    every = [word for group in (*nouns, *roles, *kinds) for word in group]
    text = []
    for _ in range(sentences):
        role, kind = int(rng.integers(len(nouns))), int(rng.integers(2))
        sentence = [
            nouns[role][kind], *rng.choice(roles[role], 2, replace=False), *rng.choice(kinds[kind], 2, replace=False),
            *rng.choice(fillers, 2),
        ]  # fmt: skip
        sentence = [str(rng.choice(every)) if rng.random() < 1 / STRAY else word for word in sentence]
        rng.shuffle(sentence)
        text.append([str(word) for word in sentence])
    return text


def read_text(data: dllab.Input) -> str:
    """A user's text, UTF-8 or CP949. Raises InputError for one that is empty, too long or no text."""
    if data.path is None:
        raise ValueError("read_text takes an input field of the parameters, resolved by the runner")
    raw = data.path.read_bytes()
    if len(raw) > MOST_BYTES:
        raise dllab.InputError(
            f"{data.name}: {len(raw) / 1e6:.0f} MB of text; give at most {MOST_BYTES / 1e6:.0f}"
        )
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise dllab.InputError(f"{data.name}: no text in UTF-8 or CP949; save it as plain text")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case: letters of any script, apostrophes within."""
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text.casefold())


def sentences_of(data: dllab.Input) -> list[list[str]]:
    """The sentences of a user's text. Raises InputError for a text of fewer than FEWEST_WORDS words."""
    found = [words_of(part) for part in re.split(r"[.!?\n。]+", read_text(data))]
    count = sum(map(len, found))
    if count < FEWEST_WORDS:
        raise dllab.InputError(f"{data.name}: {count} words; {FEWEST_WORDS} are the least to learn from")
    return [sentence for sentence in found if len(sentence) > 1]


def vocabulary(sentences: list[list[str]]) -> list[str]:
    """The MOST_WORDS most frequent words, most frequent first, of one count by the alphabet."""
    counts = Counter(word for sentence in sentences for word in sentence)
    return [word for word, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_WORDS]]


def co_occurrences(sentences: list[list[str]], words: list[str], window: int) -> np.ndarray:
    """How often word j stands within `window` words of word i: (words, words), symmetric."""
    import numpy as np

    number = {word: i for i, word in enumerate(words)}
    counts = np.zeros((len(words), len(words)))
    for sentence in sentences:
        known = [number.get(word, -1) for word in sentence]
        for at, one in enumerate(known):
            for other in known[at + 1 : at + 1 + window]:
                if one >= 0 and other >= 0:
                    counts[one, other] += 1
                    counts[other, one] += 1
    return counts


def analogies(language: str) -> list[tuple[str, str, str, str]]:
    """a - b + c = d for every two roles: king - man + woman = queen, and back."""
    return [
        (nouns[kind], others[kind], others[1 - kind], nouns[1 - kind])
        for nouns in NOUNS[language] for others in NOUNS[language] if nouns != others for kind in (0, 1)
    ]  # fmt: skip


def solve(vectors: np.ndarray, words: list[str], a: str, b: str, c: str) -> str:
    """The word nearest to a - b + c by angle, other than these three (Mikolov et al. 2013)."""
    import numpy as np

    number = {word: i for i, word in enumerate(words)}
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-12)
    wanted = unit[number[a]] - unit[number[b]] + unit[number[c]]
    near = unit @ wanted
    near[[number[a], number[b], number[c]]] = -np.inf
    return words[int(near.argmax())]


def neighbours(vectors: np.ndarray, words: list[str], count: int = 5) -> list[dict[str, Any]]:
    """For each word the nearest others by angle, as rows of a table."""
    import numpy as np

    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-12)
    near = unit @ unit.T
    np.fill_diagonal(near, -np.inf)
    order = np.argsort(-near, axis=1)[:, :count]
    return [
        {"word": word, **{f"nearest_{k + 1}": words[j] for k, j in enumerate(order[i])}}
        for i, word in enumerate(words)
    ]


def draw_words(run: dllab.Run, vectors: np.ndarray, words: list[str], language: str | None) -> None:
    """The words on their two main axes; of a made-up language the men's and women's words joined by arrows."""
    import numpy as np

    shown = list(range(min(len(words), 60)))
    if language is not None:
        pairs = [(words.index(a), words.index(b)) for a, b in NOUNS[language]]
        shown = sorted({one for pair in pairs for one in pair})
    points = vectors[shown] - vectors[shown].mean(axis=0)
    _, _, axes_of = np.linalg.svd(points, full_matrices=False)
    flat = dict(zip(shown, points @ axes_of[:2].T, strict=True))
    figure, axes = dllab.new_figure(size=(8.5, 6.2))
    if language is not None:
        for man, woman in pairs:
            axes.annotate(
                "", flat[woman], flat[man], arrowprops={"arrowstyle": "->", "color": "#94a3b8", "lw": 1.6}
            )
    for i, place in flat.items():
        axes.plot(*place, "o", color="#0f766e" if language is None else "#1d4ed8", markersize=5)
        axes.annotate(words[i], place, (5, 5), textcoords="offset points", fontsize=11)
    axes.set(xticks=[], yticks=[])
    axes.margins(0.12)
    axes.set_title(
        run.words("From man to woman the way is nearly the same", "남자에서 여자로 가는 길은 거의 같습니다")
        if language is not None
        else run.words("Words as points", "점이 된 단어"),
        loc="left",
    )
    run.save_figure("words.png", figure)
