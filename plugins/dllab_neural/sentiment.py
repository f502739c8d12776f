"""Film reviews, good or bad, told by letters and by a recurrent net: the experiment `sentiment`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import dllab
from dllab_neural.texts import ABOUT
from dllab_neural.words import Language

if TYPE_CHECKING:
    import numpy as np

LONGEST, MOST_ROWS = 60, 20_000  # letters of a review that are read; reviews
GOOD = {
    "english": ("great", "lovely", "moving", "funny", "brilliant"),
    "korean": ("재미있", "감동적이", "훌륭하", "아름답", "즐겁"),
}
BAD = {
    "english": ("dull", "awful", "boring", "clumsy", "flat"),
    "korean": ("지루하", "엉성하", "형편없", "답답하", "뻔하"),
}
THINGS = {
    "english": ("film", "story", "cast", "music", "ending", "plot", "camera", "script"),
    "korean": ("영화가", "이야기가", "배우가", "음악이", "결말이", "줄거리가", "화면이", "대사가"),
}
PLAIN = {"english": "the {thing} was {word}", "korean": "{thing} {word}다"}
TURNED = {"english": "the {thing} was not {word}", "korean": "{thing} {word}지 않다"}
HEADS = {"english": ("", "to me ", "all in all "), "korean": ("", "내게는 ", "전체적으로 ")}
TAILS = {"english": ("", " indeed", " tonight", " i think"), "korean": ("", " 정말", " 오늘", " 내 생각에")}
GROUPS = (1, 4)  # letters in a group, least and most


class SentimentParams(dllab.Params):
    language: Language = dllab.param("korean", help="language of the made-up reviews: english or korean")
    data: dllab.Input | None = dllab.input(
        "file", default=None, help="your own: document and label, CSV or TSV"
    )
    reviews: int = dllab.param(1200, ge=50, le=MOST_ROWS, help="reviews, made up or taken from the file")
    epochs: int = dllab.param(12, ge=1, le=500, help="passes of the net over the training reviews")
    units: int = dllab.param(32, ge=2, le=512, help="neurons of the recurrent layer")


@dllab.experiment(
    "sentiment",
    topic="course/neural",
    lectures=("4@2850:감정 분석 (Sentiment Analysis)",),
    about=ABOUT["sentiment"],
    tiny={"reviews": 60, "epochs": 1, "units": 4},
    ko={
        "language": "지어낸 리뷰의 언어: english 또는 korean",
        "data": "나의 리뷰: document 열과 label 열이 있는 CSV 또는 TSV",
        "reviews": "지어내거나 파일에서 읽을 리뷰 수",
        "epochs": "훈련 리뷰를 훑는 횟수",
        "units": "순환층의 뉴런 수",
    },
)
def sentiment(run: dllab.Run, params: SentimentParams) -> None:
    """Four fifths to learn from, one fifth to be asked."""

    if params.data is not None:
        texts, labels = read_reviews(params.data, params.reviews, run.rng)
        kinds = texts
    else:
        texts, labels, kinds = made_up_reviews(params.language, params.reviews, run.rng)
        run.message(
            run.words(
                "made-up reviews; real ones by --data", "지어낸 리뷰입니다. 실제 리뷰는 --data로 줍니다"
            )
        )
    train, test = split(kinds, run.rng)
    majority = int(labels[train].mean() >= 0.5)
    of_letters, learnt = by_letters(texts, labels, train, test)
    chances = {"letters": of_letters, "net": _by_net(run, params, texts, labels, train, test)}
    right = {"majority": float((labels[test] == majority).mean())}
    right |= {name: float(((found > 0.5) == labels[test]).mean()) for name, found in chances.items()}
    run.log(params.epochs, **right)
    run.save_table("reviews.csv", [
        {"review": texts[i], "label": int(labels[i])}
        | {name: round(float(found[k]), 4) for name, found in chances.items()}
        for k, i in enumerate(test)
    ])  # fmt: skip
    _draw(run, right, len(test))
    run.check(
        "mean chance that the letters give to the training reviews",
        got=float(learnt.mean()), expected=float(labels[train].mean()), abs=2e-3,
        source="the optimum's condition for the constant: the share of good ones",
        ko="글자 묶음이 훈련 리뷰에 주는 평균 확률",
    )  # fmt: skip
    if params.data is None and params.reviews >= 1000:
        error = 3 * (0.25 / len(test)) ** 0.5
        run.check(
            "right answers by groups of letters, over those of the majority",
            got=right["letters"] - right["majority"],
            at_least=error,
            source="three standard errors of a coin; the reviews follow a rule",
            ko="글자 묶음과 더 많은 쪽 고르기의 정답률 차이",
        )  # fmt: skip
        if params.epochs >= 12 and params.units >= 32:
            run.check(
                "right answers by the net, over those of the majority", got=right["net"] - right["majority"],
                at_least=error, source="three standard errors of a coin",
                ko="신경망과 더 많은 쪽 고르기의 정답률 차이",
            )  # fmt: skip


def made_up_reviews(
    language: str, count: int, rng: np.random.Generator
) -> tuple[list[str], np.ndarray, list[str]]:
    """Reviews, labels (1 good, 0 bad) and what each is about: a word, negated in every third."""
    import numpy as np

    texts, labels, kinds = [], [], []
    for _ in range(count):
        is_good, is_turned = bool(rng.integers(2)), rng.random() < 1 / 3
        form = (TURNED if is_turned else PLAIN)[language]
        thing = str(rng.choice(THINGS[language]))
        word = str(rng.choice((GOOD if is_good != is_turned else BAD)[language]))
        said = form.format(thing=thing, word=word)
        texts.append(f"{rng.choice(HEADS[language])}{said}{rng.choice(TAILS[language])}")
        labels.append(int(is_good))
        kinds.append(f"{thing} {word}")
    return texts, np.array(labels), kinds


def split(kinds: list[str], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Four fifths to learn from and a fifth to be asked; no kind of review is in both."""
    import numpy as np

    every = sorted(set(kinds))
    held = {every[i] for i in rng.permutation(len(every))[: max(1, len(every) // 5)]}
    asked = np.array([kind in held for kind in kinds])
    return np.flatnonzero(~asked), np.flatnonzero(asked)


def read_reviews(data: dllab.Input, most: int, rng: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Reviews of a user's table with the columns document and label (0 or 1), at most `most`.

    Raises InputError with the row for a label that is neither, and for a table without these columns.
    """
    import numpy as np

    from dllab_neural.words import read_text

    text = read_text(data)
    head = text.partition("\n")[0]
    how: dict[str, Any] = {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if "\t" in head else {}
    try:
        rows = list(csv.reader(io.StringIO(text), **how))
    except csv.Error as error:
        raise dllab.InputError(f"{data.name}: no table ({error}); save it as CSV or TSV") from error
    header = [name.strip().casefold() for name in rows[0]] if rows else []
    if "document" not in header or "label" not in header:
        raise dllab.InputError(
            f"{data.name}, row 1: the columns document and label are needed; it has {', '.join(header)}"
        )
    at_text, at_label = header.index("document"), header.index("label")
    found = []
    for number, row in enumerate(rows[1:], 2):
        if not row or len(row) <= max(at_text, at_label) or not row[at_text].strip():
            continue  # NSMC has a few empty reviews
        if row[at_label].strip() not in ("0", "1"):
            raise dllab.InputError(f"{data.name}, row {number}, label: {row[at_label]!r} is neither 0 nor 1")
        found.append((row[at_text].strip(), int(row[at_label])))
    if len(found) < 50 or len({label for _, label in found}) < 2:
        raise dllab.InputError(f"{data.name}: {len(found)} reviews; 50 of both kinds are the least")
    chosen = rng.permutation(len(found))[:most]
    return [found[i][0] for i in chosen], np.array([found[i][1] for i in chosen])


def by_letters(
    texts: list[str], labels: np.ndarray, train: np.ndarray, test: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The chances of good, of test and of train, by logistic regression on groups of one to four letters."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    groups = TfidfVectorizer(analyzer="char", ngram_range=GROUPS, min_df=2, sublinear_tf=True)
    known = groups.fit_transform([texts[i] for i in train])
    learned = LogisticRegression(C=10.0, max_iter=1000).fit(known, labels[train])
    asked = groups.transform([texts[i] for i in test])
    return learned.predict_proba(asked)[:, 1], learned.predict_proba(known)[:, 1]


def _by_net(
    run: dllab.Run,
    params: SentimentParams,
    texts: list[str],
    labels: np.ndarray,
    train: np.ndarray,
    test: np.ndarray,
) -> np.ndarray:
    """The chance of good (n,) by a GRU over letters; leaves net.safetensors."""
    import torch
    from torch import nn
    from torch.nn import functional

    letters = sorted({letter for i in train for letter in texts[i]})
    number = {letter: k + 2 for k, letter in enumerate(letters)}  # 0 pads, 1 is a letter never seen
    table = torch.zeros(len(texts), LONGEST, dtype=torch.long)
    for i, text in enumerate(texts):
        known = [number.get(letter, 1) for letter in text[:LONGEST]]
        table[i, LONGEST - len(known) :] = torch.tensor(known)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(run.rng.integers(2**31)))
        parts = nn.ModuleDict({
            "letters": nn.Embedding(len(letters) + 2, 16), "gru": nn.GRU(16, params.units, batch_first=True),
            "answer": nn.Linear(params.units, 1),
        })  # fmt: skip
    optimizer = torch.optim.Adam(parts.parameters(), lr=5e-3)
    answers = torch.from_numpy(labels).float()

    def logits(rows: torch.Tensor) -> torch.Tensor:
        states, _ = parts["gru"](parts["letters"](rows))
        return parts["answer"](states[:, -1])[:, 0]

    for epoch in run.progress(range(params.epochs)):
        total = 0.0
        for batch in torch.from_numpy(run.rng.permutation(train)).split(64):
            loss = functional.binary_cross_entropy_with_logits(logits(table[batch]), answers[batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parts.parameters(), 1.0)
            optimizer.step()
            total += loss.item() * len(batch)
        run.log(epoch, loss=total / len(train))
    run.save_model("net.safetensors", parts.state_dict())
    with torch.no_grad():
        return torch.sigmoid(logits(table[torch.from_numpy(test)])).numpy()


def _draw(run: dllab.Run, right: dict[str, float], count: int) -> None:
    names = {
        "majority": run.words("always the same", "늘 같은 답"),
        "letters": run.words("groups of letters", "글자 묶음"),
        "net": run.words("recurrent net", "순환 신경망"),
    }
    figure, axes = dllab.new_figure(size=(7, 3.2))
    bars = axes.barh(
        list(names.values()), [right[name] for name in names], color=["#94a3b8", "#0f766e", "#1d4ed8"]
    )
    axes.bar_label(bars, [f"{right[name]:.1%}" for name in names], padding=4)
    axes.set(
        xlim=(0, 1.12),
        xlabel=run.words(f"right answers on {count} unseen reviews", f"처음 보는 리뷰 {count}개의 정답률"),
    )
    axes.invert_yaxis()
    run.save_figure("sentiment.png", figure)
