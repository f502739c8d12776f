"""JellyRun as a Gymnasium environment."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

import gymnasium
import numpy as np

from jellyrun import rules
from jellyrun.kernel import batch, scripted, views
from jellyrun.kernel import layout as at
from jellyrun.kernel.compiling import KERNEL_DIGEST
from jellyrun.levels import Level, level_of_row, level_text
from jellyrun.settings import Settings, action_space, observation_space, see
from jellyrun.snapshot import Snapshot, snapshot_of

if TYPE_CHECKING:
    from jellyrun.agents import HeuristicAgent, PlannerAgent
    from jellyrun.sb3 import JellyRunSB3VecEnv
    from jellyrun.tables import Tables


SPACE_KEY, UP_KEY, DOWN_KEY = 32, 1073741906, 1073741905


class JellyRunEnv(gymnasium.Env):
    """A runner in a side-scrolling level: jump, jump again in the air, slide; take what is sweet.

    ## Action space
    `Discrete(3)`: 0 run, 1 jump, 2 slide. A jump starts when 1 follows another action; one asked for up to 3 steps
    too early still happens. In the air 1 jumps again, once and weaker, and 2 falls fast. A slide lasts 10 steps from
    when 2 was last chosen; a jump ends it.

    ## Observation space
    `observation="state"`: `Box(-1, 1, (60,), float32)`, named in jellyrun.kernel.views: the player, the next
    three obstacles, three items, potion and power. `"grid"`: `Box(0, 255, (6, 36, 48), uint8)`, planes of 8 px cells.
    `"pixels"`: `Box(0, 255, (72, 128, 3), uint8)`. `"discrete"`: a whole number for a table.

    ## Rewards
    0.01 for each point of the game's score, -1 for a hit, -3 for falling into a pit or running out of energy.
    The game's score is `info["score"]`: that is what to report.

    ## Starting state
    At the left end of a level. `reset(options={"level": k})` plays level k of the split; else one is drawn from
    `start_level` on, `num_levels` of them (None: all that come after).

    ## Episode end
    Terminated when the level is finished, the energy is used up or the player falls into a pit; truncated after
    `max_steps` steps. Then `info["ending"]` is "finished", "exhausted", "fell" or "time".

    ## Arguments
    observation, difficulty ("easy", "normal", "hard", or "ramp" from easy to hard), split ("train" or "test"),
    start_level, num_levels, max_steps, level (a Level, the text of one, or the path of such a text), render_mode
    ("human" or "rgb_array"), render_size (width, height). Raises ValueError for a value that is none of those.
    """

    metadata: ClassVar[dict[str, Any]] = {
        "render_modes": ["human", "rgb_array"],
        "render_fps": rules.STEPS_PER_SECOND,
    }
    rules = rules
    rules_version = rules.RULES_VERSION
    kernel_digest = KERNEL_DIGEST

    def __init__(
        self,
        observation: str = "state",
        difficulty: str = "easy",
        split: str = "train",
        start_level: int = 0,
        num_levels: int | None = None,
        max_steps: int = rules.MAX_STEPS,
        level: Level | str | Path | None = None,
        render_mode: str | None = None,
        render_size: tuple[int, int] = (rules.VIEW_WIDTH, rules.VIEW_HEIGHT),
    ) -> None:
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            known = ", ".join(self.metadata["render_modes"])
            raise ValueError(f"render_mode={render_mode!r}: must be None or one of {known}")
        is_pair = isinstance(render_size, tuple | list) and len(render_size) == 2
        if not is_pair or not all(isinstance(n, int) and 16 <= n <= 4096 for n in render_size):
            raise ValueError(
                f"render_size={render_size!r}: must be (width, height), each from 16 to 4096 pixels"
            )
        self.settings = Settings(observation, difficulty, split, start_level, num_levels, max_steps, level)
        self.render_mode, self.render_size = render_mode, tuple(render_size)
        self.observation_space = observation_space(observation)
        self.action_space = action_space()
        self._row = np.zeros(at.ROW, dtype=np.int32)  # changed in place, never replaced: agents hold it
        self._rows = self._row[None]
        self._is_going = False
        self._sees_state = observation == "state"
        self._window: Any = None

    # ---- playing

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Put the player at the start of a level.

        options: {"level": k} to play that level of the split. Raises ValueError for a number that is no level's.
        """
        super().reset(seed=seed)
        settings = self.settings
        if settings.given_row is not None:
            self._row[:] = settings.given_row
            index = -1
        elif options is not None and options.get("level") is not None:
            index = options["level"]
            if isinstance(index, bool) or not isinstance(index, int | np.integer) or not 0 <= index < 2**31:
                raise ValueError(f"level {index!r}: must be a whole number from 0 to {2**31 - 1}")
        else:
            index = settings.start_level + int(self.np_random.integers(settings.count))
        batch.start(self._row, settings.split_number, index, settings.difficulty_number, settings.max_steps)
        self._is_going = True
        if self.render_mode == "human":
            self.render()
        return self.observe(), self._full_info()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One step of 1/30 s.

        Raises ValueError for an action that there is not, gymnasium.error.ResetNeeded before reset and after an end.
        """
        if not self._is_going:
            raise gymnasium.error.ResetNeeded("step() in a game that is not going on: call reset() first")
        if action.__class__ is not int or not 0 <= action <= rules.SLIDE:
            action = self._checked(action)
        if self._sees_state:
            seen = np.empty(views.STATE_NUMBERS, np.float32)
            reward, score, ending = batch.step_one(self._row, action, seen)
        else:
            reward, score, ending = batch.step_only(self._row, action)
            seen = self.observe()
        if self.render_mode == "human":
            self.render()
        if ending == rules.GOING:
            return seen, reward, False, False, {"score": score}
        self._is_going = False
        is_time = ending == rules.TIME
        return seen, reward, not is_time, is_time, self._full_info()

    def _checked(self, action: Any) -> int:
        array = np.asarray(action)
        if array.size == 1 and array.dtype.kind in "iu" and 0 <= (number := int(array.reshape(-1)[0])) <= 2:
            return number
        raise ValueError(f"action {action!r:.60}: must be 0 (run), 1 (jump) or 2 (slide)")

    def _full_info(self) -> dict[str, Any]:
        settings = self.settings
        info = {
            "score": int(self._row[at.SCORE]),
            "level": int(self._row[at.LEVEL]) if settings.given_row is None else -1,
            "split": settings.split if settings.given_row is None else "given",
            "difficulty": settings.difficulty,
        }
        if self._row[at.ENDING] != rules.GOING:
            info["ending"] = rules.ENDINGS[self._row[at.ENDING]]
        return info

    def observe(self, kind: str | None = None) -> Any:
        """What is seen now, as the environment's kind of observation or another."""
        seen = see(self._rows, kind or self.settings.observation)[0]
        return int(seen) if seen.ndim == 0 else seen

    # ---- showing

    def render(self) -> np.ndarray | None:
        """The view as uint8 (height, width, 3) for rgb_array; for human, drawn in a window.

        Raises gymnasium.error.ResetNeeded before the first reset.
        """
        if self.render_mode is None:
            gymnasium.logger.warn(
                "render() without a render_mode: make the environment with render_mode='rgb_array'"
            )
            return None
        if self._row[at.MAX_STEPS] == 0:
            raise gymnasium.error.ResetNeeded("render() before reset(): call reset() first")
        if self.render_mode == "rgb_array":
            return self.painter.render(self.snapshot(), *self.render_size)
        if self._window is None:
            self._window = self.painter.Window(*self.render_size)
        self._window.show(self.snapshot())
        return None

    @property
    def max_steps(self) -> int:
        """After how many steps a game is cut off."""
        return self.settings.max_steps

    @property
    def replays(self) -> ModuleType:
        """The module that keeps games as files."""
        return importlib.import_module("jellyrun.replays")

    @property
    def painter(self) -> ModuleType:
        """The module that draws snapshots."""
        return importlib.import_module("jellyrun.drawing")

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """The keys of gymnasium.utils.play: space or up to jump, down to slide (SDL's numbers of them)."""
        return {(SPACE_KEY,): rules.JUMP, (UP_KEY,): rules.JUMP, (DOWN_KEY,): rules.SLIDE}

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def snapshot(self) -> Snapshot:
        """This moment as plain numbers, for a picture."""
        level = self.settings.level
        return snapshot_of(self._row, level.name if isinstance(level, Level) else None)

    # ---- keeping and going back

    def state_array(self) -> np.ndarray:
        """The whole game, level included, as int32: restore() goes back to it."""
        return self._row.copy()

    def restore(self, array: np.ndarray) -> None:
        """Go back to what state_array() gave. Raises ValueError for anything else."""
        array = np.asarray(array)
        if array.shape != self._row.shape or array.dtype != np.int32:
            raise ValueError(f"a state of shape {array.shape}, {array.dtype}: must be ({at.ROW},), int32")
        self._row[:] = array
        self._is_going = bool(array[at.MAX_STEPS] > 0 and array[at.ENDING] == rules.GOING)

    @property
    def level(self) -> Level:
        """The level that is being played."""
        given = self.settings.level
        return given if isinstance(given, Level) else level_of_row(self._row)

    def level_text(self) -> str:
        """The level that is being played, as a text that level= takes."""
        return level_text(self.level)

    # ---- players and learners that know the rules

    def heuristic(self) -> HeuristicAgent:
        """An agent with a few rules of thumb, for this game."""
        from jellyrun.agents import HeuristicAgent

        return HeuristicAgent(self._row)

    def planner(self, quota: int = 2) -> PlannerAgent:
        """An agent that tries out what would happen, for this game."""
        from jellyrun.agents import PlannerAgent

        return PlannerAgent(self._row, quota)

    def play_scripted(
        self, levels: Sequence[int] | np.ndarray, policy: str = "heuristic", seed: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Whole games on levels of this split and difficulty, in the kernel: (scores, lengths), int64.

        policy: one of jellyrun.kernel.scripted.POLICIES. Raises ValueError for another.
        """
        if policy not in scripted.POLICIES:
            raise ValueError(f"policy={policy!r}: must be one of {', '.join(scripted.POLICIES)}")
        levels = np.asarray(levels, dtype=np.int64)
        scores, lengths = np.zeros_like(levels), np.zeros_like(levels)
        settings = self.settings
        scripted.play_levels(
            levels, rules.SPLITS.index(settings.split), settings.difficulty_number, settings.max_steps,
            scripted.POLICIES.index(policy), seed, scores, lengths,
        )  # fmt: skip
        return scores, lengths

    def sb3_vec_env(
        self, num_envs: int, *, seed: int = 0, sequential: bool = False, **settings: Any
    ) -> JellyRunSB3VecEnv:
        """A VecEnv of stable-baselines3 with many games. settings: as of this environment where not given."""
        from jellyrun.sb3 import JellyRunSB3VecEnv

        return JellyRunSB3VecEnv(num_envs, self._settings_with(settings), seed, sequential)

    def tables(self, **settings: Any) -> Tables:
        """Learners in tables over the `discrete` observation. settings: as of this environment where not given."""
        from jellyrun.tables import Tables

        return Tables(self._settings_with({**settings, "observation": "discrete"}))

    def _settings_with(self, changes: dict[str, Any]) -> Settings:
        own = self.settings
        known = {
            "observation": own.observation, "difficulty": own.difficulty, "split": own.split,
            "start_level": own.start_level, "num_levels": own.num_levels, "max_steps": own.max_steps,
            "level": own.level,
        }  # fmt: skip
        return Settings(**{**known, **changes})
