"""Words as vectors: the experiments `word2vec` and `glove`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT
from dllab_neural.words import Language

if TYPE_CHECKING:
    import numpy as np

FEWEST_DISTINCT = 10  # words
DECAY = 0.01  # of GloVe's vectors: pairs that never meet tell it nothing
KO = {
    "language": "지어낸 글의 언어: english 또는 korean",
    "data": "나의 글 (텍스트 파일)",
    "sentences": "지어낼 문장 수",
    "window": "이웃으로 볼 앞뒤 단어 수",
    "size": "단어 벡터의 차원",
    "steps": "기울기 단계 수",
}


class WordParams(dllab.Params):
    language: Language = dllab.param("english", help="language of the made-up text: english or korean")
    data: dllab.Input | None = dllab.input("file", default=None, help="your own text")
    sentences: int = dllab.param(3000, ge=100, le=50_000, help="sentences of the made-up text")
    window: int = dllab.param(6, ge=1, le=20, help="how many words on each side are neighbours")
    size: int = dllab.param(16, ge=2, le=300, help="numbers in a word's vector")
    steps: int = dllab.param(1500, ge=10, le=100_000, help="gradient steps")


class GloVeParams(WordParams):
    size: int = dllab.param(8, ge=2, le=300, help="numbers in a word's vector")


class Word2VecParams(WordParams):
    negatives: int = dllab.param(5, ge=1, le=50, help="words drawn at random against each true neighbour")


@dllab.experiment(
    "word2vec",
    topic="course/neural",
    lectures=("0@4540:단어 의미를 벡터화하는 워드투벡터(Word2Vec)",),
    about=ABOUT["word2vec"],
    tiny={"sentences": 100, "steps": 20},
    ko={**KO, "negatives": "진짜 이웃 하나에 맞서 무작위로 뽑는 단어 수"},
)
def word2vec(run: dllab.Run, params: Word2VecParams) -> None:
    """Skip-gram with negative sampling (Mikolov et al. 2013): neighbours against words at random."""
    import numpy as np
    import torch
    from torch.nn import functional

    words, counts = _text(run, params)
    generator = run.torch_generator("pairs")
    centre, context = (
        (torch.randn(len(words), params.size, generator=generator) * 0.1).requires_grad_(True)
        for _ in range(2)
    )
    optimizer = torch.optim.Adam([centre, context], lr=0.03)
    pairs = torch.from_numpy(counts.ravel())
    alone = torch.from_numpy(counts.sum(axis=1))
    for step in run.progress(range(params.steps)):
        optimizer.param_groups[0]["lr"] = 0.03 * (1 - step / params.steps) + 1e-4
        drawn = torch.multinomial(pairs, 1024, replacement=True, generator=generator)
        noise = torch.multinomial(alone, 1024 * params.negatives, replacement=True, generator=generator)
        left = centre[drawn // len(words)]
        true = (left * context[drawn % len(words)]).sum(dim=1)
        false = (left[:, None] * context[noise].view(1024, params.negatives, -1)).sum(dim=2)
        loss = -(functional.logsigmoid(true).mean() + functional.logsigmoid(-false).sum(dim=1).mean())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        run.log(step, loss=loss.item())
    vectors = centre.detach().numpy()
    _leave(run, params, vectors, words)
    if params.data is None and params.steps >= 1000 and params.sentences >= 2000:
        _check_analogies(run, params, vectors, words)
        total, seen = counts.sum(), counts > counts.sum() * 1e-4
        share = counts.sum(axis=1) / total
        wanted = np.log(counts[seen] / total / np.outer(share, share)[seen]) - np.log(params.negatives)
        found = (vectors @ context.detach().numpy().T)[seen]
        run.check(
            "vectors' products against the words' shifted mutual information, correlation",
            got=float(np.corrcoef(found, wanted)[0, 1]), at_least=0.85,
            source="Levy & Goldberg 2014: at its optimum w·c = PMI - log k",
            ko="벡터의 내적과 이동 상호 정보량(PMI)의 상관 계수",
        )  # fmt: skip


@dllab.experiment(
    "glove",
    topic="course/neural",
    lectures=("0@4541:글로브(GloVe)를 가장 많이 사용",),
    about=ABOUT["glove"],
    tiny={"sentences": 100, "steps": 20},
    ko=KO,
)
def glove(run: dllab.Run, params: GloVeParams) -> None:
    """Vectors whose products are the logarithms of how often words meet (Pennington et al. 2014)."""
    import numpy as np
    import torch

    words, counts = _text(run, params)
    generator = run.torch_generator("start")
    left, right = (
        (torch.randn(len(words), params.size, generator=generator) * 0.1).requires_grad_(True) for _ in "ab"
    )
    own, other = (torch.zeros(len(words), requires_grad=True) for _ in "ab")
    table = torch.from_numpy(counts).float()
    seen = table > 0
    weight = (table / max(float(np.percentile(counts[counts > 0], 90)), 1)).clamp(max=1) ** 0.75 * seen
    wanted = torch.where(seen, table, torch.ones_like(table)).log()
    optimizer = torch.optim.Adam([left, right, own, other], lr=0.05)
    for step in run.progress(range(params.steps)):
        optimizer.param_groups[0]["lr"] = 0.05 * (1 - step / params.steps) + 1e-4
        error = left @ right.T + own[:, None] + other[None] - wanted
        loss = (weight * error.square()).sum() / weight.sum()
        optimizer.zero_grad()
        (loss + DECAY * (left.square().mean() + right.square().mean())).backward()
        optimizer.step()
        run.log(step, loss=loss.item())
    vectors = (left + right).detach().numpy()
    _leave(run, params, vectors, words)
    if params.data is None and params.steps >= 1000 and params.sentences >= 2000:
        _check_analogies(run, params, vectors, words)
        alone = wanted.numpy() - np.average(wanted.numpy(), weights=weight.numpy())
        run.check(
            "squared error of log counts, of that of their mean",
            got=loss.item() / float(np.average(alone**2, weights=weight.numpy())), at_most=0.15,
            source="one number for all pairs, the model without vectors, leaves 1",
            ko="로그 횟수의 제곱 오차: 평균으로 답할 때 대비",
        )  # fmt: skip


def _text(run: dllab.Run, params: WordParams) -> tuple[list[str], np.ndarray]:
    """The words, and how often each two meet."""
    from dllab_neural.words import co_occurrences, made_up_text, sentences_of, vocabulary

    if params.data is not None:
        sentences = sentences_of(params.data)
    else:
        sentences = made_up_text(params.language, params.sentences, run.rng)
        run.message(
            run.words("a made-up text; your own by --data", "지어낸 글입니다. 나의 글은 --data로 줍니다")
        )
    words = vocabulary(sentences)
    counts = co_occurrences(sentences, words, params.window)
    if len(words) < FEWEST_DISTINCT or not counts.any():
        raise dllab.InputError(
            f"{params.data.name if params.data else 'the text'}: {len(words)} different words that stand "
            f"beside others; {FEWEST_DISTINCT} are the least"
        )
    return words, counts


def _leave(run: dllab.Run, params: WordParams, vectors: np.ndarray, words: list[str]) -> None:
    from dllab_neural.words import ANALOGY, draw_words, neighbours, solve

    language = params.language if params.data is None else None
    run.save_table("neighbours.csv", neighbours(vectors, words))
    run.save_json(
        "vectors.json", {word: vector.round(5).tolist() for word, vector in zip(words, vectors, strict=True)}
    )
    draw_words(run, vectors, words, language)
    if language is not None:
        a, b, c, _ = ANALOGY[language]
        run.message(f"{a} - {b} + {c} = {solve(vectors, words, a, b, c)}")


def _check_analogies(run: dllab.Run, params: WordParams, vectors: np.ndarray, words: list[str]) -> None:
    from dllab_neural.words import analogies, solve

    every = analogies(params.language)
    right = sum(solve(vectors, words, a, b, c) == d for a, b, c, d in every)
    run.check(
        "share of the analogies such as king - man + woman = queen",
        got=right / len(every), at_least=0.8,
        source=f"the text was made of roles times kinds; guessing has 1 in {len(words) - 3}",
        ko="왕 - 남자 + 여자 = 여왕 같은 유추의 정답 비율",
    )  # fmt: skip
