"""One call for many games, or for one: start, step, see."""

from __future__ import annotations

import numpy as np

from jellyrun import rules
from jellyrun.kernel import generator, motion, pictures, tables_view, views
from jellyrun.kernel import layout as at
from jellyrun.kernel.compiling import compiled, inlined

F32 = np.float32


@compiled
def start(row, split, index, difficulty, max_steps):
    """Generate a level into a row, unless it was given one, and put the player at its start."""
    if split != rules.GIVEN:
        generator.generate(row, split, index, difficulty)
    motion.begin(row, max_steps)


@inlined
def step_reward(state, score_before):
    """The reward of the step that was just taken."""
    reward = F32(state[at.SCORE] - score_before) * F32(rules.SCORE_REWARD)
    if state[at.EVENTS] & motion.HIT:
        reward -= F32(rules.HIT_REWARD)
    if state[at.ENDING] == rules.EXHAUSTED or state[at.ENDING] == rules.FELL:
        reward -= F32(rules.DEATH_REWARD)
    return reward


@compiled
def step_one(row, action, out):
    """One step of one game, and its `state` observation into out. Returns (reward, score, ending)."""
    before = row[at.SCORE]
    motion.advance(row, row, action)
    views.see_state(row, row, out)
    return step_reward(row, before), row[at.SCORE], row[at.ENDING]


@compiled
def step_only(row, action):
    """One step of one game, unseen. Returns (reward, score, ending)."""
    before = row[at.SCORE]
    motion.advance(row, row, action)
    return step_reward(row, before), row[at.SCORE], row[at.ENDING]


@compiled
def level_of_episode(row, number, num_envs, seed, start_level, num_levels, is_sequential):
    """Which level the next episode of environment `number` plays.

    In sequence: the levels in turn, dealt out over the environments. Else by chance, from the seed, the
    environment and how many episodes it has seen, so that it is the same however many run beside it.
    """
    episode = row[at.EPISODE]
    if is_sequential:
        return start_level + (number + episode * num_envs) % num_levels
    key = generator.mix(np.uint64(seed) ^ generator.mix(np.uint64(number) * generator.GOLDEN + np.uint64(1)))
    return start_level + generator.pick(key, episode, num_levels)


@compiled
def start_some(rows, which, seed, split, difficulty, start_level, num_levels, is_sequential, max_steps):
    """Begin the next episode of the environments with these numbers (int64)."""
    for i in which:
        row = rows[i]
        index = level_of_episode(row, i, rows.shape[0], seed, start_level, num_levels, is_sequential)
        start(row, split, index, difficulty, max_steps)
        row[at.EPISODE] += 1


@compiled
def first_wrong(actions):
    """The place of the first of the actions (int64) that there is not, or -1."""
    for i in range(len(actions)):
        if actions[i] < 0 or actions[i] > rules.SLIDE:
            return i
    return -1


@compiled
def advance_all(rows, actions, rewards, endings, scores, waiting, ended):
    """A step of every game that does not wait. Returns how many ended; `ended` has their numbers.

    actions: int64; rewards: float32; endings: int8, 0 while a game goes on; scores: int64; waiting: bool; ended: int64;
    all (n,). The actions must be some that there are.
    """
    count = 0
    for i in range(rows.shape[0]):
        row = rows[i]
        before = row[at.SCORE]
        if waiting[i]:
            rewards[i], endings[i] = 0, 0
        else:
            motion.advance(row, row, actions[i])
            rewards[i], endings[i] = step_reward(row, before), row[at.ENDING]
            if row[at.ENDING] != rules.GOING:
                ended[count] = i
                count += 1
        scores[i] = row[at.SCORE]
    return count


@compiled
def see_state_all(rows, out):
    """The `state` of every game."""
    for i in range(rows.shape[0]):
        views.see_state(rows[i], rows[i], out[i])


@compiled
def see_grid_all(rows, out):
    """The `grid` of every game."""
    for i in range(rows.shape[0]):
        pictures.see_grid(rows[i], rows[i], out[i])


@compiled
def see_pixels_all(rows, out):
    """The `pixels` of every game."""
    for i in range(rows.shape[0]):
        pictures.see_pixels(rows[i], rows[i], out[i])


@compiled
def see_discrete_all(rows, out):
    """The `discrete` number of every game."""
    for i in range(rows.shape[0]):
        out[i] = tables_view.see_discrete(rows[i], rows[i])
