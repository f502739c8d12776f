"""The commands as typed: films without a screen, replays, and each mistake told in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dllab.cli import main

HEURISTIC = ["--agent", "jellyrun/heuristic"]
SMALL = ["--size", "160x160"]


@pytest.fixture(autouse=True)
def no_screen(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


@pytest.fixture
def replay(tmp_path: Path) -> Path:
    path = tmp_path / "game.jellyrun"
    words = ["watch", "jellyrun", *HEURISTIC, "--headless", "--save", str(path), *SMALL, "--level", "4"]
    assert main(words) == 0
    return path


def refusal(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says that ends with status 2: one line."""
    capsys.readouterr()
    assert main(words) == 2
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1, said
    return said


def test_an_agent_is_filmed_without_a_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import av
    from PIL import Image

    words = ["watch", "jellyrun", *HEURISTIC, "--headless", "--steps", "20", "--size", "320x180", "--record"]
    for name in ("film.mp4", "film.gif", "film.png"):
        assert main([*words, name]) == 0
    assert "film.png" in capsys.readouterr().out
    with av.open("film.mp4") as video:
        frames = list(video.decode(video=0))
    assert (frames[0].width, frames[0].height) == (320, 180)
    assert len(frames) == 1 + 20 + 15, "the start, each step, and half a second at the end"
    with Image.open("film.gif") as animation:
        assert 10 <= animation.n_frames <= 18, "every second one; equal ones at the end are one that lasts"
    with Image.open("film.png") as picture:
        assert picture.size == (320, 180)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "film.gif",
        "film.mp4",
        "film.png",
    ]


def test_any_environment_with_pictures_can_be_watched(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "CartPole-v1", "--headless", "--record", "pole.png", *SMALL]) == 0
    assert "CartPole-v1: return" in capsys.readouterr().out


def test_a_replay_is_verified_and_filmed(replay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(replay), "--verify"]) == 0
    assert "verified: easy/train/4" in capsys.readouterr().out
    assert main(["replay", str(replay), "--verify", "--lang", "ko"]) == 0
    assert "확인됨" in capsys.readouterr().out
    assert main(["replay", str(replay), "--video", "again.gif", *SMALL]) == 0
    assert Path("again.gif").stat().st_size > 1000


def test_a_forged_score_ends_with_status_1(replay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from jellyrun import replays

    real = replays.read(replay)
    replays.write(real.shortened(real.steps, real.score + 1, real.ending), replay)
    assert main(["replay", str(replay), "--verify"]) == 1
    assert "differs" in capsys.readouterr().out


def test_a_ghost_runs_beside_on_its_level(replay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["watch", "jellyrun", "--agent", "no-op", "--ghost", str(replay), "--headless", *SMALL]
    assert main(words) == 0
    assert "easy/train/4" in capsys.readouterr().out
    said = refusal([*words, "--level", "5"], capsys)
    assert "easy · train · 4" in said and "--level" in said


def test_a_level_of_ones_own_is_played_from_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["." * 60, "." * 20 + "A" + "." * 39, "#" * 60]
    Path("mine.txt").write_text(
        "name: mine\ndifficulty: easy\n---\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    words = [
        "watch",
        "jellyrun",
        *HEURISTIC,
        "--headless",
        "--level",
        "mine.txt",
        "--save",
        "own.jellyrun",
        *SMALL,
    ]
    assert main(words) == 0
    assert "mine" in capsys.readouterr().out
    assert main(["replay", "own.jellyrun", "--verify"]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["play", "tetris"], "dllab watch"),
        (["play", "--size", "10x10"], "960x540"),
        (["play", "--record", "film.avi"], ".mp4"),
        (["play", "--agent", "nobody"], "nobody"),
        (["play", "--ghost", "none.jellyrun"], "none.jellyrun"),
        (["watch", "jellyrun", "--headless", "--record", "gone/film.mp4"], "gone"),
        (["watch", "jellyrun", "--headless", "--record", "."], "folder"),
        (["watch", "NoSuchGame-v3", "--headless"], "NoSuchGame"),
        (["watch", "no_such_module:Game-v0", "--headless"], "no_such_module"),
        (["watch", "CartPole-v1", "--learn"], "--learn"),
        (["watch", "CartPole-v1", "--headless", *HEURISTIC], "CartPole"),
        (["watch", "jellyrun", "--learn", *HEURISTIC], "--agent"),
        (["watch", "jellyrun", "--headless", "--level", "none.txt", *HEURISTIC], "none.txt"),
        (["watch", "jellyrun", "--headless", "--level=-5", *HEURISTIC], "a number from 0"),
        pytest.param(
            ["watch", "jellyrun", "--headless", "--record", "/proc/self/a.png", *HEURISTIC],
            "cannot be written",
            marks=pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="here every folder takes files"),
        ),
        (["watch", "jellyrun", "--headless", "--speed", "99"], "99"),
        (["watch", "jellyrun", "--headless", "--episodes", "0"], "0"),
        (["replay", "none.jellyrun"], "none.jellyrun"),
        (["replay", "."], "folder"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refusal(words, capsys)


def test_a_broken_replay_and_a_broken_level_are_refused(
    replay: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = json.loads(replay.read_bytes())
    replay.write_text(json.dumps({**facts, "score": facts["score"] + 1}), encoding="utf-8")
    assert "checksum" in refusal(["replay", str(replay), "--verify"], capsys)
    Path("bad.txt").write_text("name: x\n---\n?\n", encoding="utf-8")
    words = ["watch", "jellyrun", *HEURISTIC, "--headless", "--level", "bad.txt"]
    refusal(words, capsys)


def test_an_agent_for_another_observation_and_a_file_that_is_none_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("agent.safetensors").write_bytes(b"not tensors at all")
    words = ["watch", "jellyrun", "--headless", "--agent", "agent.safetensors"]
    assert "agent.safetensors" in refusal(words, capsys)


def test_help_names_every_option_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("play", "watch", "replay"):
        assert main([command, "--help"]) == 0
        english = capsys.readouterr().out
        assert main([command, "--help", "--lang", "ko"]) == 0
        korean = capsys.readouterr().out
        assert "--size" in english and "--size" in korean and any("가" <= letter <= "힣" for letter in korean)
