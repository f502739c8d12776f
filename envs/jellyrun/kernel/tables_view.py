"""What a table sees of a game: one whole number, made of what the player does and what comes next."""

from __future__ import annotations

from jellyrun import rules
from jellyrun.kernel import layout as at
from jellyrun.kernel.compiling import inlined, part

# The parts of the number, each with how many values it has.
POSTURES = 4  # on the ground; in the air with a jump left; without one, rising; without one, falling
HEIGHTS = 4  # feet below 16, 40, 80 px; higher
KINDS = len(rules.OBSTACLE_NAMES)
TIMES = (0, 2, 4, 6, 8, 10, 13, 17, 22)  # steps to the obstacle's near side, up to each; and more
AHEAD = len(TIMES) + 1
SAFE, PRESSED = 2, 2
TREATS = 4  # none within 20 steps; one to run or slide for; to jump for; to jump twice for
DISCRETE_STATES = POSTURES * HEIGHTS * KINDS * AHEAD * SAFE * PRESSED * TREATS
TREAT_STEPS = 20


@part
def see_discrete(state, level):
    """The number of what the player can see, 0 to DISCRETE_STATES - 1."""
    x, y = state[at.X] >> rules.FP_BITS, state[at.Y] >> rules.FP_BITS
    posture = 0
    if state[at.GROUNDED] == 0:
        posture = 1 if state[at.JUMPS] > 0 else (2 if state[at.VY] > 0 else 3)
    height = 0 if y < 16 else (1 if y < 40 else (2 if y < 80 else 3))
    k = at.OBSTACLES + state[at.OBSTACLE]
    broken = state[at.BROKEN]
    while level[k] & 32767 != at.END and (
        broken & 1 == 1 or (level[k] & 32767) + (level[k] >> 15 & 4095) + rules.BODY_HALF_WIDTH < x
    ):
        k += 1
        broken >>= 1
    kind, ahead = 0, 0
    steps = ((level[k] & 32767) - x - rules.BODY_HALF_WIDTH) * rules.FP // max(state[at.SPEED], 1)
    if steps <= 40:
        kind = level[k] >> 27
        while ahead < AHEAD - 1 and steps > TIMES[ahead]:
            ahead += 1
    is_safe = 1 if state[at.INVULNERABLE] > 4 or state[at.GIANT] > 0 or state[at.DASH] > 0 else 0
    number = (posture * HEIGHTS + height) * KINDS + kind
    number = (number * AHEAD + ahead) * SAFE + is_safe
    return (number * PRESSED + state[at.HELD]) * TREATS + next_treat(state, level, x)


@inlined
def next_treat(state, level, x):
    """How high the next item that is still there and not behind hangs: 0 (there is none near) to 3."""
    k = at.ITEMS + state[at.ITEM]
    taken = state[at.TAKEN]
    while level[k] & 32767 != at.END and (taken & 1 == 1 or level[k] & 32767 < x):
        k += 1
        taken >>= 1
    if ((level[k] & 32767) - x) * rules.FP > TREAT_STEPS * state[at.SPEED]:
        return 0
    y = level[k] >> 15 & 1023
    return 1 if y < 50 else (2 if y < 110 else 3)
