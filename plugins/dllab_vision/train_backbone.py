"""Train the backbone: small pictures first, full size next, adversarial pictures last."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import dllab
from dllab_vision.texts import ABOUT

if TYPE_CHECKING:
    from dllab_vision.pictures import LabelledPictures

LOG_EVERY = 10  # steps


class TrainBackboneParams(dllab.Params):
    data: dllab.Input | None = dllab.input(
        "file",
        default=None,
        help="training pictures, an .npz; without it, generated shapes to see that it works",
    )
    validation: dllab.Input | None = dllab.input(
        "file",
        default=None,
        help="validation pictures, an .npz; without it, a tenth of the training pictures",
    )
    architecture: Literal["plain", "residual"] = dllab.param(
        "plain",
        help="plain: the VGG-like backbone; residual: the second net, which judges what the first one dreams",
    )
    sizes: tuple[int, ...] = dllab.param(
        (32,) * 6 + (48,) * 4 + (64,) * 4,
        min_length=1,
        unit="px",
        help="one epoch for each entry, on pictures shrunk to that height and width, 16 to 64; "
        "the last is the size to judge at",
    )
    epochs_adversarial: int = dllab.param(
        1, ge=0, le=50, help="epochs on pictures disturbed against the net, which make its gradients clean"
    )
    batch_size: int = dllab.param(128, ge=2, le=4096, help="pictures per step")
    learning_rate: float = dllab.param(0.2, gt=0, le=10, help="peak of the one-cycle schedule of SGD")
    adversarial_learning_rate: float = dllab.param(0.03, gt=0, le=10, help="peak in the adversarial epochs")
    weight_decay: float = dllab.param(5e-4, ge=0, le=0.1, help="pull of the weights towards zero")
    label_smoothing: float = dllab.param(0.1, ge=0, lt=1, help="share of the target spread over all classes")
    epsilon: float = dllab.param(
        1.0, ge=0, le=20, help="length of the adversarial disturbance, in model units"
    )
    generated: int = dllab.param(
        2048, ge=64, le=100_000, help="how many shapes to generate when no data is given"
    )


@dllab.experiment(
    "train-backbone",
    topic="vision",
    about=ABOUT["train-backbone"],
    tiny={"sizes": (32,) * 5, "epochs_adversarial": 1, "batch_size": 16, "generated": 160},
    ko={
        "data": "훈련 그림 .npz; 없으면 동작 확인용 도형을 생성",
        "validation": "검증 그림 .npz; 없으면 훈련 그림의 10분의 1",
        "architecture": "plain: VGG형 백본; residual: 첫 신경망의 꿈을 평가하는 두 번째 신경망",
        "sizes": "항목마다 한 에포크씩 그림을 그 크기(16~64)로 줄여 훈련; 마지막 크기로 평가",
        "epochs_adversarial": "신경망을 속이도록 바꾼 그림으로 훈련하는 에포크 수; 기울기를 깨끗하게 함",
        "batch_size": "한 단계의 그림 수",
        "learning_rate": "SGD 원사이클 스케줄의 최고 학습률",
        "adversarial_learning_rate": "적대적 에포크의 최고 학습률",
        "weight_decay": "가중치를 0으로 당기는 힘",
        "label_smoothing": "정답 확률 가운데 모든 클래스에 나누어 주는 비율",
        "epsilon": "적대적 교란의 길이 (모델 입력 단위)",
        "generated": "데이터가 없을 때 생성할 도형 수",
    },
)
def train_backbone(run: dllab.Run, params: TrainBackboneParams) -> None:
    """The small VGG-like net that dream and style look through, trained from pictures.

    Sources: Smith & Topin 2017 (one cycle); Madry et al. 2018 and Wong, Rice, Kolter 2020 (pictures disturbed
    against the net: L2, one gradient step from a random start of half the length).
    """
    import torch
    from torch.nn import functional

    from dllab_vision.backbone import architecture
    from dllab_vision.pictures import top1, training_batches

    for size in params.sizes:
        if not 16 <= size <= 64:
            raise dllab.UsageError(f"--sizes {size}: the pictures are 64 px and take 16 to 64")
    training, validation = _load_pictures(run, params)
    classes = len(training.class_names)
    steps_per_epoch = len(training.labels) // params.batch_size
    if steps_per_epoch == 0:
        raise dllab.UsageError(
            f"--batch-size {params.batch_size} is more than the {len(training.labels)} training pictures"
        )
    net = architecture(params.architecture)(classes)
    net.initialise(run.torch_generator("weights"))
    net = net.to(run.device, memory_format=torch.channels_last)
    learned = [weight for weight in net.parameters() if weight.requires_grad]
    optimiser = torch.optim.SGD(
        learned, lr=params.learning_rate, momentum=0.9, nesterov=True, weight_decay=params.weight_decay
    )
    clean_epochs = len(params.sizes)
    epochs = clean_epochs + params.epochs_adversarial
    figures: list[dict[str, float]] = []
    if run.restored is not None:
        net.load_state_dict(run.restored["net"])
        for weight, momentum in zip(learned, run.restored["momentum"], strict=True):
            optimiser.state[weight]["momentum_buffer"] = momentum.to(weight)
        figures = list(run.restored["figures"])

    disturbed = run.words(", adversarial", ", 적대적")
    for epoch in range(len(figures), epochs):
        is_adversarial = epoch >= clean_epochs
        size = params.sizes[min(epoch, clean_epochs - 1)]
        label = run.words(f"epoch {epoch + 1} of {epochs}", f"에포크 {epoch + 1}/{epochs}")
        label += f", {size} px" + (disturbed if is_adversarial else "")
        batches = training_batches(training, params.batch_size, size, run.rng, run.device)
        total_loss = 0.0
        for i, (x, labels) in enumerate(run.progress(batches, total=steps_per_epoch, label=label)):
            step = epoch * steps_per_epoch + i
            if is_adversarial:
                done = (step / steps_per_epoch - clean_epochs) / params.epochs_adversarial
                learning_rate = one_cycle(done, params.adversarial_learning_rate, warm_up=0.05)
                with run.autocast():
                    x = disturb(net, x, labels, params.epsilon, run.torch_generator("disturbance"))
            else:
                learning_rate = one_cycle(
                    step / steps_per_epoch / clean_epochs, params.learning_rate, warm_up=0.2
                )
            optimiser.param_groups[0]["lr"] = learning_rate

            with run.autocast():
                logits = net(x)  # (B, classes)
            loss = functional.cross_entropy(logits.float(), labels, label_smoothing=params.label_smoothing)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

            loss_value = float(loss.detach())
            if loss_value != loss_value:
                raise FloatingPointError(
                    f"the loss is not a number at step {step}: take a lower --learning-rate"
                )
            total_loss += loss_value
            if step % LOG_EVERY == 0:
                run.log(step, loss=loss_value, learning_rate=learning_rate)

        with run.autocast():
            accuracy = top1(net, validation, params.sizes[-1], run.device)
        run.log((epoch + 1) * steps_per_epoch, validation_top1=accuracy)
        figures.append(
            {"epoch": epoch + 1, "size": size, "loss": total_loss / steps_per_epoch, "top1": accuracy}
        )
        momenta = [optimiser.state[weight]["momentum_buffer"] for weight in learned]
        run.checkpoint({"net": net.state_dict(), "momentum": momenta, "figures": figures})

    _save(run, net, params.architecture, training.class_names, figures)
    chance = 1 / classes
    run.check(
        "top-1 on the validation pictures",
        ko="검증 그림의 top-1 정확도",
        got=figures[-1]["top1"] if figures else chance,
        at_least=0.25,
        source="25 % after a quarter of an hour in a first trial on Tiny ImageNet; chance is 0.5 %"
        if params.data
        else f"eight generated classes, chance is {chance:.1%}",
    )


def one_cycle(done: float, peak: float, warm_up: float) -> float:
    """Learning rate when a share `done` of the steps is done: up to the peak over warm_up, down to zero."""
    return peak * min(done / warm_up, (1 - done) / (1 - warm_up))


def disturb(net, x, labels, epsilon: float, generator):
    """Pictures (B, 3, H, W) moved by at most epsilon (L2, in model units, each) to where the loss is higher.

    One gradient step of length epsilon from a random place at half of epsilon, drawn back into the ball.
    """
    import torch
    from torch.nn import functional

    def length(change):
        return change.flatten(1).norm(dim=1).clamp_min(1e-12).view(-1, 1, 1, 1)

    start = torch.randn(x.shape, generator=generator).to(x.device)
    start = (0.5 * epsilon * start / length(start)).contiguous(memory_format=torch.channels_last)
    start.requires_grad_(True)
    logits = net(x + start)
    (grad,) = torch.autograd.grad(functional.cross_entropy(logits.float(), labels), start)
    change = start.detach() + epsilon * grad / length(grad)
    return x + change * (epsilon / length(change)).clamp_max(1)


def _load_pictures(run: dllab.Run, params: TrainBackboneParams) -> tuple[LabelledPictures, LabelledPictures]:
    """Training and validation pictures: the user's, or generated. Raises InputError for unusable files."""
    from dllab_vision.pictures import generate_shapes, read_npz

    if params.data is None:
        run.message(
            run.words(
                "no --data: training on generated shapes, only to see that it works",
                "--data가 없어, 생성한 도형으로 동작만 확인합니다",
            )
        )
        shapes = generate_shapes(params.generated, run.rng)
        return _split(shapes, run)
    decoding = partial(run.progress, label=run.words("decoding pictures", "그림 디코딩"))
    try:
        training = read_npz(params.data.path, params.data.name, decoding)
        if params.validation is None:
            return _split(training, run)
        validation = read_npz(params.validation.path, params.validation.name, decoding)
    except ValueError as error:
        raise dllab.InputError(str(error)) from error
    if validation.class_names != training.class_names:
        raise dllab.InputError(f"{params.validation.name} has other classes than {params.data.name}")
    return training, validation


def _split(pictures: LabelledPictures, run: dllab.Run) -> tuple[LabelledPictures, LabelledPictures]:
    """Set a tenth aside for validation, drawn from the run's seed."""
    order = run.rng.permutation(len(pictures.labels))
    count = max(1, len(order) // 10)
    return pictures.part(order[count:]), pictures.part(order[:count])


def _save(
    run: dllab.Run, net, architecture: str, class_names: tuple[str, ...], figures: list[dict[str, float]]
) -> None:
    """Leave the weights, the classes' names and the figures of each epoch."""
    import json

    state = {
        name: value.half() if value.dim() == 4 or "head" in name else value.float()
        for name, value in net.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    top1 = f"{figures[-1]['top1']:.4f}" if figures else ""
    metadata = {"format": "dllab-backbone", "architecture": architecture, "validation_top1": top1}
    metadata["class_names"] = json.dumps(class_names)
    run.save_model("backbone.safetensors", state, metadata)
    run.save_json("class_names.json", list(class_names))
    if figures:
        run.save_table("epochs.csv", figures)
