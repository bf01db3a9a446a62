"""Names in a project's sessions: where they stand, what leaves the lab instead, and whether one is left there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from woz.base.commands import quoted
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.lab.ports import Project
from woz.model.ids import SchemeId, SessionId
from woz.model.scheme import Scheme
from woz.privacy.names.joined import JoinedNames
from woz.privacy.names.keys import keys_in
from woz.privacy.names.leaks import Leak, Unsearched, leaks, leaks_of, not_looked_into
from woz.privacy.names.listing import NameKind, NameList, folded
from woz.privacy.names.matching import matches
from woz.privacy.names.recognised import UnknownLanguageError
from woz.privacy.names.recognising import Recognise
from woz.privacy.names.replacing import cleaned, muted, texts_in

AROUND = 30
"""Characters told before a form and after it."""
MOST_LEAKS = 1000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A form of a name in a session; `name` is empty where a recogniser alone proposes it. In a key or an id, which
    nothing replaces, it `stays` in what leaves the lab.
    """

    session: SessionId
    form: str
    name: str
    likeness: float
    decided: bool
    context: str
    stays: bool = False


def occurrences(bundles: Iterable[SessionBundle], names: NameList) -> Iterator[Occurrence]:
    """In all that was said, annotated, noted and asked in sessions, and in their own words; in schemes and in keys,
    which they share, where the first has them.
    """
    found, told, joined = set[tuple[SchemeId, int]](), set[str](), JoinedNames(names)
    for bundle in bundles:
        new = tuple(scheme for key, scheme in bundle.schemes.items() if key not in found)
        found |= bundle.schemes.keys()
        for text in texts_in((bundle, new)):
            yield from _occurring(text, bundle.session.id, names)
        for key in dict.fromkeys(_keys_of(bundle, new)):
            if key not in told:
                yield from _in_key(key, bundle.session.id, names, joined)
            told.add(key)


def _keys_of(bundle: SessionBundle, schemes: tuple[Scheme, ...]) -> Iterator[str]:
    """What a session, its views and its people are called by, and all of its procedure and of these schemes."""
    yield bundle.session.id
    yield from (each.view for each in bundle.streams if each.view)
    yield from (each.pseudonym for each in bundle.participants)
    yield from bundle.pseudonyms.values()
    yield from keys_in((bundle.procedure, schemes))


def _in_key(key: str, session: SessionId, names: NameList, joined: JoinedNames) -> Iterator[Occurrence]:
    """Put together with other words, too, as a file's name may be."""
    for form in joined.in_file_name(key):
        known = next((each for each in _occurring(form, session, names) if each.name), None)
        found = known or Occurrence(session, form, form, 1.0, True, key)
        yield replace(found, form=form, context=key, stays=True)


def _occurring(text: str, session: SessionId, names: NameList) -> Iterator[Occurrence]:
    for each in matches(text, names):
        context = " ".join(text[max(0, each.start - AROUND) : each.end + AROUND].split())
        name = each.name.text if each.name else ""
        yield Occurrence(session, each.form, name, each.likeness, each.decided, context)


@dataclass(frozen=True, slots=True)
class Proposed:
    """How many forms are `new`; `unsearched` has, by session, why the recogniser could say nothing of it."""

    new: int
    unsearched: Mapping[SessionId, str]


def propose(project: Project, bundles: Sequence[SessionBundle], recognise: Recognise) -> Proposed:
    """Keep the forms that a recogniser takes for names, for people to judge.

    Raises WozError where the recogniser fails.
    """
    found, unsearched = dict[str, NameKind](), dict[SessionId, str]()
    for bundle in bundles:
        try:
            found |= _recognised(bundle, recognise)
        except UnknownLanguageError as error:
            unsearched[bundle.session.id] = str(error)
    before = project.names.all()

    def add(names: NameList) -> NameList:
        known = {*names.forms, *(folded(each.text) for each in names.names)}
        return replace(
            names, proposed={**names.proposed, **{f: k for f, k in found.items() if f and f not in known}}
        )

    return Proposed(len(project.names.change(add).proposed) - len(before.proposed), unsearched)


def _recognised(bundle: SessionBundle, recognise: Recognise) -> dict[str, NameKind]:
    """By folded form. Raises UnknownLanguageError, and WozError where the recogniser fails."""
    language = bundle.transcript.language if bundle.transcript else ""
    found = dict[str, NameKind]()
    for text in texts_in(bundle):
        try:
            found |= {folded(text[each.start : each.end]): each.kind for each in recognise(text, language)}
        except WozError:
            raise
        except Exception as error:
            raise WozError(f"The recogniser of names failed ({error}); leave it out.") from error
    return found


def leaving(project: Project, bundle: SessionBundle) -> SessionBundle:
    """As it may leave the lab: without names, where the project asks for that."""
    names = project.names.all()
    return cleaned(bundle, names) if names.applied else bundle


def silent_at(project: Project, session_id: SessionId) -> tuple[Interval, ...]:
    """When names are said in a session that must not be heard."""
    names, transcripts = project.names.all(), project.transcripts.of_session(session_id)
    if not names.applied or not transcripts:
        return ()
    return muted(project.transcripts.turns(transcripts[-1].id), names)


def demand_judged(project: Project) -> None:
    """Raises WozError where names are replaced, and forms that a recogniser proposed wait for a person."""
    names = project.names.all()
    if names.applied and names.proposed:
        forms = counted(len(names.proposed), "form")
        raise WozError(f"{forms} may be names, and nobody has judged them; run woz names review.")


def leaks_in(project: Project, folder: Path, left: list[Unsearched]) -> Iterator[Leak]:
    """The first thousand; where there are fewer, raises WozError for a file that can't be read, once all others are
    searched. `left` gets what was not looked into.
    """
    return islice(leaks(folder, project.names.all(), left), MOST_LEAKS)


def told_of(project: Project, folder: Path) -> tuple[list[str], str]:
    """A sentence for each leak and each file that can't be read, and one for what was not looked into."""
    left = list[Unsearched]()
    found = _told(leaks_in(project, folder, left))
    return found, not_looked_into(left)


def left_in(project: Project, folder: Path, files: Sequence[Path]) -> tuple[str, ...]:
    """The same of files in a folder that leave the lab, where names are replaced."""
    names, left = project.names.all(), list[Unsearched]()
    if not names.applied:
        return ()
    found = _told(islice(leaks_of(files, folder, names, left), MOST_LEAKS))
    return tuple(filter(None, (*found, not_looked_into(left))))


def _told(leaks: Iterator[Leak]) -> list[str]:
    found = list[str]()
    try:
        found.extend(map(str, leaks))
    except WozError as error:
        found.append(str(error))
    return found


def demand_no_leak(project: Project, folder: Path) -> None:
    """Raises WozError where names are replaced, and one stands in the folder still, or a file can't be read or
    isn't looked into.
    """
    if not project.names.all().applied:
        return
    left = list[Unsearched]()
    found = list(leaks_in(project, folder, left))
    if found:
        raise WozError(
            f"{folder} is not to leave the lab: {found[0]} Build it anew once the name is gone there, or once what"
            f" is only like one was judged (woz names review --keep, --replace); woz release check {quoted(folder)}"
            f" --names {quoted(project.path)} tells all."
        )
    if left:
        raise WozError(f"{folder} may hold a name. {not_looked_into(left)}")


def name_lines(project: Project) -> tuple[str, ...]:
    """What a release's card says of names."""
    names = project.names.all()
    if not names.applied:
        return ("Names are as they were said and written.",)
    return (
        f"Names of the lab's own list ({len(names.names)}), and forms like them, are replaced in all texts, as in"
        " [PERSON_1], and silent in the sound. Names that are not in the list remain.",
    )
