"""Many games at once: each goes as it would alone, through every face."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from jellyrun.env import JellyRunEnv
from jellyrun.kernel import layout as at
from jellyrun.vector import JellyRunVectorEnv

STEPS = 300
ID = "jellyrun:jellyrun/JellyRun-v0"


def actions_for(games: int) -> np.ndarray:
    """Column i is what game i does, however many there are."""
    return np.stack([np.random.default_rng(i).integers(0, 3, STEPS) for i in range(games)], axis=1)


def alone(level: int, actions: np.ndarray, **settings: Any) -> tuple[list[np.ndarray], list[float], int]:
    """(what was seen, rewards, score) of one game in the single environment, to its end."""
    env = JellyRunEnv(**settings)
    seen, rewards = [env.reset(options={"level": level})[0]], []
    for action in actions.tolist():
        observation, reward, terminated, truncated, info = env.step(action)
        seen.append(observation)
        rewards.append(reward)
        if terminated or truncated:
            break
    return seen, rewards, info["score"]


@pytest.mark.parametrize("count", [1, pytest.param(4096, marks=pytest.mark.slow), 64])
@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_a_game_among_many_is_bit_equal_to_the_game_alone(count: int, mode: str) -> None:
    env = JellyRunVectorEnv(count, autoreset_mode=mode, difficulty="normal", sequential=True)
    actions = actions_for(count)
    followed = sorted({0, count // 2, count - 1})
    expected = {i: alone(i, actions[:, i], difficulty="normal") for i in followed}
    observations, infos = env.reset(seed=0)
    assert infos["level"].tolist() == list(range(count))
    going = dict.fromkeys(followed, True)
    for step in range(STEPS):
        for i in followed:
            if going[i]:
                assert np.array_equal(observations[i], expected[i][0][step])
        observations, rewards, terminated, truncated, infos = env.step(actions[step])
        for i in followed:
            if going[i]:
                assert rewards[i] == np.float32(expected[i][1][step])
                if terminated[i] or truncated[i]:
                    going[i] = False
                    last = observations[i] if mode == "NextStep" else infos["final_obs"][i]
                    assert np.array_equal(last, expected[i][0][-1]) and infos["score"][i] == expected[i][2]
        if not any(going.values()):
            break


@pytest.mark.parametrize("kind", ["state", "grid", "pixels", "discrete"])
def test_the_vec_env_of_stable_baselines3_plays_the_same_games(kind: str) -> None:
    envs = JellyRunEnv().sb3_vec_env(3, observation=kind, sequential=True, max_steps=150)
    actions = actions_for(3)
    expected = [alone(i, actions[:, i], observation=kind, max_steps=150) for i in range(3)]
    observations = envs.reset()
    finished: set[int] = set()
    for step in range(STEPS):
        for i in {0, 1, 2} - finished:
            assert np.array_equal(observations[i], expected[i][0][step])
        observations, _, dones, infos = envs.step(actions[step])
        for i in np.flatnonzero(dones).tolist():
            if i not in finished:
                seen, rewards, score = expected[i]
                assert np.array_equal(infos[i]["terminal_observation"], seen[-1])
                assert infos[i]["score"] == score and infos[i]["level"] == i
                assert infos[i]["episode"]["l"] == len(rewards)
                assert infos[i]["episode"]["r"] == pytest.approx(sum(rewards), abs=1e-3)
                assert infos[i]["TimeLimit.truncated"] == (infos[i]["ending"] == "time")
                finished.add(i)
    assert finished == {0, 1, 2}


def test_stable_baselines3_gets_no_dictionary_per_step() -> None:
    envs = JellyRunEnv().sb3_vec_env(4)
    envs.reset()
    first, second = (envs.step(np.zeros(4, dtype=np.int64))[3] for _ in range(2))
    assert first is second and all(info is first[0] and info == {} for info in first)


def test_levels_do_not_depend_on_how_many_games_there_are() -> None:
    few, many = (JellyRunEnv().sb3_vec_env(count, seed=7) for count in (2, 50))
    assert np.array_equal(few.reset(), many.reset()[:2])
    actions = actions_for(50)
    for row in actions:
        mine, its = few.step(row[:2]), many.step(row)
        assert np.array_equal(mine[0], its[0][:2]) and np.array_equal(mine[1], its[1][:2])


def test_a_kept_state_goes_on_bit_for_bit() -> None:
    envs = JellyRunEnv().sb3_vec_env(8, seed=3)
    envs.reset()
    actions = actions_for(8)
    for row in actions[:150]:
        envs.step(row)
    state = envs.get_state()
    first = [envs.step(row) for row in actions[150:]]
    other = JellyRunEnv().sb3_vec_env(8, seed=99)
    other.set_state(state)
    again = [other.step(row) for row in actions[150:]]
    for mine, its in zip(first, again, strict=True):
        assert all(np.array_equal(mine[k], its[k]) for k in range(3))
        assert [info.get("episode") for info in mine[3]] == [info.get("episode") for info in its[3]]
    with pytest.raises(ValueError, match="a state of shape"):
        JellyRunEnv().sb3_vec_env(4).set_state(state)


def test_games_are_drawn_from_the_levels_that_were_asked_for() -> None:
    env = JellyRunVectorEnv(200, start_level=5, num_levels=4, split="test")
    _, infos = env.reset(seed=0)
    assert set(infos["level"]) == {5, 6, 7, 8}
    again = JellyRunVectorEnv(200, start_level=5, num_levels=4, split="test").reset(seed=0)[1]["level"]
    other = env.reset(seed=1)[1]["level"]
    assert np.array_equal(again, infos["level"]) and not np.array_equal(other, infos["level"])


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_make_vec_finds_it_and_spaces_hold_what_it_gives(mode: str) -> None:
    env = gymnasium.make_vec(ID, num_envs=5, vectorization_mode="vector_entry_point", autoreset_mode=mode)
    assert env.metadata["autoreset_mode"] is AutoresetMode(mode)
    observations, _ = env.reset(seed=1)
    for _ in range(250):
        observations, rewards, terminated, truncated, infos = env.step(env.action_space.sample())
        assert env.observation_space.contains(observations) and rewards.dtype == np.float32
        assert terminated.dtype == truncated.dtype == bool and infos["score"].shape == (5,)
    env.close()


def test_the_step_after_an_end_begins_anew_with_no_reward() -> None:
    env = JellyRunVectorEnv(2, max_steps=3)
    env.reset(seed=0)
    for _ in range(3):
        _, _, _, truncated, _ = env.step(np.zeros(2, dtype=np.int64))
    assert truncated.all()
    observations, rewards, _, truncated, infos = env.step(np.ones(2, dtype=np.int64))
    assert not truncated.any() and not rewards.any() and not infos["score"].any()
    assert (env.fleet.rows[:, at.STEP] == 0).all() and (observations[:, 2] == 1).all()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: JellyRunVectorEnv(0), "num_envs=0: must be a whole number of at least 1"),
        (lambda: JellyRunVectorEnv(2, autoreset_mode="Sometimes"), "must be NextStep or SameStep"),
        (lambda: JellyRunVectorEnv(2, autoreset_mode="Disabled"), "must be NextStep or SameStep"),
        (lambda: JellyRunVectorEnv(2, render_mode="rgb_array"), "many games are not shown"),
        (lambda: JellyRunVectorEnv(2, difficulty="mild"), "difficulty='mild'"),
        (lambda: JellyRunEnv().sb3_vec_env(2, split="none"), "split='none'"),
    ],
)
def test_games_that_cannot_be_made_are_refused_in_one_line(make: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        make()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "actions", [np.zeros(3, dtype=np.int64), np.zeros(2), np.array([0, 3]), np.array([-1, 0]), 1]
)
def test_wrong_actions_are_refused_and_nothing_happens(actions: Any) -> None:
    env = JellyRunVectorEnv(2)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(np.zeros(2, dtype=np.int64))
    env = JellyRunVectorEnv(2, max_steps=1)
    env.reset(seed=0)
    env.step(np.zeros(2, dtype=np.int64))  # both games wait to begin anew
    before = env.fleet.rows.copy()
    with pytest.raises(ValueError, match="action"):
        env.step(actions)
    assert np.array_equal(env.fleet.rows, before)


@pytest.mark.slow
def test_ppo_of_stable_baselines3_learns_on_it() -> None:
    """Half a million steps at settings of its own: better than the heuristic's 880 on levels it has not
    seen.
    """
    import torch
    from stable_baselines3 import PPO

    torch.set_num_threads(1)
    env = JellyRunEnv()
    model = PPO(
        "MlpPolicy", env.sb3_vec_env(256), n_steps=64, batch_size=2048, n_epochs=2, learning_rate=2e-3, seed=0,
        device="cpu",
    ).learn(500_000)  # fmt: skip
    envs = env.sb3_vec_env(64, split="test", sequential=True, num_levels=64)
    observations, scores = envs.reset(), {}
    while len(scores) < 64:
        observations, _, dones, infos = envs.step(model.predict(observations, deterministic=True)[0])
        for i in np.flatnonzero(dones).tolist():
            scores.setdefault(i, infos[i]["score"])
    assert np.mean(list(scores.values())) > 1000
