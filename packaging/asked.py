"""Whether what is asked of woz can be, told before anything is installed: `python3 packaging/asked.py demo ...`.

A wrong option ends it as it ends woz, with its sentence and status 2. A Python too old for woz says nothing:
setting up tells what is needed.
"""

import contextlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
with contextlib.suppress(ImportError, SyntaxError, TypeError):
    from ui.cli.program import parser

    parser().parse_args(sys.argv[1:])
