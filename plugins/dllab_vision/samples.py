"""Sample pictures: those that come with scikit-image, so that everything works offline at once."""

from importlib.util import find_spec
from pathlib import Path

import dllab

_NASA = "public domain (NASA)"
_SOURCE = "scikit-image's bundled data"

# Name, file, summary, licence, Korean summary. Licences as scikit-image 0.26 states them.
_PICTURES = (
    ("cat", "chelsea.png", "Chelsea the cat, 451 x 300", "CC0", "고양이 첼시, 451 x 300"),
    (
        "coffee",
        "coffee.png",
        "a cup of coffee on a red saucer, 600 x 400",
        "CC0",
        "빨간 받침 위의 커피 한 잔, 600 x 400",
    ),
    (
        "astronaut",
        "astronaut.png",
        "the astronaut Eileen Collins, 512 x 512",
        _NASA,
        "우주비행사 아일린 콜린스, 512 x 512",
    ),
    (
        "rocket",
        "rocket.jpg",
        "a rocket at its start, 640 x 427",
        "public domain (SpaceX)",
        "발사되는 로켓, 640 x 427",
    ),
    (
        "galaxies",
        "hubble_deep_field.jpg",
        "the Hubble eXtreme Deep Field, 1000 x 872",
        _NASA,
        "허블 익스트림 딥 필드, 1000 x 872",
    ),
    ("retina", "retina.jpg", "the back of an eye, 1411 x 1411", "CC0", "눈의 망막, 1411 x 1411"),
    ("camera", "camera.png", "a photographer in grey, 512 x 512", "CC0", "흑백의 사진가, 512 x 512"),
    ("brick", "brick.png", "a brick wall in grey, 512 x 512", "CC0", "흑백의 벽돌담, 512 x 512"),
    ("grass", "grass.png", "grass in grey, 512 x 512", "CC0", "흑백의 풀밭, 512 x 512"),
    ("gravel", "gravel.png", "gravel in grey, 512 x 512", "CC0", "흑백의 자갈, 512 x 512"),
)


def bundled_picture(filename: str) -> Path:
    """The path of a picture of scikit-image, found without importing it.

    Raises dllab.InputError when scikit-image or the picture is not there.
    """
    package = find_spec("skimage")
    path = Path(package.origin).with_name("data") / filename if package and package.origin else Path(filename)
    if not path.is_file():
        raise dllab.InputError(
            f"the sample picture {filename} comes with scikit-image: pip install scikit-image"
        )
    return path


def sample_resources() -> list[dllab.Resource]:
    """One sample resource per picture; nothing is looked up before somebody asks for one."""
    return [
        dllab.Resource(
            "sample",
            name,
            summary=summary,
            load=lambda filename=filename: bundled_picture(filename),
            media="image",
            licence=licence,
            source=_SOURCE,
            ko=ko,
        )
        for name, filename, summary, licence, ko in _PICTURES
    ]
