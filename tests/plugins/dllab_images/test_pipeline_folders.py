"""Folders that --model must refuse, each in a line that says why; what helps say of figures."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import dllab
import dllab_images
from dllab_images import pipelines
from dllab_images.drawing_pictures import check_size
from dllab_images.pipeline_folders import FOLDER, check_folder, place


def odd(parts: dict[str, object], **files: bytes) -> Callable[[Path], None]:
    """Makes a folder whose index names these parts; files: bytes of a file in a part, PART__ENDING."""

    def make(folder: Path) -> None:
        index = {"_class_name": "StableDiffusionPipeline", **parts}
        (folder / "model_index.json").write_text(json.dumps(index))
        for name, content in files.items():
            part, _, ending = name.partition("__")
            (folder / part).mkdir(exist_ok=True)
            (folder / part / f"diffusion_pytorch_model.{ending}").write_bytes(content)

    return make


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (odd({"unet": ["subprocess", "Popen"]}), r"code of its own \(unet: subprocess\)"),
        (odd({"unet": ["my_unet", "MyUNet"]}), r"code of its own \(unet: my_unet\)"),
        (odd({"unet": ["../evil", "Net"]}), r"code of its own \(unet: \.\./evil\)"),
        (odd({"unet": ["diffusers", "UNet2DConditionModel"]}), "lacks the folder unet"),
        (odd({}, unet__safetensors=b"\x08\x00"), r"unet/diffusion_pytorch_model\.safetensors' is damaged"),
        (odd({}, unet__ckpt=b"pickle"), "is a pickle, which can run any code"),
    ],
)
def test_a_folder_that_is_not_whole_or_not_safe_is_refused_with_the_reason(
    tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    make(tmp_path)
    with pytest.raises(dllab.InputError, match=reason):
        check_folder(tmp_path)


def test_pickles_are_refused_beside_safe_weights_of_something_else(tmp_path: Path) -> None:
    odd({}, unet__bin=b"pickle")(tmp_path)
    (tmp_path / "unet" / "other.safetensors").write_bytes((FOLDER / "vae").joinpath(
        "diffusion_pytorch_model.safetensors").read_bytes())  # fmt: skip
    with pytest.raises(dllab.InputError, match=r"diffusion_pytorch_model\.bin' is a pickle"):
        check_folder(tmp_path)


def test_parts_that_a_pipeline_of_diffusers_brings_are_known(tmp_path: Path) -> None:
    odd({"safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"], "unet": [None, None]})(
        tmp_path
    )
    (tmp_path / "safety_checker").mkdir()
    check_folder(tmp_path)


@pytest.mark.parametrize("kind", ["FancyPipeline", "UNet2DModel", "os.system"])
def test_a_class_that_is_no_pipeline_is_refused_by_its_name(tmp_path: Path, kind: str) -> None:
    odd({"_class_name": kind})(tmp_path)
    with pytest.raises(
        dllab.InputError, match=f"asks for {re.escape(kind)}, which is no pipeline of diffusers"
    ):
        pipelines._class_of(tmp_path)


def test_an_empty_name_is_no_folder() -> None:
    with pytest.raises(dllab.UsageError, match="--model '': no such folder"):
        place("")


def test_a_hub_out_of_reach_is_told_from_a_repository_that_is_not_there() -> None:
    unreached = OSError("not cached. To enable look-ups, pass 'local_files_only=False'")
    unreached.__cause__ = socket.gaierror(-2, "Name or service not known")
    assert pipelines._is_offline(unreached)
    assert not pipelines._is_offline(OSError("owner/name is not a repository"))


def test_of_a_long_error_the_first_sentence_is_told() -> None:
    assert pipelines._reason(ValueError("No such net. Look at:\nhttps://x.org")) == "No such net"
    assert (
        pipelines._reason(RuntimeError("Error in loading:\n\tsize mismatch"))
        == "Error in loading: size mismatch"
    )
    assert pipelines._reason(KeyError()) == "KeyError"


def test_what_a_prompt_is_too_long_for_is_counted() -> None:
    from types import SimpleNamespace

    from dllab_images.text_to_image import LONGEST, tokenizer

    pipe = SimpleNamespace(tokenizer=tokenizer())
    assert pipelines.pieces_left_out(pipe, "a round biscuit with a red hat") == 0
    assert pipelines.pieces_left_out(pipe, "red " * LONGEST) == 2  # it also needs a beginning and an end
    assert pipelines.pieces_left_out(SimpleNamespace(), "red") == 0


def test_a_side_that_no_pipeline_draws_is_refused_with_those_beside_it() -> None:
    with pytest.raises(dllab.UsageError, match="--size 33 must be a multiple of 8, such as 32 or 40"):
        check_size(33)
    check_size(64)
    check_size(None)


@pytest.mark.parametrize("experiment", dllab_images.dllab_experiments(), ids=lambda each: each.name)
def test_the_korean_help_gives_every_figure_of_the_english_one(experiment: dllab.Experiment) -> None:
    for name, field in experiment.params_type.model_fields.items():
        figures = set(re.findall(r"\d+(?:\.\d+)?", field.description or ""))
        assert figures <= set(re.findall(r"\d+(?:\.\d+)?", experiment.ko[name])), name
