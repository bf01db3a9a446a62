"""`woz media use`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import msgspec

from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    what = "s3://BUCKET/PREFIX, or the path of a folder; without it, what is set is told"
    parser.add_argument("url", nargs="?", help=what)
    what = "the store's address where it isn't Amazon's, as https://s3.lab.example"
    parser.add_argument("--endpoint", default="", metavar="URL", help=what)
    parser.add_argument("--profile", default="", help="whose keys of ~/.aws/credentials")
    parser.add_argument("--keep", type=float, metavar="GB", help="how much of what the store has may stay here")
    parser.add_argument("--none", action="store_true", help="the project has no store any more; nothing is deleted")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.storing import use_store
    from woz.store.place import StorePlace, place_of, set_place
    from woz.store.remote import Remote

    if not Project.is_project(arguments.project):
        raise WozError(f"{arguments.project} is no woz project; choose another folder.")
    if arguments.keep is not None and not arguments.keep >= 0:
        raise WozError("--keep is an amount in gigabytes, 0 or more.")
    if arguments.url:
        place = StorePlace(arguments.url, arguments.endpoint, arguments.profile, arguments.keep)
        use_store(arguments.project, place)
        Remote(place, patience_s=0).folders("")
    elif arguments.none:
        use_store(arguments.project, None)
        print(json.dumps({"url": None}) if arguments.json else "The project has no store; nothing was deleted.")
        return 0
    elif arguments.keep is not None:
        set_place(arguments.project, msgspec.structs.replace(place_of(arguments.project), keep_gb=arguments.keep))
    place = place_of(arguments.project)
    limit = "all may stay here" if place.keep_gb is None else f"{place.keep_gb:g} GB may stay here"
    facts = {"url": place.url, "endpoint": place.endpoint, "profile": place.profile, "keep_gb": place.keep_gb}
    print(json.dumps(facts) if arguments.json else f"The recordings' store is {place.url}; {limit}.")
    return 0
