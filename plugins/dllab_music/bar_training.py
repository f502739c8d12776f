"""How the nets that know bars learn: from chorales' voices and the grammar's drums, by AdamW."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

import dllab
from dllab_music.bar_vae import BarVAE, log_probs, points
from dllab_music.bars import (
    FORMAT,
    NUM_VALUES,
    STEPS_PER_BAR,
    Line,
    key_of,
    lines_of_piece,
    shift_to_c,
    to_bars,
    to_line,
)  # fmt: skip
from dllab_music.corpus import read_corpus
from dllab_music.drum_grammar import DRUMS, NUM_LEVELS, loops
from dllab_music.drum_weights import packed

if TYPE_CHECKING:
    from dllab_music.train import MusicTrainParams

STEPS, BATCH, WIDTH, LATENT, LEARNING_RATE = 5000, 128, 384, 32, 1.5e-3
KINDS = ("melody", "drums")
BETA = {
    "melody": 0.15,
    "drums": 0.25,
}  # weight of the space's order against faithful copies (Higgins et al. 2017)
BETA_GROWS = 0.3  # of the steps, in which it comes up from nothing
LOOPS, HELD_OUT_LOOPS = 2700, 180  # of the grammar
EDGES = (0, 4, 8, 12)  # steps that bars of a chorale may begin after a bar line, to have more of them
WARM_UP, DECAY, LONGEST_SLOPE = 100, 0.01, 1.0
EVALUATE_EVERY = 500  # steps
CHECKPOINT_EVERY_S = 30.0
FULL_STEPS = 2000  # from which copies and keys are held to account
COPIED = 0.9  # least share of cells that come back: of sixteen, one or two may be wrong
IN_KEY = 0.02  # by how much the share of notes in key may be off the data's


def train_bars(run: dllab.Run, params: MusicTrainParams) -> None:
    """Train both nets; leaves bars.safetensors, curves.csv and curves.png."""
    steps, batch_size = params.steps or STEPS, params.batch_size or BATCH
    if params.num_layers is not None and params.num_layers > 2:
        raise dllab.UsageError(f"--num-layers {params.num_layers}: the nets of bars have 2; leave it out")
    train, valid, lines = _data(run, params, steps)
    width = params.width or WIDTH
    nets = {
        "melody": BarVAE(STEPS_PER_BAR, NUM_VALUES, width, LATENT),
        "drums": BarVAE(STEPS_PER_BAR * len(DRUMS), NUM_LEVELS, width, LATENT),
    }
    for net in nets.values():
        net.initialise(run.torch_generator("weights"))
    weights = [weight for net in nets.values() for weight in net.parameters()]
    rate = params.learning_rate or LEARNING_RATE
    optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=DECAY)
    curves: list[dict[str, float]] = []
    first, noise = 0, run.torch_generator("noise")
    if run.restored is not None:
        first, curves = run.restored["next"], list(run.restored["curves"])
        for kind, net in nets.items():
            net.load_state_dict(run.restored[kind])
        for i, weight in enumerate(weights):
            optimiser.state[weight] = {key: values[i] for key, values in run.restored["moments"].items()}

    for step in run.progress(
        range(first, steps), total=steps, label=run.words("learning bars", "마디 배우기")
    ):
        total, figures = torch.zeros(()), {}
        for kind, net in nets.items():
            bars = torch.from_numpy(train[kind][run.rng.integers(len(train[kind]), size=batch_size)])
            told, known = net.loss(bars, torch.randn(batch_size, LATENT, generator=noise))
            share = min(1.0, (step + 1) / max(1, round(BETA_GROWS * steps)))
            total = total + told + BETA[kind] * share * known
            figures[f"{kind}_told"], figures[f"{kind}_known"] = float(told.detach()), float(known.detach())
        optimiser.param_groups[0]["lr"] = rate * _schedule(step, steps)
        optimiser.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(weights, LONGEST_SLOPE)
        optimiser.step()
        if not math.isfinite(float(total.detach())):
            raise dllab.DllabError(f"the loss is not a number at step {step}: take a lower --learning-rate")
        run.log(step, **figures)
        if (step + 1) % EVALUATE_EVERY == 0 or step + 1 == steps:
            shares = {f"{kind}_copied": copied(net, valid[kind]) for kind, net in nets.items()}
            run.log(step, **shares)
            curves.append({"step": step + 1, **figures, **shares})
        run.checkpoint({
            "next": step + 1, "curves": curves, **{kind: net.state_dict() for kind, net in nets.items()},
            "moments": {key: [optimiser.state[weight][key] for weight in weights]
                        for key in ("exp_avg", "exp_avg_sq", "step")},
        }, every_s=CHECKPOINT_EVERY_S)  # fmt: skip

    state, facts = packed(**nets)
    run.save_model("bars.safetensors", state, {"format": FORMAT, **facts})
    run.save_table("curves.csv", curves)
    _draw(run, curves)
    _check(run, nets, curves[-1], lines, steps)


def _data(
    run: dllab.Run, params: MusicTrainParams, steps: int
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], list[Line]]:
    """Bars of melodies and drums to learn from, others to measure by, and the latter's lines."""
    corpus = read_corpus(params.data, run.progress)
    rng = np.random.default_rng([run.seed, 2])
    kept = [line for piece in corpus.train for line in lines_of_piece(piece, rng)]
    held = [line for piece in corpus.valid for line in lines_of_piece(piece, rng)]
    count = min(LOOPS, 9 * steps)
    train = {"melody": melody_bars(kept, EDGES), "drums": drum_bars(rng, count)}
    valid = {
        "melody": melody_bars(held, (0,)),
        "drums": drum_bars(rng, max(9, count * HELD_OUT_LOOPS // LOOPS)),
    }
    known = {bar.tobytes() for bar in train["drums"]}
    fresh = np.array([bar.tobytes() not in known for bar in valid["drums"]])
    if fresh.any():
        valid["drums"] = valid["drums"][fresh]
    run.message(
        f"{len(train['melody']):,} bars of melody from {corpus.name} and {len(train['drums']):,} of drums to "
        f"learn from; {len(valid['melody']):,} and {len(valid['drums']):,} others to measure by"
    )
    return train, valid, held


def melody_bars(lines: list[Line], edges: tuple[int, ...]) -> np.ndarray:
    """All bars (N, 16) of lines, in C major or A minor, beginning at these steps after the bar lines."""
    found = []
    for line in lines:
        move = shift_to_c(key_of(line))
        for edge in edges:
            if len(line) - edge >= STEPS_PER_BAR:
                found.append(to_bars(Line(line.pitches[edge:], line.is_struck[edge:]), move)[0])
    if not found:
        raise dllab.InputError("--data: no melody in it lasts a bar of sixteen sixteenths; give others")
    bars = np.concatenate(found)
    return bars[(bars != 0).any(1)]


def drum_bars(rng: np.random.Generator, count: int) -> np.ndarray:
    """The bars (N, 144) of so many loops of the grammar: levels, step by step."""
    return np.concatenate([one.levels.reshape(-1, STEPS_PER_BAR * len(DRUMS)) for one in loops(rng, count)])


def copied(net: BarVAE, bars: np.ndarray) -> float:
    """Share of the cells of bars (N, num_cells) that come back the same, silent drums left out."""
    found = log_probs(net, points(net, bars)).argmax(-1)
    is_told = (bars > 0) | (found > 0) if net.num_values == NUM_LEVELS else np.ones_like(bars, bool)
    return float((found == bars)[is_told].mean())


def halfway_in_key(
    net: BarVAE, lines: list[Line], rng: np.random.Generator, count: int
) -> tuple[float, float]:
    """Share of notes in C major or A minor: of bars halfway between two of the data, and of these two.

    Each pair is drawn from lines in keys of one mode; notes are counted over all pairs together.
    """
    from dllab_music.bar_vae import between

    by_mode: dict[bool, list[np.ndarray]] = {False: [], True: []}
    for line in lines:
        if len(line) >= STEPS_PER_BAR:
            key = key_of(line)
            by_mode[key.is_minor].append(to_bars(line, shift_to_c(key))[0])
    made, given = np.zeros(2), np.zeros(2)
    for is_minor, bars in by_mode.items():
        if len(bars) < 2:
            continue
        every = np.concatenate(bars)
        one, other = (every[rng.integers(len(every), size=count)] for _ in range(2))
        half = log_probs(net, between(points(net, one), points(net, other), 0.5)).argmax(-1)
        scale = {9, 11, 0, 2, 4, 5, 7, 8, 6} if is_minor else {0, 2, 4, 5, 7, 9, 11}
        for total, group in ((made, half), (given, one), (given, other)):
            line = to_line(group, np.zeros(len(group), np.int64))
            struck = line.pitches[line.is_struck]
            total += (sum(int(pitch) % 12 in scale for pitch in struck), len(struck))
    return float(made[0] / max(made[1], 1)), float(given[0] / max(given[1], 1))


def _schedule(step: int, steps: int) -> float:
    """Share of the peak learning rate: up in a line, down along half a cosine."""
    warm_up = min(1.0, (step + 1) / max(1, min(WARM_UP, steps // 5)))
    return warm_up * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


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
    run: dllab.Run, nets: dict[str, BarVAE], last: dict[str, float], lines: list[Line], steps: int
) -> None:
    """Hold copies of unseen bars, and the keys of bars between them, against the data."""
    for kind in KINDS:
        wanted = COPIED if steps >= FULL_STEPS else 0.0
        source = "the bars themselves" if wanted else "too short to learn"
        name = f"cells of an unseen bar that come back, {kind}"
        run.check(name, got=last[f"{kind}_copied"], at_least=wanted, source=source)
    if steps >= FULL_STEPS:
        made, given = halfway_in_key(nets["melody"], lines, np.random.default_rng([run.seed, 3]), 2000)
        run.check("notes in key halfway between two bars, less the data's share", got=made - given,
                  at_least=-IN_KEY, source=f"those bars: {given:.4f} of their notes")  # fmt: skip
