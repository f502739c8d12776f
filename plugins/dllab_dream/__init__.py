"""Dreaming: DeepDream on any picture, film or zoom, through the backbone or any net that names its layers."""

import dllab
from dllab_dream.deepdream import deepdream
from dllab_dream.video import dream_video
from dllab_dream.zoom import dream_zoom


@dllab.hookimpl
def dllab_experiments():
    return [deepdream, dream_video, dream_zoom]
