"""JellyRun: a small, fast runner game to play and to learn.

Importing it registers `jellyrun/JellyRun-v0` (easy, or difficulty=...), `jellyrun/JellyRun-Easy-v0`, `-Normal-v0` and
`-Hard-v0` at Gymnasium; `gymnasium.make("jellyrun:jellyrun/JellyRun-v0")` imports it by itself.
"""

from __future__ import annotations

from gymnasium.envs.registration import register, registry

for _name, _arguments in (
    ("JellyRun", {}),
    ("JellyRun-Easy", {"difficulty": "easy"}),
    ("JellyRun-Normal", {"difficulty": "normal"}),
    ("JellyRun-Hard", {"difficulty": "hard"}),
):
    if f"jellyrun/{_name}-v0" not in registry:
        register(
            id=f"jellyrun/{_name}-v0",
            entry_point="jellyrun.env:JellyRunEnv",
            vector_entry_point="jellyrun.vector:JellyRunVectorEnv",
            kwargs=_arguments,
        )
