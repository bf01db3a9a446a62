"""The frozen program's first module. `-m MODULE` runs a module as Python would, so that children start alike."""

import multiprocessing
import runpy
import sys

from ui.cli.program import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    if sys.argv[1:2] == ["-m"]:
        del sys.argv[:2]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.exit(main())
