"""Seeing: the backbone that dream and style look through, its training, and sample pictures."""

import dllab
from dllab_vision.backbone import backbone_resource
from dllab_vision.samples import sample_resources
from dllab_vision.train_backbone import train_backbone


@dllab.hookimpl
def dllab_experiments():
    return [train_backbone]


@dllab.hookimpl
def dllab_resources():
    return [backbone_resource(), *sample_resources()]
