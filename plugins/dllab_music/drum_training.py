"""How the nets that drum learn: loops of the grammar, or of a folder of MIDI files; AdamW down a cosine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

import dllab
from dllab_music.drum_grammar import ACCENT, HAT, KICK, OPEN_HAT, RIDE, SNARE, STYLES, loops, swung
from dllab_music.drum_net import (
    ANY_STYLE,
    FORM,
    NUM_DRUMS,
    ONSET,
    ONSET_ACCENT,
    REST,
    UNKNOWN,
    DrumNet,
    GrooveNet,
    groove_loss,
    level_loss,
)  # fmt: skip
from dllab_music.drum_weights import FORMAT
from dllab_music.training import finite, moments, rate_share, restore
from dllab_music.weight_files import packed

if TYPE_CHECKING:
    from dllab_music.train_params import MusicTrainParams

STEPS, BATCH, WIDTH, LAYERS, LEARNING_RATE = 3000, 32, 160, 2, 2e-3
GROOVE_WIDTH = 48
LOOPS, HELD_OUT = 5400, 360  # of the grammar, to learn from and to measure by
LEAST_LOOPS = 54
WARM_UP, DECAY, LONGEST_SLOPE = 100, 0.02, 1.0
NO_STYLE, NO_RHYTHM = 0.1, 0.5  # shares of loops that are learned without being told these
DROPPED_TAPS = 0.15  # share of a rhythm's strokes that are left out
TAPS = (
    (KICK, SNARE),
    (KICK,),
    (SNARE,),
    (HAT, OPEN_HAT, RIDE),
    tuple(range(NUM_DRUMS)),
)  # what a rhythm may tap
EVALUATE_EVERY = 250  # steps
CHECKPOINT_EVERY_S = 30.0
FULL_STEPS = 2000  # from which the net is to be better than the best n-gram
BETTER = 0.75  # of the best n-gram's nats


@dataclass(frozen=True)
class Loops:
    """Loops of 64 steps: levels, velocities, offsets (N, 64, 9), these without swing; styles (N,)."""

    levels: np.ndarray
    velocities: np.ndarray
    offsets: np.ndarray
    styles: np.ndarray

    def __len__(self) -> int:
        return len(self.levels)

    def part(self, rows: Any) -> Loops:
        """Those of its loops."""
        return Loops(self.levels[rows], self.velocities[rows], self.offsets[rows], self.styles[rows])


def of_grammar(rng: np.random.Generator, count: int) -> Loops:
    """Loops of the grammar, the styles in turn."""
    made = loops(rng, count)
    names = tuple(STYLES)
    place = np.arange(FORM)
    late = {name: swung(place % 16, rule)[:, None] for name, rule in STYLES.items()}
    offsets = [np.where(one.levels > 0, one.offsets - late[one.style], 0.0) for one in made]
    return Loops(
        np.stack([one.levels for one in made]),
        np.stack([one.velocities for one in made]),
        np.stack(offsets),
        np.array([names.index(one.style) for one in made]),
    )


def of_folder(data: dllab.Input) -> Loops:
    """Loops of four bars from the drums in all MIDI files of a folder, or in one; of no style.

    Raises dllab.InputError for a damaged file, by name, and where there are fewer than two such loops.
    """
    from dllab_music.drums import to_strokes
    from dllab_music.songs import read_song

    paths = [data.path]
    if data.path.is_dir():
        paths = sorted(path for path in data.path.rglob("*") if path.suffix.lower() in (".mid", ".midi"))
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for path in paths:
        strokes = to_strokes(read_song(path, path.name if data.path.is_dir() else data.name).drums())
        for start in range(0, len(strokes.velocities) - FORM + 1, FORM):
            part = slice(start, start + FORM)
            if np.count_nonzero(strokes.velocities[part]) >= 8:
                found.append((strokes.levels[part], strokes.velocities[part], strokes.offsets[part]))
    if len(found) < 2:
        raise dllab.InputError(
            f"{data.name}: {len(found)} stretches of four bars with drums (channel 10); 2 are needed"
        )
    levels, velocities, offsets = (np.stack(one) for one in zip(*found, strict=True))
    return Loops(levels, velocities, offsets, np.full(len(levels), ANY_STYLE))


def split(run: dllab.Run, data: dllab.Input | None, steps: int, batch_size: int) -> tuple[Loops, Loops]:
    """Loops to learn from, and others to measure by: none of these is among those."""
    if data is None:
        count = min(LOOPS, max(LEAST_LOOPS, steps * batch_size))
        train = of_grammar(np.random.default_rng([run.seed, 0]), count)
        valid = of_grammar(np.random.default_rng([run.seed, 1]), max(9, HELD_OUT * count // LOOPS))
    else:
        every = of_folder(data)
        is_held = np.arange(len(every)) % 10 == min(9, len(every) - 1)
        train, valid = every.part(~is_held), every.part(is_held)
    known = {one.tobytes() for one in train.levels}
    fresh = np.array([one.tobytes() not in known for one in valid.levels])
    return train, valid.part(fresh) if fresh.any() else valid


def train_drums(run: dllab.Run, params: MusicTrainParams) -> None:
    """Train both nets; leaves drums.safetensors, curves.csv and curves.png."""
    steps, batch_size = params.steps or STEPS, params.batch_size or BATCH
    train, valid = split(run, params.data, steps, batch_size)
    run.message(
        run.words(
            f"{len(train)} loops of four bars to learn from, {len(valid)} others to measure by",
            f"네 마디 루프 {len(train)}개로 배우고, 다른 {len(valid)}개로 잽니다",
        )
    )
    drums = DrumNet(params.width or WIDTH, params.num_layers or LAYERS)
    groove = GrooveNet(min(GROOVE_WIDTH, params.width or WIDTH))
    drums.initialise(run.torch_generator("weights"))
    groove.initialise(run.torch_generator("weights"))
    rate = params.learning_rate or LEARNING_RATE
    weights = [*drums.parameters(), *groove.parameters()]
    optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=DECAY)
    curves: list[dict[str, float]] = []
    first, smooth = 0, None
    if run.restored is not None:
        first, smooth, curves = run.restored["next"], run.restored["smooth"], list(run.restored["curves"])
        drums.load_state_dict(run.restored["drums"])
        groove.load_state_dict(run.restored["groove"])
        restore(optimiser, run.restored["moments"])

    for step in run.progress(
        range(first, steps), total=steps, label=run.words("learning drums", "드럼 배우기")
    ):
        chosen = train.part(run.rng.integers(len(train), size=batch_size))
        levels, styles, rhythm = _batch(chosen, run.rng)
        with run.autocast():
            logits = drums(levels, styles, rhythm)  # (B, 64, 9, 4)
        loss = level_loss(logits.float(), levels)
        feel = groove_loss(groove, _tensor(chosen.velocities), _tensor(chosen.offsets))
        optimiser.param_groups[0]["lr"] = rate * rate_share(step, steps, WARM_UP)
        optimiser.zero_grad()
        (loss + 0.3 * feel).backward()
        nn.utils.clip_grad_norm_(weights, LONGEST_SLOPE)
        optimiser.step()
        now = finite(loss, step)
        smooth = now if smooth is None else 0.98 * smooth + 0.02 * now
        run.log(step, train=now, groove=float(feel.detach()))
        if (step + 1) % EVALUATE_EVERY == 0 or step + 1 == steps:
            figures = measured(drums, groove, valid)
            run.log(step, **figures)
            curves.append({"step": step + 1, "train": smooth, **figures})
        run.checkpoint({
            "next": step + 1, "smooth": smooth, "curves": curves, "drums": drums.state_dict(),
            "groove": groove.state_dict(), "moments": moments(optimiser),
        }, every_s=CHECKPOINT_EVERY_S)  # fmt: skip

    state, facts = packed(drums=drums, groove=groove)
    run.save_model("drums.safetensors", state, {"format": FORMAT, **facts})
    run.save_table("curves.csv", curves)
    _draw(run, curves)
    _check(run, train, valid, curves[-1]["valid"], steps)


def _batch(chosen: Loops, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Levels (B, 64, 9), styles (B,), rhythms (B, 64); some loops without a style, some without a rhythm."""
    count = len(chosen)
    styles = np.where(rng.random(count) < NO_STYLE, ANY_STYLE, chosen.styles)
    rhythm = np.stack([tapped(one, rng) for one in chosen.levels])
    rhythm[rng.random(count) < NO_RHYTHM] = UNKNOWN
    return torch.from_numpy(chosen.levels), torch.from_numpy(styles), torch.from_numpy(rhythm)


def tapped(levels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A rhythm (T,) that somebody might tap to a loop (T, 9): some of its drums, not every stroke of them."""
    taps = TAPS[rng.integers(len(TAPS))]
    loudest = levels[:, list(taps)].max(1)
    rhythm = np.where(loudest >= ACCENT, ONSET_ACCENT, np.where(loudest > 0, ONSET, REST))
    return np.where(rng.random(len(rhythm)) < DROPPED_TAPS, REST, rhythm).astype(np.int64)


@torch.no_grad()
def measured(drums: DrumNet, groove: GrooveNet, loops: Loops) -> dict[str, float]:
    """Nats a step of the loops, their styles told and no rhythm; nats a stroke of how they are played."""
    drums.eval(), groove.eval()
    levels = torch.from_numpy(loops.levels)
    logits = drums(levels, torch.from_numpy(loops.styles), torch.zeros(levels.shape[:2], dtype=torch.long))
    feel = groove_loss(groove, _tensor(loops.velocities), _tensor(loops.offsets))
    drums.train(), groove.train()
    return {"valid": float(level_loss(logits, levels)), "valid_groove": float(feel)}


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(array).float()


def _draw(run: dllab.Run, curves: list[dict[str, float]]) -> None:
    figure, axes = dllab.new_figure()
    at = [row["step"] for row in curves]
    train, valid = run.words("practised", "연습한 루프"), run.words("held out", "남겨 둔 루프")
    for name, label, colour in (("train", train, 1), ("valid", valid, 0)):
        axes.plot(at, [row[name] for row in curves], "o-", color=dllab.COLOURS[colour], label=label)
    axes.set_title(run.words("Surprise at each sixteenth", "16분음표 하나의 놀라움"), loc="left")
    axes.set_xlabel(run.words("steps", "단계"))
    axes.set_ylabel(run.words("nats, nine drums together", "내트, 아홉 드럼의 합"))
    axes.set_ylim(bottom=0)
    axes.legend()
    run.save_figure("curves.png", figure)


def _check(run: dllab.Run, train: Loops, valid: Loops, found: float, steps: int) -> None:
    """Hold the net against guessing, or, trained in earnest, against the best n-gram."""
    if steps < FULL_STEPS:
        run.check("nats a step, held out", ko="남겨 둔 루프의 단계당 내트",
                  got=found, at_most=1.5 * NUM_DRUMS * math.log(4),
                  source="half as much again as guessing: too short to learn, but not astray")  # fmt: skip
        return
    from dllab_music.drum_ngrams import table

    rows = table((train.levels, train.styles), (valid.levels, valid.styles))
    run.save_table("ngrams.csv", rows)
    best = min(rows, key=lambda row: row["nats_per_step"])
    least = f"{best['nats_per_step']:.4f}"
    run.message(
        run.words(
            f"best n-gram ({best['model']}): {least} nats a step; the net: {found:.4f}",
            f"가장 나은 n-gram({best['model']}): 단계마다 {least}내트; 신경망: {found:.4f}",
        )
    )
    run.check("nats a step, of the best n-gram's", ko="단계당 내트, 가장 나은 n-gram에 대한 비",
              got=found / best["nats_per_step"], at_most=BETTER,
              source=f"'{best['model']}' on the same loops: {best['nats_per_step']:.3f}")  # fmt: skip
