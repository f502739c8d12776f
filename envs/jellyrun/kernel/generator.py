"""Levels from a seeded grammar.

A level is a run-in, then sections, then a run-out. A section is one row of jellies, three to five
obstacles, each with an arc of jellies along the jump that clears it, and a reward: a potion and mostly a
power with what it is good for. Every choice is a hash of (split, index, difficulty, chunk, place), so a level does
not depend on what was generated before it, on the machine, or on how many games there are.
"""

from __future__ import annotations

import numpy as np

from jellyrun import rules
from jellyrun.kernel import layout as at
from jellyrun.kernel import motion
from jellyrun.kernel.compiling import compiled, part

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
S27, S30, S31, S33 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(33)

RUN_IN, RUN_OUT = 14, 24  # columns without obstacles, but for what belongs to a reward
FREE_END = 10  # columns without any
ARC_STEPS = 18  # a jump from the ground to the ground
DOUBLE_ARC_STEPS = 27  # with the second jump where the first is highest


@part
def mix(z):
    """A bijection of 64 bits that looks like chance (the finaliser of SplitMix64; Steele et al. 2014)."""
    z = (z ^ (z >> S30)) * FIRST
    z = (z ^ (z >> S27)) * SECOND
    return z ^ (z >> S31)


@part
def level_key(split, index, difficulty):
    """The key of a level. Bijective in (split, index) for each difficulty: train and test share none."""
    return mix(mix(np.uint64(index) * np.uint64(2) + np.uint64(split)) ^ (np.uint64(difficulty + 1) * GOLDEN))


@part
def pick(key, place, bound):
    """A whole number in [0, bound), the `place`-th that belongs to a key."""
    return np.int64((mix(key + np.uint64(place) * GOLDEN) >> S33) % np.uint64(bound))


@part
def add_obstacle(row, column, columns, kind):
    """Put an obstacle behind the others, unless that is too near the end; returns the column after it."""
    count = row[at.NUM_OBSTACLES]
    is_before_end = (column + columns + FREE_END) * rules.TILE <= row[at.LENGTH]
    if count < at.MAX_OBSTACLES - at.GUARD and is_before_end:
        row[at.OBSTACLES + count] = column * rules.TILE | (columns * rules.TILE) << 15 | kind << 27
        row[at.NUM_OBSTACLES] = count + 1
    return column + columns


@part
def add_item(row, column, height, kind):
    """Put an item into the cell `height` cells above the ground; a column that has one, or is behind, stays as it is."""
    count = row[at.NUM_ITEMS]
    x = column * rules.TILE + rules.TILE // 2
    if x + 2 * rules.TILE > row[at.LENGTH]:
        return
    if count >= at.MAX_ITEMS - at.GUARD or (count > 0 and x <= row[at.ITEMS + count - 1] & 32767):
        return
    y = height * rules.TILE + rules.TILE // 2
    row[at.ITEMS + count] = x | y << 15 | kind << 25
    row[at.NUM_ITEMS] = count + 1


@part
def add_line(row, column, columns, height, kind):
    """Items in every second column."""
    for k in range(0, columns, 2):
        add_item(row, column + k, height, kind)


@part
def add_arc(row, middle, speed, double):
    """Items along the jump that is highest over the column `middle`, coins at its top.

    What they are taken with is the middle of the body, half a body above the feet.
    """
    steps = DOUBLE_ARC_STEPS if double else ARC_STEPS
    reach = speed * steps // (2 * rules.FP * rules.TILE)  # columns on each side
    for k in range(-reach, reach + 1, 2):
        t = steps // 2 + k * rules.TILE * rules.FP // speed
        rise = rules.JUMP_SPEED * min(t, 9) - rules.GRAVITY * min(t, 9) * (min(t, 9) + 1) // 2
        if t > 9 and double:
            t2 = t - 9
            rise += rules.DOUBLE_JUMP_SPEED * t2 - rules.GRAVITY * t2 * (t2 + 1) // 2
        elif t > 9:
            rise -= rules.GRAVITY * (t - 9) * (t - 9) // 2
        height = max(rise // rules.FP + rules.BODY_HEIGHT // 2, 24) // rules.TILE
        add_item(row, middle + k, height, rules.COIN if abs(k) < 2 else rules.JELLY)


@part
def fitting_columns(speed, steps_in_the_air, slack, most):
    """Columns of the widest obstacle that leaves `slack` steps to choose when to jump: 1 to most."""
    free = (
        (steps_in_the_air - slack) * speed // rules.FP - 2 * rules.BODY_HALF_WIDTH + 2 * rules.OBSTACLE_INSET
    )
    return min(max(free // rules.TILE, 1), most)


@part
def add_challenge(row, key, column, speed, tier):
    """One obstacle and its items, from `column` on. Returns the column after the obstacle."""
    slack = 6 - tier * 3 // 256  # steps
    choice = pick(key, 1, 100)
    pit_share = 25 if tier >= rules.PIT_TIER and row[at.DIFFICULTY] != rules.EASY else 0
    if choice < pit_share:
        reach = ARC_STEPS * speed // (rules.FP * rules.TILE)
        kind, first, most = rules.PIT, 2, max(reach * (45 + tier // 16) // 100, 2) - 1
    elif (choice - pit_share) * 100 < 40 * (100 - pit_share):
        kind, first, most = rules.LOW, 1, fitting_columns(speed, 13, slack, 3)
    elif (choice - pit_share) * 100 < 70 * (100 - pit_share):
        kind, first, most = rules.HIGH, 1, fitting_columns(speed, 12, slack, 2)
    else:
        kind, first, most = rules.OVERHEAD, 2, 3 + tier // 64
    columns = first + pick(key, 2, most)
    if kind == rules.OVERHEAD:
        add_line(row, column - 2, columns + 4, 1, rules.JELLY)
    else:  # the second jump is highest three steps after the first would be
        is_high = kind == rules.HIGH
        add_arc(row, column + columns // 2 - (1 if is_high else 0), speed, is_high)
    return add_obstacle(row, column, columns, kind)


@part
def add_reward(row, key, column, speed):
    """A potion at the top of a jump, and mostly a power with something to use it on. Returns the column after."""
    hop = ARC_STEPS * speed // (rules.FP * rules.TILE)
    if row[at.NUM_ITEMS] > 0:  # behind the arc of the last obstacle
        column = max(column, ((row[at.ITEMS + row[at.NUM_ITEMS] - 1] & 32767) >> rules.TILE_BITS) + 2)
    add_item(row, column + hop // 2, 5, rules.POTION)
    column += hop + 2
    choice = pick(key, 1, 4)
    if choice == 0:
        return column
    add_item(row, column, 4, rules.POTION + choice)
    column += hop // 2
    if choice == 1:  # giant: something to smash
        for k in range(3):
            add_line(row, column, hop + 2, 1, rules.JELLY)
            column = add_obstacle(row, column + hop + 4, 1 + pick(key, 2 + k, 2), rules.LOW)
        return column + hop // 2
    if choice == 2:  # magnet: scattered
        for k in range(20):
            add_item(row, column + k, 1 + pick(key, 2 + k, 8), rules.COIN if k % 5 == 4 else rules.JELLY)
        return column + 20
    add_line(row, column, 28, 1, rules.JELLY)  # dash: a long row
    return column + 28


@compiled
def generate(row, split, index, difficulty):
    """Write a level into a row, and everything that its difficulty says; the state is left alone."""
    columns = rules.LEVEL_COLUMNS[difficulty]
    row[at.LEVEL], row[at.SPLIT], row[at.DIFFICULTY] = index, split, difficulty
    row[at.LENGTH] = columns * rules.TILE
    set_difficulty(row, difficulty)
    row[at.NUM_OBSTACLES] = row[at.NUM_ITEMS] = 0
    key = level_key(split, index, difficulty)
    add_line(row, 8, RUN_IN - 4, 1, rules.JELLY)
    column = RUN_IN
    chunk = 0
    left = 3 + pick(key, 0, 3)  # obstacles until the reward
    while column < columns - RUN_OUT:
        chunk += 1
        own = mix(key + np.uint64(chunk) * GOLDEN)
        tier = rules.START_TIER[difficulty] + (
            (rules.END_TIER[difficulty] - rules.START_TIER[difficulty]) * column // columns
        )
        speed = motion.speed_at(row, column * rules.TILE)
        if left == 0:
            column = add_reward(row, own, column + 2, speed)
            left = 3 + pick(own, 40, 3)
            continue
        steps = 31 - tier * 11 // 256 + pick(own, 0, 11)  # to run before the next obstacle
        gap = max(steps * speed // (rules.FP * rules.TILE), 5)
        if column + gap > columns - RUN_OUT:
            break
        if pick(own, 3, 3) == 0:
            add_line(row, column + gap // 3, gap // 3, 1, rules.JELLY)
        column = add_challenge(row, own, column + gap, speed, tier)
        left -= 1
    add_line(row, columns - RUN_OUT + 4, RUN_OUT - 8, 1, rules.COIN)
    close(row)


@compiled
def set_difficulty(row, difficulty):
    """The speeds and energies of a difficulty, for the length that stands in the row."""
    row[at.START_SPEED] = rules.START_SPEED[difficulty]
    row[at.ACCELERATION] = (rules.END_SPEED[difficulty] - row[at.START_SPEED] << 16) // row[at.LENGTH]
    row[at.ENERGY_LOSS], row[at.HIT_LOSS] = rules.ENERGY_LOSS[difficulty], rules.HIT_LOSS[difficulty]
    row[at.POTION_GAIN] = rules.POTION_GAIN[difficulty]


@compiled
def close(row):
    """Mark the ends of both lists."""
    for k in range(at.GUARD):
        row[at.OBSTACLES + row[at.NUM_OBSTACLES] + k] = at.END
        row[at.ITEMS + row[at.NUM_ITEMS] + k] = at.END
