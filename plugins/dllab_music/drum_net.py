"""The nets that drum: one writes loops step by step, one plays them as a person would.

DrumNet is a recurrent net (gated recurrent units, Cho et al. 2014) over sixteenths. At a step it reads the
step before, the same step of the bar before, the place in the four bars, the style, and, where one is
given, the rhythm that the drums are to follow. What it knows then decides the drums of the step one after
another, each in sight of those before it (as in the neural autoregressive estimator of Larochelle, Murray
2011). GrooveNet reads a stiff loop forwards and backwards, and tells of each stroke how loud and how late
it would be.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from dllab_music.drum_grammar import DRUMS, NUM_LEVELS, STEPS_PER_BAR, STYLES

NUM_DRUMS = len(DRUMS)
FORM = 4 * STEPS_PER_BAR  # steps after which the place in the form begins again
ANY_STYLE = len(STYLES)  # the style's number where none is given
UNKNOWN, REST, ONSET, ONSET_ACCENT = range(4)  # of a rhythm that is to be followed
LOOK_AHEAD = 4  # steps of the rhythm that are read: this one and the three to come
VELOCITY_UNIT, OFFSET_UNIT = 30.0, 0.08  # what GrooveNet counts in: MIDI velocity, sixteenths
MIDDLE_VELOCITY = 80.0
LEAST_DEVIATION = 0.05  # in those units


class DrumNet(nn.Module):
    """From what was played to the logits of each drum's level, 0 (silent) to 3 (accent)."""

    def __init__(self, width: int = 160, num_layers: int = 2, head: int = 64) -> None:
        super().__init__()
        self.sizes = {"width": width, "num_layers": num_layers, "head": head}
        self.before = nn.Linear(NUM_DRUMS * NUM_LEVELS, width, bias=False)
        self.bar_before = nn.Linear(NUM_DRUMS * NUM_LEVELS, width, bias=False)
        self.place = nn.Embedding(FORM, width)
        self.style = nn.Embedding(len(STYLES) + 1, width)
        self.rhythm = nn.Embedding(LOOK_AHEAD * 4, width)
        self.gru = nn.GRU(width, width, num_layers=num_layers, batch_first=True)
        self.state = nn.Linear(width, head)
        self.now = nn.Parameter(
            torch.zeros(NUM_DRUMS, NUM_LEVELS, head)
        )  # levels of the drums decided before
        self.drum = nn.Parameter(torch.zeros(NUM_DRUMS, head))
        self.middle = nn.Linear(head, head)
        self.out = nn.Parameter(torch.zeros(NUM_DRUMS, head, NUM_LEVELS))
        self.bias = nn.Parameter(torch.zeros(NUM_DRUMS, NUM_LEVELS))

    def forward(self, levels: Tensor, style: Tensor, rhythm: Tensor) -> Tensor:
        """Logits (B, T, 9, 4) of every level of loops (B, T, 9); style: (B,); rhythm: (B, T), 0 unknown."""
        silent = torch.zeros_like(levels[:, :1])
        before = torch.cat([silent, levels[:, :-1]], 1)
        bar_before = functional.pad(levels, (0, 0, STEPS_PER_BAR, 0))[:, : levels.shape[1]]
        x = self.read(before, bar_before, 0, style, rhythm)  # (B, T, width)
        hidden, _ = self.gru(x)
        return self.decide(hidden, levels)

    def read(self, before: Tensor, bar_before: Tensor, first: int, style: Tensor, rhythm: Tensor) -> Tensor:
        """What the recurrent layers are given at steps first, first + 1, ...: (B, T, width).

        before, bar_before: levels (B, T, 9); rhythm: (B, T) or longer: its end is read ahead.
        """
        length = before.shape[1]
        ahead = functional.pad(rhythm, (0, LOOK_AHEAD))
        window = torch.stack([ahead[:, i : i + length] + 4 * i for i in range(LOOK_AHEAD)], -1)
        place = torch.arange(first, first + length) % FORM
        x = self.before(one_hot(before).flatten(2)) + self.bar_before(one_hot(bar_before).flatten(2))
        return x + self.place(place) + self.style(style)[:, None] + self.rhythm(window).sum(2)

    def decide(self, hidden: Tensor, levels: Tensor) -> Tensor:
        """Logits (B, T, 9, 4) of each drum, given those before it in the step: hidden (B, T, width)."""
        known = torch.einsum("btdl,dlh->btdh", one_hot(levels), self.now)
        known = known.cumsum(2) - known  # what was decided before this drum
        y = functional.gelu(self.state(hidden)[:, :, None] + known + self.drum)
        y = functional.gelu(self.middle(y))
        return torch.einsum("btdh,dhl->btdl", y, self.out) + self.bias

    def initialise(self, generator: torch.Generator) -> None:
        """Set the weights from one generator."""
        for name, weight in self.named_parameters():
            if "bias" in name:
                nn.init.zeros_(weight)
            elif weight.ndim == 2 and (
                "gru" in name or name.startswith(("state", "middle", "before", "bar_before"))
            ):
                nn.init.uniform_(
                    weight, -(weight.shape[1] ** -0.5), weight.shape[1] ** -0.5, generator=generator
                )
            else:
                nn.init.normal_(weight, std=0.15, generator=generator)


class GrooveNet(nn.Module):
    """From strokes (B, T, 9), 1 where there is one, to how each would be played; see forward."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.sizes = {"width": width}
        self.strokes = nn.Linear(NUM_DRUMS, width)
        self.place = nn.Embedding(STEPS_PER_BAR, width)
        self.gru = nn.GRU(width, width, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * width, NUM_DRUMS * 4)

    def forward(self, strokes: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Velocity's mean and deviation, offset's mean and deviation: each (B, T, 9), in the units above."""
        place = torch.arange(strokes.shape[1]) % STEPS_PER_BAR
        hidden, _ = self.gru(self.strokes(strokes) + self.place(place))
        velocity, spread, offset, unrest = self.out(hidden).unflatten(-1, (4, NUM_DRUMS)).unbind(2)
        return (
            velocity,
            functional.softplus(spread) + LEAST_DEVIATION,
            offset,
            functional.softplus(unrest) + LEAST_DEVIATION,
        )

    def initialise(self, generator: torch.Generator) -> None:
        """Set the weights from one generator."""
        for weight in self.parameters():
            if weight.ndim == 2:
                nn.init.uniform_(
                    weight, -(weight.shape[1] ** -0.5), weight.shape[1] ** -0.5, generator=generator
                )
            else:
                nn.init.zeros_(weight)


def one_hot(levels: Tensor) -> Tensor:
    """Levels of any shape as float32 (..., 4)."""
    return functional.one_hot(levels, NUM_LEVELS).float()


def level_loss(logits: Tensor, levels: Tensor) -> Tensor:
    """Nats a step (sixteenth): the sum over its nine drums, the mean over steps and loops."""
    nats = functional.cross_entropy(logits.flatten(0, 2), levels.flatten(), reduction="sum")
    return nats / (levels.shape[0] * levels.shape[1])


def groove_loss(net: GrooveNet, velocities: Tensor, offsets: Tensor) -> Tensor:
    """Nats a stroke of normal densities over velocity and offset; each (B, T, 9), 0 where no stroke is."""
    is_stroke = velocities > 0
    velocity, spread, offset, unrest = net(is_stroke.float())
    loud = (velocities - MIDDLE_VELOCITY) / VELOCITY_UNIT
    nats = spread.log() + 0.5 * ((loud - velocity) / spread).square()
    nats = nats + unrest.log() + 0.5 * ((offsets / OFFSET_UNIT - offset) / unrest).square()
    return nats[is_stroke].mean()


@torch.no_grad()
def sample(
    net: DrumNet,
    style: int,
    num_steps: int,
    generator: torch.Generator,
    temperature: float = 1.0,
    top_p: float = 1.0,
    rhythm: np.ndarray | None = None,
    follow: float = 1.0,
) -> np.ndarray:
    """A new loop: levels (num_steps, 9), int64.

    temperature 0 takes the likeliest level each time; top_p keeps the likeliest levels that together have
    this probability. rhythm: (num_steps,) of UNKNOWN, REST, ONSET, ONSET_ACCENT; follow: how much it
    counts; above 1 the logits go beyond those with the rhythm, away from those without (Ho, Salimans 2022).
    """
    given = torch.zeros(1, num_steps, dtype=torch.long)
    if rhythm is not None:
        given = torch.from_numpy(np.asarray(rhythm, dtype=np.int64))[None]
    is_guided = rhythm is not None and follow != 1.0
    rhythms = torch.cat([given, torch.zeros_like(given)]) if is_guided else given  # (1 or 2, T)
    rows = len(rhythms)
    styles = torch.full((rows,), style)
    levels = torch.zeros(
        rows, num_steps + STEPS_PER_BAR + 1, NUM_DRUMS, dtype=torch.long
    )  # a silent bar ahead
    shift, hidden = STEPS_PER_BAR + 1, None
    for t in range(num_steps):
        before, bar_before = levels[:, t + shift - 1, None], levels[:, t + shift - STEPS_PER_BAR, None]
        x = net.read(before, bar_before, t, styles, rhythms[:, t : t + LOOK_AHEAD])
        state, hidden = net.gru(x, hidden)
        seen, known = net.state(state)[:, 0], torch.zeros(rows, net.sizes["head"])  # as in DrumNet.decide
        for drum in range(NUM_DRUMS):
            y = functional.gelu(seen + known + net.drum[drum])
            logits = functional.gelu(net.middle(y)) @ net.out[drum] + net.bias[drum]  # (rows, 4)
            one = logits[0] if not is_guided else logits[1] + follow * (logits[0] - logits[1])
            level = _drawn(one, generator, temperature, top_p)
            known = known + net.now[drum, level]
            levels[:, t + shift, drum] = level
    return levels[0, shift:].numpy()


def _drawn(logits: Tensor, generator: torch.Generator, temperature: float, top_p: float) -> int:
    if temperature == 0:
        return int(logits.argmax())
    probs = (logits / temperature).softmax(-1)
    values, order = probs.sort(descending=True, stable=True)
    values = torch.where(values.cumsum(0) - values < top_p, values, torch.zeros_like(values))
    return int(order[torch.multinomial(values, 1, generator=generator)])
