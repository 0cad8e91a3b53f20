"""`python -m filiform` is the command `filiform`."""

import sys

from filiform.cli import main

sys.exit(main())
