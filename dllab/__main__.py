"""`python -m dllab`: the command line."""

import sys

from dllab.cli import main

sys.exit(main())
