"""The experiment `portrait-check`: does the text-to-image model draw what a caption says?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_images.portrait_texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

HELD_SEED = 9_000_000  # captions that no training has seen
SURE = 0.9  # of the attributes that a caption states
LONG, JUDGE_RIGHT = 300, 0.95  # steps from which the judge is held to that accuracy
SHOWN = 24
REFERENCE = 50  # steps of DDIM that presets are held against
NAMES_KO = {
    "shape": "모양", "icing": "아이싱", "eyes": "눈", "mouth": "입", "hat": "모자", "hat_colour": "모자 색",
    "glasses": "안경", "topping": "토핑", "background": "배경",
}  # fmt: skip


class PortraitCheckParams(dllab.Params):
    model: str = dllab.param("portraits", help="the lab's own, or a folder that train-portraits made")
    count: int = dllab.param(500, ge=1, le=10_000, help="held-back captions to draw")
    steps: int = dllab.param(15, ge=1, le=1000, help="steps from noise to picture")
    guidance: float = dllab.param(3.5, ge=0, le=50, help="how strictly the words are kept")
    judge_steps: int = dllab.param(
        600, ge=1, le=100_000, help="gradient steps of the judge, 64 portraits each"
    )
    presets: bool = dllab.param(False, help="also compare the scheduler presets with DDIM of 50 steps")
    wanted: float = dllab.param(SURE, ge=0, le=1, help="share of each attribute that must be recognised")


@dllab.experiment(
    "portrait-check",
    topic="images",
    about=ABOUT["portrait-check"],
    tiny={"count": 2, "steps": 1, "judge_steps": 2, "wanted": 0},
    ko={
        "model": "내장 모델 또는 train-portraits가 만든 폴더",
        "count": "그려 볼 처음 보는 설명의 수",
        "steps": "잡음에서 그림까지의 단계 수",
        "guidance": "글을 지키는 정도",
        "judge_steps": "판정 모델의 경사 단계 수, 매번 초상 64장",
        "presets": "스케줄러 프리셋을 50단계 DDIM과도 비교",
        "wanted": "속성마다 알아보아야 할 비율",
    },
)
def portrait_check(run: dllab.Run, params: PortraitCheckParams) -> None:
    """A judge of its own, trained on drawn portraits, looks for what the captions state."""
    from dllab_images.attributes import ATTRIBUTES, visible
    from dllab_images.captions import stated
    from dllab_images.judge import drawn, judged, train_judge
    from dllab_images.portraits import portraits
    from dllab_images.sheets import sheet

    held = portraits(params.count, HELD_SEED)
    steps = run.progress(range(params.judge_steps), label=run.words("training the judge", "심판 훈련"))
    judge = train_judge(steps, params.judge_steps, 64, run.torch_generator("judge"))
    pictures = _drawn(run, params, held.captions, "dpm++", params.steps)
    found = judged(judge, pictures)
    real, labels = drawn(1000, first=10_000_000)
    right, seen = judged(judge, real), visible(labels)
    rows = []
    mentions = [
        stated({name: int(held.attributes[name][k]) for name in ATTRIBUTES}, held.captions[k])
        for k in range(params.count)
    ]
    for name, values in ATTRIBUTES.items():
        those = [k for k in range(params.count) if name in mentions[k]]
        hits = sum(int(found[name][k]) == int(held.attributes[name][k]) for k in those)
        mine = float((right[name] == labels[name])[seen[name]].float().mean())
        share = hits / len(those) if those else float("nan")
        rows.append(
            {
                "attribute": name,
                "captions": len(those),
                "recognised": share,
                "chance": 1 / len(values),
                "judge": mine,
            }
        )
        if params.judge_steps >= LONG:
            run.check(
                f"judge on drawn portraits: {name}",
                ko=f"판정 모델이 그려 둔 초상에서 알아본 비율, {NAMES_KO[name]}",
                got=mine,
                at_least=JUDGE_RIGHT,
                source="fresh portraits",
            )
        if those:
            source = f"the caption states it; chance is {1 / len(values):.2f}"
            run.check(
                f"recognised: {name}",
                ko=f"모델의 그림에서 알아본 비율, {NAMES_KO[name]}",
                got=share,
                at_least=params.wanted,
                source=source,
            )
    run.save_table("attributes.csv", rows)
    run.save_image("sheet.png", sheet(pictures[:SHOWN].numpy(), columns=6))
    run.save_json("captions.json", list(held.captions[:SHOWN]))
    if params.presets:
        _compare(run, params, judge, held.captions, real)


def _drawn(
    run: dllab.Run, params: Any, captions: tuple[str, ...], scheduler: str, steps: int, stream: int = 0
) -> Tensor:
    """What the model draws for each caption: (N, 3, 32, 32) in [-1, 1]. stream: another gives other noise."""
    import torch

    from dllab_images.noise import generators
    from dllab_images.pipelines import open_pipeline, quiet
    from dllab_images.schedulers import preset

    pipe = open_pipeline(params.model, run)
    pipe.scheduler = preset(scheduler, pipe.scheduler.config)
    made = []
    label = run.words(f"drawing by {scheduler}", f"{scheduler}(으)로 그리기")
    for start in run.progress(range(0, len(captions), 16), label=label):
        some = list(captions[start : start + 16])
        with quiet():
            images = pipe(
                prompt=some,
                num_inference_steps=steps,
                guidance_scale=params.guidance,
                generator=generators(run.seed, start, len(some), stream=1 + stream),
                output_type="np",
            ).images
        made.append(torch.from_numpy(images).permute(0, 3, 1, 2).float() * 2 - 1)
    return torch.cat(made)


def _compare(run: dllab.Run, params: Any, judge: Any, captions: tuple[str, ...], real: Tensor) -> None:
    """Leave presets.csv: how far what each preset draws is from drawn portraits, beside DDIM of 50 steps.

    Frechet distance in the judge's features, each with the spread that it has on the portraits. The second
    row is DDIM of 50 steps with other noise: what it differs by is chance.
    """
    from dllab_images.judge import features
    from dllab_images.quality import frechet
    from dllab_images.schedulers import STEPS

    known = features(judge, real)
    spread = known.std(axis=0).clip(1e-6)

    def distance(scheduler: str, steps: int, stream: int = 0) -> float:
        made: np.ndarray = features(judge, _drawn(run, params, captions, scheduler, steps, stream))
        return frechet(known / spread, made / spread)

    rows = [{"scheduler": "ddim", "steps": REFERENCE, "noise": n, "frechet": distance("ddim", REFERENCE, n)}
            for n in range(2)]  # fmt: skip
    for name, steps in STEPS.items():
        rows.append({"scheduler": name, "steps": steps, "noise": 0, "frechet": distance(name, steps)})
        here, first, other = (row["frechet"] for row in (rows[-1], *rows[:2]))
        run.message(run.words(
            f"{name} with {steps} steps: {here:.2f}; ddim with {REFERENCE}: {first:.2f} and {other:.2f}",
            f"{name} {steps}단계: {here:.2f}; ddim {REFERENCE}단계: {first:.2f}, {other:.2f}",
        ))  # fmt: skip
    run.save_table("presets.csv", rows)
