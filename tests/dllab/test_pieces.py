"""Files written in pieces: the bytes and the digest are those of the file, whatever way it was written."""

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest
from PIL import Image

from dllab.pieces import HASHED_BESIDE, PIECE, copy_file, new_file

CONTENT = bytes(range(256)) * (PIECE // 100)


def at_once(file: IO[Any]) -> None:
    assert file.write(CONTENT) == len(CONTENT)


def large_pieces_and_small_ones(file: IO[Any]) -> None:
    for repeats in (1, 50, 2, 50):
        file.write(CONTENT * repeats)


def in_lines(file: IO[Any]) -> None:
    for start in range(0, len(CONTENT), 1000):
        file.write(CONTENT[start : start + 1000])


def as_an_array(file: IO[Any]) -> None:
    file.write(np.arange(PIECE, dtype=np.float64).reshape(2, -1))


def with_a_header_written_last(file: IO[Any]) -> None:
    file.write(b"    " + CONTENT)
    file.seek(0)
    file.write(b"head")


def cut_short(file: IO[Any]) -> None:
    file.write(CONTENT)
    file.truncate(1000)


def past_the_object(file: IO[Any]) -> None:
    file.write(b"first")
    file.flush()
    os.write(file.fileno(), b"second")


def as_a_picture(file: IO[Any]) -> None:
    Image.new("RGB", (300, 200), "tomato").save(file, "PNG")


def as_an_archive(file: IO[Any]) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", CONTENT)


@pytest.mark.parametrize(
    "write",
    [
        at_once,
        large_pieces_and_small_ones,
        in_lines,
        as_an_array,
        with_a_header_written_last,
        cut_short,
        past_the_object,
        as_a_picture,
        as_an_archive,
    ],
)
def test_the_digest_is_that_of_the_file(tmp_path: Path, write: Callable[[IO[Any]], None]) -> None:
    plain = tmp_path / "plain"
    with plain.open("wb") as file:
        write(file)
    path = tmp_path / "pieces"
    opened, raw = new_file(path, "wb")
    with opened as file:
        write(file)
    written = path.read_bytes()
    if write is not as_an_archive:  # which holds the time
        assert written == plain.read_bytes()
    assert raw.digest() == (hashlib.sha256(written).hexdigest(), len(written))


def test_text_is_utf_8_with_plain_line_ends(tmp_path: Path) -> None:
    opened, raw = new_file(tmp_path / "words", "w")
    with opened as file:
        file.write("쿠키\nrun\n")
    written = (tmp_path / "words").read_bytes()
    assert written == "쿠키\nrun\n".encode()
    assert raw.digest() == (hashlib.sha256(written).hexdigest(), len(written))


OVER_A_LIMIT = """
import resource
from pathlib import Path

from dllab.pieces import PIECE, copy_file, new_file

content = bytes(PIECE + 20_000)
Path("whole").write_bytes(content)
resource.setrlimit(resource.RLIMIT_FSIZE, (PIECE + 5_000, resource.RLIM_INFINITY))
told = []


def write_all():
    with new_file(Path("written"), "wb")[0] as file:
        file.write(content)


for work in (lambda: copy_file(Path("whole"), Path("copy")), write_all):
    try:
        work()
    except OSError as error:
        told.append(error.strerror)
print(told)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only POSIX limits the size of a file")
def test_what_is_cut_short_by_the_system_in_its_last_piece_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OVER_A_LIMIT], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "['File too large', 'File too large']\n"


TRIED_AGAIN = """
import hashlib
import resource
import signal
import sys
from pathlib import Path

from dllab.pieces import new_file

content = bytes(range(256)) * (int(sys.argv[1]) // 256 + 1)
unlimited = resource.RLIM_INFINITY
resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) - 1, unlimited))
opened, raw = new_file(Path("written"), "wb")
with opened as file:
    try:
        file.write(content)
    except OSError:
        resource.setrlimit(resource.RLIMIT_FSIZE, (unlimited, unlimited))
        file.write(b"the rest")
written = Path("written").read_bytes()
print(raw.digest() == (hashlib.sha256(written).hexdigest(), len(written)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only POSIX limits the size of a file")
@pytest.mark.parametrize("size", [PIECE, HASHED_BESIDE])
def test_an_experiment_that_goes_on_after_a_failed_write_has_the_digest_of_what_there_is(
    tmp_path: Path, size: int
) -> None:
    command = [sys.executable, "-c", TRIED_AGAIN, str(size)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n", done.stderr


def test_a_copy_has_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    copy_file(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == CONTENT
