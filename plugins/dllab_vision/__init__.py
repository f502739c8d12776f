"""Seeing: the backbone that dream and style look through, its training, and sample pictures."""

import dllab
from dllab_vision.backbone import backbone_resources
from dllab_vision.features import features
from dllab_vision.imagenet_resources import imagenet_resources
from dllab_vision.samples import sample_resources
from dllab_vision.train_backbone import train_backbone


@dllab.hookimpl
def dllab_experiments():
    return [features, train_backbone]


@dllab.hookimpl
def dllab_resources():
    return [*backbone_resources(), *imagenet_resources(), *sample_resources()]
