"""Playing and watching: a window for games, agents and replays."""

import dllab
from dllab_play.commands import play_command, replay_command, watch_command
from dllab_play.prove import jellyrun_replay


@dllab.hookimpl
def dllab_commands():
    return [play_command, watch_command, replay_command]


@dllab.hookimpl
def dllab_experiments():
    return [jellyrun_replay]
