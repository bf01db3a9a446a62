"""`woz annotators`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.errors import WozError
from woz.base.interval import Interval, nanoseconds
from woz.model.annotator import AnnotatorRole, BlindTo

if TYPE_CHECKING:
    from storage import Project

JSON = "answer in JSON, for programs"
VERBS = ("list", "add", "rename", "retire", "remove", "role", "login", "blind")


def options(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(title="what is done (list)", metavar="WHAT", required=True)
    _verb(verbs, "list", "who they are, and what they don't see", lambda project, arguments: None)
    adding = _verb(verbs, "add", "a new annotator", _add, "pseudonym")
    _roles(adding, "what they may do, with commas between (annotator; all for the first of a project)", "--roles")
    renaming = _verb(verbs, "rename", "another pseudonym for the same person", _rename, "pseudonym")
    renaming.add_argument("new", help="the new pseudonym")
    retiring = _verb(verbs, "retire", "they stay known, and change nothing any more", _retire, "pseudonym")
    retiring.add_argument("--back", action="store_true", help="they annotate again")
    _verb(verbs, "remove", "somebody entered by mistake, who has no work here", _remove, "pseudonym")
    _roles(_verb(verbs, "role", "what somebody may do", _role, "pseudonym"), "with commas between", "roles")
    login = _verb(verbs, "login", "a login on the project's server, or a new password for it", _login, "pseudonym")
    login.add_argument("--name", default="", help="the login's name (the pseudonym in small letters)")
    _blind_options(_verb(verbs, "blind", "what somebody doesn't see", _blind, "pseudonym"))


def reordered(words: Sequence[str]) -> list[str]:
    """The project may stand before what is done, as it once did, and alone where all are listed."""
    given = list(words)
    places = [at for at, word in enumerate(given) if not word.startswith("-")]
    if not places or given[places[0]] in VERBS:
        return given
    if len(places) > 1 and given[places[1]] in VERBS:
        given.insert(places[0], given.pop(places[1]))
        return given
    return ["list", *given]


def _blind_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--session", default="", help="the session's id")
    kinds = "tiers of this type only: SCHEME/KEY, or KEY in every scheme (of any type)"
    parser.add_argument("--tier-type", default="", help=kinds)
    parser.add_argument("--from", dest="start", type=float, help="from this second on (the whole session)")
    parser.add_argument("--to", dest="end", type=float, help="until this second (the whole session)")
    parser.add_argument("--of", choices=[str(to) for to in BlindTo], default="both", help="whose work (both)")
    parser.add_argument("--lift", default="", metavar="ID", help="they see again what this scope hid")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from storage.signing_in import PASSWORD_FILE, opening_command
    from woz.lab.annotators import annotator_words, scope_words

    with Project.open(arguments.project, SystemClock()) as project:
        told = arguments.do(project, arguments)
        people, scopes = project.annotators.all(), project.annotators.scopes()
        freed = _freed(project, arguments)
    if arguments.json:
        facts: dict[str, object] = {"annotators": [asdict(p) for p in people], "blind": [asdict(s) for s in scopes]}
        facts |= {name: value for name, value in (("login", told), ("freed", freed)) if value}
        print(json.dumps(facts))
        return 0
    if told:
        print(
            f"{told['login']} may log in now, with this password, which is kept nowhere: {told['password']}\n"
            f"They put this line into {PASSWORD_FILE}:\n    {told['pgpass']}\n"
            f"and open the project with:\n    {opening_command(told['address'])}"
        )
        return 0
    names = {person.id: person.pseudonym for person in people}
    lines = [*map(annotator_words, people)] or ["This project has no annotator yet; add one, or open the editor."]
    lines += [scope_words(scope, names[scope.annotator_id]) for scope in scopes]
    print("\n".join([*lines, *([with_project(freed, arguments.project)] if freed else [])]))
    return 0


Do = Callable[["Project", argparse.Namespace], dict[str, str] | None]


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, do: Do, *words: str
) -> argparse.ArgumentParser:
    made = verbs.add_parser(name, help=text, description=text)
    made.add_argument("project", type=Path, help="the project's folder")
    for word in words:
        made.add_argument(word, help="who is meant")
    made.add_argument("--json", action="store_true", help=JSON)
    made.set_defaults(do=do)
    return made


def _roles(parser: argparse.ArgumentParser, text: str, name: str) -> None:
    parser.add_argument(name, help=f"{', '.join(AnnotatorRole)}: {text}")


def _add(project: Project, arguments: argparse.Namespace) -> None:
    from woz.lab.annotators import add_annotator

    add_annotator(project, arguments.pseudonym, _read_roles(arguments.roles or ""))


def _rename(project: Project, arguments: argparse.Namespace) -> None:
    from woz.lab.annotators import rename_annotator

    rename_annotator(project, arguments.pseudonym, arguments.new)


def _remove(project: Project, arguments: argparse.Namespace) -> None:
    from woz.lab.annotators import remove_annotator

    remove_annotator(project, arguments.pseudonym)


def _retire(project: Project, arguments: argparse.Namespace) -> None:
    from woz.lab.annotators import retire_annotator

    retire_annotator(project, arguments.pseudonym, arguments.back)


def _freed(project: Project, arguments: argparse.Namespace) -> str:
    """What becomes of the question sets that somebody who retires was to judge; empty where there are none."""
    from woz.lab.assigning_questions import freed_words

    return freed_words(project, arguments.pseudonym) if arguments.do is _retire else ""


def _role(project: Project, arguments: argparse.Namespace) -> None:
    from woz.lab.annotators import give_roles

    roles = _read_roles(arguments.roles)
    if not roles:
        raise WozError(f"Name at least one role: {', '.join(AnnotatorRole)}.")
    give_roles(project, arguments.pseudonym, roles)


def _login(project: Project, arguments: argparse.Namespace) -> dict[str, str]:
    from storage.signing_in import SigningIn
    from woz.lab.annotators import make_login

    login, password = make_login(project, arguments.pseudonym, arguments.name)
    url = project.place.url
    assert url is not None
    return {"login": login, "password": password, **asdict(SigningIn.of(url, login, password))}


def _blind(project: Project, arguments: argparse.Namespace) -> None:
    from woz.lab.annotators import blind, lift

    if arguments.lift:
        lift(project, arguments.lift)
        return
    if not arguments.session:
        raise WozError("Say in which session, with --session ID.")
    to = BlindTo(arguments.of)
    blind(project, arguments.pseudonym, arguments.session, arguments.tier_type, _span(arguments), to)


def _span(arguments: argparse.Namespace) -> Interval | None:
    if arguments.start is None and arguments.end is None:
        return None
    start, end = arguments.start or 0.0, arguments.end
    if end is None or not 0 <= start < end:
        raise WozError("A part of a session goes --from a second --to a later one.")
    return Interval(nanoseconds(start), nanoseconds(end))


def _read_roles(text: str) -> list[AnnotatorRole]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(AnnotatorRole)]
    if unknown:
        raise WozError(f"There is no role {unknown[0]}; roles are {', '.join(AnnotatorRole)}.")
    return [AnnotatorRole(name) for name in names]
