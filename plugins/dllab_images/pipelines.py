"""Opening diffusers pipelines: the one of the lab, a local folder, or a repository of the hub."""

from __future__ import annotations

import json
import logging
import re
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dllab

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = "portraits"
FOLDER = Path(__file__).with_name("weights") / OWN
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
OWN_GUIDANCE, GUIDANCE = 3.5, 7.5
OFFLINE = "download it on a machine that has a network and give its folder, or take --model portraits"


@contextmanager
def quiet() -> Iterator[None]:
    """Without diffusers' and transformers' chatter about optional packages; real errors still come."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def open_pipeline(model: str, run: dllab.Run, lora: dllab.Input | None = None) -> Any:
    """A pipeline on the run's device, in float16 on an accelerator and float32 on the CPU.

    model: "portraits", a folder, or owner/name on the hub. Weights are safetensors, always.
    Raises UsageError for what is neither, InputError for a folder without safe weights or a hub out of reach.
    """
    import torch

    folder = place(model)
    with quiet():
        from diffusers.utils import logging as diffusers_logging
        from transformers.utils import logging as transformers_logging

        diffusers_logging.disable_progress_bar()
        transformers_logging.disable_progress_bar()
        dtype = torch.float32 if run.device.type == "cpu" else torch.float16
        pipe = _loaded(folder, model, dtype)
        pipe.set_progress_bar_config(disable=True)
        if lora is not None:
            _add_lora(pipe, lora)
        return pipe.to(run.device)


def place(model: str) -> Path | None:
    """The local folder that a model's name means; None for a repository of the hub."""
    if model == OWN:
        if not (FOLDER / "model_index.json").is_file():
            raise dllab.InputError("the model portraits is not here; make it by: dllab run train-portraits")
        return FOLDER
    folder = Path(model).expanduser()
    if folder.is_dir():
        check_folder(folder)
        return folder
    if folder.exists():
        raise dllab.InputError(f"'{model}' is a file; --model takes the folder that holds model_index.json")
    if not HUB_ID.fullmatch(model):
        raise dllab.UsageError(
            f"--model '{model}': no such folder; give one, owner/name of the hub, or {OWN}"
        )
    return None


def check_folder(folder: Path) -> None:
    """Raise InputError, saying why, for a folder that is no pipeline or that has only pickled weights."""
    index = folder / "model_index.json"
    if not index.is_file():
        raise dllab.InputError(f"'{folder}' holds no model_index.json: it is not a diffusers pipeline folder")
    try:
        entries = json.loads(index.read_text(encoding="utf-8"))
        kind = entries["_class_name"]
    except (ValueError, KeyError, TypeError) as error:
        raise dllab.InputError(f"'{index}' is not a pipeline's index: {error}") from None
    if not isinstance(kind, str):
        raise dllab.InputError(f"'{index}' asks for code of its own, which is not run here")
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        pickled = sorted([*part.glob("*.bin"), *part.glob("*.ckpt"), *part.glob("*.pt")])
        if pickled and not any(part.glob("*.safetensors")):
            raise dllab.InputError(
                f"'{part.name}/{pickled[0].name}' is a pickle, which can run any code when it is opened; "
                "save the pipeline again with safe_serialization=True, and give that folder"
            )


def _loaded(folder: Path | None, model: str, dtype: Any) -> Any:
    source = str(folder) if folder is not None else model
    try:
        if folder is not None and _kind(folder) == "StableDiffusionPipeline":
            from diffusers import StableDiffusionPipeline as Pipeline
        else:
            from diffusers import DiffusionPipeline as Pipeline
        return Pipeline.from_pretrained(
            source, use_safetensors=True, torch_dtype=dtype, local_files_only=folder is not None
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RuntimeError) as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        if folder is not None:
            raise dllab.InputError(f"the pipeline '{folder}' does not load: {first}") from None
        raise dllab.InputError(f"'{model}' does not come from the hub ({first}); {OFFLINE}") from None


def _kind(folder: Path) -> str:
    return str(json.loads((folder / "model_index.json").read_text(encoding="utf-8"))["_class_name"])


def _add_lora(pipe: Any, lora: dllab.Input) -> None:
    """Put the weights of a LoRA on; they must be safetensors."""
    if lora.path.suffix != ".safetensors" and not lora.name.endswith(".safetensors"):
        raise dllab.InputError(f"'{lora.name}' is no .safetensors file; a pickle could run any code")
    if not hasattr(pipe, "load_lora_weights"):
        raise dllab.UsageError(f"a {type(pipe).__name__} takes no --lora; leave it out")
    try:
        from safetensors.torch import load_file

        pipe.load_lora_weights(load_file(lora.path))
    except (ImportError, ValueError) as error:
        if "peft" in str(error).lower():
            raise dllab.UsageError("--lora needs the package peft: pip install peft") from None
        raise dllab.InputError(f"'{lora.name}' does not fit this pipeline: {str(error)[:160]}") from None


def for_images(pipe: Any) -> Any:
    """The image-to-image pipeline over the same parts. Raises UsageError where diffusers has none."""
    with quiet():
        from diffusers import AutoPipelineForImage2Image, StableDiffusionImg2ImgPipeline

        if type(pipe).__name__ == "StableDiffusionPipeline":
            parts = {name: part for name, part in pipe.components.items() if name != "safety_checker"}
            again = StableDiffusionImg2ImgPipeline(
                **parts, safety_checker=None, requires_safety_checker=False
            )
        else:
            try:
                again = AutoPipelineForImage2Image.from_pipe(pipe)
            except ValueError:
                raise dllab.UsageError(
                    f"diffusers has no image-to-image form of {type(pipe).__name__}; take another --model"
                ) from None
        again.set_progress_bar_config(disable=True)
        return again


def unknown_words(pipe: Any, prompt: str) -> list[str]:
    """Words of the prompt that the pipeline's tokenizer has no piece for; most tokenizers know all."""
    words = getattr(pipe, "tokenizer", None)
    missing = getattr(words, "unk_token_id", None)
    if missing is None or missing == getattr(words, "eos_token_id", None):
        return []
    return [word for word in re.findall(r"\w+", prompt) if missing in words(word).input_ids]
