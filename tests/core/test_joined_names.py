"""Names that stand in how files and fields are called, and words in which they don't."""

from __future__ import annotations

from pathlib import Path

import pytest

from woz.model.ids import new_id, new_session_id
from woz.privacy.names.joined import JoinedNames
from woz.privacy.names.leaks import leaks
from woz.privacy.names.listing import NameKind, NameList
from woz.privacy.names.matching import Match

NAMES = (
    NameList()
    .with_name("Anna Meier", NameKind.PERSON)
    .with_name("Bo", NameKind.PERSON)
    .with_name("Ada", NameKind.PERSON)
    .with_name("O'Brien", NameKind.PERSON)
    .with_name("Ludwig Mies van der Rohe", NameKind.PERSON)
    .with_name("R2D2", NameKind.FIRM)
    .with_name("田中", NameKind.PERSON)
)
OTHER_SCRIPTS = {
    "АннаИванова": "Анна Иванова",
    "ΆνναΠαππά": "Άννα Παππά",
    "ԱննաՍարյան": "Աննա Սարյան",
    "ŁucjaŻak": "Łucja Żak",
    "ǆamilǅelal": "ǆamil Ǆelal",
    "𞤀𞤢𞤣𞤢𞤁𞤭𞤢": "𞤀𞤢𞤣𞤢 𞤁𞤭𞤢",
}
"""Joined and apart: Cyrillic, Greek, Armenian, Latin beyond the western letters, a digraph's title case, Adlam."""


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("AnnaMeier.mp4", "Anna Meier"),
        ("anna_meier.mp4", "anna meier"),
        ("anna-meier-2.mp4", "anna meier"),
        ("MeierAnna.wav", "Meier Anna"),
        ("meier.anna.wav", "meier anna"),
        ("annameier.jpg", "annameier"),
        ("MEIERANNA.JPG", "MEIERANNA"),
        ("P01annameier2024.mp4", "annameier"),
        ("clips/kitchenAnnaMeier_01.mp4", "Anna Meier"),
        ("GOPRAnnaMeier.mp4", "Anna Meier"),
        ("MaierAnna.mp4", "Maier Anna"),
        ("2026_bo_lamp.mp4", "bo"),
        ("bo2.mp4", "bo"),
        ("OBrien.mp4", "O Brien"),
        ("RoheLudwigMiesVanDer.vtt", "Rohe Ludwig Mies Van Der"),
        ("the-R2D2.png", "R 2 D 2"),
        ("田中さん.mp4", "田中"),
    ],
)
def test_a_joined_name_is_found_in_a_file_s_name(name: str, form: str) -> None:
    assert form in JoinedNames(NAMES).in_file_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "annotations/about-the-Bob.csv",
        "Bottle_of_adapter.mp4",
        "annaberg.mp4",
        "anna.mp4",
        "hannameierhof.mp4",
        "meier_kitchen.mp4",
        "BoatHouse.mp4",
        "adapted2.mp4",
        "robo_arm.mp4",
        "brienz.mp4",
    ],
)
def test_parts_of_ordinary_words_are_no_names(name: str) -> None:
    assert JoinedNames(NAMES).in_file_name(name) == ()


def test_letters_of_ids_and_hashes_are_no_names() -> None:
    joined = JoinedNames(NAMES)
    for made in ("ada" + new_id()[3:], new_session_id(0)[:-4] + "ada1", "0ada1bea" * 8):
        assert joined.in_file_name(f"frames/{made}/0.jpg") == ()
        assert joined.in_text(f'"clip": "clips/{made}.mp4"') == ()
    assert joined.in_file_name("frames/ada_1/0.jpg")


def test_files_that_are_counted_through_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, names = list[str](), JoinedNames(NAMES)

    def matches(text: str, _: NameList) -> list[Match]:
        asked.append(text)
        return []

    monkeypatch.setattr("woz.privacy.names.joined.matches", matches)
    for number in range(100):
        assert names.in_file_name(f"pictures/{new_session_id(0)}/{number:06d}.jpg") == ()
        assert names.in_file_name(f"clips/{new_id()}.mp4") == ()
    assert 0 < len(asked) <= 4


def test_people_decide_on_joined_forms() -> None:
    kept = NAMES.decided("annameier", None)
    assert JoinedNames(kept).in_file_name("annameier.mp4") == ()
    assert JoinedNames(kept).in_file_name("meier_anna.mp4")
    called = NAMES.decided("Lissy", "Anna Meier")
    assert JoinedNames(called).in_file_name("LissyLamp.mp4") == ("Lissy",)
    assert JoinedNames(called).in_text("lissy_lamp.mp4") == ("lissy",)


@pytest.mark.parametrize(("joined", "name"), OTHER_SCRIPTS.items())
def test_capitals_part_names_in_every_script_that_has_them(joined: str, name: str) -> None:
    names = JoinedNames(NameList().with_name(name, NameKind.PERSON))
    assert names.in_text(f'"clip": "{joined}.mp4"')
    assert names.in_text(f"kitchen_{joined}")
    assert names.in_file_name(f"{joined}.mp4")


def test_a_capital_parts_a_name_from_letters_without_case() -> None:
    names = JoinedNames(NAMES)
    assert names.in_text("厨房AnnaMeier") == names.in_file_name("厨房AnnaMeier.mp4") == ("Anna Meier",)


def test_a_file_s_name_within_a_text_of_a_release_is_found(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(
        '{"answer_begins_s": 1, "clip": "clips/kitchen_meier_anna.mp4"}\n{"about_a_bob": "AnnaMeier\'s lamp"}\n',
        encoding="utf-8",
    )
    (tmp_path / "MeierAnna.mp4.txt").write_text("", encoding="utf-8")
    assert {str(each) for each in leaks(tmp_path, NAMES, [])} == {
        "'Meier Anna' stands in the name of MeierAnna.mp4.txt.",
        "'meier anna' stands in line 1 of train.jsonl.",
        '"AnnaMeier\'s" stands in line 2 of train.jsonl.',
    }
