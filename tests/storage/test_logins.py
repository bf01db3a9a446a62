"""Annotators log in on the server, and the server itself refuses what their roles don't let them, whatever asks."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from storage import Project
from storage.signing_in import SigningIn, opening_command
from tests.rig.postgresql import PASSWORD, Server
from tests.storage.accounts import keep_account
from tests.storage.examples import CLOCK, MADE, SESSION, SID, TRANSCRIPT, TURN, segment
from tests.storage.login_lab import Lab
from tests.storage.package_room import package_for
from ui.cli import main
from woz.annotation.edits import Edit
from woz.annotation.staleness import sources_of
from woz.annotation.tier_states import moved
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator, give_roles, make_login, rename_annotator, retire_annotator
from woz.lab.assigning import Order, assign, take_back
from woz.lab.commenting import Place as At
from woz.lab.commenting import comment
from woz.lab.own_figures import figures_asked
from woz.lab.package_ports import Stamp
from woz.model.annotation import Annotation, Attribute
from woz.model.annotator import AnnotatorRole
from woz.model.assignment import Assignment, Part
from woz.model.ids import LinkId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.tier import Tier, TierState


def test_an_annotator_annotates_comments_and_submits(lab: Lab) -> None:
    own, ada = lab.works[0], lab.people["A01"]
    with lab.as_("A01") as project:
        lab.mark(project, own, "m", ada)
        project.annotations.undo(SID, ada.id)
        project.annotations.redo(SID, ada.id)
        comment(project, At(SID, NS_PER_S, tier=own.tier_id), ada, "Is this right?")
        project.leases.take(own.tier_id, ada.id, "desk 1")
        assert project.leases.renew(own.tier_id, "desk 1")
        project.leases.leave("desk 1")
        project.annotations.record(SID, moved(lab.tier(own), TierState.SUBMITTED, ada), ada.id)
    assert lab.tier(own).state == TierState.SUBMITTED


def test_what_is_not_theirs_is_refused_by_the_server_itself(lab: Lab) -> None:
    first, second = lab.works
    with lab.as_("A01") as project, pytest.raises(WozError, match="may not do this"):
        lab.mark(project, second, "m", lab.people["A02"])
    refused = (
        "UPDATE session SET title = 'Mine'",
        "DELETE FROM consent",
        "INSERT INTO annotator (id, pseudonym, roles, retired) VALUES ('x', 'X99', '[]', false)",
        "UPDATE annotator SET roles = '[\"manager\"]'",
        "DELETE FROM blind_scope",
        "DELETE FROM assignment",
        "SELECT * FROM annotator_key",
        "INSERT INTO edit (session_id, by, made_utc_ns, name, why) SELECT id, 'somebody', 0, '', '' FROM session",
        "ALTER TABLE tier DISABLE TRIGGER ALL",
        f"SET ROLE {'postgres'}",
        f"UPDATE tier SET state = 'accepted' WHERE id = '{first.tier_id}'",
        f"UPDATE tier SET annotator_id = (SELECT id FROM annotator LIMIT 1) WHERE id = '{second.tier_id}'",
        f"UPDATE tier SET state = 'submitted' WHERE id = '{second.tier_id}'",
        f"UPDATE tier SET state = 'in work' WHERE id = '{second.tier_id}'",
        "DELETE FROM alembic_version",
        "UPDATE edit SET name = 'gone'",
        "DELETE FROM edit_item",
    )
    with lab.sql("A01") as connection:
        for statement in refused:
            with pytest.raises(psycopg.Error):
                connection.execute(statement.encode())


def test_the_first_mark_of_whom_it_was_given_to_brings_work_into_work(lab: Lab) -> None:
    """Not that of another login, which the server lets make marks there and not move the tier."""
    own, ada = lab.works[0], lab.people["A01"]
    with lab.as_("A02") as project:
        project.annotations.record(SID, Edit("Mark", (), (_mark_in(own, "theirs", 0),)), lab.people["A02"].id)
    assert lab.tier(own).state == TierState.ASSIGNED
    with lab.as_("A01") as project:
        project.annotations.record(SID, Edit("Mark", (), (_mark_in(own, "hers", 5),)), ada.id)
        assert project.annotations.versions(ItemRef("tier", own.tier_id))[0].by == ada.id
        project.annotations.undo(SID, ada.id)
    assert lab.tier(own).state == TierState.IN_WORK
    with lab.as_("C01") as project:
        project.annotations.record(
            SID, moved(lab.tier(own), TierState.RETURNED, lab.people["C01"], "Late"), lab.people["C01"].id
        )
    with lab.as_("A01") as project:
        project.annotations.redo(SID, ada.id)
        assert lab.tier(own).state == TierState.RETURNED
        project.annotations.record(SID, Edit("Mark", (), (_mark_in(own, "more", 10),)), ada.id)
    assert lab.tier(own).state == TierState.IN_WORK


def _mark_in(work: Assignment, name: str, start_ns: int) -> Annotation:
    return replace(segment(name, start_ns, start_ns + 5), tier_id=work.tier_id)


def test_a_machines_tier_is_theirs_who_annotate(lab: Lab) -> None:
    """And keepers', so no other login takes it for its own or away."""
    machines = Tier(TierId("machine"), SID, CONVERSATION.id, 1, STATES, "By machine", MADE)
    lab.owner.annotations.record(SID, Edit("Derive", (), (machines,)), "woz")
    give_roles(lab.owner, "A02", [AnnotatorRole.ADJUDICATOR])
    takes = f"UPDATE tier SET annotator_id = '{{}}' WHERE id = '{machines.id}'"
    with lab.sql("A02") as connection:
        for statement in (takes.format(lab.people["A02"].id), f"DELETE FROM tier WHERE id = '{machines.id}'"):
            with pytest.raises(psycopg.Error, match="is another annotator's"):
                connection.execute(statement.encode())
    with lab.sql("A01") as connection:
        assert connection.execute(takes.format(lab.people["A01"].id).encode()).rowcount == 1


def test_closed_work_stays_as_it_is_until_it_is_returned(lab: Lab) -> None:
    own, ada, curator = lab.works[0], lab.people["A01"], lab.people["C01"]
    with lab.as_("A01") as project:
        lab.mark(project, own, "m", ada)
        project.annotations.record(SID, moved(lab.tier(own), TierState.SUBMITTED, ada), ada.id)
    with lab.sql("A01") as connection:
        for statement in ("UPDATE annotation SET label = 'x'", "DELETE FROM annotation"):
            with pytest.raises(psycopg.Error, match="stays as it is until it is returned"):
                connection.execute(statement.encode())
        with pytest.raises(psycopg.Error, match="You may not move the tier"):
            connection.execute(f"UPDATE tier SET state = 'locked' WHERE id = '{own.tier_id}'".encode())
    with lab.as_("C01") as project:
        project.annotations.record(SID, moved(lab.tier(own), TierState.RETURNED, curator, "Late"), curator.id)
        order = Order(STATES, lab.people["C01"], curator)
        with pytest.raises(WozError, match="is no annotator"):
            assign(project, SID, order, CLOCK)
        with pytest.raises(WozError, match="may not do this"):
            add_annotator(project, "A09")
    with lab.as_("A01") as project:
        tier = lab.tier(own)
        project.annotations.record(SID, moved(tier, TierState.IN_WORK, ada), ada.id)
    assert lab.tier(own).state == TierState.IN_WORK


def test_what_belongs_to_closed_work_stays_as_it_is_with_it(lab: Lab) -> None:
    """Attributes of its marks, and links: those that lead from a mark, to one from elsewhere, and to the tier."""
    own, ada = lab.works[0], lab.people["A01"]
    mark = replace(segment("m"), tier_id=own.tier_id, attributes=(Attribute("mistake", True),))
    link = Link(LinkId("l"), SID, "says", ref_to(mark), ItemRef("turn", "t"), MADE)
    with lab.as_("A01") as project:
        project.annotations.record(SID, Edit("Mark", (), (mark, link)), ada.id)
        project.annotations.undo(SID, ada.id)
        project.annotations.redo(SID, ada.id)
        (noted,) = (each for each in project.annotations.load(SID) if isinstance(each, Link))
        project.annotations.record(SID, Edit("Note", (noted,), (replace(noted, note="?"),)), ada.id)
        project.annotations.record(SID, moved(lab.tier(own), TierState.SUBMITTED, ada), ada.id)
    another = "INSERT INTO link SELECT (jsonb_populate_record(l, '%s')).* FROM link AS l WHERE id = 'l'"
    from_turn = {"source_kind": "turn", "source_id": "t"}
    refused = (
        "UPDATE link SET note = 'x'",
        f"UPDATE link SET target_kind = 'tier', target_id = '{lab.works[1].tier_id}'",
        "DELETE FROM link",
        another % json.dumps({"id": "from the mark"}),
        another % json.dumps({"id": "to it", **from_turn, "target_kind": "annotation", "target_id": "m"}),
        another % json.dumps({"id": "to the tier", **from_turn, "target_kind": "tier", "target_id": own.tier_id}),
        "UPDATE attribute SET bool_value = false",
        "DELETE FROM attribute",
        "INSERT INTO attribute SELECT (jsonb_populate_record(a, '{\"nr\": 1}')).* FROM attribute AS a",
    )
    allowed = (
        another % json.dumps({"id": "of turns", **from_turn}),
        another % json.dumps({"id": "kept out", "target_kind": "tier", "target_id": lab.works[1].tier_id}),
    )
    with lab.sql("A01") as connection:
        for statement in refused:
            with pytest.raises(psycopg.Error, match="stays as it is until it is returned"):
                connection.execute(statement.encode())
        for statement in allowed:
            assert connection.execute(statement.encode()).rowcount == 1


def test_what_is_derived_becomes_stale_in_a_closed_tier_with_a_correction_and_nothing_else_does(lab: Lab) -> None:
    """The mark alone, by an edit of the same moment that bears the corrector's name."""
    ada = lab.people["A01"]
    made = Made(Origin.DERIVED, "woz", sources=sources_of([TURN]))
    states = Tier(TierId("machine"), SID, CONVERSATION.id, 1, STATES, "By machine", made)
    kinds = (("derived", 0, made), ("another", 10, made), ("drawn", 20, MADE))
    marks = [replace(segment(name, at, at + 5), tier_id=states.id, made=of) for name, at, of in kinds]
    marks[0] = replace(marks[0], attributes=(Attribute("mistake", True),))
    lab.owner.transcripts.add(TRANSCRIPT, [TURN])
    lab.owner.annotations.record(SID, Edit("Derive", (), (states, *marks)), "woz")
    with lab.as_("A01") as project:
        project.annotations.record(SID, moved(states, TierState.SUBMITTED, ada), ada.id)
        fixed = project.annotations.record(SID, Edit("Correct", (TURN,), (replace(TURN, text="Stir."),)), ada.id)
    stored = {each.id: each for each in lab.owner.annotations.load(SID) if isinstance(each, Annotation)}
    assert {name for name, each in stored.items() if each.made.stale} == {"derived", "another"}
    assert stored[marks[0].id].attributes == marks[0].attributes
    with lab.as_("A01") as project:
        project.annotations.undo(SID, ada.id)
        project.annotations.redo(SID, ada.id)
    with lab.owner.database.transaction() as rows:
        rows.execute(text("UPDATE annotation SET made_stale = false WHERE id = 'another'"))
    edit = f"INSERT INTO edit (session_id, by, made_utc_ns, name, why) VALUES ('{SID}', '{ada.id}', 0, '', '')"
    with lab.sql("A01") as connection, connection.transaction():
        row = connection.execute(f"{edit} RETURNING id".encode()).fetchone()
        assert isinstance(row, tuple)
        stale = f"UPDATE annotation SET made_stale = true, edit_id = {row[0]}"
        for statement in (
            f"UPDATE annotation SET made_stale = true, edit_id = {fixed.id} WHERE id = 'another'",
            f"UPDATE annotation SET made_stale = false, edit_id = {row[0]} WHERE id = 'derived'",
            f"{stale}, label = 'x' WHERE id = 'another'",
            f"{stale} WHERE id = 'drawn'",
            f"{stale} WHERE id = 'derived'",
        ):
            with pytest.raises(psycopg.Error, match="stays as it is until"), connection.transaction():
                connection.execute(statement.encode())
        assert connection.execute(f"{stale} WHERE id = 'another'".encode()).rowcount == 1


def test_tables_that_a_login_makes_for_itself_dont_get_past_the_rules(lab: Lab) -> None:
    """A temporary table comes before the project's own of that name wherever a schema isn't named."""
    own, ada = lab.works[0], lab.people["A01"]
    with lab.as_("A01") as project:
        lab.mark(project, own, "m", ada)
        project.annotations.record(SID, moved(lab.tier(own), TierState.SUBMITTED, ada), ada.id)
    with lab.sql("A01") as connection:
        for statement in (
            "CREATE TEMPORARY TABLE tier AS SELECT id, name, 'in work' AS state FROM public.tier",
            "CREATE TEMPORARY TABLE pg_tables AS SELECT 'annotator' AS tablename, session_user AS tableowner,"
            " 'public' AS schemaname",
            "CREATE TEMPORARY TABLE annotator_key AS SELECT session_user::text AS account, id AS annotator_id"
            " FROM public.annotator WHERE pseudonym = 'M01'",
            "GRANT SELECT ON pg_temp.annotator_key TO PUBLIC",
        ):
            connection.execute(statement.encode())
        assert connection.execute(b"SELECT woz_owns(), woz_me()").fetchone() == (False, ada.id)
        with pytest.raises(psycopg.Error, match="stays as it is until it is returned"):
            connection.execute(b"DELETE FROM annotation")


def test_what_a_login_makes_beside_the_project_doesnt_get_past_the_rules(lab: Lab) -> None:
    """Functions and operators that fit better than the server's own, as everybody could make them before version
    15; none are made any more once the rules are set anew. Where names are looked for first is a login's to choose.
    """
    own, ada = lab.works[0], lab.people["A01"]
    with lab.as_("A01") as project:
        lab.mark(project, own, "m", ada)
        project.annotations.record(SID, moved(lab.tier(own), TierState.SUBMITTED, ada), ada.id)
    lab.server.run("GRANT CREATE ON SCHEMA public TO PUBLIC", database=lab.url.database or "")
    begin = "CREATE FUNCTION public.{} LANGUAGE sql IMMUTABLE AS $$ SELECT {} $$"
    who = "CREATE TABLE public.ran AS SELECT current_user AS who WITH NO DATA; GRANT INSERT ON public.ran TO PUBLIC"
    run = "pg_notify(text, name) RETURNS void LANGUAGE sql AS $$ INSERT INTO public.ran VALUES (current_user) $$"
    quotes = "quote_ident(name) RETURNS text LANGUAGE sql AS $$ INSERT INTO public.ran VALUES (current_user);"
    quotes += " SELECT 'public' $$"
    with lab.sql("A01") as connection:
        before = connection.execute(b"SELECT woz_roles()").fetchone()
        for statement in (
            begin.format("as_manager(text[], text) RETURNS text[]", "ARRAY['manager']"),
            "CREATE AGGREGATE public.array_agg(text) (SFUNC = public.as_manager, STYPE = text[])",
            begin.format("never(text, text) RETURNS boolean", "false"),
            "CREATE OPERATOR public.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = public.never)",
            who,
            f"CREATE FUNCTION public.{run}",
            f"CREATE FUNCTION public.{quotes}",
            "SET search_path = public, pg_catalog",
        ):
            connection.execute(statement.encode())
        assert connection.execute(b"SELECT array_agg('a'::text)").fetchone() == (["manager"],)
        assert connection.execute(b"SELECT woz_roles()").fetchone() == before != (["manager"],)
        with pytest.raises(psycopg.Error, match="stays as it is until it is returned"):
            connection.execute(b"DELETE FROM annotation")
        lab.owner.sessions.save(replace(SESSION, title="Pie"))
        lab.mark(lab.owner, lab.works[1], "n", lab.people["A02"])
        lab.logins["A01"] = make_login(lab.owner, "A01", lab.login("A01"))
        with pytest.raises(psycopg.Error, match="permission denied for schema public"):
            connection.execute(begin.format("one() RETURNS int", "1").encode())
        assert connection.execute(b"SELECT who FROM public.ran").fetchall() == []
    assert lab.owner.annotators.named("A01") == ada


def test_what_migrates_a_project_on_the_server_sets_its_rules_anew(lab: Lab) -> None:
    """So does an older one when its owner opens it, which then is migrated."""
    guards = text("SELECT count(*) FROM pg_trigger WHERE tgname = 'woz_guards'")
    with lab.owner.database.transaction() as rows:
        before = rows.scalar(guards)
        for table in ("attribute", "link"):
            rows.execute(text(f"DROP TRIGGER woz_guards ON {table}"))
    lab.owner.database.migrate()
    with lab.owner.database.snapshot() as rows:
        assert rows.scalar(guards) == before


def test_a_curator_gives_work_and_a_manager_gives_roles(lab: Lab) -> None:
    curator, ada = lab.people["C01"], lab.people["A01"]
    give_roles(lab.owner, "A01", [AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR])
    with lab.as_("A01") as project:
        project.annotations.record(SID, moved(lab.tier(lab.works[0]), TierState.SUBMITTED, ada), ada.id)
    with lab.as_("C01") as project:
        ada = project.annotators.named("A01")
        made = assign(project, SID, Order(STATES, ada, curator, Part.ADJUDICATOR), CLOCK)
        assert [each.id for each in project.assignments.all(SID) if each.part == Part.ADJUDICATOR] == [made.id]
        for work in (lab.works[0], made):
            take_back(project, work.id, curator)
            assert work.id not in {each.id for each in project.assignments.all(SID)}
        assert [each.id for each in project.assignments.adjudications(SID)] == [made.id]
    with lab.as_("M01") as project:
        add_annotator(project, "A09")
        project.sessions.save(replace(SESSION, title="Pie"))
        assert project.sessions.get(SID).title == "Pie"


def test_a_manager_changes_neither_the_history_nor_the_rules(lab: Lab) -> None:
    """TRUNCATE asks no trigger, and a trigger of theirs would run as whoever writes next, the owner too."""
    lab.mark(lab.owner, lab.works[0], "m", lab.people["A01"])
    before = lab.owner.annotations.history(SID)
    with lab.sql("M01") as connection:
        for statement in (
            "UPDATE edit SET name = 'gone'",
            "DELETE FROM edit",
            "UPDATE edit_item SET after = NULL",
            "DELETE FROM edit_item",
            "TRUNCATE annotation CASCADE",
            "UPDATE alembic_version SET version_num = '0001'",
            "CREATE TRIGGER mine BEFORE INSERT ON annotation FOR EACH ROW EXECUTE FUNCTION"
            " suppress_redundant_updates_trigger()",
        ):
            with pytest.raises(psycopg.Error, match="permission denied"):
                connection.execute(statement.encode())
        assert connection.execute(b"UPDATE session SET title = 'Pie'").rowcount == 1
    assert lab.owner.annotations.history(SID) == before != []


def test_a_live_lease_of_another_is_not_taken_past_woz(lab: Lab) -> None:
    lab.owner.leases.take(lab.works[1].tier_id, lab.people["A02"].id, "desk 2")
    with lab.sql("A01") as connection:
        me = lab.people["A01"].id
        assert connection.execute(f"UPDATE lease SET annotator_id = '{me}'".encode()).rowcount == 0
        assert connection.execute(b"DELETE FROM lease").rowcount == 0
    assert [each.annotator_id for each in lab.owner.leases.all()] == [lab.people["A02"].id]


def test_roles_that_change_and_people_who_retire_change_what_the_server_lets(lab: Lab) -> None:
    give_roles(lab.owner, "A02", [AnnotatorRole.MANAGER])
    with lab.as_("A02") as project:
        project.sessions.save(replace(SESSION, title="Pie"))
    give_roles(lab.owner, "A02", [AnnotatorRole.ANNOTATOR])
    with lab.as_("A02") as project, pytest.raises(WozError, match="may not do this"):
        project.sessions.save(replace(SESSION, title="Tart"))
    retire_annotator(lab.owner, "A02")
    with pytest.raises(WozError, match="may no longer log in"), lab.as_("A02"):
        pass


def test_a_role_that_the_server_doesnt_take_on_isnt_kept_in_the_project(lab: Lab) -> None:
    """The server's logins are its owner's to change; a manager renames people, and gives roles to who has none."""
    with lab.as_("M01") as project:
        with pytest.raises(WozError, match="may not do this"):
            give_roles(project, "A01", [AnnotatorRole.CURATOR])
        with pytest.raises(WozError, match="may not do this"):
            retire_annotator(project, "A01")
    assert lab.owner.annotators.named("A01") == lab.people["A01"]
    with lab.as_("M01") as project:
        assert rename_annotator(project, "A02", "A05").id == lab.people["A02"].id
        give_roles(project, "B00", [AnnotatorRole.CURATOR])
    assert lab.owner.annotators.named("A05").id == lab.people["A02"].id
    assert lab.owner.annotators.named("B00").roles == (AnnotatorRole.CURATOR,)


def test_whose_login_it_is_is_known(lab: Lab) -> None:
    with lab.as_("A01") as project:
        assert project.logins.mine() == lab.people["A01"].id
    assert lab.owner.logins.mine() is None


def test_a_login_is_made_by_command_and_not_in_a_file(
    lab: Lab, sqlite_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    path, name = str(lab.owner.path), lab.login("A01")
    assert main(["annotators", "login", path, "A01", "--name", name]) == 0
    told = capsys.readouterr().out
    lab.logins["A01"] = (name, told.split("kept nowhere: ")[1].split()[0])
    lab.as_("A01").close()
    assert main(["annotators", "login", path, "A01", "--name", "woz"]) == 1
    assert "has a login woz already" in capsys.readouterr().err
    assert main(["annotators", "login", path, "A01", "--name", lab.login("A02")]) == 1
    assert "another annotator's" in capsys.readouterr().err
    add_annotator(sqlite_project, "A01")
    assert main(["annotators", "login", str(sqlite_project.path), "A01"]) == 1
    assert "there roles guide" in capsys.readouterr().err


def test_what_a_new_login_is_told_opens_the_project(
    lab: Lab, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is put into the password file, and the command is typed, both as they are told."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    owners = server.url_by_network(lab.url.database or "").render_as_string()
    door = str(tmp_path / "door")
    assert main(["new", door, "--database", owners]) == 0
    name = lab.login("A01")
    monkeypatch.chdir(tmp_path)
    assert main(["annotators", "login", door, "A01", "--name", name]) == 0
    told = [line.strip() for line in capsys.readouterr().out.splitlines()]
    [line] = [line for line in told if line.startswith("127.0.0.1:")]
    [typed] = [line for line in told if line.startswith("woz new")]
    (tmp_path / "pgpass").write_text(f"{line}\n")
    (tmp_path / "pgpass").chmod(0o600)
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    assert main([word.replace("FOLDER", "mine") for word in shlex.split(typed)[1:]]) == 0
    with Project.open(tmp_path / "mine", CLOCK) as project:
        assert project.logins.mine() == lab.people["A01"].id
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert main(["annotators", "login", door, "A01", "--name", name, "--json"]) == 0
    login = json.loads(capsys.readouterr().out.splitlines()[-1])["login"]
    assert login["pgpass"] == f"{line.rpartition(':')[0]}:{login['password']}"
    assert login["address"] == typed.split()[-1]


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("postgresql+psycopg://ada@lab.example/kitchen", r"lab.example:5432:kitchen:a\:b:p\\w"),
        ("postgresql+psycopg://ada:x@lab.example:6000/kitchen", r"lab.example:6000:kitchen:a\:b:p\\w"),
        ("postgresql+psycopg://ada@/kitchen?host=/run/pg", r"*:5432:kitchen:a\:b:p\\w"),
        ("postgresql+psycopg://ada@/kitchen?host=/run/pg&port=5433", r"*:5433:kitchen:a\:b:p\\w"),
        ("postgresql+psycopg://ada@/kitchen?host=one&host=two", r"*:*:kitchen:a\:b:p\\w"),
        ("postgresql+psycopg://lab/kitchen?user=ada&password=x@y", r"lab:5432:kitchen:a\:b:p\\w"),
        ("postgresql+psycopg:///kitchen", r"localhost:5432:kitchen:a\:b:p\\w"),
    ],
)
def test_the_line_for_the_password_file(url: str, line: str) -> None:
    told = SigningIn.of(make_url(url), "a:b", r"p\w")
    assert told.pgpass == line
    assert not any(part in told.address for part in ("x@", "x%40y", "user="))
    assert "a%3Ab@" in told.address


def test_the_command_is_one_for_windows_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    address = "postgresql+psycopg://ada@lab/kitchen?sslmode=require&connect_timeout=9"
    told = opening_command(address)
    monkeypatch.undo()
    assert told == f'woz new FOLDER --database "{address}"'


def test_logins_are_listed_to_who_may_make_them(lab: Lab) -> None:
    """A manager sees whose each login is, an annotator none; an account is no login."""
    keep_account(lab.owner, "ada's account", lab.people["A01"].id)
    wanted = {lab.login(name): lab.people[name].id for name in ("M01", "C01", "A01", "A02")}
    assert lab.owner.logins.possible
    assert lab.owner.logins.all() == wanted
    with lab.as_("M01") as managed:
        assert managed.logins.all() == wanted
    with lab.as_("A01") as own:
        assert own.logins.all() == {}


def test_who_only_annotates_sees_their_own_figures(lab: Lab) -> None:
    with lab.as_("A01") as own:
        assert figures_asked(own) == figures_asked(own, "A01") == "A01"
        with pytest.raises(WozError, match="You log in as A01 and see your own figures, not A02's"):
            figures_asked(own, "A02")
    with lab.as_("C01") as curated:
        assert figures_asked(curated) == ""
        assert figures_asked(curated, "A02") == "A02"
    assert figures_asked(lab.owner) == ""


def test_a_manager_takes_in_what_came_back_and_nobody_else_does(lab: Lab) -> None:
    """A submitted tier, which its annotator alone may submit otherwise."""
    work, whose = lab.works[0], lab.people["A01"]
    lab.mark(lab.owner, work, "all of it", whose)
    tier = lab.tier(work)
    at = Stamp(SID, whose.id, CLOCK.utc_ns())
    edit = Edit("Submit", (tier,), (replace(tier, state=TierState.SUBMITTED),))
    with lab.as_("C01") as curator:
        curator.packages.add(package_for(whose, SID), "secret")
        (package,) = curator.packages.all()
        with pytest.raises(WozError):
            curator.packages.take(package.id, 1, edit, at)
    with lab.as_("A01") as annotator:
        assert [each.id for each in annotator.packages.all()] == [package.id]
        with pytest.raises(WozError):
            annotator.packages.secrets()
    with lab.as_("M01") as manager:
        with pytest.raises(WozError):
            manager.annotations.record(SID, edit, whose.id)
        assert manager.packages.secrets() == {package.id: "secret"}
        assert manager.packages.take(package.id, 1, edit, at) is not None
    assert lab.tier(work).state == TierState.SUBMITTED
