"""The worlds that tables are learnt in: gridworlds written as text, Gymnasium's, and the game itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import dllab
from dllab_rl.mdps import Grid, Mdp, from_table

ARROWS = ("←", "↓", "→", "↑")  # Gymnasium's order on FrozenLake: left, down, right, up
STEPS = ((0, -1), (1, 0), (0, 1), (-1, 0))  # (row, column) of each
MARKS = {
    "#": "wall",
    ".": "floor",
    "S": "start",
    "G": "goal (+1, ends)",
    "O": "oven (-1, ends)",
    "T": "end (0)",
}
LARGEST = 64  # rows or columns
TEXTS = {
    # Sutton, Barto 2018, example 4.1: two corners end, every step costs 1.
    "book": "T...\n....\n....\n...T",
    # Russell, Norvig 2010, figure 17.1: +1 and -1 at the right, a wall in the middle, slippery floor.
    "aima": "...G\n.#.O\nS...",
    # A cookie's way out of the bakery: past the ovens (O) to the milk (G).
    "cookie": "S..O....\n.#...##.\n.##O...O\n....#.#.\n.O#....G",
}
SLIPPERY = {"aima": 0.1, "cookie": 0.05}
STEP_REWARDS = {"book": -1.0, "aima": -0.04, "cookie": -0.02}
GYMNASIUM = {"frozen-lake": "FrozenLake-v1", "cliff": "CliffWalking-v1", "taxi": "Taxi-v4"}
CLIFF_ACTIONS = ("↑", "→", "↓", "←")
TAXI_ACTIONS = ("↓", "↑", "→", "←", "pick up", "drop")
WORLDS = (*TEXTS, *GYMNASIUM)


def world(name: str, slip: float | None = None, step_reward: float | None = None) -> Mdp:
    """The MDP of a name in WORLDS; slip and step_reward: of a gridworld, as it is usual there where None."""
    if name in GYMNASIUM:
        if slip is not None or step_reward is not None:
            raise dllab.UsageError(
                f"--slip and --step-reward change a world written as text, and {name} is Gymnasium's"
            )
        return from_gymnasium(name)
    slip = SLIPPERY.get(name, 0.0) if slip is None else slip
    return gridworld(TEXTS[name], name, slip, STEP_REWARDS[name] if step_reward is None else step_reward)


def read_world(path: Path, name: str, slip: float | None, step_reward: float | None) -> Mdp:
    """A gridworld from a text file. Raises dllab.InputError that names row and column of what is wrong."""
    given = path.read_text(encoding="utf-8-sig")
    return gridworld(
        given, name, 0.0 if slip is None else slip, -0.04 if step_reward is None else step_reward
    )


def gridworld(written: str, name: str, slip: float, step_reward: float) -> Mdp:
    """A gridworld from lines of MARKS; where no S stands, an episode may begin anywhere.

    slip: the chance to go to the left instead, and as much to the right; who runs into a wall stays.
    Raises dllab.InputError.
    """
    marks = _marks(written, name)
    is_end = np.isin(marks, ("G", "O", "T"))
    cells = np.full(marks.shape, -1, dtype=np.int64)
    inside = marks != "#"
    cells[inside] = np.arange(int(inside.sum()))
    table: dict[int, dict[int, list[Any]]] = {}
    worth = {"G": 1.0, "O": -1.0}
    for row, column in np.argwhere(inside):
        outcomes: dict[int, list[Any]] = {}
        for action in range(4) if not is_end[row, column] else ():
            turns = ((action, 1 - 2 * slip), ((action - 1) % 4, slip), ((action + 1) % 4, slip))
            outcomes[action] = []
            for turn, prob in turns:
                to = _neighbour(marks, row, column, STEPS[turn])
                reward = step_reward + worth.get(str(marks[to]), 0.0)
                outcomes[action].append((prob, int(cells[to]), reward, bool(is_end[to])))
        table[int(cells[row, column])] = outcomes
    starts = cells[marks == "S"] if (marks == "S").any() else cells[inside & ~is_end]
    if not len(starts):
        raise dllab.InputError(f"{name}: there is nowhere to begin; leave some floor ('.') or a start (S)")
    return from_table(name, table, starts, action_names=ARROWS, grid=Grid(cells, marks))


def _marks(written: str, name: str) -> np.ndarray:
    lines = [line.rstrip() for line in written.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    if not lines:
        raise dllab.InputError(f"{name}: the world is empty; write rows of {' '.join(MARKS)}")
    width = max(map(len, lines))
    if len(lines) > LARGEST or width > LARGEST:
        raise dllab.InputError(f"{name}: {len(lines)} rows of {width}; at most {LARGEST} x {LARGEST}")
    known = ", ".join(f"{mark} {meaning}" for mark, meaning in MARKS.items())
    for number, line in enumerate(lines, 1):
        for column, mark in enumerate(line.replace(" ", "."), 1):
            if mark not in MARKS:
                raise dllab.InputError(f"{name}, row {number}, column {column}: {mark!r} is none of {known}")
    marks = np.array([list(line.replace(" ", ".").ljust(width, "#")) for line in lines])
    if not np.isin(marks, ("G", "O", "T")).any():
        raise dllab.InputError(f"{name}: nothing ends an episode; put a G, an O or a T somewhere")
    return marks


def _neighbour(marks: np.ndarray, row: int, column: int, step: tuple[int, int]) -> tuple[int, int]:
    to = row + step[0], column + step[1]
    is_inside = 0 <= to[0] < marks.shape[0] and 0 <= to[1] < marks.shape[1]
    return (int(to[0]), int(to[1])) if is_inside and marks[to] != "#" else (int(row), int(column))


def from_gymnasium(name: str) -> Mdp:
    """The MDP that FrozenLake, CliffWalking or Taxi tells of itself, in `env.unwrapped.P`."""
    import gymnasium

    env = gymnasium.make(GYMNASIUM[name]).unwrapped
    starts = np.flatnonzero(env.initial_state_distrib)
    grid, names = None, {"frozen-lake": ARROWS, "cliff": CLIFF_ACTIONS, "taxi": TAXI_ACTIONS}[name]
    if name == "frozen-lake":
        marks = np.array(
            [[{"F": ".", "H": "O"}.get(m.decode(), m.decode()) for m in row] for row in env.desc]
        )
        grid = Grid(np.arange(marks.size).reshape(marks.shape), marks)
    elif name == "cliff":
        marks = np.full((4, 12), ".")
        marks[3] = ["S", *"O" * 10, "G"]
        grid = Grid(np.arange(48).reshape(4, 12), marks)
    table = {int(s): {int(a): outcomes for a, outcomes in actions.items()} for s, actions in env.P.items()}
    env.close()
    return from_table(name, _ended(table), starts, action_names=names, grid=grid)


def _ended(table: dict[int, dict[int, list[Any]]]) -> dict[int, dict[int, list[Any]]]:
    """The table without what Gymnasium lists for states in which an episode is over already."""
    outcomes = [one for actions in table.values() for given in actions.values() for one in given]
    ends = {following for _, following, _, is_end in outcomes if is_end}
    return {state: ({} if state in ends else actions) for state, actions in table.items()}
