"""Bars as points of a space: a variational autoencoder for bars of melody, and one for bars of drums.

Each (Kingma, Welling 2014) makes of a bar a normal distribution over a few numbers, and tells it again from a
draw of it, cell by cell, each in sight of those before (as Bowman et al. 2016, "Generating Sentences from a
Continuous Space", do): a recurrent net that also sees what lies beside the bar, see bar_context. Between two
points lie bars that are a little of both (Roberts et al. 2018, "A Hierarchical Latent Vector Model").

Unlike theirs, the teller also learns to tell bars without any point. So told, it is a model of bars with
exact likelihoods, which counting can be held against; told a point, it copies.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import dllab
from dllab_music.bar_context import (
    ABOVE,
    ALONE,
    DEEPEST,
    LONGEST_HELD,
    NUM_BESIDE,
    NUM_SOUNDS,
    PAST,
    SILENT,
    UNKNOWN,
    Told,
    after,
    so_far,
    start,
)
from dllab_music.bars import FIRST, FORMAT, LOWEST, NUM_VALUES, STEPS_PER_BAR
from dllab_music.drum_grammar import DRUMS, NUM_LEVELS
from dllab_music.drum_net import ANY_STYLE, DrumNet, one_hot
from dllab_music.weight_files import BARS_FILE, unpacked

VOICES = 5  # four of a chorale, and a melody alone
FARTHEST = 36  # semitones that are told apart; farther ones count as this
NUM_GAPS = 2 * FARTHEST + 2
CALM = 0.9  # by which a trained teller's logits are scaled: it is a little too sure (Guo et al. 2017)


class Points(nn.Module):
    """Bars as points: two layers that see all of a bar at once."""

    def __init__(self, size: int, width: int, latent: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(size, width),
            nn.GELU(),
            nn.Linear(width, width),
            nn.GELU(),
            nn.Linear(width, 2 * latent),
        )

    def forward(self, cells: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance (B, latent) of bars whose cells are one-hot (B, ...)."""
        mean, log_variance = self.layers(cells.flatten(1)).chunk(2, -1)
        return mean, log_variance.clamp(-10, 4)


class MelodyBars(nn.Module):
    """Bars (B, 16) of NUM_VALUES kinds of cells, to and from `latent` numbers.

    Besides pitches themselves it reads, and tells, how far they lie from what sounds: so what it learns in
    one key serves in all.
    """

    def __init__(self, width: int = 192, latent: int = 32, dropout: float = 0.0) -> None:
        super().__init__()
        self.sizes = {"width": width, "latent": latent}
        self.points = Points(STEPS_PER_BAR * NUM_VALUES, 4 * width // 3, latent)
        self.from_point = nn.Linear(latent, width)
        self.no_point = nn.Parameter(torch.zeros(width))
        self.keys = nn.Embedding(12, width)
        vocabularies = (NUM_VALUES + 1, NUM_SOUNDS, LONGEST_HELD + 1, STEPS_PER_BAR * VOICES)
        self.so_far = nn.ModuleList(nn.Embedding(size, width) for size in vocabularies)
        self.beside = nn.ModuleList(nn.Embedding(NUM_SOUNDS, width) for _ in range(NUM_BESIDE))
        self.now = nn.ModuleList(nn.Embedding(NUM_SOUNDS, width) for _ in range(ABOVE))
        self.gaps = nn.ModuleList(nn.Embedding(NUM_GAPS, width) for _ in range(ABOVE))
        self.leap = nn.Embedding(NUM_GAPS, width)
        self.reader = nn.GRU(width, width // 2, batch_first=True, bidirectional=True)
        self.seen = nn.Linear(2 * (width // 2), width)
        self.teller = nn.GRU(width, width, num_layers=2, batch_first=True, dropout=dropout)
        self.middle, self.last = nn.Linear(width, width), nn.Linear(width, width)
        self.out = nn.Linear(width, NUM_VALUES)
        self.from_own, self.from_above = nn.Linear(width, NUM_GAPS), nn.Linear(width, NUM_GAPS)
        self.dropout = nn.Dropout(dropout)

    def encode(self, bars: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance (B, latent) of bars (B, 16) of whole numbers."""
        return self.points(functional.one_hot(bars, NUM_VALUES).float())

    def surroundings(
        self, beside: Tensor, voices: Tensor, points: Tensor | None, keys: Tensor | None = None
    ) -> Tensor:
        """What a bar is told in sight of, besides its own cells: (B, 16, width).

        keys: semitones (B,), 0 to 11, by which a bar was moved from C; None for not at all.
        """
        place = torch.arange(STEPS_PER_BAR, device=beside.device) + STEPS_PER_BAR * voices[:, None]
        places = self.so_far[3](place)
        x = places + sum(table(beside[..., i]) for i, table in enumerate(self.beside))
        x = self.seen(self.reader(self.dropout(x))[0]) + places
        x = x + sum(table(beside[..., PAST + i]) for i, table in enumerate(self.now))
        above = next_above(beside, voices)
        x = x + self.leap(gap(torch.cat([above[:, 1:], above[:, -1:]], 1), above))
        x = x + self.keys(torch.zeros_like(voices) if keys is None else keys)[:, None]
        return x + points_or_none(points, self.from_point, self.no_point, len(x))

    def before(self, so_far: Tensor, beside: Tensor) -> Tensor:
        """What was so far (B, T, 3), and how far from it the voices above lie: (B, T, width)."""
        x = sum(self.so_far[i](so_far[..., i]) for i in range(3))
        return x + sum(table(gap(beside[..., PAST + i], so_far[..., 1])) for i, table in enumerate(self.gaps))

    def tell(
        self, x: Tensor, sound: Tensor, above: Tensor, hidden: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Logits (B, T, NUM_VALUES) of cells, from what is known of them (B, T, width), and the state.

        sound, above: what sounds before each cell, and in the next voice above with it, (B, T).
        """
        x = self.dropout(x)
        y, hidden = self.teller(x, hidden)
        y = self.dropout(x + y)
        y = self.dropout(y + self.last(functional.gelu(self.middle(y))))
        pitches = torch.arange(NUM_VALUES - FIRST, device=x.device) + LOWEST - DEEPEST + 2  # as sounds
        by_gap = self.from_own(y).gather(-1, gap(pitches, sound[..., None]))
        by_gap = by_gap + self.from_above(y).gather(-1, gap(pitches, above[..., None]))
        logits = self.out(y) + functional.pad(by_gap, (FIRST, 0))
        return logits if self.training else CALM * logits, hidden

    def forward(
        self,
        so_far: Tensor,
        beside: Tensor,
        voices: Tensor,
        points: Tensor | None = None,
        keys: Tensor | None = None,
    ) -> Tensor:
        """Logits (B, 16, NUM_VALUES) of cells after what was so far (B, 16, 3); see bar_context.so_far."""
        x = self.surroundings(beside, voices, points, keys) + self.before(so_far, beside)
        return self.tell(x, so_far[..., 1], next_above(beside, voices))[0]

    def greedy(self, points: Tensor, beside: np.ndarray, voices: np.ndarray) -> Tensor:
        """Log probabilities (B, 16, NUM_VALUES) of cells at points, the likeliest cell taken each time."""
        lines, of_voice = torch.from_numpy(beside), torch.from_numpy(voices)
        x, above = self.surroundings(lines, of_voice, points), next_above(lines, of_voice)
        sound, held = start(beside, voices)
        cell, hidden, found = np.full(len(voices), NUM_VALUES), None, []
        for step in range(STEPS_PER_BAR):
            now = slice(step, step + 1)
            so_far = torch.from_numpy(np.stack([cell, sound, held], -1))[:, None]
            known = x[:, now] + self.before(so_far, lines[:, now])
            logits, hidden = self.tell(known, so_far[..., 1], above[:, now], hidden)
            found.append(logits[:, 0].log_softmax(-1))
            cell = found[-1].argmax(-1).numpy()
            sound, held = after(cell, sound, held)
        return torch.stack(found, 1)


def points_or_none(points: Tensor | None, read: nn.Linear, none: Tensor, count: int) -> Tensor:
    """What `count` bars are told of their points, (count, 1, width): the first have them, the rest none."""
    without = none.expand(count - (0 if points is None else len(points)), 1, -1)
    return without if points is None else torch.cat([read(points)[:, None].to(none.dtype), without])


def gap(one: Tensor, other: Tensor) -> Tensor:
    """Semitones from other sounds up to these, as numbers from 1 on; 0 where one of the two is no pitch."""
    far = (one - other).clamp(-FARTHEST, FARTHEST) + FARTHEST + 1
    return torch.where((one > SILENT) & (other > SILENT), far, 0)


def next_above(beside: Tensor, voices: Tensor) -> Tensor:
    """What sounds in the next voice above, (B, 16), of what lies beside bars; UNKNOWN of sopranos."""
    lines = functional.pad(beside[..., PAST:], (1, 0), value=UNKNOWN)  # of no voice, soprano, alto, tenor
    which = torch.where(voices == ALONE, 0, voices)[:, None, None].expand(-1, beside.shape[1], 1)
    return lines.gather(-1, which)[..., 0]


class DrumBars(nn.Module):
    """Bars (B, 16, 9) of drums' levels, to and from `latent` numbers; a DrumNet tells them."""

    def __init__(self, width: int = 128, latent: int = 32) -> None:
        super().__init__()
        self.sizes = {"width": width, "latent": latent}
        self.points = Points(STEPS_PER_BAR * len(DRUMS) * NUM_LEVELS, 2 * width, latent)
        self.from_point = nn.Linear(latent, width)
        self.no_point = nn.Parameter(torch.zeros(width))
        self.drums = DrumNet(width)

    def encode(self, bars: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance (B, latent) of bars (B, 16, 9) of levels."""
        return self.points(one_hot(bars))

    def known(self, before: Tensor, past: Tensor, first: int, points: Tensor | None) -> Tensor:
        """What the drums are told in sight of, at steps from first on: (B, T, width)."""
        styles = torch.full((len(before),), ANY_STYLE, device=before.device)
        rhythm = torch.zeros(before.shape[:2], dtype=torch.long, device=before.device)
        x = self.drums.read(before, past, first, styles, rhythm)
        return x + points_or_none(points, self.from_point, self.no_point, len(x))

    def forward(
        self, bars: Tensor, past: Tensor, points: Tensor | None = None, blank: Tensor | None = None
    ) -> Tensor:
        """Logits (B, 16, 9, 4) of bars after others, both (B, 16, 9), silent where nothing is known.

        blank: bool (B, 16), at which steps the one before is not told.
        """
        before = torch.cat([past[:, -1:], bars[:, :-1]], 1)
        if blank is not None:
            before = before.masked_fill(blank[..., None], 0)
        return self.drums.decide(self.drums.gru(self.known(before, past, 0, points))[0], bars)

    def greedy(self, points: Tensor, past: np.ndarray) -> Tensor:
        """Log probabilities (B, 16, 9, 4) of levels at points, the likeliest level taken each time."""
        bar_before = torch.from_numpy(past)
        before, hidden, found = bar_before[:, -1:], None, []
        for step in range(STEPS_PER_BAR):
            x = self.known(before, bar_before[:, step : step + 1], step, points)
            state, hidden = self.drums.gru(x, hidden)
            levels = torch.zeros(len(points), 1, len(DRUMS), dtype=torch.long)
            for drum in range(len(DRUMS)):
                logits = self.drums.decide(state, levels)
                levels[:, 0, drum] = logits[:, 0, drum].argmax(-1)
            found.append(logits[:, 0].log_softmax(-1))
            before = levels
        return torch.stack(found, 1)


def drawn(mean: Tensor, log_variance: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """A draw of each distribution (B, latent), and nats by which they stand out from the standard normal."""
    noise = torch.randn(mean.shape, generator=generator)
    known = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(-1).mean()
    return mean + (0.5 * log_variance).exp() * noise, known


def initialise(net: nn.Module, generator: torch.Generator) -> None:
    """Set the weights from one generator: tables of deviation 0.3, the rest as torch does by itself."""
    for module in net.modules():
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.3, generator=generator)
        elif isinstance(module, nn.Linear | nn.GRU):
            for weight in module.parameters(recurse=False):
                if weight.ndim == 2:
                    bound = weight.shape[1] ** -0.5
                    nn.init.uniform_(weight, -bound, bound, generator=generator)
                else:
                    nn.init.zeros_(weight)
        elif isinstance(module, DrumNet):
            module.initialise(generator)


def load_bars(path: Path | None = None, name: str = "") -> dict[str, Any]:
    """The nets `melody` and `drums` in a file of `music-train --model bars`, or those of the lab."""
    path = path or BARS_FILE
    return unpacked(path, name or path.name, FORMAT, {"melody": MelodyBars, "drums": DrumBars})


def chosen_bars(model: dllab.Input | None) -> dict[str, Any]:
    """The nets that the user gave by `model=`, else those of the lab."""
    return load_bars() if model is None else load_bars(model.path, model.name)


@torch.no_grad()
def points(net: MelodyBars | DrumBars, bars: np.ndarray) -> np.ndarray:
    """Where bars, (B, 16) of cells or (B, 16, 9) of levels, lie: float32 (B, latent)."""
    return net.encode(torch.from_numpy(bars))[0].numpy()


@torch.no_grad()
def log_probs(net: MelodyBars | DrumBars, at: np.ndarray, *beside: np.ndarray) -> np.ndarray:
    """What stands in the cells at points (B, latent): log probabilities (B, 16, ..., values).

    beside: of a melody, sounds (B, 16, 7) and voices (B,), see bar_context; of drums, the bars before.
    """
    return net.greedy(torch.from_numpy(at.astype(np.float32)), *beside).numpy()


@torch.no_grad()
def nats_a_bar(net: MelodyBars | DrumBars, parts: Sequence[np.ndarray]) -> tuple[float, int]:
    """The surprise at bars that are told without a point, nats altogether, and how many cells there are.

    parts: of a melody, the fields of a Told; of drums, bars and those before them.
    """
    was_training = net.training
    net.eval()
    total, count = 0.0, 0
    for first in range(0, len(parts[0]), 512):
        some = [one[first : first + 512] for one in parts]
        logits, cells = told(net, some)
        nats = functional.cross_entropy(
            logits.flatten(0, -2).float(), cells.flatten(), ignore_index=-1, reduction="sum"
        )
        total, count = total + float(nats), count + int((cells >= 0).sum())
    net.train(was_training)
    return total, count


def told(
    net: MelodyBars | DrumBars,
    parts: Sequence[np.ndarray],
    points: Tensor | None = None,
    blank: np.ndarray | None = None,
    keys: np.ndarray | None = None,
) -> tuple[Tensor, Tensor]:
    """Logits of the cells of bars, and the cells themselves, -1 where there is none; parts: see nats_a_bar.

    points: of the first bars; those after them are told without.
    blank: bool (B, 16), before which cells the net is not told what was so far, so that it asks the point
    (as in Bowman et al. 2016). keys: semitones (B,), 0 to 11, by which melodies were moved from C.
    """
    if isinstance(net, DrumBars):
        bars, past = (torch.from_numpy(one) for one in parts)
        return net(bars, past, points, None if blank is None else torch.from_numpy(blank)), bars
    known = so_far(Told(*parts))
    if blank is not None:
        known[blank] = (NUM_VALUES, UNKNOWN, 0)
    cells, beside, voices = (torch.from_numpy(one) for one in parts)
    moved = None if keys is None else torch.from_numpy(keys)
    return net(torch.from_numpy(known), beside, voices, points, moved), cells


def between(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """The point at a share of the way from one to another, each (B, latent), along a great circle.

    A straight way would lead through the middle of the space, where no bar lies (Shoemake 1985). The length
    goes evenly from one's to the other's.
    """
    long_one, long_other = (np.linalg.norm(each, axis=-1, keepdims=True) + 1e-8 for each in (one, other))
    cosine = np.clip((one * other).sum(-1, keepdims=True) / (long_one * long_other), -1, 1)
    angle = np.arccos(cosine)
    sine = np.sin(angle)
    is_straight = sine < 1e-4
    safe = np.where(is_straight, 1.0, sine)
    first = np.where(is_straight, 1 - share, np.sin((1 - share) * angle) / safe)
    second = np.where(is_straight, share, np.sin(share * angle) / safe)
    length = (1 - share) * long_one + share * long_other
    return (first * one / long_one + second * other / long_other) * length
