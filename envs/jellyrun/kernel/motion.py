"""The rules: what one step of 1/30 s does. Whole numbers only, so every machine agrees on every bit.

`state` and `level` are rows as jellyrun.kernel.layout says, and may be the same row: a planner keeps many states
of one level.
"""

from __future__ import annotations

from jellyrun import rules
from jellyrun.kernel import layout as at
from jellyrun.kernel.compiling import compiled, inlined

(
    JUMPED, DOUBLE_JUMPED, LANDED, SLID, HIT, SMASHED, FELL, FINISHED, EXHAUSTED, OVER_GIANT, OVER_MAGNET, OVER_DASH,
) = (1 << k for k in range(12))  # fmt: skip


@inlined
def next_special(state, level, number, x, first_kind, last_kind):
    """From an item's number on, the first of these kinds that is neither behind nor taken."""
    while True:
        word = level[at.ITEMS + number]
        item_x = word & 32767
        if item_x == at.END:
            return number
        if first_kind <= word >> 25 <= last_kind and item_x >= x - rules.BODY_HALF_WIDTH:
            place = number - state[at.ITEM]
            if place > 30 or state[at.TAKEN] >> place & 1 == 0:
                return number
        number += 1


@inlined
def find_specials(state, level):
    """Bring NEXT_POTION and NEXT_POWER up to date."""
    x = state[at.X] >> rules.FP_BITS
    state[at.NEXT_POTION] = next_special(state, level, state[at.NEXT_POTION], x, rules.POTION, rules.POTION)
    state[at.NEXT_POWER] = next_special(state, level, state[at.NEXT_POWER], x, rules.GIANT, rules.DASH)


@compiled
def begin(state, max_steps):
    """Put the player at the start of the level that stands in the row."""
    for k in range(at.MAX_STEPS):
        state[k] = 0
    state[at.X] = rules.TILE * 2 * rules.FP
    state[at.JUMPS], state[at.GROUNDED], state[at.COYOTE] = 2, 1, rules.COYOTE_STEPS
    state[at.ENERGY] = rules.MAX_ENERGY
    state[at.SPEED] = state[at.START_SPEED]
    state[at.MAX_STEPS] = max_steps
    find_specials(state, state)


@inlined
def count_down(state):
    """Let the powers run out. Returns the events. Over a pit, giant and dash wait for its far side."""
    events = 0
    if state[at.INVULNERABLE] > 0:
        state[at.INVULNERABLE] -= 1
    if state[at.MAGNET] > 0:
        state[at.MAGNET] -= 1
        if state[at.MAGNET] == 0:
            events |= OVER_MAGNET
    waits = state[at.OVER_PIT]
    if state[at.GIANT] > waits:
        state[at.GIANT] -= 1
        if state[at.GIANT] == 0:
            state[at.INVULNERABLE] = max(state[at.INVULNERABLE], rules.AFTER_POWER_STEPS)
            events |= OVER_GIANT
    if state[at.DASH] > waits:
        state[at.DASH] -= 1
        if state[at.DASH] == 0:
            state[at.INVULNERABLE] = max(state[at.INVULNERABLE], rules.AFTER_POWER_STEPS)
            events |= OVER_DASH
    return events


@inlined
def jump_and_slide(state, action):
    """Take up what the player asks for: start jumps and slides. Returns the events."""
    events = 0
    is_jump = action == rules.JUMP
    if is_jump and state[at.HELD] == 0:
        state[at.BUFFER] = rules.BUFFER_STEPS
    elif state[at.BUFFER] > 0:
        state[at.BUFFER] -= 1
    state[at.HELD] = 1 if is_jump else 0
    if state[at.BUFFER] > 0:
        if state[at.COYOTE] > 0:
            state[at.VY] = rules.JUMP_SPEED
            state[at.JUMPS], state[at.COYOTE], state[at.GROUNDED], state[at.BUFFER] = 1, 0, 0, 0
            events |= JUMPED
        elif state[at.JUMPS] > 0:
            state[at.VY] = rules.DOUBLE_JUMP_SPEED
            state[at.JUMPS] = state[at.BUFFER] = 0
            events |= DOUBLE_JUMPED
    if state[at.GROUNDED] == 1:
        if action == rules.SLIDE:
            if state[at.SLIDING] == 0:
                events |= SLID
            state[at.SLIDING] = rules.SLIDE_STEPS
        elif state[at.SLIDING] > 0:
            state[at.SLIDING] -= 1
    else:
        state[at.SLIDING] = 0
        state[at.VY] -= rules.GRAVITY
        if action == rules.SLIDE:
            state[at.VY] = min(state[at.VY], -rules.FAST_FALL_SPEED)
        state[at.Y] += state[at.VY]
    return events


@inlined
def speed_at(state, x):
    """How fast one runs at x px, in FP per step; it grows evenly over the level."""
    return state[at.START_SPEED] + (x * state[at.ACCELERATION] >> 16)


@inlined
def run_on(state):
    """Move ahead; the further, the faster. Each new column is a point."""
    x = state[at.X]
    speed = speed_at(state, x >> rules.FP_BITS)
    if state[at.DASH] > 0:
        speed = speed * rules.DASH_FACTOR >> rules.FP_BITS
    state[at.SPEED] = speed
    state[at.X] = x + speed
    column_bits = rules.FP_BITS + rules.TILE_BITS
    state[at.SCORE] += (x + speed >> column_bits) - (x >> column_bits)


@inlined
def meet_ground(state, over_pit):
    """Land, run off an edge, or fall into a pit. Returns the events."""
    state[at.OVER_PIT] = over_pit
    if over_pit == 1 and state[at.GIANT] == 0 and state[at.DASH] == 0:
        if state[at.GROUNDED] == 1:  # the ground has just ended
            state[at.GROUNDED] = state[at.SLIDING] = state[at.VY] = 0
            state[at.JUMPS] = 1
        elif state[at.COYOTE] > 0:
            state[at.COYOTE] -= 1
        if state[at.Y] < -rules.LEDGE_DEPTH * rules.FP:
            state[at.FALLING] = 1
            return FELL
    elif state[at.Y] <= 0 and (state[at.VY] <= 0 or state[at.GROUNDED] == 1):
        landed = LANDED if state[at.GROUNDED] == 0 else 0
        state[at.Y] = state[at.VY] = 0
        state[at.GROUNDED], state[at.JUMPS], state[at.COYOTE] = 1, 2, rules.COYOTE_STEPS
        return landed
    elif state[at.COYOTE] > 0:
        state[at.COYOTE] -= 1
    return 0


@inlined
def meet_obstacles(state, level):
    """Forget obstacles behind, be hit by or smash those that are touched. Returns (events, over_pit)."""
    x, y = state[at.X] >> rules.FP_BITS, state[at.Y] >> rules.FP_BITS
    is_giant = state[at.GIANT] > 0
    size = 2 if is_giant else 1
    half = rules.BODY_HALF_WIDTH * size - rules.OBSTACLE_INSET
    height = (rules.SLIDE_HEIGHT if state[at.SLIDING] > 0 else rules.BODY_HEIGHT) * size
    first = at.OBSTACLES + state[at.OBSTACLE]
    while True:
        word = level[first]
        if ((word & 32767) + (word >> 15 & 4095) + rules.BODY_HALF_WIDTH) * rules.FP >= state[at.X]:
            break
        first += 1
        state[at.OBSTACLE] += 1
        state[at.BROKEN] >>= 1
    events = over_pit = k = 0
    while True:
        word = level[first + k]
        left = word & 32767
        if left >= x + half:
            return events, over_pit
        right, kind = left + (word >> 15 & 4095), word >> 27
        if kind == rules.PIT:
            if x - rules.FOOT_HALF_WIDTH >= left and x + rules.FOOT_HALF_WIDTH <= right:
                over_pit = 1
        elif right > x - half and state[at.BROKEN] >> k & 1 == 0:
            low = rules.OVERHEAD_BOTTOM if kind == rules.OVERHEAD else 0
            if y < rules.OBSTACLE_TOP[kind] and y + height > low:
                if is_giant or state[at.DASH] > 0:
                    state[at.BROKEN] |= 1 << k
                    state[at.SCORE] += rules.SMASH_SCORE
                    events |= SMASHED
                elif state[at.INVULNERABLE] == 0:
                    state[at.BROKEN] |= 1 << k
                    state[at.ENERGY] -= state[at.HIT_LOSS]
                    state[at.INVULNERABLE] = rules.INVULNERABLE_STEPS
                    state[at.COMBO] = 0
                    events |= HIT
        k += 1


@inlined
def take(state, kind):
    """What an item does."""
    if kind == rules.JELLY:
        state[at.SCORE] += rules.JELLY_SCORE
    elif kind == rules.COIN:
        state[at.SCORE] += rules.COIN_SCORE
    else:
        state[at.SCORE] += rules.POWER_SCORE
        if kind == rules.POTION:
            state[at.ENERGY] = min(state[at.ENERGY] + state[at.POTION_GAIN], rules.MAX_ENERGY)
        elif kind == rules.GIANT:
            state[at.GIANT] = rules.GIANT_STEPS
        elif kind == rules.MAGNET:
            state[at.MAGNET] = rules.MAGNET_STEPS
        else:
            state[at.DASH] = rules.DASH_STEPS
    state[at.COMBO] += 1
    if state[at.COMBO] % rules.COMBO_LENGTH == 0:
        state[at.SCORE] += rules.COMBO_SCORE


@inlined
def meet_items(state, level):
    """Forget items behind (no giant reaches back further), take those that are touched, or near with a magnet."""
    x, y = state[at.X] >> rules.FP_BITS, state[at.Y] >> rules.FP_BITS
    size = 2 if state[at.GIANT] > 0 else 1
    height = (rules.SLIDE_HEIGHT if state[at.SLIDING] > 0 else rules.BODY_HEIGHT) * size
    reach = rules.BODY_HALF_WIDTH * size + rules.ITEM_RADIUS
    low, high = y - rules.ITEM_RADIUS, y + height + rules.ITEM_RADIUS
    if state[at.MAGNET] > 0:
        reach, low, high = rules.MAGNET_REACH, -rules.MAGNET_REACH, 1023
    first = at.ITEMS + state[at.ITEM]
    while ((level[first] & 32767) + rules.BODY_HALF_WIDTH + rules.ITEM_RADIUS) * rules.FP < state[at.X]:
        first += 1
        state[at.ITEM] += 1
        state[at.TAKEN] >>= 1
    now = k = 0
    while True:
        word = level[first + k]
        item_x = word & 32767
        if item_x > x + reach:
            break
        item_y = word >> 15 & 1023
        if low <= item_y <= high and state[at.TAKEN] >> k & 1 == 0:
            now |= 1 << k
            take(state, word >> 25)
        k += 1
    state[at.TAKEN] |= now
    state[at.TAKEN_NOW] = now
    find_specials(state, level)


@inlined
def fall_on(state):
    """One more step into the pit."""
    state[at.TAKEN_NOW] = 0
    state[at.VY] -= rules.GRAVITY
    state[at.Y] += state[at.VY]
    if state[at.Y] < -rules.FALL_DEPTH * rules.FP:
        state[at.ENDING] = rules.FELL


@compiled
def advance(state, level, action):
    """One step of a game that is going on.

    Everything that happened is in the state: EVENTS, TAKEN_NOW, SCORE, ENDING.
    """
    state[at.STEP] += 1
    if state[at.FALLING] == 1:
        state[at.EVENTS] = 0
        fall_on(state)
    else:
        events = count_down(state) | jump_and_slide(state, action)
        run_on(state)
        met, over_pit = meet_obstacles(state, level)
        events |= met | meet_ground(state, over_pit)
        meet_items(state, level)
        state[at.ENERGY] -= state[at.ENERGY_LOSS]
        if state[at.ENERGY] <= 0:
            state[at.ENERGY] = 0
            state[at.ENDING] = rules.EXHAUSTED
            events |= EXHAUSTED
        elif state[at.X] >= state[at.LENGTH] * rules.FP:
            state[at.ENDING] = rules.FINISHED
            state[at.SCORE] += rules.FINISH_SCORE
            state[at.SCORE] += (
                rules.FINISH_ENERGY_SCORE * (state[at.ENERGY] // 1000) // (rules.MAX_ENERGY // 1000)
            )
            events |= FINISHED
        state[at.EVENTS] = events
    if state[at.ENDING] == rules.GOING and state[at.STEP] >= state[at.MAX_STEPS]:
        state[at.ENDING] = rules.TIME
