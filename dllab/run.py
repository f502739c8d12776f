"""The run, as the author of an experiment sees it."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from dllab import savers
from dllab.cancel import CancelFlag
from dllab.checkpoints import Checkpoint, write_checkpoint
from dllab.checks import as_metrics, judge
from dllab.events import Emit
from dllab.names import check_artifact_name, well_formed
from dllab.pictures import Picture, load_picture, to_image, write_picture
from dllab.pieces import new_file
from dllab.recipe import canonical_json, recipe, weights_digest
from dllab.seeds import integer_seed, seed_sequence
from dllab.spec import RunSpec

if TYPE_CHECKING:
    import numpy as np
    import torch
    from matplotlib.figure import Figure

    from dllab.params import Input

T = TypeVar("T")
PROGRESS_INTERVAL_S = 0.1
PREVIEW_INTERVAL_S = 1.0
CHECKPOINT_NAME = "checkpoint.safetensors"


class Run:
    """What an experiment is handed: its random numbers, its device, and where to put what it makes.

    Everything written is staged, hashed and taken over by the store when it is complete; nothing
    half-written ever carries its final name.
    """

    def __init__(self, spec: RunSpec, emit: Emit, cancel: CancelFlag) -> None:
        self._spec, self._emit, self._cancel = spec, emit, cancel
        self._torch_generators: dict[str, torch.Generator] = {}
        self._checkpoint = Checkpoint(Path(spec.checkpoint)) if spec.checkpoint else None
        self._step = self._checkpoint.step if self._checkpoint else 0
        self._staged_files = 0
        self._models: dict[str, str] = {}
        self._asked_language = "en"
        self._last_preview = float("-inf")
        self._last_checkpoint = float("-inf")
        self._device_facts: tuple[str, str] = ("", "")
        self._lease: Any = None

    @property
    def id(self) -> str:
        return self._spec.run_id

    @property
    def seed(self) -> int:
        return self._spec.seed

    @property
    def threads(self) -> int:
        """The number of CPU threads; results are bit-equal at equal numbers only."""
        return self._spec.threads

    @property
    def language(self) -> str:
        """Of the words in pictures, "en" or "ko"; made again, the run has the one that it had."""
        self._asked_language = self._spec.language
        return self._asked_language

    def words(self, english: str, korean: str) -> str:
        """Of two texts, the one in the run's language."""
        return korean if self.language == "ko" else english

    # Random numbers

    @cached_property
    def rng(self) -> np.random.Generator:
        """The run's NumPy generator."""
        import numpy as np

        return np.random.Generator(np.random.PCG64(seed_sequence(self.seed, "rng")))

    def torch_generator(self, name: str = "main") -> torch.Generator:
        """The run's torch generator of that name, on the CPU, so that every device draws the same numbers."""
        import torch

        if name not in self._torch_generators:
            generator = torch.Generator().manual_seed(integer_seed(self.seed, f"torch/{name}"))
            self._torch_generators[name] = generator
        return self._torch_generators[name]

    # Device

    @cached_property
    def device(self) -> torch.device:
        """The device to compute on. Asking for it leases an accelerator, where there is one, and may wait."""
        import torch

        from dllab import device as devices

        wanted = self._spec.device
        names = devices.candidates(wanted, devices.accelerators() if wanted != "cpu" else [])

        def wait(waited_for: str) -> None:
            self._emit({"kind": "status", "status": "queued", "waits_for": waited_for})

        self._lease = devices.lease(names, Path(self._spec.leases), wait)
        self._cancel.check()
        device = torch.device(self._lease.device)
        dtype = str(devices.choose_dtype(self._spec.dtype, device)).removeprefix("torch.")
        self._device_facts = (str(device), dtype)
        self._emit({"kind": "status", "status": "running"})
        self._emit({"kind": "device", "device": str(device), "dtype": dtype, "threads": self.threads})
        return device

    @property
    def dtype(self) -> torch.dtype:
        """The number format for heavy arithmetic: bfloat16 where the hardware has it, else float32."""
        import torch

        _ = self.device
        return getattr(torch, self._device_facts[1])

    def autocast(self) -> contextlib.AbstractContextManager[Any]:
        """A context in which torch computes in `dtype`; for float32 it changes nothing."""
        import torch

        if self.dtype == torch.float32:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)

    def fit_memory(self, work: Callable[[int], T], size: int, minimum: int = 1) -> tuple[T, int]:
        """work(size), with size halved and the halving announced each time memory runs out.

        Returns what work returned and the size that fitted. Raises the error of the last attempt
        when even the minimum does not fit.
        """
        from dllab.device import fit_memory

        return fit_memory(work, size, minimum, lambda words: self.message(words, level="warning"))

    # What it says

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked the run to stop; the next call of progress or log raises Cancelled."""
        return self._cancel.requested

    def progress(self, iterable: Iterable[T], total: int | None = None, label: str = "") -> Iterator[T]:
        """Go through an iterable and report how far it is. Raises Cancelled when the run is to stop."""
        if total is None and isinstance(iterable, Sized):
            total = len(iterable)
        if total is not None and (isinstance(total, bool) or not isinstance(total, int)):
            raise TypeError(f"run.progress: total is a whole number or None, not {total!r}")
        label = well_formed(str(label))
        last = float("-inf")
        done = 0
        for item in iterable:
            self._cancel.check()
            if time.monotonic() - last >= PROGRESS_INTERVAL_S:
                last = time.monotonic()
                self._emit({"kind": "progress", "label": label, "done": done, "total": total})
            yield item
            done += 1
        self._cancel.check()
        self._emit({"kind": "progress", "label": label, "done": done, "total": total})

    def log(self, step: int, **values: float) -> None:
        """Record metrics at a step. Keys ending in `_s` are clock figures, which replays do not compare."""
        self._cancel.check()
        self._step = step = int(step)
        if not -(2**63) <= step < 2**63:
            raise ValueError(f"run.log: step {step} does not fit into 64 bits")
        self._emit({"kind": "metric", "step": step, "values": as_metrics(values), "time": time.time()})

    def message(self, text: str, level: str = "info") -> None:
        """Tell the user something; level "info" or "warning"."""
        self._emit({"kind": "log", "level": level, "text": well_formed(str(text))})

    def check(
        self,
        name: str,
        got: float,
        *,
        expected: float | None = None,
        abs: float | None = None,
        rel: float | None = None,
        at_least: float | None = None,
        at_most: float | None = None,
        source: str,
        ko: str = "",
    ) -> bool:
        """Hold an obtained figure against a known one, and say where the known one is from.

        Give expected with abs or rel (neither: exactly equal), or at_least and/or at_most. A run with
        a check that does not hold ends as failed. ko: the name in Korean. Returns whether it held.
        """
        words = {"source": well_formed(source), "ko": well_formed(ko)}
        event = judge(well_formed(name), got, expected, abs, rel, at_least, at_most, **words)
        self._emit(event)
        return bool(event["passed"])

    def preview(self, image: Any) -> None:
        """Show the picture so far, (3, H, W) in [0, 1], at most once a second."""
        if time.monotonic() - self._last_preview < PREVIEW_INTERVAL_S:
            return
        self._staged_files = 0
        self._last_preview = time.monotonic()
        staged = self._staged("preview")
        with staged.open("wb") as file:
            to_image(image, caller="preview").save(file, "PNG", compress_level=1)
        self._emit({"kind": "preview", "staged": str(staged)})

    # What it asks for

    def model(self, name: str, weights: Path | Input | None = None) -> Any:
        """The model resource of that name, as its plugin loads it.

        weights: a file to take its weights from instead, or None. Raises InputError, with the remedy, for
        a model that is downloaded on request and is not here, and UsageError for one that takes no file.
        """
        from dllab.plugins import load_model

        model = load_model(name, weights)
        if hasattr(model, "state_dict"):
            self._models[name] = weights_digest(model.state_dict())
        return model

    def dataset(self, name: str) -> Any:
        """The data set of that name, as its plugin loads it."""
        return self._resource("dataset", name)

    def sample(self, name: str) -> Path:
        """The path of the sample of that name."""
        return Path(self._resource("sample", name))

    def agent(self, agent: str | Input) -> Any:
        """The agent of that name, as its plugin loads it, or that of an input field of the kind "agent"."""
        if isinstance(agent, str):
            return self._resource("agent", agent)
        from dllab.agents import read_agent

        if agent.path is None:
            raise ValueError("run.agent takes a name or an input field, resolved by the runner")
        return read_agent(agent.path, agent.name)

    def environment(self, name: str) -> Any:
        """The environment of that name, as its plugin loads it."""
        return self._resource("environment", name)

    def _resource(self, kind: str, name: str) -> Any:
        from dllab.plugins import load_value

        return load_value(kind, name)

    def load_image(self, image: Input) -> Picture:
        """Read an input picture, upright and in sRGB: pixels float32 (3, H, W) in [0, 1], alpha apart."""
        if image.path is None:
            raise ValueError("load_image takes an input field of the parameters, resolved by the runner")
        picture = load_picture(image.path, image.name)
        for note in picture.notes:
            self.message(note)
        return picture

    # What it leaves

    @contextlib.contextmanager
    def open_file(self, name: str, mode: str = "wb", *, role: str = "out") -> Iterator[IO[Any]]:
        """Open a file of the run's own for writing, "wb" or "w"; it counts once the block ends well.

        The bytes are hashed, and the store takes the file over under its name and waits until it is on
        the disk. When the block raises, nothing is left.
        """
        check_artifact_name(name)
        if mode not in ("w", "wb"):
            raise ValueError(f"open_file writes: mode is 'w' or 'wb', not {mode!r}")
        staged = self._staged(name)
        try:
            opened, raw = new_file(staged, mode)
            with opened as file:
                yield file
            digest, size = raw.digest()
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
        self._emit({
            "kind": "artifact", "name": name, "staged": str(staged), "digest": digest, "role": role,
            "size": size, "media_type": savers.media_type(name), "step": self._step,
        })  # fmt: skip

    def _staged(self, name: str) -> Path:
        """A path of its own for each file: the store may still be taking over the last one of that name."""
        self._staged_files += 1
        return self._spec.staging_path / f"{self._staged_files}-{name}.part"

    @property
    def recipe(self) -> str | None:
        """The canonical facts of this run as JSON, or None where the user switched the recipe off."""
        spec = self._spec
        if not spec.use_recipe:
            return None
        device, dtype = self._device_facts
        torch_version = str(sys.modules["torch"].__version__).partition("+")[0] if device else ""
        facts = recipe(
            experiment=spec.experiment, version=spec.version, params=spec.params, seed=spec.seed,
            inputs=spec.inputs, device=device, dtype=dtype, threads=spec.threads,
            code=spec.code, torch=torch_version,
            models=self._models, language=self._asked_language,
        )  # fmt: skip
        return canonical_json(facts)

    def save_image(self, name: str, image: Any, alpha: Any = None) -> None:
        """Save (3, H, W) floats in [0, 1], NumPy or torch, with alpha (H, W) or none, as PNG, JPEG or WebP.

        A PNG carries the recipe. Raises ShapeError for another shape and for values that are not finite.
        """
        picture = to_image(image, alpha, "save_image")
        with self.open_file(name) as file:
            write_picture(file, Path(name).suffix, picture, self.recipe)

    def save_audio(self, name: str, samples: Any, sample_rate_hz: int) -> None:
        """Save floats in [-1, 1] of shape (n,) or (channels, n) as a 16-bit WAV file."""
        with self.open_file(name) as file:
            savers.write_audio(file, samples, sample_rate_hz)

    def save_midi(self, name: str, midi: Any) -> None:
        """Save a mido.MidiFile."""
        with self.open_file(name) as file:
            midi.save(file=file)

    def save_table(self, name: str, rows: Any) -> None:
        """Save rows (mappings with equal keys) or a mapping of columns of equal length as CSV."""
        with self.open_file(name, "w") as file:
            savers.write_table(file, rows)

    def save_json(self, name: str, value: Any) -> None:
        """Save a value as JSON; NumPy and torch numbers and arrays are understood."""
        with self.open_file(name, "w") as file:
            savers.write_json(file, value)

    def save_figure(self, name: str, figure: Figure) -> None:
        """Save a Matplotlib figure as PNG (with the recipe) or SVG, and close it."""
        with self.open_file(name) as file:
            savers.write_figure(file, figure, Path(name).suffix, self.recipe)
        if "matplotlib.pyplot" in sys.modules:  # else it cannot hold the figure
            sys.modules["matplotlib.pyplot"].close(figure)

    def save_model(
        self, name: str, state: Mapping[str, torch.Tensor], metadata: Mapping[str, str] | None = None
    ) -> None:
        """Save a mapping of names to tensors as safetensors, with string metadata and the recipe."""
        facts = dict(metadata or {})
        if self.recipe is not None:
            facts["dllab"] = self.recipe
        with self.open_file(name) as file:
            savers.write_model(file, state, facts)

    def save_video(self, name: str, frames: Iterable[Any], fps: float = 30) -> int:
        """Save frames of shape (3, H, W) in [0, 1] as MP4, WebM or GIF, one by one; returns their number."""
        with self.open_file(name) as file:
            return savers.write_video(file, Path(name).suffix, frames, fps)

    # Stopping and going on

    def checkpoint(self, state: Mapping[str, Any], every_s: float = 0.0) -> None:
        """Keep a state (tensors, arrays, plain values; nested) and every generator's state to go on from.

        every_s: do nothing when the last checkpoint is younger than this; for calls at every step.
        """
        if time.monotonic() - self._last_checkpoint < every_s:
            return
        self._last_checkpoint = time.monotonic()
        rng = self.__dict__.get("rng")
        with self.open_file(CHECKPOINT_NAME, role="checkpoint") as file:
            write_checkpoint(file, state, self._step, rng, self._torch_generators)

    @cached_property
    def restored(self) -> dict[str, Any] | None:
        """The state of the checkpoint to go on from, or None in a fresh run.

        The first look sets all generators to where the checkpoint was made: look after everything
        random of the set-up, right before the loop.
        """
        if self._checkpoint is None:
            return None
        self._checkpoint.restore_generators(self.rng, self.torch_generator)
        return self._checkpoint.state

    def close(self) -> None:
        """Give the device back. Called by the lab when the experiment is over."""
        if self._lease is not None:
            self._lease.release()
