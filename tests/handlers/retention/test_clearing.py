"""Forms that were begun and copies in chat: a list, a person who confirms it, and nothing behind anybody's back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from handlers import render
from handlers.turn import Answer, Ask, Done, EventKind, Note
from prompts_and_forms.retention import rules, wording
from prompts_and_forms.states import DraftState
from storage.database import chain
from storage.database.tables import Discussion, Entry, Family, Meeting
from storage.database.tables_machinery import Audit, Draft, OutboxMessage, Post
from storage.messages import outbox, posts
from storage.retention import holds, left
from storage.unit import people
from tests.worlds.presses import TYPED, _plain
from tests.worlds.records_world import Room

REF = "K3107C"
NOT_FOR_YOU = "managers look after this"
RULES = """rules:
  - {id: drafts, what: drafts, starts: saved, days: 90, status: local, source: ours, checked: local}
  - {id: chat, what: chat, starts: copied, days: 90, status: local, source: ours, checked: local}
"""


def said(answer: Answer) -> str:
    return str(_plain(answer))


@pytest.fixture(autouse=True)
def own_rules(tmp_path: Path) -> Iterator[None]:
    """The council has said: ninety days for either."""
    file = tmp_path / "retention.yaml"
    file.write_text(RULES)
    rules.use(file)
    yield
    rules.use(rules.OWN_FILE)


@pytest.fixture
def old(room: Room) -> Room:
    """Devan began a form and never sent it, a discussion was copied, and a hundred days have gone by."""
    talk = room.discuss(REF)
    room.posted(f"discussion:{talk}", "100.1")
    room.posted(f"discussion:{talk}/summary", "100.3")
    room.send("devan", EventKind.MESSAGE, text="Perhaps the school knows.", ts="100.2", thread="100.1")
    saves(room, room.open("devan", "action", talk))
    with room.db.write() as session:
        held = session.get_one(Discussion, talk)
        held.state, held.copied_at, held.closed_at = "closed", room.now, room.now
        session.get_one(Meeting, held.meeting_id).state = "closed"
        membership = people.belongs(session, room.unit.unit_id, room.people["ngozi"])
        assert membership is not None
        membership.linked = True
        session.add(membership)
        session.add(held)
    room.now += timedelta(days=100)
    return room


def saves(room: Room, asked: Answer) -> None:
    assert isinstance(asked, Ask)
    args = {**asked.view.args, "step": "save"}
    room.send("devan", EventKind.CHANGE, name="action", args=args, values={"text": TYPED})


def drafts_of(room: Room, who: str) -> list[Draft]:
    with room.reading() as session:
        wanted = select(Draft).where(Draft.person_id == room.people[who], Draft.state == DraftState.OPEN)
        return list(session.exec(wanted.where(col(Draft.saved).is_(True))))


def tells(room: Room) -> None:
    assert isinstance(press(room, "stays.tell"), Note)
    room.now += timedelta(days=8)


def press(room: Room, button: str, who: str = "ngozi") -> Answer:
    return room.press(who, button, unit=room.unit.unit_id)


def confirms(room: Room, button: str, sure: str) -> Answer:
    asked = press(room, button)
    assert isinstance(asked, Ask), said(asked)
    return room.hand_in("ngozi", asked, {"sure": [sure]})


def page(room: Room, who: str = "ngozi") -> str:
    return said(room.command(who, "/unit", "stays"))


def audited(room: Room, what: str) -> list[Audit]:
    with room.reading() as session:
        return list(session.exec(select(Audit).where(Audit.what == what)))


# ---- forms that were begun


def test_a_form_goes_once_its_writer_was_told_and_a_manager_has_confirmed(old: Room) -> None:
    assert "One form was begun" in page(old)
    listed = said(press(old, "stays.drafts"))
    assert "not told yet" in listed
    assert TYPED not in listed
    assert wording.DRAFTS_GO not in listed
    assert wording.NO_DRAFTS_DUE in said(press(old, "stays.drafts_go"))
    tells(old)
    assert wording.DRAFTS_GO in said(press(old, "stays.drafts"))
    (before,) = drafts_of(old, "devan")
    done = confirms(old, "stays.drafts_go", "looked")
    assert isinstance(done, Done), said(done)
    assert "Removed for good: one form." in said(done)
    assert drafts_of(old, "devan") == []
    (line,) = audited(old, "draft_removed")
    assert (line.row_id, line.person_id, line.family_id) == (before.id, old.people["ngozi"], old.family(REF))
    assert "no longer open" in said(old.press("devan", "form.resume", draft=before.id)).lower()
    with old.reading() as session:
        assert list(chain.broken(session, old.db.vault)) == []


def test_whoever_began_it_hears_which_it_is_and_keeps_it_by_opening_it(old: Room) -> None:
    press(old, "stays.tell")
    with old.reading() as session:
        told = select(OutboxMessage.key).where(col(OutboxMessage.key).contains("/old_forms:"))
        (key,) = session.exec(told)
        card = render.render(session, key, old.now)
    assert card is not None
    assert REF not in card.notice
    assert "You began these forms" in card.model_dump_json()
    (draft,) = drafts_of(old, "devan")
    asked = press(old, "stays.drafts_go")
    assert isinstance(asked, Note)
    assert isinstance(old.press("devan", "form.resume", draft=draft.id), Ask)
    old.now += timedelta(days=8)
    assert wording.NO_DRAFTS_DUE in said(press(old, "stays.drafts"))
    with old.reading() as session:
        assert render.render(session, key, old.now) is None
    old.now += timedelta(days=100)
    assert "not told yet" in said(press(old, "stays.drafts"))


def test_what_was_written_on_while_the_list_lay_open_stays(old: Room) -> None:
    tells(old)
    asked = press(old, "stays.drafts_go")
    (draft,) = drafts_of(old, "devan")
    saves(old, old.press("devan", "form.resume", draft=draft.id))
    done = old.hand_in("ngozi", asked, {"sure": ["looked"]})
    assert "Removed for good: nothing. One stays" in said(done)
    assert len(drafts_of(old, "devan")) == 1


@pytest.mark.parametrize("scope", ["family", "unit", "everything"])
def test_under_a_legal_hold_neither_is_listed_nor_goes(old: Room, scope: str) -> None:
    tells(old)
    drafts, chat = press(old, "stays.drafts_go"), press(old, "stays.chat_go")
    with old.db.write() as session:
        family = session.get_one(Family, old.family(REF)) if scope == "family" else None
        unit_id = old.unit.unit_id if scope == "unit" else None
        holds.put_on(session, why="Inquest.", by_id=None, now=old.now, family=family, unit_id=unit_id)
    assert "Removed for good: nothing" in said(old.hand_in("ngozi", drafts, {"sure": ["looked"]}))
    assert "nothing left to delete" in said(old.hand_in("ngozi", chat, {"sure": ["copied"]}))
    assert len(drafts_of(old, "devan")) == 1
    assert removals(old) == []
    assert wording.NO_DRAFTS_DUE in said(press(old, "stays.drafts"))
    assert wording.NO_CHAT_DUE in said(press(old, "stays.chat"))


@pytest.mark.parametrize("button", ["stays.tell", "stays.drafts_go", "stays.chat_go"])
def test_the_lead_looks_and_a_manager_confirms(old: Room, button: str) -> None:
    assert wording.FOR_MANAGERS in said(press(old, button, "orla"))
    assert wording.TELL not in said(press(old, "stays.drafts", "orla"))
    assert NOT_FOR_YOU in said(press(old, button, "devan"))
    assert NOT_FOR_YOU in said(press(old, "stays.drafts", "devan"))
    assert drafts_of(old, "devan") != []
    assert removals(old) == []


def test_without_a_rule_nothing_is_due_however_old(old: Room) -> None:
    rules.use(rules.OWN_FILE)
    old.now += timedelta(days=5000)
    for button, nothing in (("stays.drafts", wording.NO_DRAFTS_DUE), ("stays.chat", wording.NO_CHAT_DUE)):
        assert nothing in said(press(old, button))


# ---- chat


def removals(room: Room) -> list[str]:
    with room.reading() as session:
        return list(session.exec(select(OutboxMessage.thread_key).where(OutboxMessage.how == "remove")))


def test_the_bots_posts_of_a_copied_discussion_go_and_the_record_stays(old: Room) -> None:
    assert "One discussion was copied" in page(old)
    listed = said(press(old, "stays.chat"))
    assert "2 posts of mine, one message typed" in listed
    assert "school" not in listed
    with old.reading() as session:
        entries = len(session.exec(select(Entry)).all())
    done = confirms(old, "stays.chat_go", "copied")
    assert "I am deleting 2 posts now" in said(done)
    assert "which I cannot delete" in said(done)
    assert sorted(key.partition(":")[0] for key in removals(old)) == ["discussion", "discussion"]
    assert len(audited(old, "chat_cleared")) == 1
    with old.reading() as session:
        assert len(session.exec(select(Entry)).all()) == entries
    assert isinstance(press(old, "stays.chat_go"), Note)
    assert len(removals(old)) == 2


def talk_of(room: Room) -> str:
    with room.reading() as session:
        wanted = select(Post.key).where(Post.ts == "100.1")
        return session.exec(wanted).one().partition(":")[2].partition("~")[0]


def test_a_post_that_went_is_not_drawn_again_and_what_is_typed_below_is_still_known(old: Room) -> None:
    confirms(old, "stays.chat_go", "copied")
    with old.db.write() as session:
        for key in removals(old):
            left.gone(session, key, old.now)
    key = f"discussion:{talk_of(old)}"
    with old.db.write() as session:
        outbox.show_again(session, key, now=old.now)
        assert outbox.asked_for(session, [key]) == []
        assert posts.find_post(session, key) is None
        (post,) = session.exec(select(Post).where(Post.ts == "100.1"))
        assert posts.key_at(session, post.channel, "100.1") == key


def test_what_was_recorded_after_it_was_copied_keeps_it_off_the_list(old: Room) -> None:
    with old.db.write() as session:
        held = session.get_one(Discussion, talk_of(old))
        assert held.copied_at is not None
        held.copied_at -= timedelta(days=2)
        session.add(held)
    assert wording.NO_CHAT_DUE in said(press(old, "stays.chat"))
