"""A form that changes: what was answered stays in its words, and nobody who is writing loses anything."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select, update

from handlers.turn import Done, EventKind, Wrong
from prompts_and_forms.forms import catalogue as form_catalogue
from prompts_and_forms.forms import published_forms
from storage import migrate
from storage.database.bodies import EntryBody
from storage.database.tables import Entry
from storage.database.tables_machinery import Draft, PublishedForm
from storage.database.vault import unseal
from storage.forms import entries
from tests.worlds.in_memory import text_of, words_of
from tests.worlds.records_world import Room
from tests.worlds.windows import following, held, resumed, said, step, submit

CHANGED = "This form has changed meanwhile."
Ship = Callable[[str, dict[str, str]], None]


@pytest.fixture
def ship(tmp_path: Path, room: Room) -> Iterator[Ship]:
    """The bot is brought up to date: a form is shipped as its next version, with some of its text replaced."""
    folder = tmp_path / "forms"

    def as_next_version(form_id: str, changes: dict[str, str]) -> None:
        shutil.copytree(form_catalogue.FOLDER, folder, dirs_exist_ok=True)
        text = (folder / f"{form_id}.yaml").read_text("utf-8")
        for before, after in changes.items():
            assert before in text
            text = text.replace(before, after)
        version = form_catalogue.load_form(form_id).version
        text = text.replace(f"version: {version}\n", "")
        (folder / f"{form_id}.yaml").write_text(f"version: {version + 1}\n{text}", "utf-8")
        form_catalogue.use(folder=folder)
        migrate.upgrade(room.db.url.render_as_string())

    yield as_next_version
    form_catalogue.use()


@pytest.fixture
def own_words(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """The bot is started with a council's own words."""

    def use(text: str) -> None:
        (tmp_path / "own.yaml").write_text(text, "utf-8")
        assert form_catalogue.use(tmp_path) == ()

    yield use
    form_catalogue.use()


def differ(room: Room, who: str, talk: str, **answers: Any) -> None:
    """Hands in the form about different views, with one view in it."""
    view = {"who": room.people["orla"], "view": "He needs rest."}
    done = room.record(who, "disagreement", talk, {"about": "School", "views": [view], **answers})
    assert isinstance(done, Done), done


def a_view(room: Room, **typed: str) -> dict[str, Any]:
    """The same as a window carries it."""
    return {"about": "School", "views#0#who": room.people["orla"], "views#0#view": "He needs rest.", **typed}


def the_entry(room: Room, form: str) -> tuple[Entry, dict[str, Any]]:
    entry = room.entries(form)[-1]
    with room.reading() as session:
        return entry, entries.answers(session, entry)


# ---- what was answered


def test_an_answer_is_shown_in_the_words_it_was_asked_in(room: Room, ship: Ship) -> None:
    talk = room.discuss("K3107C")
    differ(room, "devan", talk, until_then="We wait.")
    (old,) = room.entries("disagreement")
    ship("disagreement", {"label: What happens until then?": "label: What is agreed meanwhile?"})
    differ(room, "devan", talk, about="Home", until_then="We ring.")
    before, now = (text_of(room.whole("devan", entry.id)) for entry in room.entries("disagreement"))
    assert "What happens until then" in before
    assert "What is agreed meanwhile" in now
    assert room.entries("disagreement")[-1].form_version == old.form_version + 1


def test_own_words_stay_with_what_was_answered_in_them(room: Room, own_words: Callable[[str], None]) -> None:
    talk = room.discuss("K3107C")
    own_words("wording_of: disagreement\nquestions: {about: {label: Where do we differ?}}\n")
    differ(room, "devan", talk)
    form_catalogue.use()
    (entry,) = room.entries("disagreement")
    assert "Where do we differ" in text_of(room.whole("devan", entry.id))
    with room.reading() as session:
        kept = session.exec(select(PublishedForm).where(PublishedForm.hash == entry.form_hash)).one()
    assert (kept.shipped, kept.hash) == (False, published_forms.hash_of_text(kept.text))


def test_a_record_from_before_forms_were_kept_has_the_words_of_its_version(room: Room, ship: Ship) -> None:
    talk = room.discuss("K3107C")
    differ(room, "devan", talk)
    with room.db.write() as session:
        session.exec(update(Entry).values(form_hash=""))
    ship("disagreement", {"label: What is it about?": "label: Where do we differ?"})
    (entry,) = room.entries("disagreement")
    assert "What is it about" in text_of(room.whole("devan", entry.id))


def test_a_window_opened_before_the_words_changed_is_kept_in_those_it_showed(
    room: Room, own_words: Callable[[str], None]
) -> None:
    asked = room.open("devan", "disagreement", room.discuss("K3107C"))
    own_words("wording_of: disagreement\nquestions: {about: {label: Where do we differ?}}\n")
    assert isinstance(submit(room, "devan", asked, a_view(room)), Done)
    entry, _ = the_entry(room, "disagreement")
    assert entry.form_hash == published_forms.hash_of(form_catalogue.shipped_form("disagreement"))


def test_handing_in_asks_nothing_more_of_the_database(room: Room) -> None:
    talk = room.discuss("K3107C")
    differ(room, "devan", talk)
    asked: list[str] = []
    event.listen(room.db.engine, "before_cursor_execute", lambda _c, _k, sql, *_more: asked.append(sql))
    differ(room, "orla", talk, about="Home")
    text_of(room.whole("devan", room.entries("disagreement")[-1].id))
    assert [sql for sql in asked if "published_form" in sql] == []


# ---- a newer version while somebody writes

GONE = {"  - {id: until_then, kind: long_text, label: What happens until then?}\n": ""}


def test_what_was_typed_goes_over_and_what_has_no_box_is_shown_and_kept(room: Room, ship: Ship) -> None:
    asked = room.open("devan", "disagreement", room.discuss("K3107C"))
    before = form_catalogue.load_form("disagreement").version
    ship("disagreement", GONE)
    typed = {"about": "School", "until_then": "AD walks with TD.", "views#0#who": room.people["orla"]}
    again = following(submit(room, "devan", asked, typed))
    assert CHANGED in said(again)
    assert "What happens until then?: AD walks with TD." in said(again)
    assert held(again) == {"about": "School", "views#0#who": room.people["orla"]}
    assert isinstance(submit(room, "devan", again, {"views#0#view": "He needs rest."}), Done)
    entry, answers = the_entry(room, "disagreement")
    assert (entry.form_version, "until_then" in answers) == (before + 1, False)
    card = text_of(room.whole("devan", entry.id))
    assert "Also written, in an earlier version of this form" in card
    assert "AD walks with TD." in card


def test_words_copied_to_another_box_are_not_kept_twice(room: Room, ship: Ship) -> None:
    asked = room.open("devan", "disagreement", room.discuss("K3107C"))
    ship("disagreement", GONE)
    again = following(submit(room, "devan", asked, a_view(room, until_then="AD walks.")))
    assert isinstance(submit(room, "devan", again, {"about": "School. AD walks."}), Done)
    entry, _ = the_entry(room, "disagreement")
    assert "Also written" not in text_of(room.whole("devan", entry.id))


def test_an_option_that_is_gone_is_shown_in_words(room: Room, ship: Ship) -> None:
    asked = room.open("devan", "hypothesis", room.discuss("K3107C"))
    ship("hypothesis", {"{live: Live, strengthened: Strengthened, ": "{live: Live, "})
    again = following(submit(room, "devan", asked, {"text": "Perhaps so.", "status": "strengthened"}))
    assert "How it is doing now: Strengthened" in said(again)
    assert held(again)["text"] == "Perhaps so."
    assert isinstance(submit(room, "devan", again, {}), Done)
    card = text_of(room.whole("devan", room.entries("hypothesis")[-1].id))
    assert "Strengthened" in card


def test_a_person_of_a_question_that_is_gone_is_named_and_not_numbered(room: Room, ship: Ship) -> None:
    asked = room.open("devan", "disagreement", room.discuss("K3107C"))
    ship("disagreement", {"      - {id: who, kind: person, label: whose view, required: true}\n": ""})
    typed = {"about": "A", "views#1#who": room.people["orla"], "views#1#view": "No.", "views#0#view": "Yes."}
    again = following(submit(room, "devan", asked, typed))
    assert "View 2: whose view: Orla" in said(again)
    assert held(again) == {"about": "A", "views#0#view": "Yes.", "views#1#view": "No."}


def test_what_must_not_be_kept_is_still_not_kept(room: Room, ship: Ship) -> None:
    asked = room.open("devan", "disagreement", room.discuss("K3107C"))
    ship("disagreement", GONE)
    answer = submit(room, "devan", asked, a_view(room, until_then="Write to E8 1EA."))
    assert isinstance(answer, Wrong)
    assert list(answer.errors) == ["until_then"]
    with room.reading() as session:
        draft = session.get_one(Draft, asked.view.args["draft"])
        assert "E8 1EA" not in str(unseal(session, draft, EntryBody))


def test_a_draft_of_another_day_is_told_once_and_goes_on_where_it_was(room: Room, ship: Ship) -> None:
    first = following(room.press("tomasz", "form.open", form="assessment", family=room.family("K2770L")))
    front = {"children": ["K2770L-1"], "reason": "Low at night.", "clinician": room.people["tomasz"]}
    second = following(submit(room, "tomasz", first, {**front, "school": "Hill School"}))
    third = following(submit(room, "tomasz", second, {"views_parents": "Tired."}))
    step(room, "tomasz", third, "save", {"environment": "Two rooms above a shop."})
    ship(
        "assessment",
        {
            "  - title: Commissioning meeting\n": "  - title: How it began\n    questions:\n"
            "      - {id: began, kind: text, label: How did it begin?}\n  - title: Commissioning meeting\n",
            "      - {id: school, kind: text, label: School or nursery}\n": "",
        },
    )
    again = resumed(room, "tomasz", third)
    assert CHANGED in said(again)
    assert "School or nursery: Hill School" in said(again)
    assert "4 of 5: Social history" in said(again)
    assert held(again) == {"environment": "Two rooms above a shop."}
    onward = step(room, "tomasz", again, "back", {})
    assert CHANGED not in said(onward)
    assert "School or nursery: Hill School" in said(onward)
    assert held(onward)["views_parents"] == "Tired."


def test_pressing_back_or_save_in_an_old_window_keeps_what_it_carries(room: Room, ship: Ship) -> None:
    first = following(room.press("tomasz", "form.open", form="assessment", family=room.family("K2770L")))
    ship("assessment", {"      - {id: school, kind: text, label: School or nursery}\n": ""})
    again = step(room, "tomasz", first, "save", {"reason": "Low at night.", "school": "Hill School"})
    assert CHANGED in said(again)
    assert "Hill School" in said(again)
    assert held(resumed(room, "tomasz", again))["reason"] == "Low at night."


def test_an_old_window_handed_in_after_the_form_went_on_elsewhere_loses_nothing(room: Room, ship: Ship) -> None:
    old = room.open("devan", "disagreement", room.discuss("K3107C"))
    ship("disagreement", GONE)
    elsewhere = resumed(room, "devan", old)
    assert isinstance(submit(room, "devan", elsewhere, {"about": "At the desk."}), Wrong)
    both = following(submit(room, "devan", old, a_view(room, about="On the telephone.", until_then="AD walks.")))
    assert "second place" in said(both)
    assert "What happens until then?: AD walks." in said(both)
    assert held(both)["about"] == "At the desk.\n\nOn the telephone."
    assert isinstance(submit(room, "devan", both, {}), Done)
    assert "AD walks." in text_of(room.whole("devan", room.entries("disagreement")[-1].id))


def test_an_old_window_of_a_long_form_loses_nothing_either(room: Room, ship: Ship) -> None:
    old = following(room.press("tomasz", "form.open", form="assessment", family=room.family("K2770L")))
    ship("assessment", {"      - {id: school, kind: text, label: School or nursery}\n": ""})
    elsewhere = resumed(room, "tomasz", old)
    step(room, "tomasz", elsewhere, "save", {"reason": "At the desk."})
    both = step(room, "tomasz", old, "save", {"reason": "On the telephone.", "school": "Hill School"})
    assert "School or nursery: Hill School" in said(both)
    assert held(both)["reason"] == "At the desk.\n\nOn the telephone."


def test_a_record_of_an_older_version_is_put_right_in_the_newer_one(room: Room, ship: Ship) -> None:
    talk = room.discuss("K3107C")
    differ(room, "devan", talk, until_then="We wait.", settled=False)
    (old,) = room.entries("disagreement")
    ship("disagreement", GONE)
    asked = following(room.press("devan", "entry.edit", entry=old.id))
    assert CHANGED in said(asked)
    assert "What happens until then?: We wait." in said(asked)
    assert isinstance(submit(room, "devan", asked, {"about": "School and home"}), Done)
    new = room.entries("disagreement")[-1]
    assert "We wait." in text_of(room.whole("devan", new.id))
    once_more = following(room.press("devan", "entry.edit", entry=new.id))
    assert CHANGED not in said(once_more)
    assert "We wait." in said(once_more)


def test_a_draft_is_still_called_by_its_name(room: Room, ship: Ship) -> None:
    asked = room.open("devan", "disagreement", room.discuss("K3107C"))
    room.send("devan", EventKind.CHANGE, name="disagreement", args={**asked.view.args, "more": "views"}, values={})
    ship("disagreement", {"title: Different views": "title: Views that differ"})
    assert "Different views" in words_of(room.command("devan", "/forms"))


def test_a_private_look_does_not_become_part_of_the_record(room: Room, ship: Ship) -> None:
    talk = room.discuss("K3107C")
    asked = room.open("tomasz", "contract", talk)
    form = (form_catalogue.FOLDER / "contract.yaml").read_text("utf-8")
    ship("contract", {form[form.index("  - id: boundary_check") :]: ""})
    roles = {"roles#0#member": room.people["tomasz"], "roles#0#does": "Leads."}
    typed = {"focus": "Sleep", "space": "home_visit", "lead": room.people["tomasz"], **roles}
    again = following(submit(room, "tomasz", asked, {**typed, "boundary_check#0#note": "I am too close."}))
    assert "I am too close." in said(again)
    assert "yours alone" in said(again)
    assert "kept with the form" not in said(again)
    assert isinstance(submit(room, "tomasz", again, {}), Done)
    entry, _ = the_entry(room, "contract")
    with room.reading() as session:
        assert entries.orphaned_answers(session, entry) == []
    assert "I am too close." in words_of(room.command("tomasz", "/agreement", "reflections"))
    assert "I am too close." not in words_of(room.command("devan", "/agreement", "reflections"))
