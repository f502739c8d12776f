"""Four-voice chorales as numbers: the grid, what the net reads of it, and the way to and from songs.

A chorale is an array (num_steps, 4): the pitches of soprano, alto, tenor and bass at each sixteenth, -1 for
silence.
Its tokens are read step by step and, in a step, from soprano to bass: token 4 t + v is voice v at step t.
"""

from __future__ import annotations

import itertools

import numpy as np

from dllab_music.songs import Note, Song

VOICES = ("soprano", "alto", "tenor", "bass")
VOICES_KO = ("소프라노", "알토", "테너", "베이스")
STEPS_PER_BEAT, STEPS_PER_BAR = 4, 16
LOWEST, HIGHEST = 30, 90  # pitches that the net knows
SILENCE = 0  # token; pitch p is token p - LOWEST + 1
NUM_TOKENS = HIGHEST - LOWEST + 2
START = NUM_TOKENS  # stands where nothing was yet
LONGEST_HOLD = 32  # steps; longer held notes count as this
# What the net reads at a token, column by column: the token before, the same voice a step and a bar before,
# the place in the bar and the voice, for how long the voice's note is held, and the newest note of each
# other.
COLUMNS = ("previous", "same_voice", "bar_before", "place", "held", "other_0", "other_1", "other_2")
PITCH_COLUMNS = (0, 1, 2, 5, 6, 7)
VOCABULARIES = (
    NUM_TOKENS + 1, NUM_TOKENS + 1, NUM_TOKENS + 1, STEPS_PER_BAR * 4, (LONGEST_HOLD + 1) * 4,
    NUM_TOKENS + 1, NUM_TOKENS + 1, NUM_TOKENS + 1,
)  # fmt: skip
RANGES = ((60, 81), (53, 74), (46, 69), (36, 64))  # of each voice, lowest and highest pitch that singers take


def to_tokens(piece: np.ndarray) -> np.ndarray:
    """Pitches (num_steps, 4), -1 for silence, as tokens of the same shape."""
    return np.where(piece < 0, SILENCE, piece - LOWEST + 1).astype(np.int64)


def to_pitches(tokens: np.ndarray) -> np.ndarray:
    """Tokens (num_steps, 4) as pitches, -1 for silence."""
    return np.where(tokens == SILENCE, -1, tokens + LOWEST - 1)


def features(tokens: np.ndarray) -> np.ndarray:
    """What the net reads at each token of a piece (num_steps, 4): int64 (num_steps * 4, 8), see COLUMNS.

    Row 4 t + v tells nothing of the token that it is to predict, nor of any after it.
    """
    num_steps = len(tokens)
    before = np.vstack([np.full((1, 4), START), tokens[:-1]])  # (num_steps, 4)
    bar_before = np.vstack([np.full((min(STEPS_PER_BAR, num_steps), 4), START), tokens[:-STEPS_PER_BAR]])
    steps = np.arange(num_steps)[:, None]  # (num_steps, 1)
    is_new = np.vstack([np.ones((1, 4), bool), tokens[1:] != tokens[:-1]])
    begun = np.maximum.accumulate(np.where(is_new, steps, 0))  # when the note that sounds at a step began
    held = np.zeros_like(tokens)
    held[1:] = np.minimum(steps[1:] - begun[:-1], LONGEST_HOLD)
    out = np.empty((num_steps, 4, len(COLUMNS)), dtype=np.int64)
    out[:, :, 0] = np.concatenate([[START], tokens.reshape(-1)[:-1]]).reshape(num_steps, 4)
    out[:, :, 1] = before
    out[:, :, 2] = bar_before[:num_steps]
    out[:, :, 3] = steps % STEPS_PER_BAR * 4 + np.arange(4)
    out[:, :, 4] = held * 4 + np.arange(4)
    for voice in range(4):
        for column, other in enumerate(one for one in range(4) if one != voice):
            out[:, voice, 5 + column] = tokens[:, other] if other < voice else before[:, other]
    return out.reshape(num_steps * 4, len(COLUMNS))


def row(tokens: np.ndarray, step: int, voice: int, held: np.ndarray) -> np.ndarray:
    """Row 4 step + voice of `features` for a batch of pieces of which no more is known: int64 (B, 8).

    tokens: (B, num_steps, 4); held: (B, 4), for how many steps the note of each voice before this step had
    been held.
    """
    batch = len(tokens)
    nothing = np.full((batch, 4), START)
    before = tokens[:, step - 1] if step else nothing
    bar_before = tokens[:, step - STEPS_PER_BAR] if step >= STEPS_PER_BAR else nothing
    out = np.empty((batch, len(COLUMNS)), dtype=np.int64)
    out[:, 0] = tokens[:, step, voice - 1] if voice else before[:, 3]
    out[:, 1], out[:, 2] = before[:, voice], bar_before[:, voice]
    out[:, 3] = step % STEPS_PER_BAR * 4 + voice
    out[:, 4] = np.minimum(held[:, voice], LONGEST_HOLD) * 4 + voice
    for column, other in enumerate(one for one in range(4) if one != voice):
        out[:, 5 + column] = tokens[:, step, other] if other < voice else before[:, other]
    return out


def shifts(piece: np.ndarray, most: int = 5) -> tuple[int, int]:
    """How far a piece may be transposed, down and up, so that each voice stays where singers can follow."""
    down, up = -most, most
    for voice, (low, high) in enumerate(RANGES):
        sung = piece[:, voice][piece[:, voice] >= 0]
        if len(sung):
            down, up = max(down, low - int(sung.min())), min(up, high - int(sung.max()))
    return min(down, 0), max(up, 0)


def transposed(columns: np.ndarray, semitones: int) -> np.ndarray:
    """Features (n, 8) or tokens of any shape, transposed; silence and START stay what they are."""
    out = columns.copy()
    if out.ndim == 2 and out.shape[1] == len(COLUMNS):
        part = out[:, PITCH_COLUMNS]
        out[:, PITCH_COLUMNS] = np.where((part == SILENCE) | (part == START), part, part + semitones)
        return out
    return np.where((out == SILENCE) | (out == START), out, out + semitones)


def to_song(piece: np.ndarray, tempo_bpm: float = 84.0) -> Song:
    """A chorale (num_steps, 4) as a song: a pitch that goes on is one note."""
    notes = []
    for voice in range(piece.shape[1]):
        line = piece[:, voice]
        starts = [0, *(np.flatnonzero(line[1:] != line[:-1]) + 1), len(line)]
        for begin, end in itertools.pairwise(starts):
            if end > begin and line[begin] >= 0:
                length = (end - begin) / STEPS_PER_BEAT
                notes.append(
                    Note(begin / STEPS_PER_BEAT, int(line[begin]), length, 84 - 4 * (voice in (1, 2)), voice)
                )
    return Song(tuple(notes), ((0.0, tempo_bpm),), length=len(piece) / STEPS_PER_BEAT)
