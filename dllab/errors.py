"""The errors of the lab. Each carries the exit status that the command line returns for it."""


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


class ShapeError(UsageError):
    """An array of another shape than the function takes; exit status 2."""


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
