"""Four voices written note by note, around what is given of them.

Where notes are given that the net would have to expect (a soprano to harmonise), several readings are written
side by side. Each is judged by how well it foretold the given notes, and the unlikely make way for the likely
at every beat: a particle filter (Gordon, Salmond, Smith 1993). So lower voices know where the melody goes.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch

from dllab_music.chorale_net import ChoraleNet
from dllab_music.chorales import LOWEST, NUM_TOKENS, SILENCE, STEPS_PER_BEAT, features, row, to_pitches
from dllab_music.keys import Key, heard, pitch_classes
from dllab_music.sampling import draw, softmax
from dllab_music.voice_leading import parallels

FREE = -2  # in a given array: a note for the net to write
READINGS = 8  # side by side, while there is something to foretell
ENDINGS = 12  # of which the best is taken
ENDING_STEPS = 24  # how many steps an ending is long
LEAST = 1e-6  # chance that a given note is held to have had at least


class Writer:
    """Pieces in the making: tokens (B, num_steps, 4), and the net's memory of them."""

    def __init__(
        self,
        net: ChoraleNet,
        given: np.ndarray,
        rng: np.random.Generator,
        temperature: float = 1.0,
        top_p: float = 1.0,
        scale: Iterable[int] | None = None,
        use_cache: bool = True,
        avoid_parallels: bool = False,
    ) -> None:
        """given: pitches (num_steps, 4), -1 for silence, FREE for what is to be written.

        scale: pitch classes that may be written, all where None. avoid_parallels: no note is written that
        moves in parallel fifths or octaves with a voice above it; given notes stay what they are.
        """
        self._net, self._given, self._rng = net.eval(), given, rng
        self._temperature, self._top_p = temperature, top_p
        self._cache = net.new_cache() if use_cache else None
        self.tokens = np.full((1, *given.shape), SILENCE, dtype=np.int64)
        self.weights = np.zeros(1)  # of each reading: log of how well it foretold
        self._held = np.zeros((1, 4), dtype=np.int64)
        pitches = np.arange(NUM_TOKENS) + LOWEST - 1
        self._barred = np.zeros(NUM_TOKENS)
        if scale is not None:
            allowed = set(scale)
            self._barred = np.where([pitch % 12 in allowed for pitch in pitches], 0.0, -np.inf)
        self._barred[SILENCE] = -np.inf  # singers do not fall silent of their own accord
        self._avoid_parallels = avoid_parallels

    def write(self, start: int, stop: int, readings: int = 1) -> None:
        """Write the steps from start up to stop; `readings` from here on, side by side."""
        if readings != len(self.tokens):
            self.split(readings)
        for step in range(start, stop):
            for voice in range(4):
                self._write_note(step, voice)
            is_new = (
                self.tokens[:, step] != self.tokens[:, step - 1] if step else np.ones_like(self._held, bool)
            )
            self._held = np.where(is_new, 1, self._held + 1)
            if (step + 1) % STEPS_PER_BEAT == 0 and len(self.tokens) > 1:
                self._compare()

    def _write_note(self, step: int, voice: int) -> None:
        logits = self._logits(step, voice)  # (B, NUM_TOKENS)
        given = self._given[step, voice]
        if given == FREE:
            barred = self._barred
            if self._avoid_parallels and step and voice:
                barred = np.where(self._parallels(step, voice), -np.inf, barred)
            self.tokens[:, step, voice] = draw(logits + barred, self._temperature, self._top_p, self._rng)
            return
        token = SILENCE if given < 0 else given - LOWEST + 1
        self.tokens[:, step, voice] = token
        if len(self.tokens) > 1:
            self.weights += np.log(np.maximum(softmax(logits)[:, token], LEAST))

    def _parallels(self, step: int, voice: int) -> np.ndarray:
        """Tokens that a teacher would strike out here: bool (B, NUM_TOKENS)."""
        found = parallels(to_pitches(self.tokens[:, step - 1]), to_pitches(self.tokens[:, step]), voice)
        return found[:, LOWEST - 1 : LOWEST - 1 + NUM_TOKENS]

    @torch.inference_mode()
    def _logits(self, step: int, voice: int) -> np.ndarray:
        if self._cache is not None:
            columns = row(self.tokens, step, voice, self._held)[:, None]
            return self._net(torch.from_numpy(columns), self._cache)[:, -1].numpy()
        end = 4 * step + voice + 1
        rows = np.stack([features(piece[: step + 1])[:end] for piece in self.tokens])
        return self._net(torch.from_numpy(rows))[:, -1].numpy()

    def split(self, readings: int) -> None:
        """Go on with that many readings, drawn by how well each foretold."""
        chances = np.exp(self.weights - self.weights.max())
        chances /= chances.sum()
        # One random number places them all, evenly spread: the fewest likely readings are lost.
        places = (np.arange(readings) + self._rng.random()) / readings
        rows = np.minimum(np.searchsorted(np.cumsum(chances), places), len(chances) - 1)
        self.choose(rows)

    def choose(self, rows: np.ndarray) -> None:
        """Go on with these readings."""
        self.tokens, self._held = self.tokens[rows].copy(), self._held[rows]
        self.weights = np.zeros(len(rows))
        if self._cache is not None:
            self._cache.choose(torch.from_numpy(rows))

    def _compare(self) -> None:
        """Let the likely readings take the place of the unlikely ones, when few count for all."""
        chances = np.exp(self.weights - self.weights.max())
        if chances.sum() ** 2 / (chances**2).sum() < len(chances) / 2:
            self.split(len(chances))


def write_chorale(
    net: ChoraleNet,
    given: np.ndarray,
    rng: np.random.Generator,
    temperature: float = 1.0,
    top_p: float = 1.0,
    scale: Iterable[int] | None = None,
    home: Key | None = None,
    avoid_parallels: bool = False,
) -> np.ndarray:
    """A piece (num_steps, 4) around what is given of it: see Writer.

    While notes are given READINGS are written side by side, from there on one. Of the last ENDING_STEPS
    steps ENDINGS are written, and that is taken which best comes to rest in the key `home`, or in the one
    that is heard.
    """
    num_steps = len(given)
    is_given = (given != FREE).any(axis=1)
    foretold = int(np.flatnonzero(is_given).max()) + 1 if is_given.any() else 0
    writer = Writer(net, given, rng, temperature, top_p, scale, avoid_parallels=avoid_parallels)
    if (given[:foretold] != FREE).all():  # nothing to write there, and so one reading is all
        writer.write(0, foretold)
    else:
        writer.write(0, foretold, READINGS)
    last = max(foretold, num_steps - ENDING_STEPS)
    if temperature > 0 and last < num_steps:
        writer.write(foretold, last, 1)
        writer.write(last, num_steps, ENDINGS)
        pieces = to_pitches(writer.tokens)
        rests = [rest(piece, home or heard(pitch_classes(piece))) for piece in pieces]
        return pieces[int(np.argmax(rests))]
    writer.write(foretold, num_steps, 1)
    return to_pitches(writer.tokens)[0]


def rest(piece: np.ndarray, key: Key) -> float:
    """How well the end of a piece (num_steps, 4) comes to rest in a key, from 0.

    One for each beat that the last chord is held, up to two; one for the tonic in the bass and one in the
    soprano; two for a chord of nothing but the tonic's triad, a major third in a minor key among it.
    """
    last = piece[-1]
    held = 0
    while held < min(len(piece), 2 * STEPS_PER_BEAT) and (piece[-1 - held] == last).all():
        held += 1
    third = {key.triad[1], (key.tonic + 4) % 12}
    chord = {int(pitch) % 12 for pitch in last if pitch >= 0}
    is_triad = chord <= {key.tonic, *third, key.triad[2]} and bool(chord & third)
    sounding = [int(pitch) for pitch in last if pitch >= 0]
    in_bass = bool(sounding) and sounding[-1] % 12 == key.tonic
    in_soprano = bool(sounding) and sounding[0] % 12 == key.tonic
    return held / STEPS_PER_BEAT + in_bass + in_soprano + 2 * is_triad
