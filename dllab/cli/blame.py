"""Whose bug an unexpected error is: the lab's, or that of the plugin in whose files it was raised."""

from dllab.errors import one_line
from dllab.texts import text


def blame(error: BaseException) -> str:
    """One line that says what was raised, and whether by dllab or by which plugin. Never raises."""
    try:
        return _blame_plugin(error) or text("cli.bug", error=one_line(error))
    except Exception:  # noqa: BLE001  it reports an error: what fails on the way must not replace that
        return text("cli.bug", error=one_line(error))


def _blame_plugin(error: BaseException) -> str:
    """The line that names the plugin whose file is in the traceback; "" when it is none's."""
    from dllab.index import read_index
    from dllab.plugins import origin

    files = set()
    trace = error.__traceback__
    while trace is not None:
        files.add(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    for name, plugin in read_index().plugins.items():
        if not files.isdisjoint(plugin["files"]):
            return text("cli.bug_of_plugin", name=name, origin=origin(plugin), error=one_line(error))
    return ""
