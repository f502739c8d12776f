"""What the game is made of: sizes, speeds, times and points. Nothing here computes.

Lengths are in pixels of the natural view, with y up and the ground's surface at y = 0. Positions and
speeds are kept as integers in units of 1/FP pixel; time is counted in steps of 1/30 s.
"""

from __future__ import annotations

RULES_VERSION = 1  # replays name it: raise it whenever the same actions may lead elsewhere

STEPS_PER_SECOND = 30
FP_BITS, TILE_BITS = 8, 4
FP = 1 << FP_BITS  # units to a pixel
TILE = 1 << TILE_BITS  # pixels to a column of a level
VIEW_WIDTH, VIEW_HEIGHT = 512, 288
GROUND_Y = 48  # of the ground's surface above the view's lower edge
PLAYER_SCREEN_X = 96  # where in the view the player runs

RUN, JUMP, SLIDE = 0, 1, 2
ACTION_NAMES = ("run", "jump", "slide")

# The player. Giants are twice as wide and high.
BODY_HALF_WIDTH, BODY_HEIGHT, SLIDE_HEIGHT = 12, 40, 20
FOOT_HALF_WIDTH = 8  # over a pit is who has both feet over it
GRAVITY = 456  # FP per step and step: 1.78 px
JUMP_SPEED = 4220  # FP per step: rises to 68 px and lands after 18 steps
DOUBLE_JUMP_SPEED = 3300  # rises by 42 px more
FAST_FALL_SPEED = 4608
BUFFER_STEPS = 4  # a jump asked for is tried in so many steps, the first among them
COYOTE_STEPS = 3  # and this long after the ground ended
SLIDE_STEPS = 10  # from when a slide was last asked for; a jump ends it
LEDGE_DEPTH = 16  # px below the ground from which nobody comes up again
FALL_DEPTH = 96  # px below the ground where the fall ends

LOW, HIGH, OVERHEAD, PIT = 1, 2, 3, 4
OBSTACLE_NAMES = ("none", "low", "high", "overhead", "pit")
OBSTACLE_TOP = (0, 30, 80, 1000, 0)  # px; an overhead one has no top that can be jumped over
OVERHEAD_BOTTOM = 28
OBSTACLE_INSET = 3  # px by which an obstacle is narrower than it looks, on each side

JELLY, COIN, POTION, GIANT, MAGNET, DASH = 1, 2, 3, 4, 5, 6
ITEM_NAMES = ("none", "jelly", "coin", "potion", "giant", "magnet", "dash")
ITEM_RADIUS = 10
MAGNET_REACH = 100  # px ahead

# Points.
JELLY_SCORE, COIN_SCORE, POWER_SCORE, SMASH_SCORE = 10, 30, 20, 40
COMBO_LENGTH, COMBO_SCORE = 25, 50  # each 25 items in a row without a hit
FINISH_SCORE, FINISH_ENERGY_SCORE = 200, 300  # at the end; the second for full energy

# Times in steps.
INVULNERABLE_STEPS, AFTER_POWER_STEPS = 30, 15
GIANT_STEPS, MAGNET_STEPS, DASH_STEPS = 120, 150, 45
DASH_FACTOR = 448  # of FP: 1.75 times as fast
MAX_STEPS = 3000

MAX_ENERGY = 100_000

# Reward of a step = SCORE_REWARD * points gained - HIT_REWARD for a hit - DEATH_REWARD for a death.
SCORE_REWARD, HIT_REWARD, DEATH_REWARD = 0.01, 1.0, 3.0

GOING, FINISHED, EXHAUSTED, FELL, TIME = 0, 1, 2, 3, 4
ENDINGS = (None, "finished", "exhausted", "fell", "time")

TRAIN, TEST, GIVEN = 0, 1, 2
SPLITS = ("train", "test")
EASY, NORMAL, HARD, RAMP = 0, 1, 2, 3
DIFFICULTIES = ("easy", "normal", "hard", "ramp")
# Of each difficulty: columns, speed at the start and at the end (FP per step), energy lost in a step, by a
# hit, and gained by a potion, and how hard the obstacles are at the start and at the end (0 to 256).
LEVEL_COLUMNS = (480, 640, 800, 800)
START_SPEED = (1536, 1920, 2432, 1536)
END_SPEED = (1920, 2432, 3072, 3072)
ENERGY_LOSS = (110, 130, 150, 130)
HIT_LOSS = (26_000, 28_000, 30_000, 28_000)
POTION_GAIN = (26_000, 26_000, 28_000, 28_000)
START_TIER = (0, 80, 170, 0)
END_TIER = (80, 170, 256, 256)
PIT_TIER = 64  # pits come from this tier on, and never on easy

MAX_COLUMNS = 2000  # of a level from a text
EVENTS = (
    "jumped", "double_jumped", "landed", "slid", "hit", "smashed", "fell", "finished", "exhausted",
    "power_over:giant", "power_over:magnet", "power_over:dash",
)  # fmt: skip
