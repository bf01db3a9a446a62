"""The frozen program's first module. `-m MODULE` runs a module as Python would, so that children start alike."""

import multiprocessing
import os
import runpy
import sys

from ui.cli.program import main

OF_LIBRARIES = "LD_LIBRARY_PATH"


def leave_no_libraries() -> None:
    """By its environment the bootloader let this program find its libraries. Other programs, such as a heavy part's
    Python or a browser, would load them instead of their own; a child that is this program again finds them anew.
    """
    for name in [name for name in os.environ if name.startswith("_PYI_")]:
        del os.environ[name]
    os.environ.pop(OF_LIBRARIES, None)
    if (before := os.environ.pop(f"{OF_LIBRARIES}_ORIG", None)) is not None:
        os.environ[OF_LIBRARIES] = before


if __name__ == "__main__":
    multiprocessing.freeze_support()
    leave_no_libraries()
    if sys.argv[1:2] == ["-m"]:
        del sys.argv[:2]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.exit(main())
