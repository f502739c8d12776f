"""An agent out of a zip of stable-baselines3, none of whose pickles is run: the experiment `import-agent`."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dllab
from dllab_rl.texts import ABOUT

WEIGHTS_NAME, FACTS_NAME = "policy.pth", "data"  # members of the zip
LARGEST_BYTES = 2**29
ACTIVATION_NAMES = {"tanh": "Tanh", "relu": "ReLU", "elu": "ELU", "leaky-relu": "LeakyReLU", "silu": "SiLU"}
DEFAULT_ACTIVATION = {"ppo": "tanh", "dqn": "relu"}


class ImportParams(dllab.Params):
    file: dllab.Input | None = dllab.input(
        "file", default=None, help="zip that stable-baselines3 saved; none: one that is made here, to show it"
    )
    env: str = dllab.param("CartPole-v1", min_length=1, help="the environment that the agent was made for")
    env_args: tuple[str, ...] = dllab.param(
        (), max_length=32, help="what else the environment takes: --env-args map_name=8x8"
    )
    episodes: int = dllab.param(20, ge=1, le=10_000, help="episodes to try the agent in")


@dllab.experiment(
    "import-agent",
    topic="reinforcement learning",
    about=ABOUT["import-agent"],
    tiny={"episodes": 2},
    ko={
        "file": "stable-baselines3가 저장한 zip. none이면 보여 주려고 여기서 하나 만듦",
        "env": "에이전트가 만들어진 환경",
        "env_args": "환경에 더 넘길 값: --env-args map_name=8x8",
        "episodes": "에이전트를 시험할 에피소드 수",
    },
)
def import_agent(run: dllab.Run, params: ImportParams) -> None:
    """An agent out of a zip of stable-baselines3, without running anything in it."""
    import tempfile

    from dllab_rl.environments import open_task
    from dllab_rl.evaluation import play
    from dllab_rl.policy import save_policy

    task = open_task(params.env, env_args=params.env_args)
    with tempfile.TemporaryDirectory() as folder:
        if params.file is None or params.file.path is None:
            path, name = _made_here(run, task, Path(folder) / "example.zip"), "example.zip"
        else:
            path, name = params.file.path, params.file.name
        policy = read_zip(path, name, task, Path(folder))
    if params.file is not None:
        run.message(
            run.words(
                f"'{name}' holds pickles: its tensors and plain text were read, nothing in it was run",
                f"'{name}'에 피클이 있어 텐서와 글만 읽었고, 그 안의 것은 아무것도 실행하지 않았습니다",
            )
        )
    save_policy(run, "agent.safetensors", policy)
    _hold_layers(run, policy)
    scores = play(policy, task, params.episodes).scores
    run.log(policy.timesteps, score=float(scores.mean()))
    mean, named = f"{scores.mean():.1f}", "점수" if task.has_levels else "이득"
    run.message(
        run.words(
            f"{policy.algorithm} after {policy.timesteps:,} steps: mean {task.score_name} {mean}",
            f"{policy.timesteps:,}걸음 배운 {policy.algorithm}: 평균 {named} {mean}",
        )
    )


def read_zip(path: Path, name: str, task: Any, folder: Path) -> Any:
    """The policy in a zip of stable-baselines3, for a task. folder: where its tensors are laid for reading.

    Raises dllab.InputError for a file that is no such zip, one of another algorithm, and one whose net does
    not fit the environment.
    """
    from dllab_rl.policy import Policy
    from dllab_rl.sb3_nets import chains, facts
    from dllab_rl.spaces import spaces_of

    about, state = _members(path, name, folder)
    algorithm = _algorithm(state, name)
    env = task.make()
    spaces = spaces_of(env)
    env.close()
    steps = about.get("num_timesteps", 0)
    try:
        return Policy(
            chains(state, algorithm),
            facts(task, spaces, algorithm=algorithm, activation=_activation(about, algorithm),
                  timesteps=steps if isinstance(steps, int) else 0),
        )  # fmt: skip
    except (ValueError, KeyError, IndexError) as error:
        raise dllab.InputError(
            f"'{name}' does not fit --env {task.env_id}: {error}; name the environment that it was made for"
        ) from error


def _members(path: Path, name: str, folder: Path) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The settings as far as they are plain JSON, and the tensors by name."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = {info.filename: info for info in archive.infolist()}
            for member in (WEIGHTS_NAME, FACTS_NAME):
                if member not in infos:
                    raise dllab.InputError(f"'{name}' is no zip of stable-baselines3: it has no {member}")
                if infos[member].file_size > LARGEST_BYTES:
                    raise dllab.InputError(
                        f"'{name}': its {member} is over {LARGEST_BYTES:,} bytes; that is no agent"
                    )
            about = json.loads(archive.read(FACTS_NAME))
            weights = folder / WEIGHTS_NAME
            weights.write_bytes(archive.read(WEIGHTS_NAME))
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        RecursionError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise dllab.InputError(f"'{name}' is no zip of stable-baselines3 ({error}); save it again") from error
    return about if isinstance(about, dict) else {}, dllab.load_weights(weights, allow_pickle=True)


def _algorithm(state: Mapping[str, Any], name: str) -> str:
    if "action_net.weight" in state:
        return "ppo"
    if any(key.startswith("q_net.q_net.") for key in state):
        return "dqn"
    raise dllab.InputError(f"'{name}' is of another algorithm; PPO, A2C and DQN can be taken out of a zip")


def _activation(about: Mapping[str, Any], algorithm: str) -> str:
    """What the settings say beside their pickles, such as "<class '…activation.ReLU'>"."""
    settings = about.get("policy_kwargs")
    said = str(settings.get("activation_fn", "")) if isinstance(settings, dict) else ""
    for ours, theirs in ACTIVATION_NAMES.items():
        if f".{theirs}'" in said:
            return ours
    return DEFAULT_ACTIVATION[algorithm]


def _made_here(run: dllab.Run, task: Any, path: Path) -> Path:
    """A zip of a PPO agent that has learnt for a moment."""
    from stable_baselines3 import PPO
    from stable_baselines3.common.logger import Logger

    from dllab_rl.sb3_models import seed_of
    from dllab_rl.vec_envs import make_vec_env

    model = PPO("MlpPolicy", make_vec_env(task, 4), n_steps=64, seed=seed_of(run), device="cpu")
    model.set_logger(Logger(folder=None, output_formats=[]))  # its own would make a folder
    model.learn(512)
    model.save(path)
    return path


def _hold_layers(run: dllab.Run, policy: Any) -> None:
    run.check(
        "numbers that come out, one for each action",
        ko="행동마다 하나씩 나오는 수의 개수",
        got=len(policy.tensors[f"policy.{_last(policy)}.bias"]),
        expected=policy.action_space.net_size,
        source="the environment's action space",
    )


def _last(policy: Any) -> int:
    return max(int(name.split(".")[1]) for name in policy.tensors if name.startswith("policy."))
