"""Style: one picture painted in the manner of another."""

import dllab
from dllab_style.drawings import drawing_resources
from dllab_style.fast_style import fast_style
from dllab_style.pretrained import painter_resources
from dllab_style.style_transfer import style_transfer
from dllab_style.train_fast_style import train_fast_style


@dllab.hookimpl
def dllab_experiments():
    return [style_transfer, train_fast_style, fast_style]


@dllab.hookimpl
def dllab_resources():
    return [*drawing_resources(), *painter_resources()]
