"""The music room's speed: the cache against none, sound against real time, reading MIDI against mido.

    python benchmarks/music.py [cache] [sound] [reading]

Each is a ratio of CPU times on one thread within one run. Exit status 1 when an aim is missed.
"""

import argparse
import gc
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import mido
import numpy as np
import torch

from dllab_music.chorale_writing import FREE, Writer
from dllab_music.chorales import to_song
from dllab_music.pretrained import load_chorale_net
from dllab_music.songs import read_song, to_midi
from dllab_music.synth import render

AIMS = {"cache": 8.0, "sound": 1000.0, "reading": 8.0}
TOKENS, FILES, ROUNDS = 512, 200, 3


def cpu_s(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def a_chorale(num_steps: int, seed: int = 0, use_cache: bool = True) -> np.ndarray:
    given = np.full((num_steps, 4), FREE)
    writer = Writer(NET, given, np.random.default_rng(seed), use_cache=use_cache)
    writer.write(0, num_steps)
    return writer.tokens[0]


def cache() -> float:
    """TOKENS notes without a cache over with one; the notes must be the same."""
    found = {}
    times = {use: cpu_s(lambda use=use: found.update({use: a_chorale(TOKENS // 4, use_cache=use)}))
             for use in (True, False)}  # fmt: skip
    if not (found[True] == found[False]).all():
        raise SystemExit("cache: the notes are not the same")
    print(
        f"cache: {TOKENS} notes in {times[True]:.2f} s with it, {times[False]:.2f} s without, the same notes"
    )
    return times[False] / times[True]


def a_song(seconds: float):
    """A chorale of the net's, again and again."""
    piece = np.where((tokens := a_chorale(128)) == 0, -1, tokens + 29)
    return to_song(np.tile(piece, (round(seconds * 84 / 60 * 4 / 128), 1)))


def sound() -> float:
    """Seconds of music in a second of computing, from a MIDI file's notes to samples."""
    song = a_song(600.0)
    times = [cpu_s(lambda: render(song, ("organ",))) for _ in range(ROUNDS)]
    length = song.seconds(song.length)
    usual = statistics.median(times)
    print(f"sound: {length:.0f} s of four voices in {usual:.3f} s, the first time {times[0]:.3f} s")
    return length / usual


def reading() -> float:
    """mido's time over ours, for FILES files of four voices."""
    with tempfile.TemporaryDirectory() as folder:
        buffer = io.BytesIO()
        to_midi(a_song(60.0)).save(file=buffer)
        paths = [Path(folder) / f"{i:03}.mid" for i in range(FILES)]
        for path in paths:
            path.write_bytes(buffer.getvalue())
        read_song(paths[0])
        gc.collect()
        gc.freeze()  # else both sides pay for looking through all that torch has brought, now and then
        ours = min(cpu_s(lambda: [read_song(path) for path in paths]) for _ in range(ROUNDS))
        theirs = min(cpu_s(lambda: [mido.MidiFile(path) for path in paths]) for _ in range(ROUNDS))
        gc.unfreeze()
    print(f"reading: {FILES} files in {ours * 1000:.0f} ms, by mido {theirs * 1000:.0f} ms")
    return theirs / ours


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", metavar="|".join(AIMS))
    torch.set_num_threads(1)
    NET = load_chorale_net()
    missed = False
    for name in parser.parse_args().what or AIMS:
        ratio = globals()[name]()
        missed |= ratio < AIMS[name]
        print(f"{name}: {ratio:,.1f}, aim {AIMS[name]:g}")
    sys.exit(missed)
