"""Where things stand in a game: one row of 32-bit integers for the player and the level together.

A row is [ state and level constants | obstacles | items ]. The first STATE_SIZE entries change while the
game goes on; the rest is the level. So a copy of a row is the whole game.
"""

from __future__ import annotations

STATE_SIZE = 48
MAX_OBSTACLES, MAX_ITEMS = (
    128,
    480,
)  # so that a row has an odd number of cache lines, 41: rows then share all sets
GUARD = 4  # entries at the end of each list that stay END
OBSTACLES = STATE_SIZE
ITEMS = OBSTACLES + MAX_OBSTACLES
ROW = ITEMS + MAX_ITEMS

# An obstacle is x0 | width << 15 | kind << 27, an item x | y << 15 | kind << 25; x, width, y in px.
END = 32767  # an x that no player reaches: there are no more

# The player.
X, Y, VY = 0, 1, 2  # centre, feet, speed upwards; FP
JUMPS = 3  # jumps left
HELD = 4  # 1: jump was asked for in the last step
BUFFER, COYOTE = 5, 6  # steps left
SLIDING = 7  # steps left
GROUNDED, FALLING = 8, 9  # 0 or 1
ENERGY = 10
INVULNERABLE, GIANT, MAGNET, DASH = 11, 12, 13, 14  # steps left
SCORE, COMBO, STEP = 15, 16, 17
OBSTACLE, ITEM = 18, 19  # the first of each list that is not behind
BROKEN, TAKEN = 20, 21  # bit k: obstacle OBSTACLE + k was hit, item ITEM + k was taken
TAKEN_NOW = 22  # of the same items, those taken in the last step
ENDING = 23
EVENTS = 24  # bit k: rules.EVENTS[k] happened in the last step
SPEED = 25  # in the last step, FP
OVER_PIT = 26  # 1: both feet are over a pit
NEXT_POTION, NEXT_POWER = (
    27,
    28,
)  # the first potion, and the first of the powers, that is not taken nor behind

# The game.
MAX_STEPS, LEVEL, SPLIT, DIFFICULTY = 29, 30, 31, 32
LENGTH = 33  # px
NUM_OBSTACLES, NUM_ITEMS = 34, 35
START_SPEED, ACCELERATION = 36, 37  # FP per step; what each px of the way adds to it, in 1/65536 of that
ENERGY_LOSS, HIT_LOSS, POTION_GAIN = 38, 39, 40
EPISODE = 41  # how many episodes this row has seen: where a vector environment's next level comes from
