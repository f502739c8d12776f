"""The experiment `features`: its sheets, its choices, and what it refuses."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import dllab
from dllab_vision.backbone import load_backbone
from dllab_vision.feature_sheets import best_patch, within
from dllab_vision.features import VIEWS, label_of
from dllab_vision.imagenet import NETS
from dllab_vision.sheets import GAP, LABEL_MOST, PAPER, Group, Tile, draw, heat, lit, resized, seen
from dllab_vision.subject import mirrored

QUICK = {"count": 2, "guesses": 2, "size": 32, "steps": 2, "max_size": 64}


def launch(**asked: object) -> dllab.RunRecord:
    """A quick run on one thread: the pictures are too small for two."""
    return dllab.launch("features", QUICK | asked, threads=1)


def made(run: dllab.RunRecord, home: Path) -> dict[str, Path]:
    with dllab.Store(home) as store:
        assert all(check["passed"] for check in store.checks(run.id))
        return {one.name: one.path for one in store.artifacts(run.id, role="out")}


def test_a_picture_gives_all_five_sheets_and_a_table(home: Path) -> None:
    files = made(launch(), home)
    assert set(files) == {f"{view}.png" for view in VIEWS} | {"channels.csv"}
    for name, path in files.items():
        if name.endswith(".png"):
            with Image.open(path) as sheet:
                pixels = np.asarray(sheet.convert("RGB"))
            assert min(pixels.shape[:2]) > 60
            assert tuple(pixels[0, 0]) == PAPER
            assert (pixels != PAPER).any(axis=2).mean() > 0.1, f"{name} is empty"


def test_the_table_names_the_channels_that_were_asked_for(home: Path) -> None:
    asked = {"show": ("channels",), "layers": ("c2_1", "c3_1"), "channels": (5, 40)}
    files = made(launch(**asked), home)
    assert set(files) == {"channels.png", "channels.csv"}
    rows = list(csv.DictReader(files["channels.csv"].read_text(encoding="utf-8").splitlines()))
    assert [(row["layer"], row["channel"]) for row in rows] == [
        ("c2_1", "5"), ("c2_1", "40"), ("c3_1", "5"), ("c3_1", "40"),
    ]  # fmt: skip


def test_the_command_that_is_told_dreams_of_the_first_channel_through_the_same_weights(
    home: Path, lab: Callable, tmp_path: Path
) -> None:
    torch.manual_seed(5)  # of other random nets one step may find nothing to climb
    torch.save(NETS["squeezenet1_1"](3).state_dict(), tmp_path / "my net.pth")
    Image.new("RGB", (40, 40), (200, 120, 60)).save(tmp_path / "my photo.png")
    asked = {"image": str(tmp_path / "my photo.png"), "backbone": "squeezenet1_1"}
    asked |= {"weights": str(tmp_path / "my net.pth"), "show": ("channels",), "layers": ("fire2",)}
    run = launch(**asked)
    with dllab.Store(home) as store:
        told = next(
            event["text"] for event in store.events(run.id, "log") if "dream of the first" in event["text"]
        )
    command = shlex.split(told.partition(": ")[2])
    assert command[:3] == ["dllab", "run", "deepdream"]
    done = lab(*command[1:], "--tiny", "--quiet", "--threads", "1")
    assert done.returncode == 0, done.stderr


def test_finished_ideal_pictures_beat_the_photo_and_are_named_right(home: Path) -> None:
    """At 40 steps the checks hold what they promise."""
    asked = {"show": ("channels", "classes"), "count": 4, "size": 48, "steps": 40, "max_size": 160}
    run = launch(**asked)
    with dllab.Store(home) as store:
        bounds = {check["name"].split()[3]: check["expected"] for check in store.checks(run.id)}
        assert all(check["passed"] for check in store.checks(run.id))
    assert bounds == {"excite": "≥ 0.75", "classes": "≥ 0.9"}


def test_another_net_is_looked_into_with_weights_from_a_file(home: Path, tmp_path: Path) -> None:
    net = NETS["squeezenet1_1"](3)
    torch.save(net.state_dict(), tmp_path / "mine.pth")
    asked = {
        "backbone": "squeezenet1_1",
        "weights": str(tmp_path / "mine.pth"),
        "show": ("filters", "maps"),  # a net of chance has no saliency to hold to
    }
    files = made(launch(**asked), home)
    assert set(files) == {"filters.png", "maps.png"}


def test_weights_of_another_net_are_refused_by_the_name_that_the_user_gave(
    lab: Callable, tmp_path: Path
) -> None:
    torch.save({"fc.weight": torch.zeros(2, 2)}, tmp_path / "other.pth")
    done = lab("run", "features", "--backbone", "squeezenet1_1", "--weights", str(tmp_path / "other.pth"))
    assert done.returncode == 2
    assert "other.pth holds no weights of squeezenet1_1" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"show": ("map",)}, "--show map: there is filters, maps, channels, classes, why"),
        ({"layers": ("relu9",)}, "--layers relu9: the net has c1_1, c2_1"),
        ({"channels": (160,)}, "--channels 160: layer c4_2 has the channels 0 to 159"),
        ({"classes": ("unicorn",)}, "--classes unicorn: no class is called so"),
        ({"backbone": "vgg20"}, "no model called 'vision/vgg20'"),
        ({"backbone": "vgg19"}, "get it by: dllab models get vision/vgg19"),
    ],
)
def test_what_the_net_lacks_is_told_with_what_it_has(
    asked: dict, words: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLLAB_MODELS", str(tmp_path / "empty"))
    with pytest.raises(dllab.UsageError, match=words):
        launch(**asked)


def test_a_class_is_found_by_number_name_or_a_part_of_it() -> None:
    net = load_backbone()
    assert label_of(net, "0") == label_of(net, "goldfish") == label_of(net, "Carassius") == 0
    assert "lemon" in net.class_names[label_of(net, "lemon")]
    with pytest.raises(dllab.UsageError, match=r"several classes are called so; give a number: \d+ "):
        label_of(net, "fish")
    with pytest.raises(dllab.UsageError, match="give a number: 30 tabby"):  # before the bullfrog, catesbeiana
        label_of(net, "cat")
    with pytest.raises(dllab.UsageError, match="the classes 0 to 199"):
        label_of(net, "200")


@pytest.mark.parametrize("size", [(1, 1), (3, 200)])
def test_the_smallest_pictures_are_shown_too(size: tuple[int, int], home: Path, tmp_path: Path) -> None:
    Image.new("RGB", size, (200, 90, 40)).save(tmp_path / "small.png")
    asked = {"image": str(tmp_path / "small.png"), "show": ("maps", "channels", "why"), "guesses": 1}
    assert "why.png" in made(launch(**asked), home)


def test_the_best_patch_is_the_square_with_the_highest_mean() -> None:
    maps = torch.zeros(2, 4, 5)
    maps[0, 1:3, 2:4] = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    maps[1, 0, 0] = 8
    assert best_patch(maps, 2).tolist() == [2.5, 2.0]
    assert best_patch(maps, 99).tolist() == pytest.approx([0.5, 0.4])


def test_places_that_look_beyond_the_edge_are_left_out() -> None:
    """c2_1 sees 3 px to the left and 4 to the right, at a stride of 2: two places at each end."""
    net = load_backbone()
    assert net.reaches["c2_1"][1:] == (-3, 4)
    assert within(net, "c2_1", torch.zeros(1, 10, 12)).shape == (1, 6, 8)
    assert within(net, "c2_1", torch.zeros(1, 3, 12)).numel() == 0


def test_a_mirrored_axis_goes_back_and_forth() -> None:
    assert mirrored(3, 7, torch.Generator()).tolist() == [0, 1, 2, 1, 0, 1, 2]
    assert mirrored(1, 3, torch.Generator()).tolist() == [0, 0, 0]


def test_a_sheet_is_as_large_as_its_tiles_and_gaps() -> None:
    tile = Tile(np.zeros((20, 200, 3), np.uint8))
    sheet = draw([Group("", [tile] * 3, 2)])
    assert sheet.shape == (3, 2 * 20 + 3 * GAP, 2 * 200 + 3 * GAP)
    dark = (sheet < 0.1).all(axis=0)
    assert int(dark.sum()) == 3 * 20 * 200
    assert dark[GAP, GAP] and dark[2 * GAP + 20, GAP] and not dark[2 * GAP + 20, 2 * GAP + 200]


def test_a_column_is_as_wide_as_its_label_and_a_long_one_is_cut() -> None:
    black = np.zeros((20, 60, 3), np.uint8)
    named = draw([Group("", [Tile(black, "Yorkshire terrier (25), 7.3 %"), Tile(black)], 2)])
    assert 2 * 60 + 3 * GAP < named.shape[2] < 2 * LABEL_MOST
    below = draw([Group("", [Tile(black, "a label without end " * 9), Tile(black)], 2)])[:, GAP + 20 + 2 :]
    paper = np.array(PAPER, np.float32).reshape(3, 1, 1) / 255
    inked = (np.abs(below - paper) > 0.2).any(axis=(0, 1)).nonzero()[0]
    assert inked.min() >= GAP and GAP + LABEL_MOST // 2 < inked.max() < GAP + LABEL_MOST


def test_labels_have_korean_letters() -> None:
    black = np.zeros((20, 60, 3), np.uint8)
    one, other = (draw([Group("", [Tile(black, word)], 1)]) for word in ("눈", "털"))
    assert one.shape == other.shape and not np.array_equal(one, other)  # else boxes


def test_a_few_high_places_leave_the_rest_of_a_map_to_be_seen() -> None:
    values = np.full((20, 20), 0.5)
    values[0, 0] = 100.0
    assert seen(values)[9, 9].mean() > 100 > heat(values)[9, 9].mean()
    lonely = np.zeros((20, 20))
    lonely[0, 0] = 1.0
    assert np.array_equal(seen(lonely), heat(lonely))


def test_a_heat_map_ends_at_black_and_at_its_highest_value() -> None:
    coloured = heat(np.array([[0.0, 1.0], [2.0, 4.0]]))
    assert coloured[0, 0].sum() < 20
    assert coloured[1, 1].sum() > coloured[1, 0].sum() > coloured[0, 1].sum()
    assert np.array_equal(heat(np.zeros((2, 2)))[0, 0], coloured[0, 0])


def test_a_lit_photo_keeps_its_colours_where_there_is_light_and_is_grey_elsewhere() -> None:
    photo = np.full((2, 2, 3), (200, 40, 40), np.uint8)
    found = lit(photo, np.array([[1.0, 0.0], [0.0, 0.0]]), glow=0.0)
    assert found[0, 0].tolist() == [200, 40, 40]
    assert len(set(found[1, 1].tolist())) == 1


def test_blocky_enlarging_repeats_each_place() -> None:
    small = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    assert np.array_equal(resized(small, 4, 6, is_blocky=True), small.repeat(2, axis=0).repeat(3, axis=1))
