"""The experiment `gan-ring`: a GAN in the plane, where one can see what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_images.texts import ABOUT, KO

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

SPREAD = 0.02  # standard deviation of a hill, on a circle of radius 1
FRAMES = 40
NOISE = 8  # numbers for each point
GOOD = 4.0  # standard deviations from a hill's centre within which a point lies on it
SHOWN = 512  # points that are counted and drawn
PALEST = 0.05  # logits that full colour stands for at least; what differs by less looks even


class GanRingParams(dllab.Params):
    steps: int = dllab.param(3500, ge=1, le=100_000, help="steps of both nets")
    batch_size: int = dllab.param(256, ge=8, le=4096, help="points per step")
    learning_rate: float = dllab.param(2e-3, gt=0, le=0.1, help="Adam's, of both nets")
    penalty: float = dllab.param(0.3, ge=0, le=100, help="on the critic's slope at real and made points")
    hidden: int = dllab.param(128, ge=4, le=1024, help="neurons in each of the two layers")
    modes: int = dllab.param(8, ge=1, le=32, help="hills on the ring")


@dllab.experiment(
    "gan-ring",
    topic="images",
    lectures=("0@79:에드몽 드 벨라미",),
    about=ABOUT["gan-ring"],
    tiny={"steps": 2, "batch_size": 16, "hidden": 8},
    ko=KO["gan-ring"],
)
def gan_ring(run: dllab.Run, params: GanRingParams) -> None:
    """Sources: the ring of Metz et al. 2017; pairs with both penalties, Huang et al. 2024 (R3GAN)."""
    import torch
    from torch import nn
    from torch.nn.functional import softplus

    from dllab_images.curves import save_curves
    from dllab_images.sheets import with_rest
    from dllab_images.training import Ema, set_rate, warm_cosine
    from dllab_images.waves import WAVES, Waves

    def net(inputs: int, outputs: int) -> nn.Module:
        h = params.hidden
        return nn.Sequential(nn.Linear(inputs, h), nn.LeakyReLU(0.2), nn.Linear(h, h), nn.LeakyReLU(0.2),
                             nn.Linear(h, outputs))  # fmt: skip

    generator, critic = net(NOISE, 2), nn.Sequential(Waves(), net(4 * len(WAVES), 1))
    ema = Ema(generator, 0.99)
    theirs = [torch.optim.Adam(each.parameters(), lr=params.learning_rate, betas=(0.0, 0.99))
              for each in (generator, critic)]  # fmt: skip
    random = run.torch_generator("train")
    hills = centres(params.modes)
    fixed = torch.randn(SHOWN, NOISE, generator=run.torch_generator("shown"))
    moments = {params.steps * i // FRAMES for i in range(FRAMES)} | {params.steps - 1}
    curves: dict[str, list[float]] = {"generator": [], "critic": []}
    frames, counts = [], []
    label = run.words("going round the ring", "고리 돌기")
    for step in run.progress(range(params.steps), label=label):
        for optimiser in theirs:
            set_rate(optimiser, params.learning_rate * warm_cosine(step, params.steps, end=0.05))
        which = torch.randint(params.modes, (params.batch_size,), generator=random)
        real = hills[which] + SPREAD * torch.randn(params.batch_size, 2, generator=random)
        noise = torch.randn(2, params.batch_size, NOISE, generator=random)
        # The critic: real points above made ones, pair by pair, and level ground at both.
        points = torch.cat([real, generator(noise[0]).detach()]).requires_grad_(True)
        told = critic(points)
        (gradient,) = torch.autograd.grad(told.sum(), points, create_graph=True)
        up, down = told.chunk(2)
        critic_loss = softplus(down - up).mean()
        _descend(theirs[1], critic_loss + params.penalty * gradient.square().sum(dim=1).mean())
        # The generator: made points above real ones.
        generator_loss = softplus(critic(real) - critic(generator(noise[1]))).mean()
        _descend(theirs[0], generator_loss)
        ema.update(generator, step)
        curves["generator"].append(float(generator_loss.detach()))
        curves["critic"].append(float(critic_loss.detach()))
        run.log(step, generator=curves["generator"][-1], critic=curves["critic"][-1])
        if step in moments:
            with torch.no_grad():
                points = ema.net(fixed).numpy()
            covered, good = counted(points, hills.numpy())
            counts.append({"step": step, "covered": covered, "good": good})
            frames.append(_frame(run, critic, points, hills.numpy(), counts[-1]))
            run.preview(frames[-1])
    run.save_video("ring.gif", with_rest(frames, 10), fps=8)
    run.save_image("ring.png", frames[-1])
    run.save_table("modes.csv", counts)
    names = {"generator": run.words("generator", "생성자"), "critic": run.words("critic", "감식가")}
    save_curves(run, curves, names, run.words("Losses of both", "두 신경망의 손실"))
    covered, good = counts[-1]["covered"], counts[-1]["good"]
    told = f"언덕 {params.modes}개 중 {covered}개를 찾음; 점의 {good:.1%}가 언덕 위"
    run.message(
        run.words(f"{covered} of {params.modes} hills covered, {good:.1%} of the points on one", told)
    )
    is_full = (
        params.steps >= 3500 and 0.1 <= params.penalty <= 1 and params.modes <= 8 and params.hidden >= 128
    )
    run.check("hills covered", ko="찾아간 언덕의 수", got=covered, at_least=params.modes if is_full else 0,
              source="the ring has that many")  # fmt: skip
    run.check("points on a hill", ko="언덕 위에 있는 점의 비율", got=good, at_least=0.7 if is_full else 0.0,
              source="of real points 0.9997 lie there, by Rayleigh's distribution")  # fmt: skip


def _descend(optimiser: Any, loss: Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def centres(modes: int) -> Any:
    """Points (modes, 2) evenly on the circle of radius 1."""
    import torch

    angles = torch.arange(modes) * (2 * torch.pi / modes)
    return torch.stack([angles.cos(), angles.sin()], dim=1)


def counted(points: np.ndarray, hills: np.ndarray) -> tuple[int, float]:
    """Hills with at least a quarter of their share of points (n, 2), and the share of points on one."""
    import numpy as np

    away = np.linalg.norm(points[:, None] - hills[None], axis=2)  # (n, modes)
    is_on = away.min(axis=1) <= GOOD * SPREAD
    visits = np.bincount(away.argmin(axis=1)[is_on], minlength=len(hills))
    return int((visits >= len(points) / len(hills) / 4).sum()), float(is_on.mean())


def _frame(run: dllab.Run, critic: Any, points: np.ndarray, hills: np.ndarray, count: dict) -> np.ndarray:
    """What the critic thinks of the plane, the hills as rings, and the generator's points."""
    import numpy as np
    import torch

    figure, axes = dllab.new_figure(size=(4.4, 4.6))
    side = np.linspace(-1.6, 1.6, 90, dtype=np.float32)
    plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    with torch.no_grad():
        belief = critic(torch.from_numpy(plane)).numpy().reshape(90, 90)
    belief -= np.median(belief)  # a critic of pairs only says where is better: its level means nothing
    reach = max(PALEST, float(np.quantile(np.abs(belief), 0.98)))
    axes.imshow(belief, extent=(-1.6, 1.6, -1.6, 1.6), origin="lower", interpolation="bilinear",
                cmap="RdBu_r", vmin=-reach, vmax=reach, alpha=0.45)  # fmt: skip
    axes.scatter(hills[:, 0], hills[:, 1], s=190, facecolors="none", edgecolors="#22262e", linewidths=1.2)
    axes.scatter(points[:, 0], points[:, 1], s=5, color=dllab.COLOURS[2], alpha=0.75, linewidths=0)
    axes.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), xticks=[], yticks=[], aspect="equal")
    axes.grid(False)
    title = run.words("step {step}: {covered} of {modes} hills", "{step}단계: 언덕 {modes}개 중 {covered}개")
    axes.set_title(title.format(modes=len(hills), **count), loc="left")
    return dllab.figure_image(figure)
