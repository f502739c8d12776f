"""What the fork server imports once, so that each run's process begins with it.

Only what every run needs, and nothing of a plugin: a plugin that was edited is read anew by the next run.
"""

import gc

import dllab.execution
import dllab.plugins
import dllab.validation  # noqa: F401 all of these for their being imported

gc.freeze()  # what is here lives on: collecting it would make each child copy the memory it shares
