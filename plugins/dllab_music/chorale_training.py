"""How the chorale net learns: crops of transposed chorales, AdamW, and an average of its weights.

The weights that are kept are an exponential average of those along the way (Polyak, Juditsky 1992), that of
the evaluation with the lowest loss on the held-out pieces. Those pieces do nothing but choose.
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import dllab
from dllab_music.chorale_net import WINDOW, ChoraleNet
from dllab_music.chorale_score import nats
from dllab_music.chorales import NUM_TOKENS, features, shifts, to_tokens, transposed
from dllab_music.corpus import Corpus, read_corpus
from dllab_music.pretrained import packed
from dllab_music.training import finite, follow, moments, rate_share, restore

if TYPE_CHECKING:
    from dllab_music.train_params import MusicTrainParams

STEPS, BATCH, WIDTH, LAYERS, LEARNING_RATE = 3000, 8, 160, 5, 2e-3
HEAD_WIDTH = 32  # numbers per head
WARM_UP = 200  # steps at most
DECAY, BETAS, LONGEST_SLOPE = 0.1, (0.9, 0.98), 1.0
AVERAGE = 0.999  # of the averaged weights that stay at each step
EVALUATE_EVERY = 500  # steps
CHECKPOINT_EVERY_S = 90.0
EDGE = 24  # steps that a crop may begin before a piece, to see its beginning more often
FULL_STEPS = 2000  # from which a net is to be better than the best n-gram


def train_chorales(run: dllab.Run, params: MusicTrainParams) -> None:
    """Train a chorale net on `params.data`; leaves chorale.safetensors, curves.csv and curves.png."""
    corpus = read_corpus(params.data, run.progress, run.words("reading MIDI", "MIDI 읽기"))
    steps, batch_size = params.steps or STEPS, params.batch_size or BATCH
    width = params.width or WIDTH
    if width % HEAD_WIDTH:
        raise dllab.UsageError(f"--width {width}: take a multiple of {HEAD_WIDTH}")
    net = ChoraleNet(width, params.num_layers or LAYERS, width // HEAD_WIDTH)
    net.initialise(run.torch_generator("weights"))
    torch.manual_seed(run.seed)  # dropout draws from the global generator
    net = net.to(run.device)
    average = copy.deepcopy(net).eval()
    optimiser = _optimiser(net, params.learning_rate or LEARNING_RATE)
    pieces = [_Piece(piece) for piece in corpus.train]
    curves: list[dict[str, float]] = []
    best: dict[str, Any] = {"nats": math.inf, "state": average.state_dict()}
    first, smooth = 0, None
    if run.restored is not None:
        first, smooth, curves = run.restored["next"], run.restored["smooth"], list(run.restored["curves"])
        net.load_state_dict(run.restored["net"])
        average.load_state_dict(run.restored["average"])
        best = run.restored["best"]
        restore(optimiser, run.restored["moments"])

    label = run.words(f"learning {corpus.name}", f"{corpus.name} 학습")
    for step in run.progress(range(first, steps), total=steps, label=label):
        columns, targets = _batch(pieces, batch_size, run.rng)
        with run.autocast():
            logits = net(columns.to(run.device))  # (B, WINDOW, NUM_TOKENS)
        loss = functional.cross_entropy(
            logits.float().view(-1, NUM_TOKENS), targets.to(run.device).view(-1), ignore_index=-100
        )
        for group in optimiser.param_groups:
            group["lr"] = (params.learning_rate or LEARNING_RATE) * rate_share(step, steps, WARM_UP)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), LONGEST_SLOPE)
        optimiser.step()
        follow(average, net, step, AVERAGE)
        now = finite(loss, step)
        smooth = now if smooth is None else 0.98 * smooth + 0.02 * now
        run.log(step, train=now)
        if (step + 1) % EVALUATE_EVERY == 0 or step + 1 == steps:
            found = nats(average, corpus.valid, run.device, run.autocast)
            run.log(step, valid=found)
            curves.append({"step": step + 1, "train": smooth, "valid": found})
            if found < best["nats"]:
                best = {"nats": found, "state": copy.deepcopy(average.state_dict())}
        run.checkpoint({
            "next": step + 1, "smooth": smooth, "curves": curves, "best": best, "net": net.state_dict(),
            "average": average.state_dict(), "moments": moments(optimiser),
        }, every_s=CHECKPOINT_EVERY_S)  # fmt: skip

    average.load_state_dict(best["state"])
    run.save_model("chorale.safetensors", *packed(average))
    run.save_table("curves.csv", curves)
    _draw(run, curves)
    _check(run, corpus, best["nats"], steps)


class _Piece:
    """A piece ready to be cut: what the net reads (n, 8), its tokens (n,), and how far it may be moved."""

    def __init__(self, piece: np.ndarray) -> None:
        tokens = to_tokens(piece)
        self.columns, self.targets = features(tokens), tokens.reshape(-1)
        self.shifts = shifts(piece)


def _batch(pieces: list[_Piece], batch_size: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Crops (B, WINDOW, 8) and their tokens (B, WINDOW), -100 beyond an end; long pieces more often."""
    sizes = np.array([len(piece.targets) for piece in pieces], dtype=np.float64)
    columns = np.zeros((batch_size, WINDOW, pieces[0].columns.shape[1]), dtype=np.int64)
    targets = np.full((batch_size, WINDOW), -100, dtype=np.int64)
    for i, chosen in enumerate(rng.choice(len(pieces), batch_size, p=sizes / sizes.sum())):
        piece = pieces[chosen]
        down, up = piece.shifts
        semitones = int(rng.integers(down, up + 1))
        last = max(0, (len(piece.targets) - WINDOW) // 4)  # steps
        start = 4 * int(np.clip(rng.integers(-EDGE, last + EDGE // 3 + 1), 0, last))
        part = slice(start, start + WINDOW)
        size = len(piece.targets[part])
        columns[i, :size] = transposed(piece.columns[part], semitones)
        targets[i, :size] = transposed(piece.targets[part], semitones)
    return torch.from_numpy(columns), torch.from_numpy(targets)


def _optimiser(net: ChoraleNet, learning_rate: float) -> torch.optim.AdamW:
    """AdamW that pulls matrices towards zero, and leaves biases and norms alone."""
    matrices = [weight for weight in net.parameters() if weight.dim() == 2]
    others = [weight for weight in net.parameters() if weight.dim() != 2]
    groups = [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=learning_rate, betas=BETAS)


def _draw(run: dllab.Run, curves: list[dict[str, float]]) -> None:
    figure, axes = dllab.new_figure()
    at = [row["step"] for row in curves]
    train, valid = run.words("practised", "연습한 곡"), run.words("held out", "남겨 둔 곡")
    for name, label, colour in (("train", train, 1), ("valid", valid, 0)):
        axes.plot(at, [row[name] for row in curves], "o-", color=dllab.COLOURS[colour], label=label)
    axes.set_title(run.words("Surprise at each note", "음 하나의 놀라움"), loc="left")
    axes.set_xlabel(run.words("steps", "단계"))
    axes.set_ylabel(run.words("nats a note", "음당 내트"))
    axes.set_ylim(bottom=0)
    axes.legend()
    run.save_figure("curves.png", figure)


def _check(run: dllab.Run, corpus: Corpus, found: float, steps: int) -> None:
    """Hold the net against chance, or, trained in earnest, against the best Markov chain."""
    if steps < FULL_STEPS:
        run.check(
            "nats a note, held out",
            ko="남겨 둔 곡의 음당 내트",
            got=found,
            at_most=1.5 * math.log(NUM_TOKENS),
            source="one and a half times as much as guessing: too short to learn, but not astray",
        )
        return
    from dllab_music.ngrams import best_ngram

    name, baseline = best_ngram(corpus.train, corpus.valid)
    run.check("nats a note, of the best n-gram's", ko="음당 내트, 가장 나은 n-gram에 대한 비",
              got=found / baseline, at_most=0.75,
              source=f"{name} on the same pieces: {baseline:.3f}")  # fmt: skip
