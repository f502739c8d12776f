"""What an agent sees of a game in numbers, all within -1 and 1."""

from __future__ import annotations

import numpy as np

from jellyrun import rules
from jellyrun.kernel import layout as at
from jellyrun.kernel.compiling import compiled, inlined

# state: what the player is (PLAYER_NAMES), then SEEN_OBSTACLES and SEEN_ITEMS ahead, then the next potion and power.
PLAYER_NAMES = (
    "height", "rise", "on ground", "jumps left", "jump held", "sliding", "jump asked for", "coyote",
    "falling", "energy", "speed", "invulnerable", "giant", "magnet", "dash", "progress", "combo",
)  # fmt: skip
OBSTACLE_FIELDS = ("from", "to", "low", "high", "overhead", "pit")
ITEM_FIELDS = ("ahead", "above", "jelly", "coin", "potion", "power")
SEEN_OBSTACLES, SEEN_ITEMS = 3, 3
FIRST_OBSTACLE = len(PLAYER_NAMES)
FIRST_ITEM = FIRST_OBSTACLE + SEEN_OBSTACLES * len(OBSTACLE_FIELDS)
FIRST_SPECIAL = FIRST_ITEM + SEEN_ITEMS * len(ITEM_FIELDS)
SPECIAL_NAMES = (
    "potion ahead", "potion above", "power ahead", "power above", "power giant", "power magnet", "power dash",
)  # fmt: skip
STATE_NUMBERS = FIRST_SPECIAL + len(SPECIAL_NAMES)
SEEN_STEPS = 60  # distances ahead are told in steps to run there, as a share of this


F32 = np.float32


@inlined
def clipped(value, low, high):
    return min(max(value, F32(low)), F32(high))


@compiled
def see_state(state, level, out):
    """Write STATE_NUMBERS numbers into `out`, float32, all within -1 and 1."""
    out[0] = clipped(F32(state[at.Y]) * F32(1 / (160 * rules.FP)), -1, 1)
    out[1] = clipped(F32(state[at.VY]) * F32(1 / (20 * rules.FP)), -1, 1)
    out[2] = state[at.GROUNDED]
    out[3] = F32(state[at.JUMPS]) * F32(0.5)
    out[4] = state[at.HELD]
    out[5] = F32(state[at.SLIDING]) * F32(1 / rules.SLIDE_STEPS)
    out[6] = F32(state[at.BUFFER]) * F32(1 / rules.BUFFER_STEPS)
    out[7] = F32(state[at.COYOTE]) * F32(1 / rules.COYOTE_STEPS)
    out[8] = state[at.FALLING]
    out[9] = F32(state[at.ENERGY]) * F32(1 / rules.MAX_ENERGY)
    out[10] = clipped(F32(state[at.SPEED]) * F32(1 / (24 * rules.FP)), 0, 1)
    out[11] = F32(state[at.INVULNERABLE]) * F32(1 / rules.INVULNERABLE_STEPS)
    out[12] = F32(state[at.GIANT]) * F32(1 / rules.GIANT_STEPS)
    out[13] = F32(state[at.MAGNET]) * F32(1 / rules.MAGNET_STEPS)
    out[14] = F32(state[at.DASH]) * F32(1 / rules.DASH_STEPS)
    out[15] = clipped(F32(state[at.X]) / F32(state[at.LENGTH] * rules.FP), 0, 1)
    out[16] = F32(state[at.COMBO] % rules.COMBO_LENGTH) * F32(1 / rules.COMBO_LENGTH)
    x = state[at.X]
    scale = F32(1 / SEEN_STEPS) / F32(max(state[at.SPEED], 1))
    see_obstacles(state, level, out, x, scale)
    see_items(state, level, out, x, scale)
    see_specials(state, level, out, x, scale)


@inlined
def see_obstacles(state, level, out, x, scale):
    """The obstacles that are not behind and not broken: where from, where to, and which kind."""
    first, broken = at.OBSTACLES + state[at.OBSTACLE], state[at.BROKEN]
    k, place = 0, FIRST_OBSTACLE
    for _ in range(SEEN_OBSTACLES):
        while broken >> k & 1 == 1:
            k += 1
        word = level[first + k]
        k += 1
        left, kind = word & 32767, word >> 27
        right = left + (word >> 15 & 4095)
        out[place] = clipped(F32(left * rules.FP - x) * scale, -1, 1)
        out[place + 1] = clipped(F32(right * rules.FP - x) * scale, -1, 1)
        out[place + 2] = F32(kind == rules.LOW)
        out[place + 3] = F32(kind == rules.HIGH)
        out[place + 4] = F32(kind == rules.OVERHEAD)
        out[place + 5] = F32(kind == rules.PIT)
        place += len(OBSTACLE_FIELDS)


@inlined
def see_items(state, level, out, x, scale):
    """The items that are not behind and not taken: how far, how high above the feet, and which kind."""
    first, taken = at.ITEMS + state[at.ITEM], state[at.TAKEN]
    k, place = 0, FIRST_ITEM
    for _ in range(SEEN_ITEMS):
        while taken >> k & 1 == 1:
            k += 1
        word = level[first + k]
        k += 1
        kind = word >> 25
        out[place] = clipped(F32((word & 32767) * rules.FP - x) * scale, -1, 1)
        out[place + 1] = clipped(
            F32((word >> 15 & 1023) * rules.FP - state[at.Y]) * F32(1 / (160 * rules.FP)), -1, 1
        )
        out[place + 2] = F32(kind == rules.JELLY)
        out[place + 3] = F32(kind == rules.COIN)
        out[place + 4] = F32(kind == rules.POTION)
        out[place + 5] = F32(kind >= rules.GIANT)
        place += len(ITEM_FIELDS)


@inlined
def see_specials(state, level, out, x, scale):
    """The next potion and the next power, as far as SEEN_STEPS ahead: how far, how high above the feet, which."""
    for n in range(2):
        word = level[at.ITEMS + (state[at.NEXT_POTION] if n == 0 else state[at.NEXT_POWER])]
        ahead = F32((word & 32767) * rules.FP - x) * scale
        above = F32((word >> 15 & 1023) * rules.FP - state[at.Y]) * F32(1 / (160 * rules.FP))
        is_seen = F32(ahead < 1)
        out[FIRST_SPECIAL + 2 * n] = clipped(ahead, -1, 1)
        out[FIRST_SPECIAL + 2 * n + 1] = clipped(above, -1, 1) * is_seen + F32(0)  # no minus zero
        kind = (word >> 25) * (ahead < 1)
    out[FIRST_SPECIAL + 4] = F32(kind == rules.GIANT)
    out[FIRST_SPECIAL + 5] = F32(kind == rules.MAGNET)
    out[FIRST_SPECIAL + 6] = F32(kind == rules.DASH)
