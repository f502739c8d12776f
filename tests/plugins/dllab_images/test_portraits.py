"""The drawn portraits, their captions, and the parts of the model that learns from them."""

import numpy as np
import torch

from dllab_images.attributes import ATTRIBUTES, visible
from dllab_images.captions import PARTS, caption, stated
from dllab_images.judge import Judge
from dllab_images.portraits import portrait, portraits
from dllab_images.text_to_image import LONGEST, tokenizer, tokens


def test_a_portrait_depends_on_the_seed_and_its_place_alone() -> None:
    many, last = portraits(6, seed=4), portraits(2, seed=4, first=4)
    assert np.array_equal(many.images[4:], last.images)
    assert many.captions[4:] == last.captions
    assert all(np.array_equal(many.attributes[name][4:], last.attributes[name]) for name in ATTRIBUTES)
    assert not np.array_equal(many.images, portraits(6, seed=5).images)


def test_every_value_of_every_attribute_changes_the_picture() -> None:
    plain = dict.fromkeys(ATTRIBUTES, 0) | {"hat": 1}
    for name, values in ATTRIBUTES.items():
        drawn = [portrait({**plain, name: k}, np.random.default_rng(0)) for k in range(len(values))]
        assert len({picture.tobytes() for picture in drawn}) == len(values), name


def test_a_full_caption_states_every_visible_attribute_in_both_languages() -> None:
    chosen = dict.fromkeys(ATTRIBUTES, 1)
    for language in ("en", "ko"):
        text = caption(chosen, np.random.default_rng(1), language, said=1)
        assert stated(chosen, text) == {*PARTS, "shape", "background", "hat_colour"}, text


def test_captions_leave_parts_out_and_never_speak_of_hidden_eyes() -> None:
    found = portraits(200, seed=0)
    hidden = ATTRIBUTES["glasses"].index("sunglasses")
    mentioned = 0
    for k, text in enumerate(found.captions):
        chosen = {name: int(labels[k]) for name, labels in found.attributes.items()}
        names = stated(chosen, text)
        mentioned += "icing" in names
        assert not (chosen["glasses"] == hidden and "eyes" in names), text
    assert 90 <= mentioned <= 160  # 0.62 of 200, give or take five standard deviations


def test_the_tokenizer_knows_every_caption_and_korean_particles() -> None:
    words = tokenizer()
    ids = tokens(words, [*portraits(300, seed=2).captions, "빨간 모자와 안경을 쓴 둥근 비스킷", ""])
    assert ids.shape == (302, LONGEST)
    assert not (ids == words.unk_token_id).any()
    assert words.unk_token_id in words("dragon").input_ids


def test_the_judge_is_not_asked_for_what_cannot_be_seen() -> None:
    labels = {name: torch.tensor([0, 1]) for name in ATTRIBUTES}
    labels["glasses"] = torch.tensor([2, 0])
    seen = visible(labels)
    assert seen["eyes"].tolist() == [False, True]
    assert seen["hat_colour"].tolist() == [False, True]
    assert {name: logits.shape[1] for name, logits in Judge()(torch.zeros(2, 3, 32, 32)).items()} == {
        name: len(values) for name, values in ATTRIBUTES.items()
    }
