"""The rules, one at a time, on levels made for it. Figures follow by hand from jellyrun.rules."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from jellyrun import rules
from jellyrun.env import JellyRunEnv
from jellyrun.kernel import layout as at

RUN, JUMP, SLIDE = 0, 1, 2


def names(moments: list) -> list[str]:
    return [name for moment in moments for name, _, _ in moment.events]


def test_a_jump_rises_to_67_pixels_and_lands_after_18_steps(make_game, play) -> None:
    moments = play(make_game(), [JUMP] * 25)
    heights = [moment.y for moment in moments]
    by_hand = [(4220 * t - 456 * t * (t + 1) / 2) / 256 for t in range(1, 18)]
    assert heights[:17] == by_hand
    assert max(heights) == (4220 * 9 - 456 * 45) / 256 == pytest.approx(68.2, abs=0.05)
    assert [moment.on_ground for moment in moments].index(True) == 17
    assert names(moments) == ["jumped", "landed"]


def test_holding_jump_jumps_once_and_pressing_again_in_the_air_jumps_weaker(make_game, play) -> None:
    held = play(make_game(), [JUMP] * 40)
    assert names(held).count("jumped") == 1
    twice = play(make_game(), [JUMP] * 9 + [RUN, JUMP] + [RUN] * 30)
    assert names(twice) == ["jumped", "double_jumped", "landed"]
    assert (
        max(moment.y for moment in twice) > rules.OBSTACLE_TOP[rules.HIGH] > max(moment.y for moment in held)
    )
    third = play(make_game(), [JUMP, RUN, JUMP, RUN, JUMP, RUN, JUMP])
    assert names(third) == ["jumped", "double_jumped"]


@pytest.mark.parametrize(("early", "jumps"), [(1, 2), (3, 2), (4, 1)])
def test_a_jump_asked_for_up_to_three_steps_too_early_still_happens(make_game, play, early, jumps) -> None:
    """Both jumps are spent first; the next is possible in the step after the landing."""
    start = [JUMP, RUN, JUMP]
    landing = next(i for i, moment in enumerate(play(make_game(), start + [RUN] * 40)) if moment.on_ground)
    waiting = [RUN] * (landing - early - len(start) + 1)
    moments = play(make_game(), start + waiting + [JUMP] + [RUN] * 12)
    assert names(moments).count("jumped") == jumps


def test_a_slide_lasts_ten_steps_from_when_it_was_asked_for_and_a_jump_ends_it(make_game, play) -> None:
    assert [m.sliding for m in play(make_game(), [SLIDE] + [RUN] * 12)] == [True] * 10 + [False] * 3
    assert [m.sliding for m in play(make_game(), [SLIDE, RUN, JUMP, RUN])] == [True, True, False, False]
    moment = play(make_game(), [SLIDE])[0]
    assert moment.hitbox[3] - moment.hitbox[1] == rules.SLIDE_HEIGHT


def test_slide_in_the_air_falls_fast(make_game, play) -> None:
    slow = play(make_game(), [JUMP] + [RUN] * 20)
    fast = play(make_game(), [JUMP] + [RUN] * 8 + [SLIDE] * 12)
    landed = [next(i for i, moment in enumerate(moments) if moment.on_ground) for moments in (slow, fast)]
    assert landed[1] <= landed[0] - 4


@pytest.mark.parametrize(
    ("letter", "actions", "is_hit"),
    [
        ("A", [RUN], True), ("A", [JUMP], False), ("A", [SLIDE], True),
        ("H", [RUN], True), ("H", [JUMP], True), ("V", [RUN], True), ("V", [JUMP], True), ("V", [SLIDE], False),
    ],
)  # fmt: skip
def test_each_obstacle_is_passed_in_its_own_way(make_game, play, letter, actions, is_hit) -> None:
    """Speed 6 px a step, so column 12 (192 px) begins 100 px, or 16 steps, after the jump at 92 px."""
    env = make_game({(12, 0): letter})
    before = play(env, [RUN] * 17)
    moments = play(env, actions * 12 + [RUN] * 10)
    assert ("hit" in names(before + moments)) == is_hit


def test_a_high_obstacle_is_cleared_by_a_double_jump(make_game, play) -> None:
    env = make_game({(12, 0): "H"})
    moments = play(env, [RUN] * 10 + [JUMP] * 9 + [RUN, JUMP] + [RUN] * 20)
    assert "hit" not in names(moments) and env.snapshot().x > 13 * rules.TILE + rules.BODY_HALF_WIDTH


def test_a_hit_costs_energy_once_and_nobody_is_hit_again_for_a_second(make_game, play) -> None:
    env = make_game({(10, 0): "A", (14, 0): "A", (34, 0): "A"})
    moments = play(env, [RUN] * 100)
    hits = [i for i, moment in enumerate(moments) if ("hit" in [name for name, _, _ in moment.events])]
    assert len(hits) == 2 and hits[1] - hits[0] > rules.INVULNERABLE_STEPS
    lost = moments[hits[0] - 1].energy - moments[hits[0]].energy
    assert lost == pytest.approx(
        (rules.HIT_LOSS[rules.EASY] + rules.ENERGY_LOSS[rules.EASY]) / rules.MAX_ENERGY
    )
    assert moments[hits[0]].invulnerable == rules.INVULNERABLE_STEPS


def test_energy_drains_evenly_and_its_end_is_the_end(make_game, play) -> None:
    env = make_game(columns=1000)
    moments = play(env, [RUN] * 2000)
    assert len(moments) == -(-rules.MAX_ENERGY // rules.ENERGY_LOSS[rules.EASY]) == 910
    assert moments[-1].ending == "exhausted" and moments[-1].energy == 0
    assert names(moments) == ["exhausted"]


def test_whoever_runs_into_a_pit_falls_and_dies_within_a_second(make_game, play) -> None:
    """Nobody falls for ever: at every place of the edge the fall ends."""
    for start in range(8):
        env = make_game({(column, -1): "_" for column in range(12, 18)})
        moments = play(env, [RUN] * start + [JUMP] + [RUN] * 100)
        below = [moment for moment in moments if moment.y < -rules.LEDGE_DEPTH]
        if below:
            assert moments[-1].ending == "fell" and len(below) <= 30


def test_a_jump_up_to_three_steps_after_the_edge_still_starts_from_the_ground(make_game, play) -> None:
    def edge(delay: int) -> list[str]:
        env = make_game({(column, -1): "_" for column in range(8, 20)})
        while env.snapshot().on_ground:
            env.step(RUN)
        return names(play(env, [RUN] * delay + [JUMP]))

    assert edge(0) == edge(2) == ["jumped"]
    assert edge(3) == ["double_jumped"]


def test_a_pit_is_jumped_over_and_run_over_by_giants_and_dashers(make_game, play) -> None:
    pit = {(column, -1): "_" for column in range(16, 20)}
    assert play(make_game(pit), [RUN] * 34 + [JUMP] + [RUN] * 40)[-1].ending is None
    assert play(make_game(pit), [RUN] * 80)[-1].ending == "fell"
    for letter in "GD":
        assert play(make_game({**pit, (12, 1): letter}), [RUN] * 80)[-1].ending is None


def test_no_power_ends_over_a_pit(make_game, play) -> None:
    """A pit as wide as 500 px, which giants run over for longer than they are giants."""
    env = make_game({(5, 1): "G"} | {(column, -1): "_" for column in range(10, 100)}, columns=130)
    moments = play(env, [RUN] * 250)
    assert "fell" not in names(moments)
    over = next(moment for moment in moments if "power_over:giant" in [name for name, _, _ in moment.events])
    assert over.x > 100 * rules.TILE - rules.FOOT_HALF_WIDTH - 8


def test_items_do_what_they_are_for(make_game, play) -> None:
    for letter, gained in (("o", rules.JELLY_SCORE), ("$", rules.COIN_SCORE), ("G", rules.POWER_SCORE)):
        moments = play(make_game({(6, 1): letter}), [RUN] * 20)
        assert moments[-1].score - moments[-1].distance + 2 == gained
        assert moments[-1].combo == 1 and len(moments[-1].items) == 0
    taken = next(m for m in play(make_game({(6, 1): "+"}), [RUN] * 20) if len(m.attracted))
    assert taken.events == [("collected:potion", 6.5 * 16, 24.0)]


def test_a_potion_gives_energy_but_never_more_than_full(make_game, play) -> None:
    moments = play(make_game({(6, 1): "+", (50, 1): "+"}), [RUN] * 140)
    energies = [moment.energy for moment in moments]
    assert max(energies) <= 1 and np.diff(energies).max() > 0.1


def test_a_magnet_takes_what_is_near_and_a_giant_smashes(make_game, play) -> None:
    above = {(column, 9): "o" for column in range(10, 20)}
    assert play(make_game(above), [RUN] * 60)[-1].combo == 0
    assert play(make_game({**above, (6, 1): "M"}), [RUN] * 60)[-1].combo == 11
    moments = play(make_game({(6, 1): "G", (20, 0): "H", (25, 0): "V"}), [RUN] * 70)
    assert names(moments).count("smashed") == 2 and "hit" not in names(moments)
    assert moments[-1].score == moments[-1].distance - 2 + rules.POWER_SCORE + 2 * rules.SMASH_SCORE


def test_a_dash_is_faster_and_each_25_items_in_a_row_are_worth_a_bonus(make_game, play) -> None:
    moments = play(make_game({(6, 1): "D"}), [RUN] * 20)
    before, after = next((a.speed, b.speed) for a, b in itertools.pairwise(moments) if b.dash == 44)
    assert after == pytest.approx(1.75 * before, rel=0.01)
    row = play(make_game({(column, 1): "o" for column in range(5, 35)}), [RUN] * 90)
    assert row[-1].score == row[-1].distance - 2 + 30 * rules.JELLY_SCORE + rules.COMBO_SCORE


def test_the_end_is_worth_more_with_more_energy(make_game) -> None:
    env = make_game(columns=20)
    score_before, reward, terminated = 0, 0.0, False
    while not terminated:
        score_before = env.snapshot().score
        _, reward, terminated, truncated, info = env.step(RUN)
    energy = env.snapshot().energy
    bonus = rules.FINISH_SCORE + int(rules.FINISH_ENERGY_SCORE * int(100 * energy) / 100)
    assert info["ending"] == "finished" and not truncated
    assert info["score"] - score_before in (bonus, bonus + 1)
    assert reward == pytest.approx(0.01 * (info["score"] - score_before))


def test_reward_is_a_hundredth_of_the_points_less_hits_and_death(make_game) -> None:
    env = make_game({(10, 0): "A"} | {(column, -1): "_" for column in range(30, 50)})
    rewards, points, is_over = [], [], False
    while not is_over:
        before = env.snapshot().score
        _, reward, is_over, _, info = env.step(RUN)
        rewards.append(reward)
        points.append(info["score"] - before)
    penalty = np.array(rewards) - 0.01 * np.array(points)
    assert sorted(np.round(penalty[np.abs(penalty) > 1e-6], 5)) == [-3, -1]


def test_whatever_is_done_the_player_stays_above_the_ground_or_dies() -> None:
    """Random games on levels of every difficulty keep the invariants that the drawing and the views rely
    on.
    """
    rng = np.random.default_rng(0)
    for difficulty in rules.DIFFICULTIES:
        env = JellyRunEnv(difficulty=difficulty)
        for level in range(6):
            env.reset(options={"level": level})
            below, is_over = 0, False
            while not is_over:
                _, _, is_over, _, _ = env.step(int(rng.choice(3, p=[0.5, 0.3, 0.2])))
                row = env.state_array()
                below = below + 1 if row[at.Y] < -rules.LEDGE_DEPTH * rules.FP else 0
                assert below <= 30
                assert 0 <= row[at.ENERGY] <= rules.MAX_ENERGY and 0 <= row[at.JUMPS] <= 2
                assert row[at.Y] < 200 * rules.FP and row[at.TAKEN] >= 0 and row[at.BROKEN] >= 0
                assert (row[at.GROUNDED] == 1) <= (row[at.Y] == 0)
