"""Ways from one melody or drum loop to another, each step truly nearer to the end than the last.

The net of bars proposes: it decodes points between the two, and what it decodes wrongly at an end it is
forgiven there. Whether a step is nearer is not left to it: distance is counted in what is played, and a
step that is too far or too near is mended by what stands in the end (or the beginning), the likeliest parts
first.

Distance: of melodies, the sixteenths that differ in the pitch that sounds or in whether it is struck; of
drums, the strokes that one has and the other has not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dllab_music.bar_context import ALONE, alone
from dllab_music.bar_vae import DrumBars, MelodyBars, between, log_probs, points
from dllab_music.bars import (
    FIRST,
    HOLD,
    LOWEST,
    NUM_VALUES,
    REST,
    STEPS_PER_BAR,
    Line,
    key_of,
    padded,
    share_in_key,
    shift_to_c,
    tidy,
    to_bars,
)
from dllab_music.keys import Key

SILENT, GOES_ON = -1, -2  # cells of a line, beside pitches that are struck
AROUND = (0.0, -0.25, 0.25, -0.5, 0.5)  # steps before and after a step's place that are looked at, too
MENDS = 40  # how many amounts of mending are tried at most
MENDED_COST, KEY_COST = 0.3, 2.0  # of all cells mended, and of all notes out of key, against distance off
OUT_OF_KEY = 2.0  # nats by which parts out of key are mended earlier
EVEN = 0.4  # of an even fall's pace that a step may be off, where anything lies within
WANDER = 0.5  # deviations by which a way leaves the straightest at its middle, at temperature 1


def line_distance(one: Line, other: Line) -> int:
    """Sixteenths in which two lines of one length differ, in pitch or in whether it is struck."""
    return int(np.count_nonzero(one.codes != other.codes))


def stroke_distance(one: np.ndarray, other: np.ndarray) -> int:
    """Strokes (T, 9) that one loop has and the other has not."""
    return int(np.count_nonzero((one > 0) != (other > 0)))


class LinePath:
    """From a line to another, both of the same whole bars."""

    def __init__(self, net: MelodyBars, start: Line, end: Line, noise: np.ndarray | None = None) -> None:
        """noise: (bars, latent) by which the way wanders, None for the straightest."""
        self.net, self.start, self.end, self.noise = net, start, end, noise
        self.keys = key_of(start), key_of(end)
        ends = [to_bars(line, shift_to_c(key)) for line, key in zip((start, end), self.keys, strict=True)]
        (one, other), self._moves = zip(*ends, strict=True)
        self._in_key = min(share_in_key(line) for line in (start, end))
        self._points = points(net, one), points(net, other)
        self._beside = [
            alone(line.pitches.reshape(-1, STEPS_PER_BAR), moves)
            for line, moves in zip((start, end), self._moves, strict=True)
        ]
        self._copies = [
            self._told([at], end)[0].argmax(-1).reshape(-1) for end, at in enumerate(self._points)
        ]
        self._cells = cells_of(start), cells_of(end)
        self._end_told = other.reshape(-1)
        self.full = line_distance(start, end)

    def distance(self, line: Line) -> int:
        """To the end."""
        return line_distance(line, self.end)

    def proposals(self, shares: list[float]) -> Iterator[tuple[Line, float]]:
        """Lines at shares of the way, with how much of each was mended: of a share first the net's own."""
        by_end = [[one for one in shares if (one >= 0.5) == which] for which in (False, True)]
        for which, some in enumerate(by_end):  # the nearer end, whose key is to be heard
            ways = [_way(self._points, share, self.noise) for share in some]
            for told in self._told(ways, which):
                yield from self._mendings(told, which)

    def _told(self, ways: list[np.ndarray], which: int) -> list[np.ndarray]:
        """Log probabilities (bars, 16, NUM_VALUES) at points (bars, latent), after an end's bars."""
        if not ways:
            return []
        beside = np.concatenate([self._beside[which]] * len(ways))
        told = log_probs(self.net, np.concatenate(ways), beside, np.full(len(beside), ALONE))
        return np.split(told, len(ways))

    def _mendings(self, told: np.ndarray, which: int) -> Iterator[tuple[Line, float]]:
        """What was told as a line, and lines nearer to the end, or to the beginning, by more and more."""
        cells = self._freed(told, which)
        likely = told.reshape(len(cells), -1)[np.arange(len(cells)), self._end_told]
        yield line_of(cells), 0.0
        for given, sign in ((1, -1.0), (0, 1.0)):  # what is likeliest in the end first; the unlikeliest back
            own, spans = self._cells[given], spans_of(self._cells[given])
            strange, now = self._strange(own, which), self._strange(cells, which)
            order = np.argsort(
                [
                    sign * likely[a:b].mean()
                    + OUT_OF_KEY * (float(strange[a:b].any()) - float(now[a:b].any()))
                    for a, b in spans
                ],
                kind="stable",
            )
            mended, stops = cells.copy(), _stops(len(spans))
            for count, chosen in enumerate(order, 1):
                part = slice(*spans[chosen])
                mended[part] = own[part]
                if count in stops:
                    yield line_of(mended), count / len(spans)

    def crossings(self, line: Line) -> Iterator[tuple[Line, float]]:
        """The end's first part and a line's last, with more and more of the end."""
        cells = cells_of(line)
        for size in range(1, len(cells)):
            yield line_of(np.concatenate([self._cells[1][:size], cells[size:]])), 1.0

    def _freed(self, told: np.ndarray, which: int) -> np.ndarray:
        """Decoded log probabilities as cells of a line in the key of one end.

        Where the net says what it says of an end, that end's own cell stands: what it gets wrong there is
        forgiven. New pitches are those of the key and of that end; of the farther end, of the key alone.
        """
        key, move = self.keys[which], np.repeat(self._moves[which], STEPS_PER_BAR)
        values = told.argmax(-1).reshape(-1)
        known = key.scale | set((self._cells[which][self._cells[which] >= 0] % 12).tolist())
        in_key = np.array([*(True,) * FIRST, *(pitch % 12 in known for pitch in _in_c(key))])
        chosen = np.where(in_key, told, -np.inf).argmax(-1).reshape(-1)
        pitches = chosen - FIRST + LOWEST - move
        cells = np.where(chosen == REST, SILENT, np.where(chosen == HOLD, GOES_ON, pitches))
        far = (values == self._copies[1 - which]) & ~self._strange(self._cells[1 - which], which)
        cells = np.where(far, self._cells[1 - which], cells)
        return np.where(values == self._copies[which], self._cells[which], cells)

    def _strange(self, cells: np.ndarray, which: int) -> np.ndarray:
        """Which cells are pitches out of the key of an end: bool (T,)."""
        return (cells >= 0) & ~np.isin(cells % 12, list(self.keys[which].scale))

    def price(self, line: Line, mended: float) -> float:
        """What a proposal costs: the share that was mended, and notes out of key beyond the ends' own."""
        return MENDED_COST * mended + KEY_COST * max(0.0, self._in_key - share_in_key(line))


def _in_c(key: Key) -> list[int]:
    """The pitches that the net tells, moved from C major or A minor to a key."""
    return [LOWEST + value - shift_to_c(key) for value in range(NUM_VALUES - FIRST)]


class DrumPath:
    """From levels (T, 9) to others, of the same whole bars."""

    def __init__(
        self, net: DrumBars, start: np.ndarray, end: np.ndarray, noise: np.ndarray | None = None
    ) -> None:
        """noise: (bars, latent) by which the way wanders, None for the straightest."""
        self.net, self.start, self.end, self.noise = net, start, end, noise
        bars = [one.reshape(-1, STEPS_PER_BAR, one.shape[1]) for one in (start, end)]
        self._points = tuple(points(net, one) for one in bars)
        self._past = [np.concatenate([np.zeros_like(one[:1]), one[:-1]]) for one in bars]
        self._copies = [self._told([at], end)[0].argmax(-1) for end, at in enumerate(self._points)]
        self.full = stroke_distance(start, end)

    def distance(self, levels: np.ndarray) -> int:
        """To the end."""
        return stroke_distance(levels, self.end)

    def proposals(self, shares: list[float]) -> Iterator[tuple[np.ndarray, float]]:
        """Loops at shares of the way, with how much of each was mended: of a share first the net's own."""
        by_end = [[one for one in shares if (one >= 0.5) == which] for which in (False, True)]
        for which, some in enumerate(by_end):
            ways = [_way(self._points, share, self.noise) for share in some]
            for told in self._told(ways, which):
                yield from self._mendings(told, which)

    def _told(self, ways: list[np.ndarray], which: int) -> list[np.ndarray]:
        """Log probabilities (T, 9, 4) at points (bars, latent); an end's bars lie before them."""
        if not ways:
            return []
        past = np.concatenate([self._past[which]] * len(ways))
        told = log_probs(self.net, np.concatenate(ways), past)
        return [one.reshape(*self.start.shape, -1) for one in np.split(told, len(ways))]

    def _mendings(self, told: np.ndarray, which: int) -> Iterator[tuple[np.ndarray, float]]:
        """What was told as a loop, and loops nearer to the end, or to the beginning, by more and more."""
        levels = told.argmax(-1)
        ends = ((self._copies[0], self.start), (self._copies[1], self.end))
        for copy, own in ends if which else ends[::-1]:
            levels = np.where(levels == copy, own, levels)
        yield levels, 0.0
        likely = np.where(self.end > 0, -told[..., 0], told[..., 0])  # how much the end's cell suits the net
        is_off = (levels > 0) != (self.end > 0)
        back = ~is_off & ((self.start > 0) != (self.end > 0))
        for cells, given, sign in ((is_off, self.end, -1.0), (back, self.start, 1.0)):
            places = np.argwhere(cells)
            places = places[np.argsort(sign * likely[cells], kind="stable")]
            mended, stops = levels.copy(), _stops(len(places))
            for count, (step, drum) in enumerate(places, 1):
                mended[step, drum] = given[step, drum]
                if count in stops:
                    yield mended.copy(), count / max(self.full, 1)

    def price(self, levels: np.ndarray, mended: float) -> float:
        """What a proposal costs: the share that was mended."""
        return MENDED_COST * mended

    def crossings(self, levels: np.ndarray) -> Iterator[tuple[np.ndarray, float]]:
        """The end's first part and a loop's last, with more and more of the end."""
        for size in range(1, len(levels)):
            yield np.concatenate([self.end[:size], levels[size:]]), 1.0


def walk(path: LinePath | DrumPath, steps: int) -> list:
    """So many steps between the ends of a path; the distance to the end falls at each, and at the end's too.

    Of the proposals around its place, each step takes the one whose distance lies nearest to an even fall.
    Returns fewer steps where the ends differ too little for more.
    """
    found: list = []
    last = path.full
    pace = path.full / (steps + 1)
    for number in range(1, steps + 1):
        left = steps - number + 1  # the least distance from which the rest can still fall
        wanted = pace * left
        shares = [float(np.clip((number + one) / (steps + 1), 0.02, 0.98)) for one in AROUND]
        offered = [(path.distance(one), one, mended) for one, mended in path.proposals(shares)]
        near = max(left, wanted - EVEN * pace), min(last - 1, wanted + EVEN * pace)
        fits = [one for one in offered if near[0] <= one[0] <= near[1]]
        if not fits:
            before = found[-1] if found else path.start
            offered += [(path.distance(one), one, mended) for one, mended in path.crossings(before)]
            fits = [one for one in offered if near[0] <= one[0] <= near[1]]
        fits = fits or [one for one in offered if left <= one[0] < last]
        if not fits:
            return found
        prices = [
            path.price(one, mended) + abs(far - wanted) / max(path.full, 1) for far, one, mended in fits
        ]
        last, best, _ = fits[int(np.argmin(prices))]
        found.append(best)
    return found


def _way(ends: tuple[np.ndarray, ...], share: float, noise: np.ndarray | None) -> np.ndarray:
    """The points at a share of the way between two ends' (bars, latent), off it by noise in the middle."""
    at = between(ends[0], ends[1], share)
    return at if noise is None else at + np.sin(np.pi * share) * noise


def _stops(count: int) -> set[int]:
    """After how many of `count` mended parts a proposal is made: all of a few, MENDS of many."""
    return set(np.linspace(1, count, min(count, MENDS)).round().astype(int).tolist())


def cells_of(line: Line) -> np.ndarray:
    """A line as cells (T,): a pitch that is struck, SILENT, or GOES_ON."""
    return np.where(line.pitches < 0, SILENT, np.where(line.is_struck, line.pitches, GOES_ON))


def line_of(cells: np.ndarray) -> Line:
    """Cells (T,) as a line; what goes on goes on with whatever sounded before, be it silence."""
    at = np.maximum.accumulate(np.where(cells == GOES_ON, -1, np.arange(len(cells))))
    pitches = np.where(at < 0, SILENT, cells[np.maximum(at, 0)])
    return tidy(pitches, (cells >= 0) & (pitches >= 0))


def spans_of(cells: np.ndarray) -> list[tuple[int, int]]:
    """Where each note or silence of a line's cells begins and ends; a bar line ends it, too."""
    steps = np.arange(len(cells))
    begins = np.flatnonzero((cells >= 0) | (steps % STEPS_PER_BAR == 0) | (np.diff(cells, prepend=-9) == 1))
    return list(zip(begins.tolist(), [*begins[1:].tolist(), len(cells)], strict=True))


def whole_bars(*lengths: int) -> int:
    """Steps of the longest, filled up to whole bars."""
    return STEPS_PER_BAR * -(-max(lengths) // STEPS_PER_BAR)


def same_length(one: Line, other: Line) -> tuple[Line, Line]:
    """Two lines, silent at their ends so that both have the longer one's whole bars."""
    size = whole_bars(len(one), len(other))
    return padded(one, size), padded(other, size)
