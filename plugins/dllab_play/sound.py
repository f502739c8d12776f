"""Sounds made of a few waves; silence where there is no device for them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dllab_play.quiet import quiet_libraries

RATE_HZ = 22_050


class Sounds:
    """Plays a sound for each event of the game. Without a device, or muted, it does nothing."""

    def __init__(self, is_on: bool = True) -> None:
        self.is_on = is_on
        self._sounds: dict[str, Any] = {}
        self._pitch = 0

    def open(self) -> None:
        """Look for a device, unless muted; to be called once there is a window."""
        import pygame

        if not self.is_on:
            return
        try:
            with quiet_libraries():
                pygame.mixer.init(RATE_HZ, -16, 1, 256)
            playing = pygame.mixer.get_init()
            if playing is None or playing[1] != -16:
                raise pygame.error("no 16-bit sound")
            channels = playing[2]
            for name, samples in made().items():
                pcm = np.repeat((samples * 32767).astype(np.int16)[:, None], channels, axis=1)
                self._sounds[name] = pygame.mixer.Sound(buffer=np.ascontiguousarray(pcm).tobytes())
        except pygame.error:  # no device: the game is silent
            self._sounds, self.is_on = {}, False

    def toggle(self) -> bool:
        """On or off; returns whether it is on now, which it cannot be without a device."""
        self.is_on = not self.is_on and bool(self._sounds)
        return self.is_on

    def play(self, events: list[str]) -> None:
        """The sounds of a step's events."""
        if not self.is_on:
            return
        for event in events:
            name = event.partition(":")[0]
            if event in ("collected:jelly", "collected:coin"):
                self._pitch = (self._pitch + 1) % 5
                name = f"{event.partition(':')[2]}{self._pitch}"
            elif name == "collected":
                name = "power"
            if name in self._sounds:
                self._sounds[name].play()

    def close(self) -> None:
        if self._sounds:
            import pygame

            pygame.mixer.quit()


def made() -> dict[str, np.ndarray]:
    """All sounds, each float (samples,) in [-1, 1]."""
    sounds = {
        "jumped": _sweep(320, 620, 0.12, 0.22), "double_jumped": _sweep(480, 900, 0.13, 0.22),
        "slid": _noise(0.12, 0.08), "landed": _noise(0.05, 0.07), "hit": _sweep(200, 70, 0.25, 0.4),
        "smashed": _noise(0.22, 0.35), "power": _tune((660, 880, 1320), 0.07, 0.22),
        "finished": _tune((523, 659, 784, 1047), 0.13, 0.26), "exhausted": _tune((392, 330, 262), 0.16, 0.24),
        "fell": _sweep(500, 80, 0.6, 0.26),
    }  # fmt: skip
    for i, semitones in enumerate((0, 2, 4, 7, 9)):
        ratio = 2 ** (semitones / 12)
        sounds[f"jelly{i}"] = _sweep(780 * ratio, 790 * ratio, 0.07, 0.12)
        sounds[f"coin{i}"] = _tune((988 * ratio, 1319 * ratio), 0.05, 0.14)
    return sounds


def _sweep(start_hz: float, end_hz: float, seconds: float, volume: float) -> np.ndarray:
    """A tone that glides, softened at both ends."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    pitch = start_hz * (end_hz / start_hz) ** (t / seconds)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    wave = np.sin(phase) + 0.25 * np.sin(2 * phase)
    return volume * wave / 1.25 * np.minimum(1, t / 0.005) * (1 - t / seconds) ** 1.2


def _tune(pitches_hz: tuple[float, ...], seconds: float, volume: float) -> np.ndarray:
    return np.concatenate(
        [
            _sweep(pitch, pitch, seconds * (1 + (i == len(pitches_hz) - 1)), volume)
            for i, pitch in enumerate(pitches_hz)
        ]
    )


def _noise(seconds: float, volume: float) -> np.ndarray:
    """A breath or a crash; the same at each call."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    rough = np.random.default_rng(0).uniform(-1, 1, len(t))
    smooth = np.convolve(rough, np.ones(6) / 6, mode="same")
    return volume * smooth * (1 - t / seconds) ** 2
