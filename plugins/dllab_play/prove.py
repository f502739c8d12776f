"""The experiment jellyrun-replay: a recorded game is simulated again, which proves its score."""

from __future__ import annotations

import dllab
from dllab_play.texts import ABOUT

GAME = "jellyrun:jellyrun/JellyRun-v0"


class ReplayParams(dllab.Params):
    replay: dllab.Input | None = dllab.input(
        "file", default=None, help="a replay's file; none: the heuristic plays level 0 of easy first"
    )
    player: str = dllab.param("", max_length=40, help="whose game it is; empty: as the replay says")


@dllab.experiment(
    "jellyrun-replay",
    topic="reinforcement learning",
    lectures=("0:그림 1-9",),
    about=ABOUT["jellyrun-replay"],
    ko={
        "replay": "리플레이 파일. none이면 어림 규칙 에이전트가 쉬움 레벨 0을 먼저 달림",
        "player": "누구의 경기인지. 비우면 리플레이에 적힌 대로",
    },
)
def jellyrun_replay(run: dllab.Run, params: ReplayParams) -> None:
    """A recorded game of JellyRun, simulated again: its score proved."""
    import gymnasium

    from dllab_play.games import replays_of

    env = gymnasium.make(GAME, disable_env_checker=True)
    replays = replays_of(env)
    if params.replay is None:
        replay = _heuristic_game(env, replays)
    else:
        try:
            replay = replays.read(params.replay.path)
        except replays.ReplayError as error:
            raise dllab.InputError(str(error)) from error
    env.close()
    played = replays.open_env(replay, render_mode="rgb_array")
    label = run.words("steps", "걸음")
    for step, action in enumerate(run.progress(replay.actions.tolist(), label=label)):
        _, _, terminated, truncated, info = played.step(action)
        if step % 30 == 0:
            run.log(step, score=info["score"])
        if terminated or truncated:
            break
    now = played.snapshot()
    run.log(replay.steps, score=now.score, level=now.level, energy=now.energy, progress=now.progress)
    run.check(
        "score", ko="점수", got=now.score, expected=replay.score, source="what the replay says of itself"
    )
    run.check(
        "steps",
        ko="걸음 수",
        got=now.step,
        expected=replay.steps,
        source="the number of actions in the replay",
    )
    run.save_json("game.json", {
        "player": params.player or replay.player, "score": now.score, "ending": now.ending, "steps": now.step,
        "difficulty": replay.difficulty, "split": replay.split, "level": replay.level,
    })  # fmt: skip
    with run.open_file("game.jellyrun", "wb") as file:
        file.write(replays.encode(replay))
    run.save_image("last.png", played.render().transpose(2, 0, 1) / 255)
    played.close()


def _heuristic_game(env: gymnasium.Env, replays: object) -> object:  # noqa: F821  gymnasium is heavy
    """The heuristic's game on level 0."""
    observation, _ = env.reset(seed=0, options={"level": 0})
    agent, actions, is_over = env.unwrapped.heuristic(), [], False
    while not is_over:
        actions.append(int(agent.act(observation)))
        observation, _, terminated, truncated, _ = env.step(actions[-1])
        is_over = terminated or truncated
    return replays.record(env, actions, "heuristic")
