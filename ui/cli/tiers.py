"""`woz tiers`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import as_seen_by, chosen_session
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.model.tier import TierState

if TYPE_CHECKING:
    from storage import Project
    from woz.model.annotator import Annotator
    from woz.model.ids import SessionId, TierId


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    parser.add_argument(
        "--move", choices=[str(state) for state in TierState], help="to which state; the moved tier is listed"
    )
    parser.add_argument("--tier", default="", help="which tier is moved: its name or its id")
    parser.add_argument("--assign", default="", metavar="PSEUDONYM", help="who gets a new tier to fill")
    parser.add_argument("--type", default="", metavar="KEY", help="of which tier type, as steps or scheme/steps")
    parser.add_argument("--annotator", default="", metavar="PSEUDONYM", help="who moves or assigns it")
    parser.add_argument("--why", default="", help="why; a tier is returned with a reason only")
    parser.add_argument(
        "--remark",
        action="append",
        default=[],
        metavar="SECONDS=TEXT",
        help="with --move returned: what is said of a time; may be repeated",
    )
    parser.add_argument("--as", dest="viewer", default="", metavar="PSEUDONYM", help="what this annotator may see")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.annotators import annotator_named
    from woz.lab.assigning import Order, assign
    from woz.lab.item_names import pseudonyms
    from woz.lab.tiers import tier_facts, tier_words, tiers_of

    moved: TierId | None = None
    with Project.open(arguments.project, SystemClock()) as project:
        session_id = chosen_session(project, arguments.session)
        mover = annotator_named(project, arguments.annotator) if arguments.annotator else None
        if arguments.move:
            if mover is None or not arguments.tier:
                raise WozError("Say which tier is moved, and who moves it, with --tier NAME --annotator PSEUDONYM.")
            moved = _move(project, session_id, arguments, mover)
        if arguments.assign:
            if mover is None or not arguments.type:
                raise WozError(
                    "Say of which type the tier is, and who assigns it, with --type KEY --annotator PSEUDONYM."
                )
            whose = annotator_named(project, arguments.assign)
            assign(project, session_id, Order(arguments.type, whose, mover), SystemClock())
        lines = tiers_of(as_seen_by(project, arguments.viewer), session_id, pseudonyms(project))
    if moved and not arguments.assign:
        lines = [line for line in lines if line.tier.id == moved]
    if arguments.json:
        print(json.dumps({"session": session_id, "tiers": [tier_facts(line, mover) for line in lines]}))
    else:
        words = [tier_words(line, mover) for line in lines]
        unseen = f"{arguments.viewer} does not see it" if arguments.viewer else "you don't see it"
        none = f"It was moved; {unseen}." if moved else f"{session_id} has no tier yet."
        print("\n".join(words or [none]))
    return 0


def _move(project: Project, session_id: SessionId, arguments: argparse.Namespace, mover: Annotator) -> TierId:
    from woz.lab.returning import remarks_of, return_tier
    from woz.lab.tiers import move_tier

    to = TierState(arguments.move)
    if to == TierState.RETURNED:
        remarks = remarks_of(arguments.remark)
        return return_tier(project, session_id, arguments.tier, mover, arguments.why, remarks)
    if arguments.remark:
        raise WozError("Remarks go with work that is returned: add --move returned, or use woz comments.")
    return move_tier(project, session_id, arguments.tier, to, mover, arguments.why)
