"""The errors of the lab. Each carries the exit status that the command line returns for it."""

from dllab.printable import printable_line

LONGEST_LINE = 300  # characters of an error that one line shows


class DllabError(Exception):
    """Anything the lab reports in one line; exit status 1."""

    exit_status = 1


class UsageError(DllabError):
    """The command, a name or a value was wrong; exit status 2."""

    exit_status = 2


class InputError(UsageError):
    """A file that was handed in is missing, broken or of another kind; exit status 2."""


class NotFoundError(UsageError):
    """A name that nothing in the lab goes by; exit status 2."""


class ShapeError(DllabError):
    """An array of another shape than the function takes: a mistake of the experiment, not of its user."""


class DeclarationError(DllabError):
    """A plugin declares an experiment, a parameter or a resource in a form that cannot work."""


class PluginError(DllabError):
    """A plugin failed; the message names the plugin and its distribution."""


class StoreError(DllabError):
    """The store cannot be read or written."""


class RunFailedError(DllabError):
    """A run ended as failed; the message carries the experiment's own error."""


class Cancelled(BaseException):
    """The run was asked to stop. Not an Exception, so that `except Exception` lets it through.

    An experiment may catch it to save what it has so far, and must raise it again.
    """


def one_line(error: BaseException) -> str:
    """Any exception as one printable line, "TypeName: text", of at most LONGEST_LINE characters.

    Never raises, whatever a plugin's exception class does: a text that cannot be had is left out.
    """
    try:
        name = str.__str__(type(error).__name__)
    except BaseException:  # noqa: BLE001  a metaclass of a plugin's
        name = "Exception"
    try:
        words = str.__str__(str(error))  # an exact str, should __str__ return an instance of a subclass
    except BaseException as second:  # noqa: BLE001  a __str__ of a plugin's, which may raise anything
        words = f"(its text raises {type(second).__name__})" if type(type(second)) is type else ""
    return printable_line(f"{name}: {words}" if words.strip() else name, LONGEST_LINE)
