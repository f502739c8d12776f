"""An autoencoder: a net with a narrow waist learns to say a picture in a few numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_unsupervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    import torch

HELD_OUT = 360  # of the 1797 digits


class AutoencoderParams(dllab.Params):
    codes: int = dllab.param(8, ge=1, le=64, help="numbers at the waist")
    hidden: int = dllab.param(64, ge=4, le=512, help="neurons in the layers beside the waist")
    epochs: int = dllab.param(120, ge=1, le=2000, help="how often all digits are shown")
    batch_size: int = dllab.param(128, ge=8, le=1437, help="digits in each step")
    learning_rate: float = dllab.param(0.01, gt=0, le=0.1, help="size of Adam's first steps; it falls to 0")


@dllab.experiment(
    "autoencoder",
    topic="course/unsupervised",
    lectures=("0@4701:오토인코더(AutoEncoder)",),
    about=ABOUT["autoencoder"],
    tiny={"epochs": 3},
    ko={
        "codes": "잘록한 허리의 수",
        "hidden": "허리 양옆 층의 뉴런 수",
        "epochs": "전체 숫자를 보여 줄 횟수",
        "batch_size": "한 걸음에 쓰는 숫자의 수",
        "learning_rate": "Adam의 처음 학습률; 0까지 줄어듦",
    },
)
def autoencoder(run: dllab.Run, params: AutoencoderParams) -> None:
    """Source: Hinton and Salakhutdinov 2006; the linear case is Baldi and Hornik 1989."""
    import numpy as np
    import torch
    from sklearn.datasets import load_digits

    X = load_digits(return_X_y=True)[0].astype(np.float32) / 16  # (1797, 64), in [0, 1]
    order = run.rng.permutation(len(X))
    train, held = X[order[HELD_OUT:]], X[order[:HELD_OUT]]
    nets = {"linear": linear(run, params.codes), "deep": deep(run, params)}
    curves = {name: fit(run, params, net, train, held, name) for name, net in nets.items()}
    mean = train.mean(axis=0, dtype=np.float64)
    axes_of = np.linalg.svd(train - mean, full_matrices=False)[2][: params.codes].astype(
        np.float64
    )  # (codes, 64)

    def by_pca(some: np.ndarray) -> np.ndarray:
        return (some - mean) @ axes_of.T @ axes_of + mean

    rebuilt = {"pca": by_pca(held)}
    errors = {"pca": (mse(train, by_pca(train)), mse(held, by_pca(held)))}
    with torch.no_grad():
        for name, net in nets.items():
            on_train, rebuilt[name] = (net(torch.from_numpy(some)).numpy() for some in (train, held))
            errors[name] = (mse(train, on_train), mse(held, rebuilt[name]))
    run.save_json("errors.json", {name: {"train": a, "held_out": b} for name, (a, b) in errors.items()})
    run.save_table("curves.csv", {"epoch": list(range(1, params.epochs + 1)), **curves})
    run.save_model("autoencoder.safetensors", nets["deep"].state_dict(),
                   {"layers": f"64-{params.hidden}-{params.codes}-{params.hidden}-64"})  # fmt: skip
    _picture(run, params, held, rebuilt, errors, curves)
    of_deep, of_pca = errors["deep"][1], errors["pca"][1]
    verdict, verdict_ko = ("less", "작습니다") if of_deep < of_pca else ("more", "큽니다")
    run.message(
        run.words(
            f"on digits never shown the deep net errs {verdict} than PCA: {of_deep:.5f} against {of_pca:.5f}",
            f"처음 보는 숫자에서 깊은 신경망의 오차는 PCA보다 {verdict_ko}: {of_deep:.5f} 대 {of_pca:.5f}",
        )
    )
    run.log(params.epochs, **{f"held_out_mse_{name}": held_error for name, (_, held_error) in errors.items()})

    run.check(
        "error of the linear net over that of PCA, on what both were fitted to",
        ko="학습한 숫자에서 선형 신경망의 오차, PCA에 대한 비",
        got=errors["linear"][0] / max(errors["pca"][0], 1e-12),
        at_least=1 - 1e-5 if params.codes < 60 else 0,
        source="Eckart and Young 1936, Baldi and Hornik 1989: nothing linear through that waist does better",
    )
    if params.epochs >= 100 and params.codes <= 16:
        run.check(
            "how near the linear net comes to PCA",
            ko="선형 신경망이 PCA에 다가간 정도",
            got=errors["linear"][0] / errors["pca"][0],
            at_most=1.05,
            source="Baldi and Hornik 1989: its error has no local minimum but PCA's",
        )
    run.check(
        "squares that PCA loses",
        ko="PCA가 잃는 제곱합",
        got=errors["pca"][0],
        expected=float(
            np.linalg.eigvalsh(np.cov(train.T.astype(np.float64), bias=True))[::-1][params.codes :].sum() / 64
        ),
        abs=1e-7,
        source="Eckart and Young 1936: the eigenvalues left out, here of the covariance",
    )
    run.check(
        "numbers that the deep net learned",
        ko="깊은 신경망이 배운 수의 개수",
        got=sum(one.numel() for one in nets["deep"].parameters()),
        expected=65 * params.hidden
        + (params.hidden + 1) * params.codes
        + (params.codes + 1) * params.hidden
        + (params.hidden + 1) * 64,
        source="(64 + 1) h + (h + 1) c + (c + 1) h + (h + 1) 64 for 64-h-c-h-64",
    )


def linear(run: dllab.Run, codes: int) -> Any:
    """64 to codes to 64 without a bend between."""
    import torch

    torch.manual_seed(int(run.rng.integers(2**31)))
    return torch.nn.Sequential(torch.nn.Linear(64, codes), torch.nn.Linear(codes, 64))


def deep(run: dllab.Run, params: AutoencoderParams) -> Any:
    """64-h-c-h-64 with tanh in the layers beside the waist; the waist is linear."""
    import torch

    torch.manual_seed(int(run.rng.integers(2**31)))
    return torch.nn.Sequential(
        torch.nn.Linear(64, params.hidden), torch.nn.Tanh(), torch.nn.Linear(params.hidden, params.codes),
        torch.nn.Linear(params.codes, params.hidden), torch.nn.Tanh(), torch.nn.Linear(params.hidden, 64),
    )  # fmt: skip


def mse(wanted: np.ndarray, got: np.ndarray) -> float:
    """The mean squared difference, in float64."""
    return float(((wanted.astype("float64") - got) ** 2).mean())


def fit(
    run: dllab.Run,
    params: AutoencoderParams,
    net: torch.nn.Module,
    train: np.ndarray,
    held: np.ndarray,
    name: str,
) -> list[float]:
    """Adam on the mean squared error; returns the error on held-out digits after each epoch."""
    import torch

    X, asked = torch.from_numpy(train), torch.from_numpy(held)
    optimizer = torch.optim.Adam(net.parameters(), lr=params.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, params.epochs)
    generator = run.torch_generator(name)
    curve = []
    for epoch in run.progress(range(params.epochs), label=_names(run)[name]):
        for batch in torch.randperm(len(X), generator=generator).split(params.batch_size):
            loss = torch.nn.functional.mse_loss(net(X[batch]), X[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
        with torch.no_grad():
            curve.append(float(torch.nn.functional.mse_loss(net(asked), asked)))
        run.log(epoch, **{f"mse_{name}": curve[-1]})
    return curve


def _names(run: dllab.Run) -> dict[str, str]:
    """What stands for each way in the picture, in the run's language."""
    return {
        "pca": "PCA",
        "linear": run.words("linear net", "선형 신경망"),
        "deep": run.words("deep net", "깊은 신경망"),
    }


def _picture(
    run: dllab.Run, params: AutoencoderParams, held: np.ndarray, rebuilt: dict[str, np.ndarray],
    errors: dict[str, tuple[float, float]], curves: dict[str, list[float]],
) -> None:  # fmt: skip
    import numpy as np

    names = _names(run)
    figure, (left, right) = dllab.new_figure(1, 2, size=(11.6, 4), width_ratios=(1.5, 1))
    rows = [held[:12], *(rebuilt[name][:12] for name in names)]
    sheet = np.vstack([np.hstack([np.pad(one.reshape(8, 8), 1) for one in row]) for row in rows])
    left.imshow(sheet.clip(0, 1), cmap="gray_r", interpolation="nearest")
    left.set_yticks([4.5 + 10 * i for i in range(4)], [run.words("original", "원본"), *names.values()])
    left.set_xticks([])
    left.grid(False)
    left.set_title(
        run.words(f"64 pixels through {params.codes} numbers", f"64픽셀을 수 {params.codes}개로"), loc="left"
    )
    for colour, (name, curve) in zip(dllab.COLOURS, curves.items(), strict=False):
        right.plot(range(1, len(curve) + 1), curve, color=colour, label=f"{names[name]}: {curve[-1]:.4f}")
    right.axhline(
        errors["pca"][1], color="#22262e", linestyle="--", linewidth=1.2, label=f"PCA: {errors['pca'][1]:.4f}"
    )
    right.set_ylim(0, 4 * errors["pca"][1])
    right.legend()
    right.set_title(run.words("Error on digits never shown", "보여 준 적 없는 숫자의 오차"), loc="left")
    right.set(xlabel=run.words("epoch", "에포크"), ylabel=run.words("mean squared error", "평균 제곱 오차"))
    run.save_figure("autoencoder.png", figure)
