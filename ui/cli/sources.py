"""--source: where the view comes from."""

from __future__ import annotations

import argparse


def add_source(parser: argparse.ArgumentParser, usual: str) -> None:
    from woz.capture.source_spec import FORM, SOURCES

    sources = "; ".join(f"{spec}: {text}" for spec, text in SOURCES.items())
    text = f"where the view comes from: {sources}; {FORM}"
    parser.add_argument("--source", default=usual, metavar="SOURCE", help=text)
