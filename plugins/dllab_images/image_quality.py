"""The experiment `image-quality`: a table of figures beside floor and plain model, on a set held back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_images.texts import ABOUT, KO

if TYPE_CHECKING:
    import numpy as np

    from dllab_images.data import Pictures
    from dllab_images.nets import Eye

NAMED = {"digits": 0.98, "portraits": 0.95}  # share of what is held back that the eye must name rightly
TRAINED = 500  # steps from which an eye that learns here is held to that
FULL = 1000  # pictures from which the lab's own models are held to what was demanded of them
CAPTION_SEED = 8_000_000  # of captions that no training has seen
KINDS = ("ddpm", "vae", "gan")


class ImageQualityParams(dllab.Params):
    data: Literal["digits", "portraits"] = dllab.param("digits", help="pictures to compare with")
    weights: dllab.Input | None = dllab.input(
        "model", default=None, help="weights to judge in place of the lab's own"
    )
    count: int = dllab.param(1440, ge=48, le=50_000, help="pictures to draw by each model")
    eye_steps: int = dllab.param(
        600, ge=1, le=100_000, help="steps to train the classifier, where none is kept"
    )
    scheduler: Literal["ddim", "ddpm", "dpm++", "unipc", "euler", "euler-a"] = dllab.param(
        "dpm++", help="how a diffusion model walks from noise to picture"
    )
    sampling_steps: int = dllab.param(0, ge=0, le=1000, help="steps of the walk; 0 for the scheduler's own")


@dllab.experiment(
    "image-quality",
    topic="images",
    about=ABOUT["image-quality"],
    tiny={"count": 48, "sampling_steps": 1},
    ko=KO["image-quality"],
)
def image_quality(run: dllab.Run, params: ImageQualityParams) -> None:
    """Sources: Heusel et al. 2017; Kynkaanniemi et al. 2019, k = 3."""
    from dllab_images.data import read_pictures
    from dllab_images.eye import accuracy, asked, look

    given = _given(params)
    pictures = read_pictures(params.data, None, 32, run.model, run.progress, run.words)
    eye = _eye(run, params, pictures)
    named = accuracy(eye, pictures.held, *asked(pictures, held=True))
    made = _made(run, params, pictures, given)
    train, held = look(eye, pictures.train), look(eye, pictures.held)
    some = train[: 4 * len(held)]  # so that the distances of all fit into memory
    rows = [{"pictures": "real", **_row(train, held, some, is_real=True)}]
    rows += [{"pictures": name, **_row(train, held, look(eye, each))} for name, each in made.items()]
    run.save_table("quality.csv", rows)
    chance = len(train) / (len(train) + len(held))
    run.save_json("quality.json", {"table": rows, "eye_accuracy": named, "training_share_by_chance": chance})
    _say(run, rows, named, chance)
    _picture(run, rows)
    _sheet(run, pictures, made)
    _check(run, params, {row["pictures"]: row for row in rows}, named)


def _eye(run: dllab.Run, params: ImageQualityParams, pictures: Pictures) -> Eye:
    """The classifier that comes with the lab, or one trained now, which is left as eye.safetensors."""
    from dllab_images.eye import kind_for, learn
    from dllab_images.shelf import FOLDER, packed, read_net

    kept = FOLDER / f"{params.data}-eye.safetensors"
    if kept.is_file():
        return read_net(kept)[1]  # type: ignore[return-value]
    learning = partial(run.progress, label=run.words("learning to judge", "판정 학습"))
    eye = learn(pictures, params.eye_steps, run.torch_generator("eye"), learning)
    run.save_model("eye.safetensors", packed(eye), kind_for(pictures).facts())
    return eye


def _given(params: ImageQualityParams) -> tuple[Any, Any] | None:
    """The net of --weights, if any. Raises InputError, before all drawing, where it does not fit."""
    from dllab_images.shelf import read_net

    if params.weights is None:
        return None
    called = params.weights.name
    kind, net = read_net(params.weights.path, called)
    if kind.kind == "eye":
        raise dllab.InputError(f"{called} is a classifier; take weights that gan, vae or ddpm left")
    if kind.data != params.data:
        raise dllab.InputError(f"{called} draws {kind.data}, not {params.data}; give the --data it learned")
    return kind, net


def _made(
    run: dllab.Run, params: ImageQualityParams, pictures: Pictures, given: tuple[Any, Any] | None
) -> dict[str, np.ndarray]:
    """What each model draws, by its name: float32 (count, C, H, W) in [-1, 1]; the Gaussians last."""
    from dllab_images.drawing import draw, labels_of
    from dllab_images.quality import gaussian_per_class
    from dllab_images.shelf import FOLDER, read_net

    paths = {kind: FOLDER / f"{params.data}-{kind}.safetensors" for kind in KINDS}
    nets = {name: read_net(path) for name, path in paths.items() if path.is_file()}
    if given is not None:
        nets = {"given": given}
    labels = labels_of(0, params.count, len(pictures.class_names), None)
    drawing = partial(run.progress, label=run.words("drawing", "그리기"))
    made = {
        name: draw(kind, net, run.seed, 0, labels, params.sampling_steps, params.scheduler, "cpu", drawing)
        for name, (kind, net) in nets.items()
    }
    if pictures.attributes and params.weights is None:
        made |= _from_captions(run, params)
    fine = pictures.train_labels
    if pictures.attributes:  # shape and background, of which each plain model then knows one
        fine = 100 * fine + pictures.attributes["background"]
        labels = run.rng.choice(fine, params.count)
    made["gaussian"] = gaussian_per_class(pictures.train, fine, labels, run.rng)
    return made


def _from_captions(run: dllab.Run, params: ImageQualityParams) -> dict[str, np.ndarray]:
    """What the lab's text-to-image model draws of captions that it has never seen, where it is here."""
    import numpy as np

    from dllab_images.noise import generators
    from dllab_images.pipeline_folders import FOLDER, OWN, OWN_GUIDANCE
    from dllab_images.pipelines import open_pipeline, quiet
    from dllab_images.portraits import portraits
    from dllab_images.schedulers import STEPS, preset

    if not (FOLDER / "model_index.json").is_file():
        return {}
    pipe = open_pipeline(OWN, run)
    pipe.scheduler = preset("dpm++", pipe.scheduler.config)
    captions = list(portraits(params.count, CAPTION_SEED).captions)
    made = []
    label = run.words("drawing from captions", "설명에 따라 그리기")
    for start in run.progress(range(0, params.count, 32), label=label):
        some = captions[start : start + 32]
        with quiet():
            found = pipe(prompt=some, num_inference_steps=params.sampling_steps or STEPS["dpm++"],
                         guidance_scale=OWN_GUIDANCE, generator=generators(run.seed, start, len(some)),
                         output_type="np")  # fmt: skip
        made.append(np.asarray(found.images, dtype=np.float32).transpose(0, 3, 1, 2) * 2 - 1)
    return {"text-to-image": np.concatenate(made)}


def _row(train: Any, held: Any, made: Any, is_real: bool = False) -> dict[str, Any]:
    """The four figures; all of features. Of training pictures themselves the last says nothing."""
    from dllab_images.quality import frechet, nearest_training_share, precision_recall

    precision, recall = precision_recall(held, made)
    return {
        "frechet": frechet(held, made),
        "precision": precision,
        "recall": recall,
        "training": None if is_real else nearest_training_share(train, held, made),
    }


def _say(run: dllab.Run, rows: list[dict[str, Any]], named: float, chance: float) -> None:
    run.message(run.words(f"the classifier that judges names {named:.1%} of the pictures held back from it",
                          f"판정하는 분류기는 처음 보는 그림의 {named:.1%}를 알아봅니다"))  # fmt: skip
    for row in rows:
        told = (row["frechet"], row["precision"], row["recall"])
        english = "{:>9}: distance {:.2f}, precision {:.2f}, recall {:.2f}".format(row["pictures"], *told)
        korean = "{:>9}: 거리 {:.2f}, 정밀도 {:.2f}, 재현율 {:.2f}".format(row["pictures"], *told)
        if row["training"] is not None:
            english += f", nearest is a training picture {row['training']:.2f} (chance {chance:.2f})"
            korean += f", 가장 가까운 그림이 훈련 그림 {row['training']:.2f} (우연 {chance:.2f})"
        run.message(run.words(english, korean))


def _picture(run: dllab.Run, rows: list[dict[str, Any]]) -> None:
    """Distance as bars; precision and recall as places."""
    figure, (left, right) = dllab.new_figure(1, 2, size=(9.6, 3.8))
    names = [row["pictures"] for row in rows]
    colours = [dllab.COLOURS[i % len(dllab.COLOURS)] for i in range(len(rows))]
    left.barh(names[::-1], [row["frechet"] for row in rows][::-1], color=colours[::-1])
    left.set_title(run.words("Fréchet distance: less is better", "프레셰 거리: 작을수록 좋음"), loc="left")
    for row, colour in zip(rows, colours, strict=True):
        right.scatter(row["recall"], row["precision"], s=90, color=colour, label=row["pictures"], zorder=3)
    right.set(xlim=(0, 1.03), ylim=(0, 1.03))
    right.set_xlabel(run.words("recall: share of the variety", "재현율: 다양함"))
    right.set_ylabel(run.words("precision: share that is right", "정밀도: 그럴듯함"))
    right.set_title(run.words("Right and varied", "그럴듯함과 다양함"), loc="left")
    right.legend(loc="lower left")
    run.save_figure("quality.png", figure)


def _sheet(run: dllab.Run, pictures: Pictures, made: dict[str, np.ndarray]) -> None:
    """The first 24 pictures of each, as they come: real ones, then the models' in the table's order."""
    from dllab_images.sheets import sheet

    strips = {"real": pictures.held, **made}
    figure, axes = dllab.new_figure(len(strips), 1, size=(7.2, 1.5 * len(strips)))
    for place, (name, images) in zip(axes, strips.items(), strict=True):
        place.imshow(sheet(images[:24], 12, 6 if images.shape[3] < 32 else 3).transpose(1, 2, 0))
        place.set(xticks=[], yticks=[])
        place.set_title(name, loc="left")
        place.grid(False)
        for spine in place.spines.values():
            spine.set_visible(False)
    run.save_figure("sheet.png", figure)


def _check(run: dllab.Run, params: ImageQualityParams, rows: dict[str, dict[str, Any]], named: float) -> None:
    """What the lab's own models of the digits must reach, at the size that this is meant for."""
    is_learned = params.data == "digits" or params.eye_steps >= TRAINED
    run.check("share of what the classifier sees that it names rightly", ko="분류기가 알아보는 그림의 비율",
              got=named,
              at_least=NAMED[params.data] if is_learned else 0.0,
              source="what it takes for its features to tell forms apart")  # fmt: skip
    if params.count < FULL or params.sampling_steps or params.data != "digits" or params.weights is not None:
        return
    if not rows.keys() >= {*KINDS, "gaussian"}:  # a file of weights is not here
        return
    source = "demanded before the models were trained"
    ddpm, vae, gan, plain = (rows[name]["frechet"] for name in ("ddpm", "vae", "gan", "gaussian"))
    run.check(
        "distance of ddpm, of the Gaussians'",
        ko="ddpm의 거리, 가우시안에 대한 비",
        got=ddpm / plain,
        at_most=0.25,
        source=source,
    )
    run.check("recall of ddpm", ko="ddpm의 재현율", got=rows["ddpm"]["recall"], at_least=0.85, source=source)
    run.check(
        "distance of gan, of the Gaussians'",
        ko="gan의 거리, 가우시안에 대한 비",
        got=gan / plain,
        at_most=0.5,
        source=source,
    )
    run.check("recall of gan", ko="gan의 재현율", got=rows["gan"]["recall"], at_least=0.4, source=source)
    run.check(
        "distance of vae, of ddpm's",
        ko="vae의 거리, ddpm에 대한 비",
        got=vae / ddpm,
        at_most=1.5,
        source=source,
    )
