"""The commands play, watch and replay: what they take. What they do is imported when they are called."""

from __future__ import annotations

import argparse

import dllab
from dllab_play.words import Words, language_of

SIZE = "960x540"


def play_command_arguments(parser: argparse.ArgumentParser) -> None:
    say = _words()
    parser.add_argument("game", nargs="?", default="jellyrun", help=say("arg_game"))
    parser.add_argument("--agent", metavar="NAME", help=say("arg_play_agent"))
    _add_level(parser, say)
    parser.add_argument("--player", default="", metavar="NAME", help=say("arg_player"))
    parser.add_argument("--no-keep", action="store_true", help=say("arg_no_keep"))
    parser.add_argument("--save", metavar="FILE", help=say("arg_save"))
    _add_picture(parser, say)


def watch_command_arguments(parser: argparse.ArgumentParser) -> None:
    say = _words()
    parser.add_argument("env", nargs="?", default="jellyrun", help=say("arg_env"))
    parser.add_argument("--agent", metavar="NAME", help=say("arg_agent"))
    parser.add_argument("--learn", action="store_true", help=say("arg_learn"))
    parser.add_argument("--learn-steps", type=_count, metavar="N", help=say("arg_learn_steps"))
    _add_level(parser, say)
    parser.add_argument("--episodes", type=_count, metavar="N", help=say("arg_episodes"))
    parser.add_argument("--steps", type=_count, metavar="N", help=say("arg_steps"))
    parser.add_argument("--seed", type=_whole, default=0, metavar="N", help=say("arg_seed"))
    parser.add_argument("--headless", action="store_true", help=say("arg_headless"))
    parser.add_argument("--save", metavar="FILE", help=say("arg_save"))
    _add_picture(parser, say)


def replay_command_arguments(parser: argparse.ArgumentParser) -> None:
    say = _words()
    parser.add_argument("file", help=say("arg_replay"))
    parser.add_argument("--verify", action="store_true", help=say("arg_verify"))
    parser.add_argument("--video", metavar="FILE", help=say("arg_video"))
    _add_picture(parser, say, with_record=False)


def _add_level(parser: argparse.ArgumentParser, say: Words) -> None:
    parser.add_argument(
        "--difficulty", choices=("easy", "normal", "hard", "ramp"), help=say("arg_difficulty")
    )
    parser.add_argument("--level", metavar="N|FILE", help=say("arg_level"))
    parser.add_argument("--split", choices=("train", "test"), help=say("arg_split"))
    parser.add_argument("--ghost", metavar="REPLAY", help=say("arg_ghost"))


def _add_picture(parser: argparse.ArgumentParser, say: Words, with_record: bool = True) -> None:
    if with_record:
        parser.add_argument("--record", metavar="FILE", help=say("arg_record"))
    parser.add_argument("--size", default=SIZE, metavar="WxH", help=say("arg_size"))
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="X", help=say("arg_speed"))
    parser.add_argument("--boxes", action="store_true", help=say("arg_boxes"))
    parser.add_argument("--mute", action="store_true", help=say("arg_mute"))


def _words() -> Words:
    import sys

    given = [sys.argv[i + 1] for i, word in enumerate(sys.argv[:-1]) if word == "--lang"]
    given += [word.partition("=")[2] for word in sys.argv if word.startswith("--lang=")]
    return Words(language_of(argparse.Namespace(lang=given[-1] if given else None)))


def _count(word: str) -> int:
    return _bounded(word, int, 1, 10**10)


def _whole(word: str) -> int:
    return _bounded(word, int, 0, 2**31 - 1)


def _speed(word: str) -> float:
    return _bounded(word, float, 0.25, 8.0)


def _bounded(word: str, kind: type, low: float, high: float) -> float:
    """A number between low and high. Raises ArgumentTypeError, told by argparse with the option's name."""
    try:
        number = kind(word)
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{word!r}: {low:,} … {high:,}")
    return number


def play(args: argparse.Namespace) -> int:
    from dllab_play.playing import play as carry_out

    return carry_out(args)


def watch(args: argparse.Namespace) -> int:
    from dllab_play.watching import watch as carry_out

    return carry_out(args)


def replay(args: argparse.Namespace) -> int:
    from dllab_play.replaying import replay as carry_out

    return carry_out(args)


play_command = dllab.Command(
    "play", "play a game of the lab in a window", play, play_command_arguments, ko="창에서 게임을 직접 하기"
)
watch_command = dllab.Command(
    "watch", "watch an agent, or watch one learn", watch, watch_command_arguments,
    ko="에이전트가 하는 것, 배우는 것 보기",
)  # fmt: skip
replay_command = dllab.Command(
    "replay", "show, verify or film a recorded game", replay, replay_command_arguments,
    ko="녹화된 경기를 보고, 확인하고, 영상으로 만들기",
)  # fmt: skip
