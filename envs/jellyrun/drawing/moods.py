"""The moods: which colours and shapes a level is painted with."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Mood:
    """Colours of one kind of scenery, from far to near, and the shapes that stand in it.

    sky: from top to horizon; light: of the sun or moon; far, middle: (top, bottom) of two ranges of hills;
    trees: what stands on the middle range ("cones", "lollies", "palms", "mushrooms"); frosting: the edge of
    the ground; earth: (top, bottom) of the ground; stars: how many.
    """

    name: str
    sky: tuple[Colour, Colour, Colour]
    light: Colour
    cloud: Colour
    far: tuple[Colour, Colour]
    middle: tuple[Colour, Colour]
    trees: str
    leaf: Colour
    trunk: Colour
    frosting: Colour
    earth: tuple[Colour, Colour]
    crumb: Colour
    stars: int = 0


MOODS = {
    "meadow": Mood(
        "meadow", ((104, 190, 245), (163, 221, 250), (236, 247, 232)), (255, 244, 190), (255, 255, 255),
        ((150, 205, 214), (190, 226, 212)), ((116, 199, 146), (160, 221, 160)), "lollies",
        (250, 142, 176), (250, 240, 226), (255, 246, 228), ((226, 170, 108), (188, 126, 76)), (150, 92, 52),
    ),
    "seaside": Mood(
        "seaside", ((78, 170, 236), (142, 219, 240), (255, 240, 214)), (255, 250, 215), (255, 255, 255),
        ((84, 176, 214), (120, 206, 220)), ((240, 214, 160), (250, 232, 190)), "palms",
        (62, 172, 130), (176, 126, 84), (126, 224, 206), ((250, 226, 170), (230, 190, 126)), (214, 166, 100),
    ),
    "sunset": Mood(
        "sunset", ((86, 74, 150), (236, 124, 132), (255, 206, 140)), (255, 226, 150), (255, 190, 176),
        ((168, 98, 142), (226, 140, 140)), ((124, 72, 116), (172, 92, 116)), "cones",
        (94, 56, 104), (70, 40, 76), (255, 178, 150), ((150, 78, 92), (104, 50, 76)), (84, 38, 62),
    ),
    "autumn": Mood(
        "autumn", ((240, 170, 110), (250, 206, 144), (255, 238, 204)), (255, 250, 224), (255, 244, 226),
        ((214, 156, 118), (236, 190, 144)), ((196, 112, 70), (222, 146, 88)), "lollies",
        (226, 84, 60), (120, 72, 48), (250, 196, 92), ((142, 86, 58), (104, 60, 44)), (80, 46, 34),
    ),
    "night": Mood(
        "night", ((16, 20, 58), (36, 44, 104), (92, 84, 156)), (246, 244, 214), (70, 78, 140),
        ((44, 50, 108), (66, 66, 132)), ((28, 40, 84), (40, 62, 108)), "mushrooms",
        (110, 226, 214), (206, 214, 240), (128, 226, 232), ((56, 58, 110), (34, 34, 76)), (26, 26, 60), 90,
    ),
    "ember": Mood(
        "ember", ((38, 18, 46), (110, 34, 62), (226, 96, 62)), (255, 170, 96), (96, 40, 66),
        ((84, 30, 60), (134, 48, 60)), ((50, 22, 46), (84, 32, 54)), "cones",
        (34, 16, 36), (34, 16, 36), (255, 138, 70), ((70, 38, 54), (42, 22, 40)), (30, 14, 28), 40,
    ),
}  # fmt: skip

BY_DIFFICULTY = {
    "easy": ("meadow", "seaside", "autumn"),
    "normal": ("sunset", "autumn", "seaside"),
    "hard": ("night", "ember", "sunset"),
    "ramp": ("meadow", "sunset", "night"),
}


def mood_of(difficulty: str, level: int) -> Mood:
    """The mood of a level: each difficulty has three, and its levels take turns. Unknown: the meadow."""
    names = BY_DIFFICULTY.get(difficulty, ("meadow",))
    return MOODS[names[level % len(names)]]
