"""`woz search`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.answers import pair_of
from ui.cli.pseudonyms import add_pseudonym
from woz.base.clock import SystemClock
from woz.base.interval import nanoseconds
from woz.model.people import Role


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("query", nargs="?", default="", help='words or parts of words; "several as one" in quotes')
    parser.add_argument("--session", help="only in this session")
    turns = parser.add_argument_group("turns", "what was said; all that is given must hold")
    turns.add_argument("--speaker", choices=[str(role) for role in Role], help="who says it")
    turns.add_argument("--within-step", default="", metavar="LABEL", help="it begins while this is marked")
    turns.add_argument("--followed-by", choices=[str(role) for role in Role], help="who begins to speak then")
    turns.add_argument(
        "--within-seconds", type=float, default=3.0, metavar="S", help="how long after its end at most (3)"
    )
    marks = parser.add_argument_group("annotations", "what was marked; words stand in its note or attributes")
    marks.add_argument("--label", default="", help="by id, key or name")
    marks.add_argument("--attribute", action="append", default=[], metavar="KEY=VALUE", help="may be given again")
    marks.add_argument(
        "--without-link", default="", metavar="TYPE", help="with no such link to or from it; any: with none at all"
    )
    add_pseudonym(parser, "--annotator", "annotator", "without what they are blind to")
    parser.add_argument("--limit", type=int, default=100, metavar="N", help="at most so many hits (100)")
    parser.add_argument(
        "--list", default="", metavar="NAME", help="make a work list of the hits: woz annotate --list"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.annotators import annotator_named
    from woz.lab.search import Query
    from woz.lab.searching import hit_facts, hit_words, search, terms_of
    from woz.lab.worklists import WorkLists, places_of
    from woz.model.ids import SessionId

    with Project.open(arguments.project, SystemClock()) as project:
        by = annotator_named(project, arguments.annotator).id if arguments.annotator else ""
        query = Query(
            terms_of(arguments.query),
            SessionId(arguments.session) if arguments.session else None,
            by,
            _role(arguments.speaker),
            arguments.within_step,
            _role(arguments.followed_by),
            nanoseconds(max(0.0, arguments.within_seconds)),
            arguments.label,
            tuple(map(pair_of, arguments.attribute)),
            arguments.without_link,
            max(1, arguments.limit),
        )
        found = search(project, query)
        if arguments.list:
            WorkLists(project.path).make(arguments.list, places_of(found.hits))
    if arguments.json:
        facts = {"query": arguments.query, "hits": [hit_facts(hit) for hit in found.hits], "more": found.more}
        print(json.dumps(facts, ensure_ascii=False))
        return 0
    words = [hit_words(hit) for hit in found.hits]
    if found.more:
        words.append("There is more; what is shown was written last. Narrow it, or raise --limit.")
    print("\n\n".join(words or ["Nothing was found."]))
    return 0


def _role(name: str | None) -> Role | None:
    return Role(name) if name else None
