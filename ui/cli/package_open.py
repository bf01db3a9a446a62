"""`woz package open`."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from woz.base.clock import SystemClock, iso_utc
from woz.base.commands import quoted
from woz.base.errors import WozError

if TYPE_CHECKING:
    from woz.remote.facts import PackageFacts
    from woz.remote.keys import Opener


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file that the lab sent")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="a new folder (beside the file, by its name)")
    key = parser.add_mutually_exclusive_group()
    key.add_argument("--passphrase-file", type=Path, metavar="FILE", help="a text file with the passphrase (asked)")
    key.add_argument("--identity", type=Path, metavar="FILE", help="your key of age, as age-keygen wrote it")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs; asks nothing")


def run(arguments: argparse.Namespace) -> int:
    from woz.lab.packages import facts_words
    from woz.remote.opening import open_package

    clock = SystemClock()
    folder = arguments.into or arguments.file.with_suffix("")
    facts = open_package(arguments.file, folder, _opener(arguments), clock.utc_ns())
    told = _clock_words(facts, clock.utc_ns())
    if arguments.json:
        answer = {
            "folder": str(folder),
            "package": facts.id,
            "annotator": facts.pseudonym,
            "until": str(facts.until),
        }
        print(json.dumps({**answer, "sessions": facts.sessions, "told": told}))
        return 0
    print("\n".join([*told, facts_words(facts), f"Annotate with: woz annotate {quoted(folder)}"]))
    return 0


def _clock_words(facts: PackageFacts, utc_ns: int) -> list[str]:
    if utc_ns >= facts.made_utc_ns - 3600 * 10**9:
        return []
    made, now = iso_utc(facts.made_utc_ns)[:16], iso_utc(utc_ns)[:16]
    return [f"This computer's clock says {now} UTC, and the package was made at {made}: set the clock right."]


def _opener(arguments: argparse.Namespace) -> Opener:
    from woz.remote.keys import Opener, secret_in

    if arguments.identity:
        try:
            return Opener(identity=arguments.identity.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise WozError(f"{arguments.identity} can't be read as a key of age; choose another file.") from error
    if arguments.passphrase_file:
        return Opener(secret_in(arguments.passphrase_file))
    if arguments.json or not sys.stdin.isatty():
        return Opener()
    return Opener(getpass.getpass("Passphrase: "))
