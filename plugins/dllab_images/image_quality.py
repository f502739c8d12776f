"""The experiment `image-quality`: a table of figures beside floor and plain model, on a set held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_images.texts import ABOUT, KO

if TYPE_CHECKING:
    from dllab_images.data import Pictures
    from dllab_images.eye import Eye

NAMED = {"digits": 0.98, "portraits": 0.98}  # share of held-back pictures that the eye must name rightly


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
        "ddim", help="how a diffusion model walks from noise to picture"
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
    from dllab_images.drawing import draw, labels_of
    from dllab_images.eye import accuracy, look
    from dllab_images.quality import gaussian_per_class
    from dllab_images.shelf import read_net

    pictures = read_pictures(params.data, None, 32, run.model, run.progress)
    eye = _eye(run, params, pictures)
    named = accuracy(eye, pictures.held, pictures.held_labels)
    labels = labels_of(0, params.count, len(pictures.class_names), None)
    made = {}
    for name, path in _models(params):
        kind, net = read_net(path)
        if kind.data != pictures.name or kind.kind == "eye":
            raise dllab.InputError(
                f"{path.name} draws {kind.data}, not {pictures.name}; give the --data it learned"
            )
        made[name] = draw(
            kind, net, run.seed, 0, labels, params.sampling_steps, params.scheduler, "cpu", run.progress
        )
    made["gaussian"] = gaussian_per_class(pictures.train, pictures.train_labels, labels, run.rng)
    train, held = look(eye, pictures.train), look(eye, pictures.held)
    limit = 4 * len(held)  # of each set, so that the distances of all points fit into memory
    train, held = train[: max(limit, 1440)], held[:2000]
    rows = [{"pictures": "real", **_row(train, held, train)}]
    rows[0]["training"] = None  # they are the training pictures
    rows += [{"pictures": name, **_row(train, held, look(eye, each))} for name, each in made.items()]
    run.save_table("quality.csv", rows)
    chance = len(train) / (len(train) + len(held))
    run.save_json("quality.json", {"table": rows, "eye_accuracy": named, "training_share_by_chance": chance})
    _say(run, rows, named, chance)
    _picture(run, rows)
    _check(run, params, {row["pictures"]: row for row in rows}, named)


def _eye(run: dllab.Run, params: ImageQualityParams, pictures: Pictures) -> Eye:
    """The classifier that comes with the lab, or one trained now, which is left as eye.safetensors."""
    from dllab_images.eye import learn
    from dllab_images.shelf import FOLDER, Kind, packed, read_net

    kept = FOLDER / f"{params.data}-eye.safetensors"
    if kept.is_file():
        return read_net(kept)[1]  # type: ignore[return-value]
    eye = learn(pictures, params.eye_steps, run.torch_generator("eye"), run.progress)
    channels, size, _ = pictures.shape
    kind = Kind("eye", pictures.name, channels, size, pictures.class_names, {})
    run.save_model("eye.safetensors", packed(eye), kind.facts())
    return eye


def _models(params: ImageQualityParams) -> list[tuple[str, Any]]:
    """Name and file of each model to judge."""
    from dllab_images.shelf import FOLDER

    if params.weights is not None:
        return [("given", params.weights.path)]
    paths = {kind: FOLDER / f"{params.data}-{kind}.safetensors" for kind in ("ddpm", "vae", "gan")}
    return [(kind, path) for kind, path in paths.items() if path.is_file()]


def _row(train: Any, held: Any, made: Any) -> dict[str, Any]:
    """The four figures; all of features."""
    from dllab_images.quality import frechet, nearest_training_share, precision_recall

    precision, recall = precision_recall(held, made)
    return {
        "frechet": frechet(held, made),
        "precision": precision,
        "recall": recall,
        "training": nearest_training_share(train, held, made),
    }


def _say(run: dllab.Run, rows: list[dict[str, Any]], named: float, chance: float) -> None:
    run.message(f"the classifier that judges names {named:.1%} of the pictures held back from it")
    for row in rows:
        share = "-" if row["training"] is None else f"{row['training']:.2f} (chance {chance:.2f})"
        run.message(f"{row['pictures']:>9}: distance {row['frechet']:.2f}, precision {row['precision']:.2f}, "
                    f"recall {row['recall']:.2f}, nearest is a training picture {share}")  # fmt: skip


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


def _check(run: dllab.Run, params: ImageQualityParams, rows: dict[str, dict[str, Any]], named: float) -> None:
    """What the lab's own models of the digits must reach, at the size that this is meant for."""
    run.check("pictures the classifier names rightly", got=named, at_least=NAMED[params.data],
              source="what it takes for its features to tell forms apart")  # fmt: skip
    if params.count < 1000 or params.sampling_steps or params.data != "digits":
        return
    plain = rows["gaussian"]["frechet"]
    demands = []
    if "ddpm" in rows:
        run.check("distance of ddpm, of the Gaussians'", got=rows["ddpm"]["frechet"] / plain, at_most=0.25,
                  source="demanded before the model was trained")  # fmt: skip
        demands.append(("recall of ddpm", rows["ddpm"]["recall"], ">=", 0.85))
    if "gan" in rows:
        demands.append(("recall of gan", rows["gan"]["recall"], ">=", 0.4))
    if "vae" in rows and "ddpm" in rows:
        share = rows["vae"]["frechet"] / rows["ddpm"]["frechet"]
        demands.append(("distance of vae, of ddpm's", share, "<=", 1.5))
    for name, got, sign, wanted in demands:
        is_reached = got >= wanted if sign == ">=" else got <= wanted
        word = "reached" if is_reached else "not reached"
        run.message(f"{name}: {got:.2f}, wanted {sign} {wanted}: {word}", "info" if is_reached else "warning")
