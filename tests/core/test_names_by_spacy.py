"""Names by spaCy: whose pipeline is asked, and what is made of what it finds; real weights where they are had."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.real_models import Unavailable, real_model
from woz.base.errors import WozError
from woz.privacy.names.apart import Apart
from woz.privacy.names.by_spacy import SpacyNames, _pipelines
from woz.privacy.names.listing import NameKind
from woz.privacy.names.recognised import Recognised, UnknownLanguageError
from woz.privacy.names.recognising import recogniser

NAMES = "names-en"


def _drawn(folder: Path, language: str, label: str) -> Path:
    """A pipeline of spaCy's own, by rules: whatever is called Zorro has a label."""
    spacy = pytest.importorskip("spacy")
    made = spacy.blank(language)
    made.add_pipe("entity_ruler", name="ner").add_patterns([{"label": label, "pattern": "Zorro"}])
    made.to_disk(folder)
    return folder


def test_the_folder_of_models_goes_before_what_is_installed_and_the_largest_before_others(tmp_path: Path) -> None:
    (tmp_path / "names-en").mkdir()
    installed = ["en_core_web_lg", "de_core_news_sm", "de_core_news_md", "xx_ent_wiki"]
    assert _pipelines(tmp_path, installed) == {
        "de": "de_core_news_md",
        "en": "en_core_web_lg",
        "xx": "xx_ent_wiki",
    }
    (tmp_path / "names-en" / "meta.json").write_text(json.dumps({}))
    assert _pipelines(tmp_path, installed)["en"] == tmp_path / "names-en"


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("PERSON", (Recognised(4, 9, NameKind.PERSON),)),
        ("LOC", (Recognised(4, 9, NameKind.PLACE),)),
        ("ORG", (Recognised(4, 9, NameKind.FIRM),)),
        ("DATE", ()),
    ],
)
def test_names_have_their_kinds_and_all_else_is_none(
    tmp_path: Path, label: str, found: tuple[Recognised, ...]
) -> None:
    _drawn(tmp_path / "names-en", "en", label)
    names = recogniser("spacy", tmp_path)
    assert names("Ask Zorro, please.", "en-GB") == found
    assert names("Ask Zorro, please.", "") == found


def test_the_part_answers_as_this_process_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _drawn(tmp_path / "names-en", "en", "PERSON")
    monkeypatch.setattr("woz.privacy.names.recognising.in_own_environment", lambda _: False)
    monkeypatch.setattr("woz.privacy.names.recognising.made", lambda _: "made")
    names = recogniser("spacy", tmp_path)
    assert isinstance(names, Apart)
    try:
        for text in ("Ask Zorro, please.", "Zorro\nand Zorro", "Nobody."):
            assert names(text, "en") == SpacyNames(tmp_path)(text, "en")
        with pytest.raises(UnknownLanguageError, match="woz models fetch"):
            names("Zorro", "de")
        assert names("Ask Zorro, please.", "") == (Recognised(4, 9, NameKind.PERSON),)
        names._process.kill()
        names._process.wait()
        with pytest.raises(WozError, match="renew it with woz add names"):
            names("Zorro", "en")
    finally:
        names.close()


def test_a_language_that_has_none_is_told(tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    with pytest.raises(UnknownLanguageError, match="No pipeline of spaCy for any language is here; fetch it"):
        SpacyNames(tmp_path)("Ask Zorro.", "")
    _drawn(tmp_path / "names-en", "en", "PERSON")
    with pytest.raises(UnknownLanguageError, match="No pipeline of spaCy for it is here"):
        SpacyNames(tmp_path)("Chiedi a Zorro.", "it")


def test_one_that_is_not_whole_is_told(tmp_path: Path) -> None:
    folder = _drawn(tmp_path / "names-en", "en", "PERSON")
    (folder / "config.cfg").unlink()
    with pytest.raises(WozError, match=r"spaCy can't load .* fetch or install it again"):
        SpacyNames(tmp_path)("Ask Zorro.", "en")


def test_without_spacy_it_is_said_how_to_add_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(WozError, match=r"run: woz add names$"):
        recogniser("spacy", tmp_path)


def test_real_weights_find_names_in_what_is_said() -> None:
    pytest.importorskip("spacy")
    try:
        models = real_model(NAMES).parent
    except Unavailable as error:
        pytest.skip(str(error))
    said = "Okay, then ask Margaret Thompson whether the oven from Siemens came to Berlin."
    found = {(said[each.start : each.end], each.kind) for each in SpacyNames(models)(said, "en")}
    assert ("Margaret Thompson", NameKind.PERSON) in found
    assert ("Berlin", NameKind.PLACE) in found
