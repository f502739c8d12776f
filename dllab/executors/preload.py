"""What the server imports once, so that each run's process begins with it.

Only what every run needs, and nothing of a plugin: a plugin that was edited is read anew by the next run.
"""

import concurrent.futures.thread  # noqa: F401 imported for the children to have, as NumPy is
import gc

import numpy.random  # noqa: F401

import dllab.execution
import dllab.plugins
import dllab.validation

dllab.execution.thread_pools()  # looked for once, as well
gc.freeze()  # what is here lives on: collecting it would make each child copy the memory it shares
