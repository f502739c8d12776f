"""How the drawings are drawn: strokes along a stream, stones, leads and cut lines, all from fixed seeds."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FINE = 2  # drawn so many times larger and shrunk: smooth edges


def smooth_noise(size: int, cells: int, rng: np.random.Generator) -> np.ndarray:
    """Noise (size, size) in about [-1, 1] that changes over size / cells px, by bicubic interpolation."""
    coarse = Image.fromarray(rng.uniform(-1, 1, (cells + 2, cells + 2)).astype(np.float32))
    step = size / cells
    large = coarse.resize((round(step * (cells + 2)),) * 2, Image.Resampling.BICUBIC)
    first = round(step)
    return np.asarray(large)[first : first + size, first : first + size]


def whirls(
    size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, list[tuple[float, float, float]]]:
    """Directions of a stream and nearness to whirls in [0, 1], (size, size); the whirls (x, y, radius)."""
    y, x = np.mgrid[0:size, 0:size] / size
    noise = smooth_noise(size, 4, rng)
    along, across = np.cos(0.9 * noise), np.sin(0.9 * noise)
    near = np.zeros((size, size))
    found: list[tuple[float, float, float]] = []
    while len(found) < 9:
        centre_x, centre_y, radius = rng.uniform(0.05, 0.95), rng.uniform(0.05, 0.95), rng.uniform(0.06, 0.13)
        if any(math.hypot(centre_x - a, centre_y - b) < 0.8 * (radius + r) for a, b, r in found):
            continue
        found.append((centre_x, centre_y, radius))
        distance = np.hypot(x - centre_x, y - centre_y) / radius
        strength = 3.0 * np.exp(-(distance**2))
        turn = 1 if rng.random() < 0.6 else -1
        along += turn * strength * -(y - centre_y) / (radius * np.maximum(distance, 0.1))
        across += turn * strength * (x - centre_x) / (radius * np.maximum(distance, 0.1))
        near = np.maximum(near, np.exp(-((distance / 0.75) ** 2)))
    return np.arctan2(across, along), near, found


def mix(colours: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Colours (n, 3) at places `at` in [0, 1] along the row of them, between neighbours in proportion."""
    place = np.clip(at, 0, 1) * (len(colours) - 1)
    lower = np.minimum(place.astype(int), len(colours) - 2)
    share = (place - lower)[..., None]
    return colours[lower] * (1 - share) + colours[lower + 1] * share


def swirls(size: int) -> Image.Image:
    """Strokes of oil along a stream with whirls, gold in the whirls, blues between."""
    rng = np.random.default_rng(4)
    large = size * FINE
    direction, near, _ = whirls(large, rng)
    tone = 0.5 + 0.5 * smooth_noise(large, 5, rng)
    blues = np.array([(14, 22, 60), (24, 52, 120), (40, 92, 168), (86, 140, 190), (150, 186, 200)], float)
    golds = np.array([(196, 120, 30), (232, 176, 50), (250, 220, 110), (252, 240, 190)], float)
    pales = np.array([(60, 128, 120), (128, 176, 140), (206, 214, 160)], float)
    canvas = Image.new("RGB", (large, large), (18, 30, 74))
    draw = ImageDraw.Draw(canvas)
    for count, width, length in ((2500, 30, 170), (5500, 19, 120), (7000, 12, 80)):
        count = math.ceil(count * (size / 640) ** 2)
        places = rng.uniform(0, large, (count, 2))
        jitter = rng.normal(0, 1, (count, 3))
        for (x, y), (shade, hue, extent) in zip(places, jitter, strict=True):
            row, column = int(y), int(x)
            warmth = near[row, column]
            if warmth > 0.42 + 0.10 * hue:
                colour = mix(golds, np.array((warmth - 0.35) * 1.5 + 0.12 * shade))
            elif warmth > 0.16 + 0.10 * hue:
                colour = mix(pales, np.array(0.5 + 0.25 * shade))
            else:
                colour = mix(blues, np.array(tone[row, column] * 0.75 + 0.35 * warmth + 0.11 * shade))
            stroke(draw, direction, (x, y), width, length * (1 + 0.2 * extent), colour, rng)
    return canvas.resize((size, size), Image.Resampling.LANCZOS)


def stroke(draw: ImageDraw.ImageDraw, direction: np.ndarray, start: tuple[float, float], width: float,
           length: float, colour: np.ndarray, rng: np.random.Generator) -> None:  # fmt: skip
    """One stroke along the stream: a dark edge, the colour, and streaks that the bristles leave."""
    large = len(direction)
    x, y = start
    path = [(x, y)]
    step = width * 0.6
    for _ in range(max(2, int(length / step))):
        angle = direction[min(max(int(y), 0), large - 1), min(max(int(x), 0), large - 1)]
        x, y = x + step * math.cos(angle), y + step * math.sin(angle)
        path.append((x, y))
    edge = tuple(int(value) for value in colour * 0.72)
    body = tuple(int(value) for value in np.clip(colour, 0, 255))
    light = tuple(int(value) for value in np.clip(colour * 1.12 + 12, 0, 255))
    off = width * 0.16
    draw.line([(px + off, py + off) for px, py in path], fill=edge, width=int(width), joint="curve")
    draw.line(path, fill=body, width=int(width * 0.84), joint="curve")
    for shift in rng.uniform(-0.3, 0.3, 2) * width:
        draw.line([(px + shift, py - shift) for px, py in path], fill=light, width=max(1, int(width * 0.1)))


def cells(size: int, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each place of (size, size) its nearest point, and how much farther (px) the second nearest is."""
    from scipy.spatial import cKDTree

    y, x = np.mgrid[0:size, 0:size]
    distance, index = cKDTree(points).query(np.stack([x, y], axis=-1).reshape(-1, 2), k=2)
    return index[:, 0].reshape(size, size), (distance[:, 1] - distance[:, 0]).reshape(size, size)


def grid_points(size: int, step: float, loose: float, rng: np.random.Generator) -> np.ndarray:
    """Points (n, 2) of a grid `step` px wide, each moved at random by up to `loose` of the step."""
    line = np.arange(-step, size + step, step)
    x, y = np.meshgrid(line, line)
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    return points + rng.uniform(-loose, loose, points.shape) * step


def mosaic(size: int) -> Image.Image:
    """Stones in bands that wind through the picture, each of one colour, lighter at its upper left."""
    rng = np.random.default_rng(11)
    points = grid_points(size, 15, 0.28, rng)
    stone, gap = cells(size, points)
    y, x = np.mgrid[0:size, 0:size] / size
    field = 0.5 + 0.5 * np.sin(7.5 * y + 3.0 * smooth_noise(size, 3, rng) + 2.2 * np.sin(4.5 * x))
    inside = np.clip(points, 0, size - 1).astype(int)
    palette = np.array(
        [
            (28, 60, 92),
            (32, 120, 132),
            (112, 178, 160),
            (238, 224, 188),
            (236, 170, 72),
            (204, 84, 44),
            (120, 36, 44),
        ],
        float,
    )
    colours = mix(palette, field[inside[:, 1], inside[:, 0]] + rng.normal(0, 0.05, len(points)))
    colours = colours * rng.normal(1, 0.09, (len(points), 1)) + rng.normal(0, 6, (len(points), 3))
    picture = colours[stone]
    offset = (np.stack([x, y], axis=-1) * size - points[stone]).sum(axis=-1) / 15
    picture = picture * (1 - 0.10 * offset)[..., None]
    mortar = np.clip((gap - 1.2) / 2.2, 0, 1)[..., None]
    picture = picture * mortar + np.array((60, 54, 50)) * (1 - mortar)
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def glass(size: int) -> Image.Image:
    """Panes of coloured glass, brighter in the middle, streaked, between dark leads."""
    rng = np.random.default_rng(23)
    large = size * FINE
    points = grid_points(large, 96, 0.46, rng)
    bend_x, bend_y = (large * 0.02 * smooth_noise(large, 9, rng) for _ in range(2))
    pane, gap = cells(large, points)
    rows = np.clip(np.arange(large)[:, None] + bend_y, 0, large - 1).astype(int)
    columns = np.clip(np.arange(large)[None] + bend_x, 0, large - 1).astype(int)
    pane, gap = pane[rows, columns], gap[rows, columns]
    palette = np.array(
        [(196, 28, 40), (236, 96, 30), (248, 190, 40), (40, 140, 70), (20, 110, 160), (36, 52, 150),
         (110, 40, 130),         (236, 226, 196), (70, 180, 200)], float
    )  # fmt: skip
    colours = palette[rng.integers(0, len(palette), len(points))] * rng.normal(1, 0.12, (len(points), 1))
    light = 0.82 + 0.10 * smooth_noise(large, 40, rng) + 0.16 * smooth_noise(large, 7, rng)
    glow = 0.75 + 0.35 * np.clip(gap / 70, 0, 1)
    picture = colours[pane] * (light * glow)[..., None]
    lead = np.clip((gap - 8) / 4, 0, 1)[..., None]
    shine = np.clip(1 - np.abs(gap - 3) / 2.5, 0, 1)[..., None] * 40
    picture = picture * lead + (np.array((20, 18, 22)) + shine) * (1 - lead)
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    return image.resize((size, size), Image.Resampling.LANCZOS)


def woodcut(size: int) -> Image.Image:
    """Lines that follow hills and a sky, thick in the shade and thin in the light, on paper."""
    rng = np.random.default_rng(8)
    large = size * FINE
    y, x = np.mgrid[0:large, 0:large] / large
    height = (
        0.5 * smooth_noise(large, 3, rng)
        + 0.25 * smooth_noise(large, 7, rng)
        + 0.9 * y
        + 0.25 * np.sin(5 * x)
    )
    shade = 0.5 + 0.5 * smooth_noise(large, 5, rng)
    slant = np.where(shade > 0.62, 26 * (x + y) + 5 * smooth_noise(large, 4, rng), 34 * height)
    wave = np.sin(2 * np.pi * slant)
    width = 1.5 * (shade - 0.5) + 0.15 * smooth_noise(large, 60, rng)
    ink = Image.fromarray((np.clip((width - wave) * 3 + 0.5, 0, 1) * 255).astype(np.uint8))
    ink = np.asarray(ink.filter(ImageFilter.GaussianBlur(1.5)), float)[..., None] / 255
    paper = np.array((240, 230, 208)) + 5 * smooth_noise(large, 200, rng)[..., None]
    picture = paper * (1 - ink) + np.array((24, 22, 26)) * ink
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    return image.resize((size, size), Image.Resampling.LANCZOS)


DRAWN = {"swirls": swirls, "mosaic": mosaic, "glass": glass, "woodcut": woodcut}
