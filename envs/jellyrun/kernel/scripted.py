"""Players that follow rules of thumb, and whole games played by them."""

from __future__ import annotations

import numpy as np

from jellyrun import rules
from jellyrun.kernel import batch, generator, motion
from jellyrun.kernel import layout as at
from jellyrun.kernel.compiling import compiled, compiled_making_arrays

HEURISTIC, NO_OP, RANDOM = 0, 1, 2
POLICIES = ("heuristic", "no-op", "random")
JUMP_AHEAD = 56  # px between the player and the obstacle at which the heuristic jumps


@compiled
def heuristic_action(state, level):
    """Jump when something stands or gapes close ahead, slide under what hangs; see no items, jump never twice."""
    x = state[at.X] >> rules.FP_BITS
    k = at.OBSTACLES + state[at.OBSTACLE]
    while (
        level[k] & 32767 != at.END
        and (level[k] & 32767) + (level[k] >> 15 & 4095) + rules.BODY_HALF_WIDTH < x
    ):
        k += 1
    left, kind = level[k] & 32767, level[k] >> 27
    if left - x > JUMP_AHEAD:
        return rules.RUN
    if kind == rules.OVERHEAD:
        return rules.SLIDE
    return rules.JUMP if state[at.GROUNDED] == 1 and state[at.HELD] == 0 else rules.RUN


@compiled_making_arrays
def play_levels(levels, split, difficulty, max_steps, policy, seed, scores, lengths):
    """Play one game on each level; scores and lengths (int64) take the results."""
    row = np.zeros(at.ROW, dtype=np.int32)
    for n in range(len(levels)):
        batch.start(row, split, levels[n], difficulty, max_steps)
        key = generator.mix(np.uint64(seed) * generator.GOLDEN + np.uint64(levels[n]))
        while row[at.ENDING] == rules.GOING:
            action = rules.RUN
            if policy == HEURISTIC:
                action = heuristic_action(row, row)
            elif policy == RANDOM:
                action = generator.pick(key, row[at.STEP], 3)
            motion.advance(row, row, action)
        scores[n], lengths[n] = row[at.SCORE], row[at.STEP]
