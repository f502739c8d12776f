"""One recurrent reader for the experiments on sequences, and the LSTM's steps from its formulas."""

from __future__ import annotations

from typing import NamedTuple

import torch

FORGET_BIAS = 2.0


class Reader(torch.nn.Module):
    """A recurrent layer that reads a sequence, and one output neuron that looks at its last state."""

    def __init__(self, kind: str, inputs: int, hidden: int, generator: torch.Generator) -> None:
        """kind: "RNN" (tanh) or "LSTM". Weights are uniform within 1 / sqrt(hidden), as torch has them.

        The bias of the LSTM's forget gate is 2, so that it keeps most of its memory at the start.
        Source: Jozefowicz et al. 2015, section 2.2, who recommend 1 or 2.
        """
        super().__init__()
        layer = {"RNN": torch.nn.RNN, "LSTM": torch.nn.LSTM}[kind]
        self.layer = layer(inputs, hidden, batch_first=True)
        self.head = torch.nn.Linear(hidden, 1)
        with torch.no_grad():
            for weights in self.parameters():
                weights.uniform_(-(hidden**-0.5), hidden**-0.5, generator=generator)
            if kind == "LSTM":
                self.layer.bias_ih_l0[hidden : 2 * hidden] = FORGET_BIAS
                self.layer.bias_hh_l0[hidden : 2 * hidden] = 0.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Sequences (n, steps, inputs) to one number each, (n,)."""
        said: torch.Tensor = self.every(x)[:, -1]
        return said

    def every(self, x: torch.Tensor) -> torch.Tensor:
        """Sequences (n, steps, inputs) to the number that would be said at each step, (n, steps)."""
        said: torch.Tensor = self.head(self.layer(x)[0])[..., 0]
        return said

    def predict(self, x: torch.Tensor) -> torch.Tensor:
        """The same as forward, without a gradient."""
        with torch.no_grad():
            return self.forward(x)


class Steps(NamedTuple):
    """What happens inside an LSTM, each of shape (n, steps, hidden)."""

    input_gate: torch.Tensor
    forget_gate: torch.Tensor
    output_gate: torch.Tensor
    cell: torch.Tensor
    hidden: torch.Tensor


def by_hand(layer: torch.nn.LSTM, x: torch.Tensor) -> Steps:
    """The steps of one LSTM layer on sequences (n, steps, inputs), from its formulas.

    i, f, o = σ(W x + U h + b); c = f · c + i · tanh(W x + U h + b); h = o · tanh c.
    Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.
    """
    W, U, first, second = (weights.detach() for weights in layer.parameters())  # torch has two biases
    c = h = torch.zeros(len(x), layer.hidden_size)
    rows = []
    with torch.no_grad():
        for step in range(x.shape[1]):
            z = x[:, step] @ W.T + h @ U.T + first + second
            i, f, g, o = z.chunk(4, dim=1)
            i, f, o = i.sigmoid(), f.sigmoid(), o.sigmoid()
            c = f * c + i * g.tanh()
            h = o * c.tanh()
            rows.append((i, f, o, c, h))
    return Steps(*(torch.stack(one, dim=1) for one in zip(*rows, strict=True)))
