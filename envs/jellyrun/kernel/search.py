"""Planning by beam search over the rules themselves: tries out what all actions would lead to."""

from __future__ import annotations

import numpy as np

from jellyrun import rules
from jellyrun.kernel import generator, motion
from jellyrun.kernel import layout as at
from jellyrun.kernel.compiling import compiled, compiled_making_arrays, inlined

ENERGY_WORTH = 900  # points that full energy is worth while the level goes on
DASH_WORTH = 2  # points for each step of a power that is left
GIANT_WORTH = 2
MAGNET_WORTH = 2
LANES = 33
TIES = 16  # chances to go before an equal
SLOTS = 4096  # of the table that finds equal states
# What makes two states go on alike, apart from energy and points.
MOTION_FIELDS = (
    at.X, at.Y, at.VY, at.JUMPS, at.HELD, at.BUFFER, at.COYOTE, at.SLIDING, at.GROUNDED, at.INVULNERABLE, at.GIANT,
    at.MAGNET, at.DASH,
)  # fmt: skip
SHADOWED = (at.X, at.Y, at.VY, at.ENERGY, at.SCORE)  # what tells whether a plan still holds


@compiled
def worth(state):
    """How good it is to be here, in points."""
    return (
        state[at.SCORE]
        + ENERGY_WORTH * (state[at.ENERGY] // 100) // (rules.MAX_ENERGY // 100)
        + GIANT_WORTH * state[at.GIANT] + MAGNET_WORTH * state[at.MAGNET] + DASH_WORTH * state[at.DASH]
    )  # fmt: skip


@compiled
def motion_hash(state):
    """64 bits that are equal for states that move on alike."""
    key = np.uint64(0)
    for field in MOTION_FIELDS:
        key = generator.mix(key ^ np.uint64(np.uint32(state[field])))
    return key


@inlined
def copy_state(source, target):
    """All that changes while a game goes on."""
    for k in range(at.STATE_SIZE):
        target[k] = source[k]


@compiled
def spread(states, count, level, children, worths, slots, slot_steps, step):
    """Every state after every action, the worse of two that move alike left out. Returns how many children."""
    made = 0
    for i in range(count):
        for action in range(3):
            child = children[made]
            copy_state(states[i], child)
            motion.advance(child, level, action)
            if child[at.FALLING] == 1 or child[at.ENDING] == rules.EXHAUSTED:
                continue
            key = motion_hash(child)
            worths[made, 0] = worth(child) * TIES + np.int64(key >> generator.S33) % TIES
            worths[made, 1], worths[made, 2] = i, action
            slot = np.int64(key % np.uint64(SLOTS))
            if slot_steps[slot] == step:  # another lies here: the better one stays
                other = slots[slot]
                if worths[made, 0] <= worths[other, 0]:
                    continue
                copy_state(child, children[other])
                for k in range(3):
                    worths[other, k] = worths[made, k]
                continue
            slots[slot], slot_steps[slot] = made, step
            made += 1
    return made


@compiled
def lane(state):
    """Which of LANES a state belongs to: on the ground, or how high in the air, rising or not, with a jump left or not."""
    if state[at.GROUNDED] == 1:
        return 0
    height = min(max(state[at.Y] >> rules.FP_BITS + 4, 0), 7)
    return 1 + 4 * height + 2 * min(state[at.JUMPS], 1) + (1 if state[at.VY] > 0 else 0)


@compiled_making_arrays
def best_of(children, worths, made, quota, order):
    """The numbers of the best children, at most `quota` of each lane. Returns how many stand in order.

    Without lanes those that run on, which look as good as those that jump until they are hit, would push the others
    out.
    """
    kept = np.zeros(LANES, np.int64)
    for n in range(made):
        value = worths[n, 0]
        own = lane(children[n])
        first = own * quota
        if kept[own] == quota and value <= worths[order[first + quota - 1], 0]:
            continue
        place = kept[own] if kept[own] < quota else quota - 1
        while place > 0 and worths[order[first + place - 1], 0] < value:
            order[first + place] = order[first + place - 1]
            place -= 1
        order[first + place] = n
        kept[own] = min(kept[own] + 1, quota)
    count = 0
    for own in range(LANES):
        for place in range(kept[own]):
            order[count] = order[own * quota + place]
            count += 1
    return count


@compiled_making_arrays
def plan(row, quota, actions):
    """The best actions found from where the row stands to the end. The row is left alone.

    quota: states kept of each lane. actions: int8, as long as steps are left. Returns (how many actions, final score,
    whether the end is reached). Where every way dies, the way that lasts longest.
    """
    most, width = len(actions), LANES * quota
    states = np.empty((width, at.STATE_SIZE), np.int32)
    children = np.empty((3 * width + 1, at.STATE_SIZE), np.int32)
    worths = np.empty((3 * width + 1, 3), np.int64)  # worth, parent, action
    order = np.empty(width, np.int64)
    parents, moves = np.empty((most, width), np.int16), np.empty((most, width), np.int8)
    slots, slot_steps = np.zeros(SLOTS, np.int32), np.full(SLOTS, -1, np.int32)
    copy_state(row, states[0])
    count, score, last, place, is_reached = 1, row[at.SCORE], -1, 0, False
    for step in range(most):
        made = spread(states, count, row, children, worths, slots, slot_steps, step)
        kept = best_of(children, worths, made, quota, order)
        count = 0
        for k in range(kept):
            child, n = children[order[k]], order[k]
            if child[at.ENDING] == rules.GOING:
                copy_state(child, states[count])
                parents[step, count], moves[step, count] = worths[n, 1], worths[n, 2]
                count += 1
            elif not is_reached or child[at.SCORE] > score:
                score, last, place, is_reached = child[at.SCORE], step, worths[n, 1], True
                actions[step] = worths[n, 2]
        if count == 0:
            break
        if not is_reached:
            score, last, place = states[0, at.SCORE], step, parents[step, 0]
            actions[step] = moves[step, 0]
    for step in range(last - 1, -1, -1):
        actions[step] = moves[step, place]
        place = parents[step, place]
    return last + 1, score, is_reached


@compiled_making_arrays
def shadow(row, actions, count, expected):
    """What the SHADOWED fields are before each of the planned actions; expected: int32 (count, 5)."""
    state = row.copy()
    for step in range(count):
        for k in range(len(SHADOWED)):
            expected[step, k] = state[SHADOWED[k]]
        motion.advance(state, state, actions[step])


@compiled
def still_holds(row, expected):
    """Whether the game is where the plan expects it."""
    for k in range(len(SHADOWED)):
        if row[SHADOWED[k]] != expected[k]:
            return False
    return True


@compiled_making_arrays
def plan_levels(levels, split, difficulty, max_steps, quota, scores, lengths, reached):
    """Plan a whole game on each level. scores, lengths int64, reached bool take the results."""
    row = np.zeros(at.ROW, dtype=np.int32)
    actions = np.empty(max_steps, np.int8)
    for n in range(len(levels)):
        generator.generate(row, split, levels[n], difficulty)
        motion.begin(row, max_steps)
        lengths[n], scores[n], reached[n] = plan(row, quota, actions)
