"""Opening diffusers pipelines: the one of the lab, a local folder, or a repository of the hub."""

from __future__ import annotations

import logging
import re
import socket
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import dllab
from dllab_images.pipeline_folders import place, read_index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    folder = place(model)
    added = None if lora is None else _lora_weights(lora)
    import torch

    with quiet():
        from diffusers.utils import logging as diffusers_logging
        from transformers.utils import logging as transformers_logging

        diffusers_logging.disable_progress_bar()
        transformers_logging.disable_progress_bar()
        dtype = torch.float32 if run.device.type == "cpu" else torch.float16
        pipe = _loaded(folder, model, dtype)
        pipe.set_progress_bar_config(disable=True)
        if lora is not None:
            _add_lora(pipe, lora.name, added)
        return pipe.to(run.device)


def _loaded(folder: Path | None, model: str, dtype: Any) -> Any:
    try:
        return _class_of(folder).from_pretrained(
            str(folder) if folder is not None else model,
            use_safetensors=True,
            torch_dtype=dtype,
            local_files_only=folder is not None,
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RuntimeError) as error:
        if folder is not None:
            raise dllab.InputError(f"the pipeline '{folder}' does not load: {_reason(error)}") from None
        reason = "the hub is out of reach" if _is_offline(error) else _reason(error)
        raise dllab.InputError(f"'{model}' does not come from the hub: {reason}; {OFFLINE}") from None


def _class_of(folder: Path | None) -> Any:
    """The class that a folder's index names; of a repository diffusers finds it by itself."""
    if folder is None:
        from diffusers import DiffusionPipeline

        return DiffusionPipeline
    kind = read_index(folder / "model_index.json")["_class_name"]
    if kind == "StableDiffusionPipeline":  # without the import of all the others
        from diffusers import StableDiffusionPipeline

        return StableDiffusionPipeline
    import diffusers

    found = getattr(diffusers, kind, None)
    if not (isinstance(found, type) and issubclass(found, diffusers.DiffusionPipeline)):
        raise dllab.InputError(
            f"'{folder}/model_index.json' asks for {kind}, which is no pipeline of diffusers "
            f"{diffusers.__version__}; take another folder, or install a newer diffusers"
        )
    return diffusers.DiffusionPipeline


def _reason(error: Exception) -> str:
    """The first sentence of a library's error, with the line after it where it ends in a colon."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    said = " ".join(lines[:2]) if lines[0].endswith(":") else lines[0]
    return re.split(r"(?<=[.!?])\s", said)[0][:200].rstrip(".")


def _is_offline(error: BaseException) -> bool:
    """Whether an error came of a network that is not there, at whatever depth."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, (socket.gaierror, ConnectionError, TimeoutError)):
            return True
        if type(seen).__name__ in ("ConnectError", "ConnectTimeout", "ReadTimeout", "OfflineModeIsEnabled"):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _lora_weights(lora: dllab.Input) -> dict[str, Any]:
    """The tensors of a LoRA. Raises InputError for a file that is damaged or no safetensors."""
    if lora.path.suffix != ".safetensors" and not lora.name.endswith(".safetensors"):
        raise dllab.InputError(f"'{lora.name}' is no .safetensors file; a pickle could run any code")
    try:
        return dllab.load_weights(lora.path)
    except dllab.InputError as error:  # in the store a file goes by its digest
        raise dllab.InputError(str(error).replace(lora.path.name, lora.name)) from None


def _add_lora(pipe: Any, name: str, weights: dict[str, Any] | None) -> None:
    """Put the weights of a LoRA, which came from a file of that name, on a pipeline."""
    if not hasattr(pipe, "load_lora_weights"):
        raise dllab.UsageError(f"a {type(pipe).__name__} takes no --lora; leave it out")
    try:
        pipe.load_lora_weights(weights)
    except (ImportError, ValueError) as error:
        if "peft" in str(error).lower():
            raise dllab.UsageError("--lora needs the package peft: pip install peft") from None
        raise dllab.InputError(f"'{name}' does not fit this pipeline: {_reason(error)}") from None


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
    named = re.findall(r"\w+|[^\w\s!-/:-@\[-`{-~…“”‘’]", prompt)  # an emoji is a word of its own
    return list(dict.fromkeys(word for word in named if missing in words(word).input_ids))


def pieces_left_out(pipe: Any, prompt: str) -> int:
    """How many pieces of words at the end of the prompt the pipeline's tokenizer cuts off."""
    words = getattr(pipe, "tokenizer", None)
    longest = getattr(words, "model_max_length", None)
    if words is None or longest is None:
        return 0
    with quiet():
        return max(0, len(words(prompt, truncation=False).input_ids) - int(longest))
