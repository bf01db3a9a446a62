"""Whether what is asked of woz can be, told before anything is installed: `python3 packaging/asked.py demo ...`.

A wrong option ends it as it ends woz, with its sentence and status 2; where help was asked for, it is given, with
status 3, and nothing is left to do. A Python too old for woz says nothing: setting up tells what is needed.
"""

import contextlib
import sys
from pathlib import Path

HELPED = 3

sys.path.insert(0, str(Path(__file__).parent.parent))
with contextlib.suppress(ImportError, SyntaxError, TypeError):
    from ui.cli.program import parser

    try:
        parser().parse_args(sys.argv[1:])
    except SystemExit as ended:
        sys.exit(ended.code or HELPED)
