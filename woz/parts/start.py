"""Runs a module of woz in an environment that holds no woz: `python -P start.py MODULE ARGUMENT...`.

Of the program it takes woz's own folder alone: the packages beside that are another environment's.
"""

import importlib.util
import runpy
import sys
from pathlib import Path


def main() -> None:
    folder = Path(__file__).resolve().parents[1]
    spec = importlib.util.spec_from_file_location(
        "woz", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec
    assert spec.loader
    sys.modules["woz"] = package = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
