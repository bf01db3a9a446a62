"""The command line: `woz VERB`, one module a verb."""

from ui.cli.program import main

__all__ = ["main"]
