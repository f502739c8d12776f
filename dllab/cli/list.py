"""`dllab list`: the experiments, by topic, by lecture or by a word."""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from dllab.cli.help import summary
from dllab.cli.layout import definitions, heading, print_json, width
from dllab.errors import NotFoundError
from dllab.index import Index, read_index
from dllab.texts import did_you_mean, text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab list` takes."""
    parser.add_argument("word", nargs="?", metavar=text("cli.word_word"), help=text("cli.list_word"))
    parser.add_argument("--topic", metavar=text("cli.word_topic"), help=text("cli.list_topic"))
    parser.add_argument("--lecture", metavar=text("cli.word_lecture"), help=text("cli.list_lecture"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: argparse.Namespace) -> int:
    """Print the chosen experiments. Raises NotFoundError when there are none."""
    index = read_index()
    chosen = select(index, args.word, args.topic, args.lecture)
    if args.json:
        fields = ("name", "topic", "summary", "ko", "lectures", "plugin")
        print_json([{key: one[key] for key in fields} for one in chosen])
    elif args.lecture is not None:
        _print_by_lecture(by_lecture(chosen, args.lecture))
    else:
        _print_by_topic(chosen)
    if not args.json:
        _print_broken(index)
    return 0


def select(index: Index, word: str | None, topic: str | None, lecture: str | None) -> list[dict[str, Any]]:
    """The experiments of a topic, of a lecture, and that a word is found in, sorted by topic and name.

    Raises NotFoundError, with the topics or lectures that there are, when nothing is left.
    """
    chosen = sorted(index.experiments.values(), key=lambda one: (one["topic"], one["name"]))
    topics = sorted({one["topic"] for one in chosen})
    if topic is not None:
        chosen = [one for one in chosen if f"{one['topic']}/".startswith(f"{topic}/")]
        if not chosen:
            message = text("cli.no_topic", topic=topic, topics=", ".join(topics) or "-")
            raise NotFoundError(message + did_you_mean(topic, topics))
    if lecture is not None:
        lectures = sorted({_lecture(words) for one in chosen for words in one["lectures"]}, key=_by_number)
        chosen = [one for one in chosen if any(_lecture(words) == lecture for words in one["lectures"])]
        if not chosen:
            raise NotFoundError(text("cli.no_lecture", lecture=lecture, lectures=", ".join(lectures) or "-"))
    if word is not None:
        chosen = [one for one in chosen if _matches(one, word)]
        if not chosen:
            message = text("cli.no_match", word=word)
            raise NotFoundError(message + did_you_mean(word, [*index.experiments, *topics]))
    return chosen


def _matches(one: Mapping[str, Any], word: str) -> bool:
    sought = word.casefold()
    return any(sought in str(one[key]).casefold() for key in ("name", "topic", "summary", "ko", "lectures"))


def place_of(declared: str) -> tuple[str, int | None, str]:
    """(lecture, place in it or None, the slide's words) of "1:words" or "1@120:words"."""
    lecture, _, words = declared.partition(":")
    lecture, _, place = lecture.partition("@")
    return lecture, int(place) if place.isdecimal() else None, words


def _lecture(declared: str) -> str:
    return place_of(declared)[0]


def _by_number(words: str) -> list[tuple[int, int, str]]:
    """A key that sorts "그림 1-9" before "그림 1-20"."""
    import re

    parts = re.findall(r"\d+|\D+", words)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def by_lecture(chosen: list[dict[str, Any]], lecture: str) -> list[tuple[str, dict[str, Any]]]:
    """(the slide's words, experiment) for each place where a lecture names one, in the lecture's order."""
    places = [
        (*place_of(declared)[1:], one)
        for one in chosen
        for declared in one["lectures"]
        if _lecture(declared) == lecture
    ]

    def in_order(named: tuple[int | None, str, dict[str, Any]]) -> tuple[Any, ...]:
        place, words, one = named
        return (place is None, place or 0, _by_number(words), one["name"])

    return [(words, one) for _, words, one in sorted(places, key=in_order)]


def _print_by_lecture(places: list[tuple[str, dict[str, Any]]]) -> None:
    """The slide's words, and below them the experiments that show it, the summaries of all aligned."""
    left = max((width(one["name"]) for _, one in places), default=0)
    said = None
    for words, one in places:
        if words != said:
            print(heading(words))
        said = words
        row = (one["name"] + " " * (left - width(one["name"])), summary(one))
        print("\n".join(definitions([row], indent=4, widest=left)))


def _print_by_topic(chosen: list[dict[str, Any]]) -> None:
    """One block for each topic, the summaries of all blocks aligned."""
    left = max((width(one["name"]) for one in chosen), default=0)
    topics: dict[str, list[dict[str, Any]]] = {}
    for one in chosen:
        topics.setdefault(one["topic"], []).append(one)
    for number, (topic, members) in enumerate(topics.items()):
        print(("\n" if number else "") + heading(topic))
        rows = [(one["name"] + " " * (left - width(one["name"])), summary(one)) for one in members]
        print("\n".join(definitions(rows, widest=left)))
    if not chosen:
        print(text("cli.no_experiments"))


def _print_broken(index: Index) -> None:
    broken = [name for name, plugin in index.plugins.items() if plugin["error"]]
    if broken:
        print("dllab: " + text("cli.some_broken", names=", ".join(broken)), file=sys.stderr)
