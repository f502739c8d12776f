"""A SoundFont of the user's choice: one is built here by the format's letter, and listened to by measure."""

from __future__ import annotations

import struct
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import dllab
from dllab.store import Store
from dllab_music.songs import Note, Song
from dllab_music.soundfont import SoundFont
from dllab_music.synth import PEAK, SAMPLE_RATE_HZ

pytest.importorskip("tinysoundfont", reason="pip install --no-deps tinysoundfont")

ROOT_KEY, PERIOD, PERIODS = 69, 100, 40  # a sine of 441 Hz at 44,100 Hz, called A4
SAMPLE_MODES, KEY_NUMBER_ROOT, SAMPLE_ID, INSTRUMENT = 54, 58, 53, 41  # generators of SoundFont 2.01, 8.1.3


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def listed(name: bytes, *chunks: bytes) -> bytes:
    return chunk(b"LIST", name + b"".join(chunks))


def called(name: str) -> bytes:
    return name.encode().ljust(20, b"\0")


def a_soundfont(program: int = 0, root_key: int = ROOT_KEY) -> bytes:
    """An .sf2 file with one preset, a looped sine; by the SoundFont 2.01 specification, chapters 5 and 7."""
    sine = np.sin(2 * np.pi * np.arange(PERIOD * PERIODS) / PERIOD)
    samples = (sine * 20_000).astype("<i2").tobytes() + b"\0" * 2 * 46
    end = PERIOD * PERIODS
    header = struct.pack("<IIIIIBbHH", 0, end, PERIOD, end - PERIOD, SAMPLE_RATE_HZ, root_key, 0, 0, 1)
    presets = called("Sine") + struct.pack("<HHHIII", program, 0, 0, 0, 0, 0)
    presets += called("EOP") + struct.pack("<HHHIII", 0, 0, 1, 0, 0, 0)
    instruments = called("Sine") + struct.pack("<H", 0) + called("EOI") + struct.pack("<H", 1)
    preset_bags, instrument_bags = struct.pack("<4H", 0, 0, 1, 0), struct.pack("<4H", 0, 0, 2, 0)
    preset_gens = struct.pack("<4H", INSTRUMENT, 0, 0, 0)
    instrument_gens = struct.pack("<6H", SAMPLE_MODES, 1, SAMPLE_ID, 0, 0, 0)
    info = listed(b"INFO", chunk(b"ifil", struct.pack("<HH", 2, 1)), chunk(b"isng", b"EMU8000\0"),
                  chunk(b"INAM", b"One sine\0\0"))  # fmt: skip
    parts = (
        (b"phdr", presets), (b"pbag", preset_bags), (b"pmod", bytes(10)), (b"pgen", preset_gens),
        (b"inst", instruments), (b"ibag", instrument_bags), (b"imod", bytes(10)), (b"igen", instrument_gens),
        (b"shdr", called("Sine") + header + called("EOS") + bytes(26)),
    )  # fmt: skip
    pdta = listed(b"pdta", *(chunk(name, content) for name, content in parts))
    return chunk(b"RIFF", b"sfbk" + info + listed(b"sdta", chunk(b"smpl", samples)) + pdta)


def opened(folder: Path, content: bytes, name: str = "sine.sf2") -> SoundFont:
    (folder / name).write_bytes(content)
    return SoundFont(dllab.Input(name, path=folder / name, name=name))


def loudest_hz(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * SAMPLE_RATE_HZ / len(sound))


@pytest.mark.parametrize(("pitch", "hz"), [(69, 441.0), (57, 220.5), (76, 660.7)])
def test_a_note_sounds_at_the_pitch_of_its_sample_moved_by_semitones(
    tmp_path: Path, pitch: int, hz: float
) -> None:
    song = Song((Note(0.0, pitch, 2.0),), ((0.0, 60.0),))
    sound = opened(tmp_path, a_soundfont()).render(song, [0])
    assert loudest_hz(sound[0, 4410:66150]) == pytest.approx(hz, abs=1.0)


def test_a_song_is_as_long_as_its_score_heard_and_not_cut_off(tmp_path: Path) -> None:
    song = Song(tuple(Note(float(i), 60 + i, 1.0, 80, i % 2) for i in range(20)), ((0.0, 120.0),))
    sound = opened(tmp_path, a_soundfont()).render(song, [0, 0])
    assert sound.shape[1] / SAMPLE_RATE_HZ == pytest.approx(song.seconds(song.length), rel=0.01)
    assert np.abs(sound).max() == pytest.approx(PEAK, rel=1e-3)
    each = sound[:, : 20 * SAMPLE_RATE_HZ // 2].reshape(2, 20, -1)
    assert (np.sqrt((each**2).mean((0, 2))) > 0.05).all()  # every note, the last among them


def test_a_note_that_has_ended_is_heard_no_more(tmp_path: Path) -> None:
    song = Song((Note(0.0, 69, 1.0),), ((0.0, 60.0),), length=4.0)
    sound = opened(tmp_path, a_soundfont()).render(song, [0])
    assert np.abs(sound[:, 2 * SAMPLE_RATE_HZ :]).max() < 0.01 * np.abs(sound).max()


def test_an_instrument_that_the_soundfont_lacks_is_played_with_its_first(tmp_path: Path) -> None:
    song = Song((Note(0.0, 69, 1.0),))
    sounds = [opened(tmp_path, a_soundfont()).render(song, [program]) for program in (0, 19)]
    assert np.array_equal(*sounds)


@pytest.mark.slow
def test_a_run_with_a_soundfont_leaves_other_sound_and_the_same_bytes_again(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "sine.sf2").write_bytes(a_soundfont())
    digests, lengths = [], []
    for soundfont in (str(tmp_path / "sine.sf2"), str(tmp_path / "sine.sf2"), None):
        run = dllab.launch("music-groove", {"soundfont": soundfont}, threads=1)
        with Store() as store:
            artifact = store.artifact(run.id, "groove-01.wav")
        digests.append(artifact.digest)
        with wave.open(str(artifact.path)) as sound:
            lengths.append(sound.getnframes())
    assert digests[0] == digests[1] != digests[2]
    assert lengths[0] == lengths[1] == lengths[2]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut.sf2": lambda good: good[: len(good) // 2],
    "no-presets.sf2": lambda good: good[: good.index(b"pdta") - 8],
    "head.sf2": lambda good: good[:12],
    "zeros.sf2": lambda good: good[:12] + bytes(len(good) - 12),
    "absurd-length.sf2": lambda good: good.replace(b"LIST", b"LIST\xff\xff\xff\x7f", 1),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_soundfont_is_refused_by_name_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        dllab.InputError, match=rf"{name}: a damaged SoundFont, .*; download it again"
    ) as found:
        opened(tmp_path, DAMAGES[name](a_soundfont()), name)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(("name", "content"), [("text.sf2", b"a riff"), ("sound.sf2", b"RIFF\0\0\0\0WAVE")])
def test_what_is_no_soundfont_is_refused_before_anything_is_left(
    home: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(dllab.UsageError, match=f"{name}: no SoundFont; give an .sf2 file"):
        dllab.launch("music-harmonize", {"notes": "D5", "soundfont": str(tmp_path / name)}, threads=1)
    with Store() as store:
        assert not list(store.runs())
