"""The experiment `music-score`: how well a chorale net knows Bach, and how it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_music.texts import ABOUT, LECTURES
from dllab_music.variations import WRITING_KO

if TYPE_CHECKING:
    import numpy as np

AIM = 0.75  # of the best n-gram's nats
MOST_PARALLELS = 0.5  # percentage points above Bach's own rate, of voices that move together
FEWEST_MOVES = 300  # of two voices together, from which parallels are held against Bach's rate


class MusicScoreParams(dllab.Params):
    data: dllab.Input | None = dllab.input(
        "file",
        default=None,
        help="JSON: a list of pieces, each a list of [S, A, T, B] per 16th, or a dict of such lists",
    )
    split: str = dllab.param("valid", max_length=40, help="which of the file's lists is scored")
    baseline: str = dllab.param(
        "train", max_length=40, help="list that the n-grams count in: of this file, or of --train-data"
    )
    train_data: dllab.Input | None = dllab.input(
        "file", default=None, help="JSON with that list, where the data's file has none"
    )
    chorales: int = dllab.param(0, ge=0, le=1000, help="chorales to write and to mark beside the data's")
    bars: int = dllab.param(12, ge=1, le=64, help="bars of each of them")
    temperature: float = dllab.param(1.0, ge=0, le=2, help="how boldly they are written")
    top_p: float = dllab.param(
        0.98, gt=0, le=1, help="among the likeliest notes that together have this chance"
    )
    parallels: Literal["avoid", "allow"] = dllab.param(
        "avoid", help="how they are written: with the rule against parallel fifths and octaves, or freely"
    )
    model: dllab.Input | None = dllab.input(
        "model", default=None, help="a net of music-train; none: the lab's own"
    )


@dllab.experiment(
    "music-score",
    topic="music",
    lectures=LECTURES,
    about=ABOUT["music-score"],
    tiny={"chorales": 1, "bars": 1},
    ko={
        "data": "코랄의 JSON: 곡의 목록, 곡은 16분음표마다 [S, A, T, B]; 또는 그런 목록의 사전",
        "split": "채점할 목록의 이름",
        "baseline": "n-gram이 셀 목록의 이름: 이 파일 또는 --train-data의 것",
        "train_data": "data 파일에 그 목록이 없을 때, 그것이 든 JSON",
        "chorales": "새로 써서 데이터와 나란히 채점할 코랄의 수",
        "bars": "그 코랄의 마디 수",
        "temperature": "얼마나 대담하게 쓸지",
        "top_p": "확률의 합이 이만큼인 그럴듯한 음들 가운데서 뽑음",
        "parallels": WRITING_KO["parallels"],
        "model": "music-train의 신경망; none은 내장된 것",
    },
)
def music_score(run: dllab.Run, params: MusicScoreParams) -> None:
    """Nats a note by the protocol of chorale_score; the n-grams count the train list in all its keys."""
    if params.data is None and not params.chorales:
        raise dllab.UsageError(
            "nothing to score: give --data FILE.json, or --chorales N to write and mark some"
        )
    pieces, counted, where = _pieces(params)
    net = run.model("music/chorales", params.model)
    if pieces:
        _nats(run, net, pieces, counted, where)
    if params.chorales:
        _voice_leading(run, params, net, counted or pieces)


def _nats(run: dllab.Run, net: Any, pieces: list[np.ndarray], counted: list[np.ndarray], where: str) -> None:
    """Score the pieces by the net, and by n-grams where there is something to count in."""
    from dllab_music.chorale_score import nats_of_notes
    from dllab_music.chorales import VOICES, VOICES_KO

    total, count = 0.0, 0
    by_voice = [0.0] * 4
    label = run.words("scoring", "채점")
    for number, piece in enumerate(run.progress(pieces, label=label)):
        each = nats_of_notes(net, piece)
        total, count = total + float(each.sum(dtype="float64")), count + each.size
        by_voice = [one + float(each[:, voice].sum()) for voice, one in enumerate(by_voice)]
        run.log(number, nats=float(each.mean(dtype="float64")))
    found = total / count
    rows = [{"model": "net", "nats_a_note": found}]
    run.message(
        run.words(
            f"{found:.4f} nats a note on {len(pieces)} pieces of {where}, {count:,} notes",
            f"음 하나에 {found:.4f}내트: {where}의 {len(pieces)}곡, 음 {count:,}개",
        )
    )
    english, korean = (
        ", ".join(f"{name} {4 * part / count:.3f}" for name, part in zip(names, by_voice, strict=True))
        for names in (VOICES, VOICES_KO)
    )
    run.message(run.words(f"by voice: {english}", f"성부마다: {korean}"))
    if counted:
        rows += _baselines(run, counted, pieces, found)
    run.save_table("scores.csv", rows)


def _pieces(params: MusicScoreParams) -> tuple[list[np.ndarray], list[np.ndarray], str]:
    """The pieces to score, those to count in, and the name of the first."""
    from dllab_music.corpus import read_json

    if params.data is None or params.data.path is None:
        return [], [], ""
    splits = read_json(params.data.path, params.data.name)
    if "" in splits:
        pieces, where = splits[""], params.data.name
    elif params.split in splits:
        pieces, where = splits[params.split], f"{params.data.name}, {params.split}"
    else:
        raise dllab.UsageError(
            f"--split {params.split}: {params.data.name} has no such list; it has {', '.join(splits)}"
        )
    if params.train_data is not None and params.train_data.path is not None:
        splits = read_json(params.train_data.path, params.train_data.name)
        if params.baseline not in splits:
            raise dllab.UsageError(
                f"--baseline {params.baseline}: {params.train_data.name} has no such list; name one of it"
            )
    counted = splits.get(params.baseline, []) if params.baseline != params.split else []
    return pieces, counted, where


def _baselines(
    run: dllab.Run, counted: list[np.ndarray], pieces: list[np.ndarray], found: float
) -> list[dict[str, Any]]:
    """Score the n-grams, and hold the net against the best."""
    from dllab_music.ngrams import scores

    chains = scores(counted, pieces)
    best = min(chains, key=lambda one: chains[one])
    for name, value in chains.items():
        run.message(run.words(f"n-gram, {name}: {value:.4f}", f"n-gram, {name}: {value:.4f}"))
    run.check("nats a note, of the best n-gram's", ko="음당 내트, 가장 나은 n-gram에 대한 비",
              got=found / chains[best], at_most=AIM,
              source=f"the net {found:.4f}, the n-gram {best} {chains[best]:.4f}")  # fmt: skip
    return [{"model": f"n-gram, {name}", "nats_a_note": value} for name, value in chains.items()]


def _voice_leading(run: dllab.Run, params: MusicScoreParams, net: Any, bach: list[np.ndarray]) -> None:
    """Write chorales, and mark them as a teacher would, beside those of the data."""
    import numpy as np

    from dllab_music.chorale_writing import FREE, write_chorale
    from dllab_music.voice_leading import BACH, MARKS_KO, counts, rates

    written = []
    for number in run.progress(range(params.chorales), label=run.words("writing chorales", "코랄 쓰기")):
        rng = np.random.Generator(np.random.PCG64([run.seed, number]))
        given = np.full((params.bars * 16, 4), FREE)
        written.append(write_chorale(
            net, given, rng, params.temperature, params.top_p, avoid_parallels=params.parallels == "avoid"
        ))  # fmt: skip
    ours = rates(written)
    his = rates(bach) if bach else BACH
    moves = sum(counts(piece)["moves_together"] for piece in written)
    for name in ours:
        run.message(
            run.words(
                f"{name}, percent: written {ours[name]:.2f}, Bach {his[name]:.2f}",
                f"{MARKS_KO[name]}, 퍼센트: 지은 것 {ours[name]:.2f}, 바흐 {his[name]:.2f}",
            )
        )
    run.save_table("voice-leading.csv", [
        {"what": name, "written_percent": ours[name], "bach_percent": his[name]} for name in ours
    ])  # fmt: skip
    run.check(
        "notes out of the singers' ranges, percent",
        ko="음역을 벗어난 음, 퍼센트",
        got=ours["out_of_range"],
        at_most=his["out_of_range"] + 1,
        source=f"Bach's own {his['out_of_range']:.2f}, and one point",
    )
    if moves < FEWEST_MOVES:
        return
    for name in ("parallel_fifths", "parallel_octaves"):
        error = 3 * (max(his[name], 0.5) * 100 / max(1, moves)) ** 0.5  # three of counting so few moves
        run.check(
            f"{name.replace('_', ' ')}, percent of moves of two voices",
            ko=f"{MARKS_KO[name]}, 두 성부의 움직임에 대한 퍼센트",
            got=ours[name],
            at_most=his[name] + MOST_PARALLELS + error,
            source=f"Bach's own {his[name]:.2f}, {MOST_PARALLELS:g} points, three standard errors",
        )
