"""The net that writes chorales: a small transformer that reads what a musician would look at, with a cache.

A decoder-only transformer (Vaswani et al. 2017) with rotary positions (Su et al. 2021), RMS norms before each
part (Zhang, Sennrich 2019) and no dropout in its attention. Where it differs from a language model: besides
the token before, it reads at each place the same voice a step and a bar before, how long that note has been
held, the place in the bar, and the newest note of each other voice.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

import dllab
from dllab_music.chorales import NUM_TOKENS, VOCABULARIES

WINDOW = 512  # tokens that a token can look back at: 32 beats


ROOM = 4 * WINDOW  # tokens that a cache holds before it forgets those out of sight


class Cache:
    """Keys and values of the tokens so far, by layer: (B, heads, ROOM, width / heads), filled in part."""

    def __init__(self, num_layers: int) -> None:
        self.keys: list[Tensor | None] = [None] * num_layers
        self.values: list[Tensor | None] = [None] * num_layers
        self.length = 0  # tokens that were read, those included that were forgotten
        self.held = 0  # tokens at the beginning of keys and values

    def make_room(self, tokens: int) -> None:
        """Forget what no token to come can look at, where the next `tokens` would not fit."""
        if self.held + tokens <= ROOM:
            return
        if tokens > ROOM - WINDOW:
            raise dllab.ShapeError(f"a cache takes at most {ROOM - WINDOW} tokens at once, got {tokens}")
        kept = min(WINDOW - 1, self.held)
        for each in (*self.keys, *self.values):
            if each is not None:
                each[:, :, :kept] = each[:, :, self.held - kept : self.held].clone()
        self.held = kept

    def extend(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Add the newest keys and values of a layer; returns those to look at, the newest last."""
        all_keys, all_values = self.keys[layer], self.values[layer]
        if all_keys is None or all_values is None:
            size = (*key.shape[:2], ROOM, key.shape[3])
            all_keys, all_values = key.new_empty(size), value.new_empty(size)
            self.keys[layer], self.values[layer] = all_keys, all_values
        end = self.held + key.shape[2]
        all_keys[:, :, self.held : end], all_values[:, :, self.held : end] = key, value
        first = max(0, self.held - (WINDOW - 1))
        return all_keys[:, :, first:end], all_values[:, :, first:end]

    def advance(self, tokens: int) -> None:
        """Count tokens whose keys and values every layer has added."""
        self.length += tokens
        self.held += tokens

    def choose(self, rows: Tensor) -> None:
        """Go on with these rows of the batch: int64 (new B,)."""
        for layer, (key, value) in enumerate(zip(self.keys, self.values, strict=True)):
            if key is not None and value is not None:
                self.keys[layer], self.values[layer] = key[rows], value[rows]


def turns(start: int, length: int, width: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosines and sines (length, width / 2) of the angles that tell a head of that width where a token is."""
    speeds = 10_000.0 ** (-torch.arange(0, width, 2, dtype=torch.float32, device=device) / width)
    places = torch.arange(start, start + length, dtype=torch.float32, device=device)
    angles = torch.outer(places, speeds)
    return angles.cos(), angles.sin()


def rotated(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """x (B, heads, T, d) with its pairs of numbers turned by angles that grow with the place in the piece."""
    cosine, sine = turn[0].to(x), turn[1].to(x)
    even, odd = x[..., ::2], x[..., 1::2]
    return torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), -1).flatten(-2)


def look_back(length: int, seen: int, device: torch.device) -> Tensor:
    """Which of `seen` tokens the last `length` may look at, WINDOW back at most: bool (length, seen)."""
    at = torch.arange(seen - length, seen, device=device)[:, None]
    other = torch.arange(seen, device=device)[None]
    return (other <= at) & (other > at - WINDOW)


class Block(nn.Module):
    """Attention, then two layers at each place; both add to what they read."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.attention_norm, self.norm = nn.RMSNorm(width), nn.RMSNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], cache: Cache | None, layer: int) -> Tensor:
        """x: (B, T, width), the same back; turn: see `turns`."""
        batch, length, width = x.shape
        qkv = self.qkv(self.attention_norm(x)).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)  # each (B, heads, T, width / heads)
        query, key = rotated(query, turn), rotated(key, turn)
        if cache is not None:
            key, value = cache.extend(layer, key, value)
        if cache is None and length <= WINDOW:
            y = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        elif length == 1:  # what the cache holds is all that it may look at
            y = functional.scaled_dot_product_attention(query, key, value)
        else:
            mask = look_back(length, key.shape[2], x.device)
            y = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        y = self.out(y.transpose(1, 2).reshape(batch, length, width))
        x = x + functional.dropout(y, self.dropout, self.training)
        y = self.down(functional.gelu(self.up(self.norm(x))))
        return x + functional.dropout(y, self.dropout, self.training)


class ChoraleNet(nn.Module):
    """From features (B, T, 8) to the logits of each token (B, T, NUM_TOKENS); see chorales.COLUMNS."""

    def __init__(self, width: int = 160, num_layers: int = 5, heads: int = 5, dropout: float = 0.2) -> None:
        super().__init__()
        self.sizes = {"width": width, "num_layers": num_layers, "heads": heads}
        self.dropout = dropout
        self.embeddings = nn.ModuleList(nn.Embedding(size, width) for size in VOCABULARIES)
        self.blocks = nn.ModuleList(Block(width, heads, dropout) for _ in range(num_layers))
        self.norm = nn.RMSNorm(width)
        self.head = nn.Linear(width, NUM_TOKENS)

    def initialise(self, generator: torch.Generator) -> None:
        """Set the weights: embeddings of deviation 0.3, so that their sum is about 1; the rest as torch
        does.
        """
        for embedding in self.embeddings:
            nn.init.normal_(embedding.weight, std=0.3, generator=generator)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                bound = module.in_features**-0.5
                nn.init.uniform_(module.weight, -bound, bound, generator=generator)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, columns: Tensor, cache: Cache | None = None) -> Tensor:
        """With a cache, `columns` are those of the tokens that it has not read yet."""
        x = sum(embedding(columns[..., i]) for i, embedding in enumerate(self.embeddings))
        x = functional.dropout(x, self.dropout, self.training)
        start = 0
        if cache is not None:
            cache.make_room(x.shape[1])
            start = cache.length
        turn = turns(start, x.shape[1], x.shape[2] // self.sizes["heads"], x.device)
        for layer, block in enumerate(self.blocks):
            x = block(x, turn, cache, layer)
        if cache is not None:
            cache.advance(columns.shape[1])
        return self.head(self.norm(x))

    def new_cache(self) -> Cache:
        """An empty cache for generating."""
        return Cache(len(self.blocks))
