"""What gan, vae and ddpm ask for alike: the pictures to learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab

if TYPE_CHECKING:
    from dllab_images.data import Pictures


class PictureParams(dllab.Params):
    data: Literal["digits", "portraits", "mnist", "fashion-mnist"] = dllab.param(
        "digits", help="pictures to learn from"
    )
    folder: dllab.Input | None = dllab.input(
        "file",
        default=None,
        help="own pictures: a folder (folders in it are classes), or an .npz as mnist.npz",
    )
    size: Literal[8, 16, 32, 64] = dllab.param(32, help="side that own pictures are scaled to, in px")


def pictures_for(run: dllab.Run, params: Any) -> Pictures:
    """The pictures that params of PictureParams name; says aloud what was left out of a user's own.

    Raises dllab.UsageError for a width that group normalisation cannot take, before anything is read.
    """
    from dllab_images.data import read_pictures

    if params.width % 8:
        raise dllab.UsageError(f"--width {params.width} must be a multiple of 8: layers have 8 groups")
    pictures = read_pictures(params.data, params.folder, params.size, run.model, run.progress, run.words)
    for note in pictures.notes:
        run.message(run.words(*note), level="warning")
    return pictures
