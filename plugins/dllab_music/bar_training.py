"""How the nets that know bars learn: from chorales' voices and the grammar's drums, by AdamW.

Each step has bars that are told by their points, and bars that are told without any, in sight of what lies
beside them. The latter are practised in every key, and held against n-grams; see bar_ngrams. What is kept is
an average of the weights along the way.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import dllab
from dllab_music.bar_context import ALONE, UNKNOWN, Told, joined, moved, of_line
from dllab_music.bar_data import EDGES, Bars, piece_bars, read_bars
from dllab_music.bar_vae import (
    DrumBars,
    MelodyBars,
    between,
    drawn,
    initialise,
    log_probs,
    nats_a_bar,
    points,
    told,
)
from dllab_music.bars import FORMAT, STEPS_PER_BAR, Line, key_of, to_line
from dllab_music.drum_grammar import DRUMS
from dllab_music.training import finite, follow, moments, rate_share, restore
from dllab_music.weight_files import packed

if TYPE_CHECKING:
    from dllab_music.train_params import MusicTrainParams

STEPS, BATCH, WIDTH, LATENT = 12000, 64, 192, 32
KINDS = ("melody", "drums")
KINDS_KO = {"melody": "선율", "drums": "드럼"}
LEARNING_RATE = {"melody": 3e-3, "drums": 2e-3}
SMALLER = 2  # by which bars of drums, and bars that are told by their points, are fewer in a batch
BETA = {
    "melody": 0.15,
    "drums": 0.25,
}  # weight of the space's order against faithful copies (Higgins et al. 2017)
BETA_GROWS = 0.3  # of the steps, in which it comes up from nothing
BLANK = 0.25  # share of cells that are told by a point without those so far
UNSEEN = 0.5  # share of bars told by a point without what lies beside them
BY_ITSELF = 0.125  # share of a chorale's bars that are told as if there were no other voices
COUNTED_IN = (0, -5, 5)  # semitones from C, in which n-grams count: more of them, and they know less
MOVED = 0.6  # share of a chorale's bars that are practised in another key than C, all alike
WARM_UP, DECAY, LONGEST_SLOPE, DROPOUT = 100, 0.02, 1.0, 0.15
AVERAGE = 0.995  # of the averaged weights that stay at each step
EVALUATE_EVERY = 1000  # steps
CHECKPOINT_EVERY_S = 30.0
FULL_STEPS = 2000  # from which copies, keys and nats are held to account
COPIED = 0.9  # least share of cells that come back: of sixteen, one or two may be wrong
IN_KEY = 0.02  # by how much the share of notes in key may be off the data's
BETTER = 0.75  # of the best n-gram's nats


def train_bars(run: dllab.Run, params: MusicTrainParams) -> None:
    """Train both nets; leaves bars.safetensors, curves.csv, curves.png and, if it is long, ngrams.csv."""
    steps, batch_size = params.steps or STEPS, params.batch_size or BATCH
    if params.num_layers is not None and params.num_layers > 2:
        raise dllab.UsageError(f"--num-layers {params.num_layers}: the nets of bars have 2; leave it out")
    width = params.width or WIDTH
    train, valid = read_bars(run, params.data, steps)
    nets = {"melody": MelodyBars(width, LATENT, DROPOUT), "drums": DrumBars(2 * width // 3, LATENT)}
    for net in nets.values():
        initialise(net, run.torch_generator("weights"))
        net.train()
    averages = {kind: copy.deepcopy(net).eval() for kind, net in nets.items()}
    optimiser = torch.optim.AdamW(
        [{"params": list(net.parameters())} for net in nets.values()], betas=(0.9, 0.99), weight_decay=DECAY
    )
    rates = [params.learning_rate or LEARNING_RATE[kind] for kind in nets]
    curves: list[dict[str, float]] = []
    first, noise = 0, run.torch_generator("noise")
    if run.restored is not None:
        first, curves = run.restored["next"], list(run.restored["curves"])
        for kind, net in nets.items():
            net.load_state_dict(run.restored[kind])
            averages[kind].load_state_dict(run.restored[f"{kind} average"])
        restore(optimiser, run.restored["moments"])

    for step in run.progress(
        range(first, steps), total=steps, label=run.words("learning bars", "마디 배우기")
    ):
        share = min(1.0, (step + 1) / max(1, round(BETA_GROWS * steps)))
        total, figures = torch.zeros(()), {}
        for kind, net in nets.items():
            with run.autocast():
                copies, known, alone = _losses(kind, net, train, batch_size, run.rng, noise)
            total = total + copies + BETA[kind] * share * known + alone
            found = {"copies": copies, "known": known, "nats": alone}
            figures |= {f"{kind}_{name}": float(one.detach()) for name, one in found.items()}
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * rate_share(step, steps, WARM_UP)
        optimiser.zero_grad()
        total.backward()
        for group in optimiser.param_groups:
            nn.utils.clip_grad_norm_(group["params"], LONGEST_SLOPE)
        optimiser.step()
        for kind, net in nets.items():
            follow(averages[kind], net, step, AVERAGE)
        finite(total, step)
        run.log(step, **figures)
        if (step + 1) % EVALUATE_EVERY == 0 or step + 1 == steps:
            found = measured(averages, valid)
            run.log(step, **found)
            curves.append({"step": step + 1, **figures, **found})
        run.checkpoint({
            "next": step + 1, "curves": curves, **{kind: net.state_dict() for kind, net in nets.items()},
            **{f"{kind} average": net.state_dict() for kind, net in averages.items()},
            "moments": moments(optimiser),
        }, every_s=CHECKPOINT_EVERY_S)  # fmt: skip

    state, facts = packed(**averages)
    run.save_model("bars.safetensors", state, {"format": FORMAT, **facts})
    run.save_table("curves.csv", curves)
    _draw(run, curves)
    _check(run, averages, curves[-1], train, valid, steps)


def _losses(
    kind: str, net: Any, train: Bars, size: int, rng: np.random.Generator, noise: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Nats a bar: to copy bars from their points, of the points themselves, and of bars without points."""
    few = max(1, size // SMALLER)
    unseen = rng.random(few) < UNSEEN
    blank = np.zeros((few + size, STEPS_PER_BAR), bool)
    blank[:few] = rng.random((few, STEPS_PER_BAR)) < BLANK
    keys = None
    if kind == "drums":
        size = few
        blank = blank[: few + size]
        past, bars = train.drums[rng.integers(len(train.drums), size=few + size)].swapaxes(0, 1)
        past[:few][unseen] = 0
        by_point, parts = bars[:few], (bars, past)
    else:
        some = train.alone.part(rng.integers(len(train.alone), size=few))
        some.beside[unseen] = UNKNOWN
        semitones = np.where(rng.random(size) < MOVED, rng.integers(-6, 6, size=size), 0)
        others = moved(train.together.part(rng.integers(len(train.together), size=size)), semitones)
        others = _some_by_themselves(others, rng.random(size) < BY_ITSELF)
        every = joined([some, others])
        by_point, parts = some.cells, (every.cells, every.beside, every.voices)
        keys = np.concatenate([np.zeros(few, np.int64), semitones % 12])
    at, known = drawn(*net.encode(torch.from_numpy(by_point)), noise)
    logits, cells = told(net, parts, at, blank, keys)
    return _nats(logits[:few], cells[:few]) / few, known, _nats(logits[few:], cells[few:]) / size


def _some_by_themselves(bars: Told, chosen: np.ndarray) -> Told:
    """Bars of chorales, of which the chosen (N,) are told as if each were a melody alone."""
    beside = bars.beside.copy()
    own = beside[np.arange(len(bars)), :, bars.voices]
    beside[chosen] = UNKNOWN
    beside[chosen, :, 0] = own[chosen]
    return Told(bars.cells, beside, np.where(chosen, ALONE, bars.voices))


def _nats(logits: Tensor, cells: Tensor) -> Tensor:
    return functional.cross_entropy(
        logits.flatten(0, -2).float(), cells.flatten(), ignore_index=-1, reduction="sum"
    )


def measured(nets: dict[str, Any], valid: Bars) -> dict[str, float]:
    """Shares of cells that come back; told without points, nats a cell of chorales and a step of drums."""
    melody, drums = nets["melody"], nets["drums"]
    together = valid.together
    nats, count = nats_a_bar(melody, (together.cells, together.beside, together.voices))
    by_itself = _some_by_themselves(together, np.ones(len(together), bool))
    lone, _ = nats_a_bar(melody, (by_itself.cells, by_itself.beside, by_itself.voices))
    past, bars = valid.drums.swapaxes(0, 1)
    beats, strokes = nats_a_bar(drums, (bars, past))
    return {
        "melody_copied": copied(melody, valid.alone.cells, valid.alone.beside, valid.alone.voices),
        "drums_copied": copied(drums, bars, past),
        "melody_valid": nats / count,
        "melody_valid_alone": lone / count,
        "drums_valid": beats / strokes * len(DRUMS),
    }


def copied(net: Any, bars: np.ndarray, *beside: np.ndarray) -> float:
    """Share of the cells of bars (N, 16, ...) that come back the same, silent drums left out."""
    found = log_probs(net, points(net, bars), *beside).argmax(-1)
    is_told = (bars > 0) | (found > 0) if bars.ndim == 3 else np.ones_like(bars, bool)
    return float((found == bars)[is_told].mean())


def halfway_in_key(
    net: MelodyBars, lines: list[Line], rng: np.random.Generator, count: int
) -> tuple[float, float]:
    """Share of notes in C major or A minor: of bars halfway between two of the data, and of these two.

    Each pair is drawn from lines in keys of one mode; notes are counted over all pairs together.
    """
    by_mode: dict[bool, list[Told]] = {False: [], True: []}
    for line in lines:
        if len(line) >= STEPS_PER_BAR:
            by_mode[key_of(line).is_minor].append(of_line(line))
    made, given = np.zeros(2), np.zeros(2)
    for is_minor, bars in by_mode.items():
        if not bars:
            continue
        every = joined(bars)
        one, other = (every.part(rng.integers(len(every), size=count)) for _ in range(2))
        at = between(points(net, one.cells), points(net, other.cells), 0.5)
        half = log_probs(net, at, one.beside, one.voices).argmax(-1)
        scale = {9, 11, 0, 2, 4, 5, 7, 8, 6} if is_minor else {0, 2, 4, 5, 7, 9, 11}
        for total, group in ((made, half), (given, one.cells), (given, other.cells)):
            line = to_line(group, np.zeros(len(group), np.int64))
            struck = line.pitches[line.is_struck]
            total += (sum(int(pitch) % 12 in scale for pitch in struck), len(struck))
    return float(made[0] / max(made[1], 1)), float(given[0] / max(given[1], 1))


def _draw(run: dllab.Run, curves: list[dict[str, Any]]) -> None:
    figure, axes = dllab.new_figure()
    words = {"melody": run.words("melody", "선율"), "drums": run.words("drums", "드럼")}
    for colour, kind in enumerate(KINDS):
        at, shares = [row["step"] for row in curves], [row[f"{kind}_copied"] for row in curves]
        axes.plot(at, shares, "o-", color=dllab.COLOURS[colour], label=words[kind])
    axes.set_title(
        run.words("Cells of an unseen bar that come back", "처음 보는 마디에서 되돌아온 칸"), loc="left"
    )
    axes.set_xlabel(run.words("steps", "단계"))
    axes.set_ylabel(run.words("share", "비율"))
    axes.set_ylim(0, 1)
    axes.legend()
    run.save_figure("curves.png", figure)


def _check(
    run: dllab.Run, nets: dict[str, Any], last: dict[str, float], train: Bars, valid: Bars, steps: int
) -> None:
    """Hold copies of unseen bars, the keys of bars between them, and nats against data and n-grams."""
    for kind in KINDS:
        wanted = COPIED if steps >= FULL_STEPS else 0.0
        source = "the bars themselves" if wanted else "too short to learn"
        name = f"cells of an unseen bar that come back, {kind}"
        run.check(
            name,
            ko=f"처음 보는 마디에서 되돌아온 칸, {KINDS_KO[kind]}",
            got=last[f"{kind}_copied"],
            at_least=wanted,
            source=source,
        )
    if steps < FULL_STEPS:
        return
    made, given = halfway_in_key(nets["melody"], valid.lines, np.random.default_rng([run.seed, 3]), 2000)
    run.check("notes in key halfway between two bars, less the data's share",
              ko="두 마디의 중간에서 조에 맞는 음의 비율, 데이터의 비율을 뺀 값", got=made - given,
              at_least=-IN_KEY, source=f"those bars: {given:.4f} of their notes")  # fmt: skip
    from dllab_music.bar_ngrams import drum_table, melody_table

    counted = piece_bars(train.pieces, EDGES, COUNTED_IN)
    rows = []
    for kind, table in (
        ("melody", melody_table(counted, valid.together)),
        ("drums", drum_table(train.drums, valid.drums)),
    ):
        rows += [{"bars": kind, "model": name, "nats": value} for name, value in table.items()]
        best = min(table, key=lambda name: table[name])
        found = last[f"{kind}_valid"]
        least, kind_ko = f"{table[best]:.4f}", KINDS_KO[kind]
        run.message(
            run.words(
                f"{kind}: the best n-gram ({best}) {least} nats, the net {found:.4f}",
                f"{kind_ko}: 가장 나은 n-gram({best}) {least}내트, 신경망 {found:.4f}",
            )
        )
        run.check(f"nats of {kind} told without points, of the best n-gram's",
                  ko=f"점 없이 예상한 {kind_ko}의 내트, 가장 나은 n-gram에 대한 비", got=found / table[best],
                  at_most=BETTER, source=f"'{best}' on the same bars: {table[best]:.4f}")  # fmt: skip
    run.save_table("ngrams.csv", rows)
