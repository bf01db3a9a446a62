"""--source: where the view comes from."""

from __future__ import annotations

import argparse

from woz.base.errors import WozError


def add_source(parser: argparse.ArgumentParser, usual: str) -> None:
    from woz.capture.source_spec import FORM, SOURCES

    sources = "; ".join(f"{spec}: {text}" for spec, text in SOURCES.items())
    text = f"where the view comes from: {sources}; {FORM}"
    parser.add_argument("--source", type=_source, default=usual, metavar="SOURCE", help=text)


def _source(spec: str) -> str:
    from woz.capture.source_spec import check_source

    try:
        if spec:
            check_source(spec)
    except WozError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return spec
