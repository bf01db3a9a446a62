"""`woz search`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("query", nargs="?", default="", help='words or parts of words; "several as one" in quotes')
    parser.add_argument("--session", help="only in this session")
    parser.add_argument("--annotator", default="", metavar="PSEUDONYM", help="without what they are blind to")
    parser.add_argument("--limit", type=int, default=100, metavar="N", help="at most so many hits (100)")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.annotators import annotator_named
    from woz.lab.search import Query
    from woz.lab.searching import hit_facts, hit_words, search, terms_of
    from woz.model.ids import SessionId

    with Project.open(arguments.project, SystemClock()) as project:
        by = annotator_named(project, arguments.annotator).id if arguments.annotator else ""
        session = SessionId(arguments.session) if arguments.session else None
        found = search(project, Query(terms_of(arguments.query), session, by, limit=max(1, arguments.limit)))
    if arguments.json:
        facts = {"query": arguments.query, "hits": [hit_facts(hit) for hit in found.hits], "more": found.more}
        print(json.dumps(facts, ensure_ascii=False))
        return 0
    words = [hit_words(hit) for hit in found.hits]
    if found.more:
        words.append(f"There is more; these {len(found.hits)} were written last. Narrow it, or raise --limit.")
    print("\n\n".join(words or ["Nothing was found."]))
    return 0
