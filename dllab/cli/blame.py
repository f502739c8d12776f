"""Whose bug an unexpected error is: the lab's, or that of the plugin in whose files it was raised."""

from dllab.errors import DllabError
from dllab.index import read_index
from dllab.texts import text


def blame(error: Exception) -> str:
    """One line that says what was raised, and whether by dllab or by which plugin."""
    files = set()
    trace = error.__traceback__
    while trace is not None:
        files.add(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    message = f"{type(error).__name__}: {' '.join(str(error).split())}"
    try:
        plugins = read_index().plugins
    except DllabError:
        plugins = {}
    for name, plugin in plugins.items():
        if not files.isdisjoint(plugin["files"]):
            from dllab.plugins import origin

            return text("cli.bug_of_plugin", name=name, origin=origin(plugin), error=message)
    return text("cli.bug", error=message)
