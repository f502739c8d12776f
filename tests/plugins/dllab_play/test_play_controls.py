"""From keys to actions: taps that fall between steps count, and two taps are two jumps."""

from __future__ import annotations

from dllab_play.keys import JUMP, RUN, SLIDE, Controls


def test_a_tap_between_two_steps_is_a_jump_of_one_step() -> None:
    controls = Controls()
    controls.press_jump()
    controls.release_jump()
    assert [controls.action() for _ in range(3)] == [JUMP, RUN, RUN]


def test_two_quick_taps_are_two_jumps_with_a_step_between() -> None:
    controls = Controls()
    for _ in range(2):
        controls.press_jump()
        controls.release_jump()
    assert [controls.action() for _ in range(4)] == [JUMP, RUN, JUMP, RUN]


def test_a_held_key_keeps_jumping_until_it_is_let_go() -> None:
    controls = Controls()
    controls.press_jump()
    assert [controls.action() for _ in range(3)] == [JUMP, JUMP, JUMP]
    controls.release_jump()
    assert controls.action() == RUN


def test_sliding_lasts_as_long_as_the_key_and_at_least_a_step() -> None:
    controls = Controls()
    controls.press_slide()
    controls.release_slide()
    assert [controls.action() for _ in range(2)] == [SLIDE, RUN]
    controls.press_slide()
    assert [controls.action() for _ in range(2)] == [SLIDE, SLIDE]
    controls.clear()
    assert controls.action() == RUN


def test_a_jump_out_of_a_slide_wins_and_sliding_goes_on_after_it() -> None:
    controls = Controls()
    controls.press_slide()
    assert controls.action() == SLIDE
    controls.press_jump()
    controls.release_jump()
    assert [controls.action() for _ in range(2)] == [JUMP, SLIDE]
