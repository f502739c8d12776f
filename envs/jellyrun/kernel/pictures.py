"""What an agent sees of a game as planes of cells, or as a small picture."""

from __future__ import annotations

import numpy as np

from jellyrun import rules
from jellyrun.kernel import layout as at
from jellyrun.kernel.compiling import compiled, part

# grid: planes of 8 px cells, from 48 px behind the player to 336 px ahead, over the whole height of the view.
GRID_CELL, GRID_BEHIND = 8, 48
GRID_PLANES = ("solid", "pit", "treat", "power", "player", "gauges")
GRID_ROWS, GRID_COLUMNS = 36, 48
# pixels: the view, a quarter of its width and height.
PIXEL_CELL = 4
PIXEL_ROWS, PIXEL_COLUMNS = rules.VIEW_HEIGHT // PIXEL_CELL, rules.VIEW_WIDTH // PIXEL_CELL

SKY, GROUND, DEPTH, BODY, HURT = (186, 224, 244), (122, 86, 62), (40, 30, 50), (230, 120, 60), (250, 190, 160)
OBSTACLE_COLOURS = np.array(
    ((0, 0, 0), (190, 60, 90), (150, 40, 110), (90, 80, 150), (0, 0, 0)), dtype=np.uint8
)
ITEM_COLOURS = np.array(
    ((0, 0, 0), (250, 90, 170), (250, 200, 40), (220, 30, 40), (60, 160, 60), (40, 90, 200), (250, 250, 250)),
    dtype=np.uint8,
)  # fmt: skip


@part
def fill(plane, x0, x1, y0, y1, cell, behind, value):
    """Fill the cells that a box touches. Its x is in px from the view's left edge plus `behind`, y above the ground."""
    rows, columns = plane.shape
    first, last = max((x0 + behind) // cell, 0), min((x1 + behind - 1) // cell, columns - 1)
    top = max((rules.VIEW_HEIGHT - rules.GROUND_Y - y1) // cell, 0)
    bottom = min((rules.VIEW_HEIGHT - rules.GROUND_Y - y0 - 1) // cell, rows - 1)
    for i in range(top, bottom + 1):
        for j in range(first, last + 1):
            plane[i, j] = value


@part
def paint(picture, x0, x1, y0, y1, colour):
    """Fill a box of the small picture, all three channels."""
    for c in range(3):
        fill(picture[:, :, c], x0, x1, y0, y1, PIXEL_CELL, rules.PLAYER_SCREEN_X, colour[c])


@part
def body_size(state):
    """(half width, height) of the player in px."""
    size = 2 if state[at.GIANT] > 0 else 1
    height = rules.SLIDE_HEIGHT if state[at.SLIDING] > 0 else rules.BODY_HEIGHT
    return rules.BODY_HALF_WIDTH * size, height * size


@compiled
def see_grid(state, level, out):
    """Write the planes into `out`, uint8 (planes, rows, columns), 0 or 255.

    A broken obstacle is not there any more. The last plane's first rows are bars as long as energy, speed and
    the times left are; then flags for jump held and the jumps left; so nothing the rules know is hidden.
    """
    out[:] = 0
    x, y = state[at.X] >> rules.FP_BITS, state[at.Y] >> rules.FP_BITS
    cell, behind, ahead = GRID_CELL, GRID_BEHIND, GRID_COLUMNS * GRID_CELL
    fill(out[0], -behind, ahead, -rules.GROUND_Y, 0, cell, behind, 255)
    k = at.OBSTACLES + state[at.OBSTACLE]
    while level[k] & 32767 < x + ahead:
        left, width, kind = level[k] & 32767, level[k] >> 15 & 4095, level[k] >> 27
        if kind == rules.PIT:
            fill(out[0], left - x, left - x + width, -rules.GROUND_Y, 0, cell, behind, 0)
            fill(out[1], left - x, left - x + width, -rules.GROUND_Y, 0, cell, behind, 255)
        elif state[at.BROKEN] >> min(k - at.OBSTACLES - state[at.OBSTACLE], 30) & 1 == 0:
            bottom = rules.OVERHEAD_BOTTOM if kind == rules.OVERHEAD else 0
            fill(out[0], left - x, left - x + width, bottom, rules.OBSTACLE_TOP[kind], cell, behind, 255)
        k += 1
    k = at.ITEMS + state[at.ITEM]
    while level[k] & 32767 < x + ahead:
        number = k - at.ITEMS - state[at.ITEM]
        if number > 30 or state[at.TAKEN] >> number & 1 == 0:
            left, height, kind = level[k] & 32767, level[k] >> 15 & 1023, level[k] >> 25
            plane = 2 if kind <= rules.COIN else 3
            fill(out[plane], left - x - 4, left - x + 4, height - 4, height + 4, cell, behind, 255)
        k += 1
    half, height = body_size(state)
    fill(out[4], -half, half, y, y + height, cell, behind, 255)
    gauges = out[5]
    bar(gauges, 0, state[at.ENERGY], rules.MAX_ENERGY)
    bar(gauges, 1, state[at.SPEED], 24 * rules.FP)
    bar(gauges, 2, state[at.VY] + 20 * rules.FP, 40 * rules.FP)
    bar(gauges, 3, state[at.INVULNERABLE], rules.INVULNERABLE_STEPS)
    bar(gauges, 4, state[at.GIANT], rules.GIANT_STEPS)
    bar(gauges, 5, state[at.MAGNET], rules.MAGNET_STEPS)
    bar(gauges, 6, state[at.DASH], rules.DASH_STEPS)
    bar(gauges, 7, state[at.JUMPS], 2)
    bar(gauges, 8, state[at.HELD], 1)
    bar(gauges, 9, state[at.BUFFER] + state[at.COYOTE], rules.BUFFER_STEPS + rules.COYOTE_STEPS)
    bar(gauges, 10, state[at.X] >> rules.FP_BITS, state[at.LENGTH])


@part
def bar(plane, number, value, most):
    """A bar over three rows, as long as value is of most."""
    length = min(max(value * plane.shape[1] // most, 0), plane.shape[1])
    for i in range(3 * number, 3 * number + 3):
        for j in range(length):
            plane[i, j] = 255


@compiled
def see_pixels(state, level, out):
    """Paint the view into `out`, uint8 (rows, columns, 3): boxes in flat colours, and a bar of energy on top."""
    x, y = state[at.X] >> rules.FP_BITS, state[at.Y] >> rules.FP_BITS
    near, far = -rules.PLAYER_SCREEN_X, rules.VIEW_WIDTH
    paint(out, near, far, 0, rules.VIEW_HEIGHT, SKY)
    paint(out, near, far, -rules.GROUND_Y, 0, GROUND)
    k = at.OBSTACLES + state[at.OBSTACLE]
    while level[k] & 32767 < x + far:
        left, width, kind = (level[k] & 32767) - x, level[k] >> 15 & 4095, level[k] >> 27
        if kind == rules.PIT:
            paint(out, left, left + width, -rules.GROUND_Y, 0, DEPTH)
        elif state[at.BROKEN] >> min(k - at.OBSTACLES - state[at.OBSTACLE], 30) & 1 == 0:
            bottom = rules.OVERHEAD_BOTTOM if kind == rules.OVERHEAD else 0
            paint(out, left, left + width, bottom, rules.OBSTACLE_TOP[kind], OBSTACLE_COLOURS[kind])
        k += 1
    k = at.ITEMS + state[at.ITEM]
    while level[k] & 32767 < x + far:
        number = k - at.ITEMS - state[at.ITEM]
        if number > 30 or state[at.TAKEN] >> number & 1 == 0:
            left, height, kind = (level[k] & 32767) - x, level[k] >> 15 & 1023, level[k] >> 25
            paint(out, left - 4, left + 4, height - 4, height + 4, ITEM_COLOURS[kind])
        k += 1
    half, height = body_size(state)
    paint(out, -half, half, y, y + height, HURT if state[at.INVULNERABLE] > 0 else BODY)
    energy = state[at.ENERGY] * (far - 32) // rules.MAX_ENERGY
    paint(out, near + 16, near + 16 + energy, 220, 228, ITEM_COLOURS[rules.POTION])
