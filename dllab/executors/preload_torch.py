"""What the server with torch imports once."""

import torch  # noqa: F401 before the other, which freezes what it finds

import dllab.executors.preload  # noqa: F401
