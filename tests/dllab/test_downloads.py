"""Models that are downloaded on request, from a server of the test's own."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import dllab
from dllab.cli import main
from dllab.downloads import Download, fetch

CONTENT = bytes(range(256)) * 8192  # 2 MiB
DIGEST = hashlib.sha256(CONTENT).hexdigest()

PLUGIN = '''
import dllab


class LookParams(dllab.Params):
    weights: dllab.Input | None = dllab.input("model", default=None, help="weights in a file")


@dllab.experiment("look", topic="test")
def look(run, params: LookParams):
    """Load the big model."""
    run.save_json("size.json", run.model("test/big", weights=params.weights))


def load_big(path):
    content = path.read_bytes()
    if not content:
        raise dllab.InputError(f"{path.name} holds nothing")
    return len(content)


@dllab.hookimpl
def dllab_experiments():
    return [look]


@dllab.hookimpl
def dllab_resources():
    return [
        dllab.Resource("model", "test/big", "A net.", load=load_big, size_bytes=2097152, url="URL/big.pth",
                       sha256="SHA"),
        dllab.Resource("model", "test/own", "A net that comes along.", load=lambda: 5),
    ]
'''


class Server(ThreadingHTTPServer):
    """Serves CONTENT. breaks: how many answers stop halfway; has_ranges, has_length: what it can do."""

    daemon_threads = True
    breaks = 0
    has_ranges = True
    has_length = True
    status = 200
    content = CONTENT

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str | None] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is what some tests are about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        asked = self.headers.get("Range") if server.has_ranges else None
        server.asked.append(self.headers.get("Range"))
        start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) if asked else 0
        if server.status != 200 or start >= len(server.content):
            self.send_error(server.status if server.status != 200 else 416)
            return
        rest = server.content[start:]
        self.send_response(206 if asked else 200)
        if server.has_length:
            self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if server.breaks:
            server.breaks -= 1
            rest = rest[: len(rest) // 2]
        self.wfile.write(rest)

    def log_message(self, *_: object) -> None:
        """Nothing on standard error."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    """A server, and a folder of models that is empty."""
    monkeypatch.setenv("DLLAB_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("no_proxy", "*")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def download(server: Server) -> Download:
    return Download("test/big", f"{server.url}/big.pth", DIGEST[:12], len(CONTENT))


@pytest.fixture
def big(plugin: Callable[..., Path], server: Server) -> None:
    """A plugin whose model is on the server."""
    plugin("big", PLUGIN.replace("URL", server.url).replace("SHA", DIGEST[:8]))


def names(download: Download) -> list[str]:
    """What lies in the folder of models, but for locks."""
    return sorted(path.name for path in download.path.parent.iterdir() if path.suffix != ".lock")


def test_a_download_is_whole_and_tells_how_far_it_is(download: Download) -> None:
    told: list[tuple[int, int | None]] = []
    path = fetch(download, lambda done, total: told.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert names(download) == [f"{DIGEST[:8]}-big.pth"]


def test_what_is_here_is_not_downloaded_again(download: Download, server: Server) -> None:
    assert fetch(download) == fetch(download) == download.local()
    assert len(server.asked) == 1


def test_a_connection_that_breaks_off_is_gone_on_with(download: Download, server: Server) -> None:
    server.breaks = 2
    assert fetch(download).read_bytes() == CONTENT
    half = len(CONTENT) // 2
    assert server.asked == [None, f"bytes={half}-", f"bytes={half + half // 2}-"]


def test_a_later_call_goes_on_with_what_an_interrupted_one_left(download: Download, server: Server) -> None:
    class Stop(BaseException):
        pass

    def stop(done: int, total: int | None) -> None:
        if done:
            raise Stop

    with pytest.raises(Stop):
        fetch(download, stop)
    assert names(download) == [f"{DIGEST[:8]}-big.pth.part"]
    left = len(CONTENT) // 2
    assert fetch(download).read_bytes() == CONTENT
    assert server.asked[-1] == f"bytes={left}-"


def test_a_server_that_sends_no_parts_sends_all_of_it_again(download: Download, server: Server) -> None:
    server.has_ranges = False
    server.breaks = 1
    assert fetch(download).read_bytes() == CONTENT


def test_a_part_that_was_complete_already_is_taken(download: Download) -> None:
    download.path.parent.mkdir()
    download.path.with_name(download.path.name + ".part").write_bytes(CONTENT)
    assert fetch(download).read_bytes() == CONTENT


def test_another_file_than_the_promised_one_is_thrown_away(download: Download, server: Server) -> None:
    server.content = CONTENT[:-1] + b"!"
    with pytest.raises(dllab.DllabError, match=rf"another file \(sha256 .*instead of {DIGEST[:12]}"):
        fetch(download)
    assert names(download) == []


def test_a_server_that_always_breaks_off_is_given_up(download: Download, server: Server) -> None:
    server.content = b"x"
    server.breaks = 100
    with pytest.raises(dllab.DllabError, match="broke off"):
        fetch(download)
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_told_with_the_address_and_the_remedy(
    download: Download, server: Server, status: int
) -> None:
    server.status = status
    with pytest.raises(dllab.DllabError, match=rf"big\.pth \(HTTP {status}.*connect to the internet"):
        fetch(download)
    assert names(download) == []


def test_too_little_room_is_told_before_anything_is_written(download: Download, server: Server) -> None:
    server.has_length = False
    with pytest.raises(dllab.DllabError, match="1000000000000 MB are needed"):
        fetch(replace(download, size_bytes=10**18))
    assert names(download) == []


def test_a_folder_that_cannot_be_written_is_told(
    download: Download, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DLLAB_MODELS", str(tmp_path / "file"))
    with pytest.raises(dllab.DllabError, match="set DLLAB_MODELS"):
        fetch(download)


def test_the_file_is_named_by_its_digest_and_lies_in_the_chosen_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DLLAB_MODELS", raising=False)
    monkeypatch.setenv("DLLAB_CACHE", str(tmp_path))
    named = Download("a", "https://x.org/models/vgg19-dcbb9e9d.pth?download=1", "dcbb9e9d")
    assert named.path == tmp_path / "models" / "vgg19-dcbb9e9d.pth"
    assert Download("a", "https://x.org/a%20b.pth", "0123456789").path.name == "01234567-a b.pth"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"url": "ftp://x.org/a", "sha256": "0" * 8}, "url must begin with https://"),
        ({"url": "https://x.org/a"}, "sha256 must be the first 8 to 64 hex digits"),
        ({"url": "https://x.org/a", "sha256": "XYZ"}, "sha256 must be"),
    ],
)
def test_an_address_is_declared_with_a_digest(facts: dict[str, str], words: str) -> None:
    with pytest.raises(dllab.DllabError, match=words):
        dllab.Resource("model", "a/b", "s", load=print, **facts)


def test_a_run_without_the_model_is_told_the_remedy_and_leaves_nothing(
    big: None, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "look"]) == 2
    told = capsys.readouterr().err
    assert "test/big is not on this machine (2.1 MB); get it by: dllab models get test/big" in told
    assert len(told.strip().splitlines()) <= 2


def test_get_downloads_by_the_short_name_too_and_the_run_then_works(
    big: None, server: Server, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "get", "big"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("test/big: ")
    assert f"2.1 MB from {server.url}/big.pth" in captured.err
    assert main(["run", "look", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["models", "--json"]) == 0
    listed = {one["name"]: one["path"] for one in json.loads(capsys.readouterr().out)}
    assert Path(listed["test/big"]).read_bytes() == CONTENT
    assert listed["test/own"] is None
    assert main(["models"]) == 0
    assert re.search(r"test/big +here +2\.1 MB", capsys.readouterr().out)


def test_weights_from_a_file_take_the_place_of_the_download(
    big: None, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.pth").write_bytes(b"abc")
    run = dllab.launch("look", {"weights": str(tmp_path / "mine.pth")})
    with dllab.Store(home) as store:
        assert store.artifact(run.id, "size.json").path.read_text(encoding="utf-8").strip() == "3"


def test_a_model_that_takes_no_file_says_so(big: None, home: Path, plugin: Callable[..., Path]) -> None:
    source = PLUGIN.replace("test/big", "test/own").replace('"look"', '"look-own"').split("def load_big")[0]
    plugin("own", source + "@dllab.hookimpl\ndef dllab_experiments():\n    return [look]\n")
    with pytest.raises(dllab.UsageError, match="test/own takes no weights from a file"):
        dllab.launch("look-own", {"weights": __file__})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["get"], "name what to download: "),
        (["fetch", "big"], "only `dllab models` and `dllab models get NAME`"),
        (["get", "bog"], "no model called 'bog'"),
    ],
)
def test_wrong_words_are_told_in_one_line(
    big: None, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", *words]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert len(captured.err.strip().splitlines()) == 1


def test_a_failed_download_has_exit_status_1_and_what_comes_along_needs_none(
    big: None, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.status = 404
    assert main(["models", "get", "big"]) == 1
    assert "HTTP 404" in capsys.readouterr().err
    assert main(["models", "get", "own"]) == 0
    assert "nothing to download" in capsys.readouterr().out


def test_completion_offers_get_and_what_can_be_downloaded(
    big: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, offered in ((["models", ""], "get"), (["models", "get", "test/"], "test/big")):
        assert main(["--complete", *words]) == 0
        assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == [offered]
