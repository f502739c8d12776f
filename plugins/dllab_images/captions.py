"""Captions of the portraits, in English and Korean: several ways to say a thing, and parts left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dllab_images.attributes import ATTRIBUTES

if TYPE_CHECKING:
    import numpy as np

SAID = 0.62  # chance that a caption mentions an attribute; what it leaves out may be anything

NOUNS = {"en": ("biscuit", "cookie", "biscuit"), "ko": ("비스킷", "쿠키", "비스킷")}
SHAPES = {
    "round": (("round",), ("둥근", "동그란")),
    "square": (("square",), ("네모난", "네모")),
    "heart": (("heart-shaped", "heart"), ("하트 모양", "하트")),
    "star": (("star-shaped", "star"), ("별 모양", "별모양")),
    "flower": (("flower-shaped", "flower"), ("꽃 모양", "꽃모양")),
}
HAT_COLOURS = {
    "red": ("red", ("빨간", "빨간색")),
    "blue": ("blue", ("파란", "파란색")),
    "green": ("green", ("초록", "초록색")),
    "yellow": ("yellow", ("노란", "노란색")),
}

# Attribute, value: English after "with", Korean before the noun.
PHRASES: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("icing", "plain"): (("no icing", "plain dough"), ("아이싱 없는", "아이싱이 없는")),
    ("icing", "pink"): (
        ("pink icing", "strawberry icing", "pink glaze"),
        ("분홍 아이싱을 바른", "분홍색 아이싱을 바른", "딸기 아이싱을 바른"),
    ),
    ("icing", "chocolate"): (
        ("chocolate icing", "chocolate glaze"),
        ("초콜릿 아이싱을 바른", "초코 아이싱을 바른"),
    ),
    ("icing", "mint"): (("mint icing", "mint glaze"), ("민트 아이싱을 바른", "민트색 아이싱을 바른")),
    ("icing", "white"): (
        ("white icing", "vanilla icing", "white glaze"),
        ("하얀 아이싱을 바른", "흰색 아이싱을 바른", "바닐라 아이싱을 바른"),
    ),
    ("eyes", "open"): (("open eyes", "big eyes"), ("큰 눈의", "눈을 뜬")),
    ("eyes", "sleepy"): (("sleepy eyes", "closed eyes"), ("졸린 눈의", "눈을 감은")),
    ("eyes", "happy"): (("happy eyes", "laughing eyes"), ("눈웃음 짓는", "행복한 눈의")),
    ("mouth", "smile"): (("a smile", "a smiling mouth"), ("미소 짓는", "웃는 입의")),
    ("mouth", "open"): (("an open mouth", "a wide open mouth"), ("입을 벌린", "입을 크게 벌린")),
    ("mouth", "sad"): (("a sad mouth", "a frown"), ("슬픈", "슬픈 입의")),
    ("hat", "none"): (("no hat", "a bare head"), ("모자 없는", "모자를 안 쓴")),
    ("hat", "hat"): (("a {} hat", "a {} top hat"), ("{} 모자를 쓴",)),
    ("hat", "cap"): (("a {} cap",), ("{} 야구모자를 쓴", "{} 캡을 쓴")),
    ("hat", "crown"): (("a {} crown",), ("{} 왕관을 쓴",)),
    ("hat", "bow"): (("a {} bow", "a {} ribbon"), ("{} 리본을 단", "{} 리본을 한")),
    ("glasses", "none"): (("no glasses",), ("안경 없는", "안경을 안 쓴")),
    ("glasses", "glasses"): (("glasses", "round glasses"), ("안경을 쓴", "안경을 낀")),
    ("glasses", "sunglasses"): (("sunglasses", "dark sunglasses"), ("선글라스를 쓴", "선글라스를 낀")),
    ("topping", "none"): (("no toppings",), ("토핑 없는",)),
    ("topping", "sprinkles"): (("sprinkles", "coloured sprinkles"), ("스프링클을 뿌린", "스프링클이 있는")),
    ("topping", "chips"): (("chocolate chips", "chips"), ("초코칩을 박은", "초코칩이 있는")),
    ("background", "blue"): (("a blue background",), ("파란 배경",)),
    ("background", "lilac"): (("a lilac background", "a purple background"), ("보라색 배경", "연보라 배경")),
    ("background", "cream"): (("a cream background",), ("크림색 배경",)),
    ("background", "grey"): (("a grey background",), ("회색 배경",)),
    ("background", "night"): (("a night background", "a dark background"), ("밤 배경", "어두운 배경")),
}
PARTS = ("icing", "eyes", "mouth", "hat", "glasses", "topping")


def caption(chosen: dict[str, int], rng: np.random.Generator, language: str, said: float = SAID) -> str:
    """A caption of a portrait with these attributes, in "en" or "ko".

    said: chance of each attribute to be mentioned; with 1 all are, in one of several orders.
    """
    named = {name: ATTRIBUTES[name][place] for name, place in chosen.items()}
    is_korean = language == "ko"
    parts = [name for name in PARTS if rng.random() < said]
    if named["glasses"] == "sunglasses" and "eyes" in parts:
        parts.remove("eyes")  # nobody can see them
    rng.shuffle(parts)
    words = [_phrase(name, named, rng, is_korean) for name in parts]
    shape = ""
    if rng.random() < max(said, 0.8):
        shape = _one(SHAPES[named["shape"]][is_korean], rng)
    ground = ""
    if rng.random() < said:
        ground = _one(PHRASES["background", named["background"]][is_korean], rng)
    noun = _one(NOUNS["ko" if is_korean else "en"], rng)
    return (
        _korean(words, shape, noun, ground, rng) if is_korean else _english(words, shape, noun, ground, rng)
    )


def _one(choices: tuple[str, ...], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def _phrase(name: str, named: dict[str, str], rng: np.random.Generator, is_korean: bool) -> str:
    phrase = _one(PHRASES[name, named[name]][is_korean], rng)
    if "{}" not in phrase:
        return phrase
    english, korean = HAT_COLOURS[named["hat_colour"]]
    return phrase.format(_one(korean, rng) if is_korean else english)


def _english(words: list[str], shape: str, noun: str, ground: str, rng: np.random.Generator) -> str:
    text = " ".join(word for word in (_one(("a", "a", "one", ""), rng), shape, noun) if word)
    if words:
        last = "" if len(words) == 1 else " and " + words[-1]
        text += " with " + ", ".join(words[: len(words) - bool(last)]) + last
    if ground:
        text += _one((" on ", " in front of ", ", "), rng) + ground
    return text


def _korean(words: list[str], shape: str, noun: str, ground: str, rng: np.random.Generator) -> str:
    front = bool(rng.random() < 0.5)
    parts = [f"{ground}의" if ground and front else "", *words, shape, noun]
    text = " ".join(part for part in parts if part)
    return f"{text}, {ground}" if ground and not front else text


def stated(chosen: dict[str, int], text: str) -> set[str]:
    """Names of the attributes that a caption of this portrait mentions."""
    found = set()
    for (name, value), both in PHRASES.items():
        if ATTRIBUTES[name][chosen[name]] != value:
            continue
        for phrase in (*both[0], *both[1]):
            variants = [phrase]
            if "{}" in phrase:
                english, korean = HAT_COLOURS[ATTRIBUTES["hat_colour"][chosen["hat_colour"]]]
                variants = [phrase.format(word) for word in (english, *korean)]
            if any(variant in text for variant in variants):
                found.add(name)
    shape = SHAPES[ATTRIBUTES["shape"][chosen["shape"]]]
    words = f" {text} ".replace(" round glasses", "")  # they are round, whatever the biscuit is
    if any(f" {word} " in words for word in (*shape[0], *shape[1])):
        found.add("shape")
    if "hat" in found and ATTRIBUTES["hat"][chosen["hat"]] != "none":
        found.add("hat_colour")
    return found


# Other endings that a Korean word of a prompt may have, beside those of the captions.
ENDINGS = ("을", "를", "이", "가", "은", "는", "의", "와", "과", "에", "로", "고", "도", "색", "모양", "s")


def all_words() -> list[str]:
    """Every word of any caption, then pieces that may follow another: what a tokenizer has to know."""
    import re

    texts = [phrase for both in PHRASES.values() for phrase in (*both[0], *both[1])]
    texts += [word for both in SHAPES.values() for word in (*both[0], *both[1])]
    texts += [word for english, korean in HAT_COLOURS.values() for word in (english, *korean)]
    texts += [*NOUNS["en"], *NOUNS["ko"], "a an one with and on in front of the wearing person smiling ,"]
    texts += ["모자 안경 선글라스 왕관 리본 캡 야구모자 아이싱 초코칩 스프링클"]
    texts += ["토핑 눈 입 배경 보라 연보라 크림 회 하트 별 꽃"]
    texts += ["쓰고 끼고 달고 있고 바르고 뿌린 낀 쓴 단 한 그리고"]
    texts += ["빨강 파랑 초록 노랑 분홍 딸기 민트 하양 바닐라 흰 초코 밤"]
    words = {word for text in texts for word in re.findall(r"\w+|[,-]", text)}
    return [*sorted(words), *(f"##{ending}" for ending in ENDINGS)]
