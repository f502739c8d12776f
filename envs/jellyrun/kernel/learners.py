"""Learning in tables over the `discrete` view, the game and the learner in one compiled loop.

q: float64 (DISCRETE_STATES, 3), changed in place. Each loop plays on in `row`, which must hold a game, and takes its
chances from (seed, number of the step), so that going on later is the same as not stopping.
"""

from __future__ import annotations

import numpy as np

from jellyrun import rules
from jellyrun.kernel import batch, generator, motion
from jellyrun.kernel import layout as at
from jellyrun.kernel.compiling import compiled, compiled_making_arrays, inlined
from jellyrun.kernel.tables_view import see_discrete

TINY = 2.0**-31


@inlined
def greedy(q, s):
    """The best action in state s; of equals the first."""
    best = 0
    if q[s, 1] > q[s, best]:
        best = 1
    if q[s, 2] > q[s, best]:
        best = 2
    return best


@inlined
def explore(q, s, epsilon, key, step):
    """Epsilon-greedy: any of the three actions with probability epsilon, else the best."""
    bits = generator.mix(key + np.uint64(step) * generator.GOLDEN)
    if np.float64(np.int64(bits >> generator.S33)) * TINY < epsilon:
        return np.int64(bits & np.uint64(0xFFFF)) * 3 >> 16
    return greedy(q, s)


@compiled
def restart(row, seed, settings):
    """Begin the next episode. settings: (split, difficulty, start_level, num_levels, max_steps)."""
    split, difficulty, start_level, num_levels, max_steps = settings
    index = batch.level_of_episode(row, 0, 1, seed, start_level, num_levels, False)
    batch.start(row, split, index, difficulty, max_steps)
    row[at.EPISODE] += 1


@compiled
def learn(q, row, is_sarsa, begin, end, learning_rate, discount, epsilon, seed, settings, scores):
    """Q-learning, or SARSA: one update a step for the steps begin to end - 1.

    Q-learning aims at the best value of the next state, SARSA at that of the action it takes there (Sutton & Barto
    2018, sections 6.5 and 6.4); both at the reward alone where an episode terminates, and an episode that runs out of
    time is no end. epsilon and learning_rate: (at the first step of this call, at the last). Returns the number
    of finished episodes; as many scores as fit are in `scores`, the last in the place (number - 1) % len(scores).
    """
    key = generator.mix(np.uint64(seed) + np.uint64(1))
    episodes = 0
    s = see_discrete(row, row)
    share = 1.0 / max(end - begin, 1)
    action = explore(q, s, epsilon[0], key, begin)
    for step in range(begin, end):
        done = (step - begin) * share
        chance = epsilon[0] + (epsilon[1] - epsilon[0]) * done
        rate = learning_rate[0] + (learning_rate[1] - learning_rate[0]) * done
        before = row[at.SCORE]
        motion.advance(row, row, action)
        reward = np.float64(batch.step_reward(row, before))
        following = see_discrete(row, row)
        chosen = explore(q, following, chance, key, step + 1)
        ending = row[at.ENDING]
        target = reward
        if ending == rules.GOING or ending == rules.TIME:
            target += discount * q[following, chosen if is_sarsa else greedy(q, following)]
        q[s, action] += rate * (target - q[s, action])
        s, action = following, chosen
        if ending != rules.GOING:
            scores[episodes % len(scores)] = row[at.SCORE]
            episodes += 1
            restart(row, seed, settings)
            s = see_discrete(row, row)
            action = explore(q, s, chance, key, step + 1)
    return episodes


@compiled_making_arrays
def monte_carlo(q, counts, row, episodes, discount, epsilon, learning_rate, seed, settings, scores, begin):
    """On-policy first-visit Monte Carlo control for whole episodes (Sutton & Barto 2018, section 5.4).

    counts: int64 like q, visits so far. A value is the mean return of its first visits; with learning_rate > 0 newer
    returns weigh at least that much. begin: the number of the first step, for the chances. Returns the steps.
    """
    key = generator.mix(np.uint64(seed) + np.uint64(1))
    states, actions = np.empty(settings[4], np.int32), np.empty(settings[4], np.int8)
    rewards = np.empty(settings[4], np.float64)
    first = np.full(q.shape, -1, np.int32)
    step = begin
    for number in range(episodes):
        restart(row, seed, settings)
        t = 0
        while row[at.ENDING] == rules.GOING:
            s = see_discrete(row, row)
            action = explore(q, s, epsilon, key, step)
            before = row[at.SCORE]
            motion.advance(row, row, action)
            states[t], actions[t], rewards[t] = s, action, batch.step_reward(row, before)
            if first[s, action] < 0:
                first[s, action] = t
            t += 1
            step += 1
        total = 0.0
        for k in range(t - 1, -1, -1):
            total = rewards[k] + discount * total
            s, action = states[k], actions[k]
            if first[s, action] == k:
                first[s, action] = -1
                counts[s, action] += 1
                q[s, action] += max(1.0 / counts[s, action], learning_rate) * (total - q[s, action])
        scores[number] = row[at.SCORE]
    return step - begin


@compiled
def record(q, row, begin, end, epsilon, seed, settings, states, actions, following, rewards):
    """Play epsilon-greedily and write down every step; the state after an end is DISCRETE_STATES."""
    key = generator.mix(np.uint64(seed) + np.uint64(1))
    for step in range(begin, end):
        s = see_discrete(row, row)
        action = explore(q, s, epsilon, key, step)
        before = row[at.SCORE]
        motion.advance(row, row, action)
        n = step - begin
        states[n], actions[n], rewards[n] = s, action, batch.step_reward(row, before)
        if row[at.ENDING] == rules.GOING:
            following[n] = see_discrete(row, row)
        else:
            following[n] = q.shape[0]
            restart(row, seed, settings)


@compiled
def evaluate(q, row, levels, settings, scores, lengths):
    """Play one game on each level with the best actions of the table."""
    split, difficulty, _, _, max_steps = settings
    for n in range(len(levels)):
        batch.start(row, split, levels[n], difficulty, max_steps)
        while row[at.ENDING] == rules.GOING:
            motion.advance(row, row, greedy(q, see_discrete(row, row)))
        scores[n], lengths[n] = row[at.SCORE], row[at.STEP]
