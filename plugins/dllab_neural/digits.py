"""Pictures of digits: scikit-learn's 1,797 of 8 x 8, or a file in the form of MNIST's."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    import numpy as np

MNIST_KEYS = ("x_train", "y_train", "x_test", "y_test")


@dataclass(frozen=True)
class Digits:
    """Pictures (n, side, side) float32 in [0, 1], bright ink on dark ground, and labels (n,) of 0 .. 9."""

    train: np.ndarray
    train_labels: np.ndarray
    test: np.ndarray
    test_labels: np.ndarray

    @property
    def side(self) -> int:
        return int(self.train.shape[-1])


class DigitsParams(dllab.Params):
    """The parameters of every experiment that learns digits."""

    data: dllab.Input | None = dllab.input(
        "file",
        default=None,
        help="mnist.npz (x_train, y_train, x_test, y_test); built-in 8 x 8 digits without it",
    )
    examples: int = dllab.param(
        6000, ge=100, le=60_000, help="how many pictures of a file are learned, at most"
    )


DIGITS_KO = {
    "data": "mnist.npz 파일; 없으면 내장된 8 x 8 숫자",
    "examples": "파일에서 학습할 그림 수의 최댓값",
}


def load(run: dllab.Run, params: DigitsParams) -> Digits:
    """The digits: 80 % to learn, 20 % to test, drawn from the seed; of a file as it is parted."""
    import numpy as np

    if params.data is not None:
        return _from_file(params.data, params.examples)
    from sklearn.datasets import load_digits

    pictures, labels = load_digits(return_X_y=True)
    pictures = (pictures.reshape(-1, 8, 8) / 16).astype(np.float32)
    order = run.rng.permutation(len(labels))
    cut = len(labels) * 8 // 10
    first, last = order[:cut], order[cut:]
    return Digits(pictures[first], labels[first], pictures[last], labels[last])


def _from_file(file: dllab.Input, examples: int) -> Digits:
    """Raises InputError, in one line, for a file that is not of MNIST's form."""
    import numpy as np

    form = f"'{file.name}' is not in the form of mnist.npz"
    try:
        with np.load(file.path, allow_pickle=False) as arrays:
            missing = [key for key in MNIST_KEYS if key not in getattr(arrays, "files", ())]
            if missing:
                raise dllab.InputError(f"{form}: it has no array {', '.join(missing)}")
            x, y, x_test, y_test = (arrays[key] for key in MNIST_KEYS)
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, AttributeError, TypeError) as error:
        raise dllab.InputError(f"{form}: it is a zip of four arrays, {', '.join(MNIST_KEYS)}") from error
    for pictures, labels, name in ((x, y, "train"), (x_test, y_test, "test")):
        if pictures.ndim != 3 or pictures.shape[1] != pictures.shape[2] or len(pictures) != len(labels):
            raise dllab.InputError(
                f"{form}: x_{name} is {pictures.shape} and y_{name} {labels.shape}, not (n, 28, 28) and (n,)"
            )
        if (
            pictures.shape != (len(pictures), *x.shape[1:])
            or not 8 <= pictures.shape[1] <= 64
            or len(labels) < 100
        ):
            raise dllab.InputError(
                f"{form}: at least 100 pictures of 8 x 8 to 64 x 64 are needed, all of one size"
            )
        if not np.issubdtype(labels.dtype, np.integer) or labels.min() < 0 or labels.max() > 9:
            raise dllab.InputError(f"{form}: y_{name} must hold whole numbers from 0 to 9")
    largest = max(float(x.max()), 1e-9)
    test = max(examples // 4, 100)
    return Digits(
        (x[:examples] / largest).astype(np.float32),
        y[:examples].astype(np.int64),
        (x_test[:test] / largest).astype(np.float32),
        y_test[:test].astype(np.int64),
    )
