"""Names of artifacts: plain files, on every system."""

import pytest

from dllab.errors import DeclarationError
from dllab.names import check_artifact_name


@pytest.mark.parametrize(
    "name", ["dream.png", "한글 이름.png", "🍪.mid", "it's \u2018quoted\u2019.txt", "-dash", "a" * 200]
)
def test_good_names_are_returned(name: str) -> None:
    assert check_artifact_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "/etc/passwd",
        "a\\b",
        "C:x",
        ".hidden",
        "x ",
        " x",
        "x.",
        "con",
        "NUL.txt",
        "com1.png",
        "run.json",
        "a\nb",
        "a\0b",
        "가" * 80,
        "what?",
        "\ud800",
    ],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(DeclarationError, match="artifact name"):
        check_artifact_name(name)
