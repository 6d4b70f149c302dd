"""A family goes to another unit: asked for, accepted, and on the day with all that is written about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.documents.asked import wish
from bot.documents.contents.agenda import agenda
from bot.documents.source import Source
from handlers.turn import Answer, Done, Note, Wrong
from prompts_and_forms.card import Card
from prompts_and_forms.states import DiscussionState
from storage.database.db import Database
from storage.database.tables import Action, Discussion, Entry, Family, Unit
from storage.database.tables_machinery import Draft
from storage.database.tables_nudges import Nudge
from storage.export.export import export_unit
from storage.family import access
from storage.messages import posts
from storage.retention import erase, holds
from storage.unit import people
from tests.worlds.council.two_units import DAY, HERON, REF, TwoUnits, without_the_moves
from tests.worlds.in_memory import buttons_of, words_of
from tests.worlds.records_world import CHANNEL, TODAY


@pytest.fixture
def council(db: Database) -> TwoUnits:
    return TwoUnits(db)


def said(answer: Answer) -> str:
    return words_of(answer)


def shown(card: Card | None) -> str:
    return "" if card is None else card.model_dump_json()


def finished(council: TwoUnits, talk: str) -> None:
    """The discussion is over and confirmed."""
    with council.db.write() as session:
        discussion = session.get_one(Discussion, talk)
        discussion.state = DiscussionState.CLOSED
        session.add(discussion)


# ---- asked and answered


def test_the_lead_asks_and_the_other_lead_reads_who_it_is_and_accepts(council: TwoUnits) -> None:
    assert "is asked" in said(council.ask("orla", council.heron.unit_id))
    asked = council.reads("ama", "/asked/")
    assert "K3107C" in asked
    assert "They moved to the coast." in asked
    assert "Orla (Kestrel Unit) asks you" in asked
    taken = council.accept("ama", lead_worker=council.people["bryn"], note="We know the school.")
    assert "Heron Unit takes K3107C" in said(taken)
    assert "We know the school." in council.reads("orla", "/accepted/")
    assert "Heron Unit takes" in council.reads("pippa", "/accepted/")
    assert council.family_row().unit_id == council.unit.unit_id


def test_nobody_but_the_lead_the_deputy_and_managers_asks_or_answers(council: TwoUnits) -> None:
    assert "Please ask one of them" in said(council.ask("marisol", council.heron.unit_id))
    council.ask("orla", council.heron.unit_id)
    (move,) = council.moves()
    for who in ("dagny", "eitan", "orla"):
        answer = council.press(who, "transfer.accept", transfer=move.id, unit=council.heron.unit_id)
        assert isinstance(answer, Note), who
    assert council.moves()[0].state == "asked"


def test_asked_twice_says_how_it_stands_and_asks_nobody_again(council: TwoUnits) -> None:
    first = council.press("orla", "transfer.unit", family=council.family(REF), chosen=council.heron.unit_id)
    council.ask("orla", council.heron.unit_id)
    again = council.hand_in("orla", first, {"on": DAY.isoformat(), "why": "Again."})
    assert "Nobody has answered yet" in said(again)
    assert "Nobody has answered yet" in said(council.press("orla", "family.transfer", family=council.family(REF)))
    assert len(council.moves()) == 1


def test_who_asked_sees_since_when_and_for_whom_it_waits(council: TwoUnits) -> None:
    council.ask("orla", council.heron.unit_id)
    stands = said(council.press("orla", "family.transfer", family=council.family(REF)))
    assert "Asked on Tue 17 Nov. Ama can answer, and gets a reminder." in stands


def test_whoever_must_answer_is_reminded_after_two_working_days_and_no_more_once_it_is_answered(
    council: TwoUnits,
) -> None:
    council.ask("orla", council.heron.unit_id)
    council.tick(TODAY + timedelta(days=2))
    (row,) = reminders(council)
    assert (row.person_id, row.state, row.family_id) == (council.people["ama"], "open", None)
    assert row.first_on == TODAY + timedelta(days=2)
    request = council.press("ama", "nudge.open", nudge=row.id)
    assert isinstance(request, Note)
    assert REF not in said(request)
    shown_to_ama = council.press("ama", "transfer.show", transfer=row.subject, unit=council.heron.unit_id)
    assert {"Accept", "Not this time"} <= {one.label for one in buttons_of(shown_to_ama.card)}
    for who in ("dagny", "eitan", "devan"):
        refused = council.press(who, "transfer.show", transfer=row.subject, unit=council.heron.unit_id)
        assert REF not in said(refused), who
    council.accept("ama")
    council.tick(TODAY + timedelta(days=3))
    assert [one.state for one in reminders(council)] == ["settled"]


def test_while_the_lead_is_on_leave_the_deputy_is_reminded(council: TwoUnits) -> None:
    with council.db.write() as session:
        membership = people.belongs(session, council.heron.unit_id, council.people["ama"])
        assert membership is not None
        membership.leave_from, membership.leave_until = TODAY, DAY
    council.ask("orla", council.heron.unit_id)
    council.tick(TODAY + timedelta(days=2))
    assert [row.person_id for row in reminders(council)] == [council.people["bryn"]]
    (move,) = council.moves()
    refused = council.press("dagny", "transfer.show", transfer=move.id, unit=council.heron.unit_id)
    assert "Only the lead, the deputy and managers of Heron Unit can answer this." in said(refused)


def reminders(council: TwoUnits) -> list[Nudge]:
    with council.reading() as session:
        return list(session.exec(select(Nudge).where(Nudge.kind == "transfer")))


def test_withdrawn_by_either_unit_it_stays_and_both_hear(council: TwoUnits) -> None:
    council.ask("orla", council.heron.unit_id)
    (move,) = council.moves()
    council.press("orla", "transfer.withdraw", transfer=move.id, unit=council.unit.unit_id)
    assert "withdrawn" in council.reads("ama", "/asked/")
    assert buttons_of(council.message("ama", "/asked/") or Card(notice="", blocks=())) == []
    council.ask("orla", council.heron.unit_id)
    council.accept("ama")
    council.press_on("ama", "/asked/", "Withdraw")
    assert "withdrawn" in council.reads("orla", "/withdrawn/")
    council.tick(DAY)
    assert council.family_row().unit_id == council.unit.unit_id


def test_a_no_says_why_and_the_family_stays(council: TwoUnits) -> None:
    council.ask("orla", council.heron.unit_id)
    council.hand_in("ama", council.press_on("ama", "/asked/", "Not this time"), {"why": "We are two people short."})
    assert "We are two people short." in council.reads("orla", "/declined/")
    council.tick(DAY)
    assert council.family_row().unit_id == council.unit.unit_id


def test_a_unit_without_anybody_to_say_yes_is_not_asked(council: TwoUnits) -> None:
    with council.db.write() as session:
        for who in ("ama", "bryn", "farah"):
            membership = people.belongs(session, council.heron.unit_id, council.people[who])
            assert membership is not None
            people.leave_unit(session, membership, TODAY)
    assert "choose a lead with /unit members" in said(council.ask("orla", council.heron.unit_id))
    assert council.moves() == []


def test_the_deputy_answers_while_there_is_no_lead(council: TwoUnits) -> None:
    with council.db.write() as session:
        membership = people.belongs(session, council.heron.unit_id, council.people["ama"])
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
    council.ask("orla", council.heron.unit_id)
    assert "K3107C" in council.reads("bryn", "/asked/")


def test_the_two_units_meet_before_the_family_goes(council: TwoUnits) -> None:
    late = council.ask("orla", council.heron.unit_id, meeting_on=(DAY + timedelta(days=1)).isoformat())
    assert isinstance(late, Wrong)
    council.ask("orla", council.heron.unit_id, meeting_on=(DAY - timedelta(days=5)).isoformat(), meeting_at="14:00")
    council.accept("ama")
    ours, theirs = council.says("pippa", "/meeting", "agenda"), council.says("dagny", "/meeting", "agenda")
    assert "goes to Heron Unit on Tue 1 Dec; handover meeting Thu 26 Nov at 14:00" in ours
    assert "goes to another unit in 14 days: handover" in ours
    assert "A family comes from Kestrel Unit on Tue 1 Dec; handover meeting Thu 26 Nov at 14:00" in theirs
    assert REF not in theirs
    with council.reading() as session:
        for unit_id, line in ((council.unit.unit_id, f"{REF} (BD) goes to"), (council.heron.unit_id, "A family comes")):
            paper = agenda(Source(session, session.get_one(Unit, unit_id), council.now, "Pippa"))
            (moving,) = [one for one in paper.parts if getattr(one, "title", "") == "Moving between units"]
            assert line in str(moving)


# ---- the day


def test_on_the_day_the_new_unit_has_everything_and_the_old_one_a_tombstone(council: TwoUnits) -> None:
    council.over("orla", council.heron.unit_id, "ama", lead_worker=council.people["bryn"])
    family = council.family_row()
    assert (family.unit_id, family.lead_worker_id, family.allocated_on) == (
        council.heron.unit_id,
        council.people["bryn"],
        DAY,
    )
    assert "Came from: Kestrel Unit" in council.says("ama", "/family", REF)
    assert "came from another unit: handover" in council.says("dagny", "/meeting", "agenda")
    for who in ("orla", "devan", "graham"):
        answer = said(council.command(who, "/family", REF))
        assert answer.endswith("K3107C is with Heron Unit since Tuesday 1 December 2026. Its record went along."), who
    listed = council.says("pippa", "/family", "list")
    assert "K3107C: Heron Unit, since 1 Dec 2026" in listed
    assert "BD" not in listed
    assert "K3107C is with Heron Unit" in council.reads("devan", "/gone/")
    assert "is with you from today" in council.reads("ama", "/moved/")


def test_every_row_about_the_family_goes_along(council: TwoUnits) -> None:
    council.over("orla", council.heron.unit_id, "ama")
    with council.reading() as session:
        for kind in (Entry, Discussion, Nudge, Draft):
            wanted = select(kind.unit_id).where(kind.family_id == council.family(REF))
            assert set(session.exec(wanted)) <= {council.heron.unit_id}, kind


def test_what_was_due_is_due_for_the_new_unit(council: TwoUnits) -> None:
    council.tick(TODAY)
    council.over("orla", council.heron.unit_id, "ama", lead_worker=council.people["bryn"])
    council.tick(DAY, 10)
    with council.reading() as session:
        live = session.exec(select(Nudge).where(Nudge.family_id == council.family(REF), Nudge.state == "open"))
        theirs = {row.person_id for row in live}
    assert theirs
    assert theirs <= set(council.heron.people.values())


def test_open_actions_stay_named_until_somebody_takes_them(council: TwoUnits) -> None:
    council.over("orla", council.heron.unit_id, "ama", lead_worker=council.people["bryn"])
    with council.reading() as session:
        before = session.exec(
            select(Action).where(Action.family_id == council.family(REF), Action.status == "open")
        ).all()
    assert "Open actions are still with" in council.reads("ama", "/moved/")
    asked = council.press_on("ama", "/moved/", "Who goes on with what")
    first = before[0]
    rows = [{"action": first.id, "to": council.people["bryn"]}]
    assert isinstance(council.hand_in("ama", asked, {"actions": rows, "clinician": council.people["eitan"]}), Done)
    with council.reading() as session:
        assert session.get_one(Action, first.id).owner_id == council.people["bryn"]
        others = {session.get_one(Action, one.id).owner_id for one in before[1:]}
    assert others == {one.owner_id for one in before[1:]}


def test_what_somebody_had_begun_to_write_is_with_the_new_lead_worker(council: TwoUnits) -> None:
    asked = council.press("devan", "form.open", form="action", family=council.family(REF))
    council.hand_in("devan", asked, {"text": "Ring school"})
    begun = council.press("devan", "form.open", form="hypothesis", family=council.family(REF))
    draft_id = begun.view.args["draft"]  # type: ignore[union-attr]
    with council.db.write() as session:
        draft = session.get_one(Draft, draft_id)
        draft.saved = True
        session.add(draft)
    council.over("orla", council.heron.unit_id, "ama", lead_worker=council.people["bryn"])
    with council.reading() as session:
        draft = session.get_one(Draft, draft_id)
        assert (draft.person_id, draft.unit_id) == (council.people["bryn"], council.heron.unit_id)
    assert "with Bryn now" in council.reads("devan", "/gone/")


def test_a_family_in_an_open_meeting_goes_when_the_meeting_is_over(council: TwoUnits) -> None:
    council.ask("orla", council.heron.unit_id, on=TODAY.isoformat())
    talk = council.discuss(REF)
    council.accept("ama")
    assert council.family_row().unit_id == council.unit.unit_id
    assert "once its meeting is closed" in said(council.press("orla", "family.transfer", family=council.family(REF)))
    council.tick()
    for who in ("orla", "ama"):
        assert "once its meeting is closed" in council.reads(who, "/waits/")
        assert len(council.keys_to(who, "/waits/")) == 1
    finished(council, talk)
    council.tick(TODAY, 12)
    assert council.family_row().unit_id == council.heron.unit_id


def test_nothing_of_it_is_drawn_in_the_old_units_channel_any_more(council: TwoUnits) -> None:
    talk = council.discuss(REF)
    council.posted(f"discussion:{talk}", "100.1")
    finished(council, talk)
    council.over("orla", council.heron.unit_id, "ama")
    with council.reading() as session:
        lies = posts.find_post(session, f"discussion:{talk}")
        assert lies is not None
        assert lies.channel == CHANNEL
        access.hide_from(session, None, lies.channel)
        assert session.exec(select(Discussion).where(Discussion.id == talk)).first() is None
    with council.reading() as session:
        access.hide_from(session, None, HERON)
        assert session.exec(select(Discussion).where(Discussion.id == talk)).first() is not None


# ---- exclusions, records that are gone, and families that are known elsewhere


def shut(council: TwoUnits, kind: str, who: str) -> None:
    with council.db.write() as session:
        access.close_to(
            session, session.get_one(Family, council.family(REF)), kind=kind, person_id=council.people[who],
            reason="A cousin.", review_on=None, by_id=council.people["orla"], now=council.now,
        )  # fmt: skip


def test_somebody_it_is_closed_to_is_not_asked_and_the_exclusion_goes_along(council: TwoUnits) -> None:
    shut(council, access.NOT_THIS_WORKER, "ama")
    council.ask("orla", council.heron.unit_id)
    assert council.keys_to("ama", "/asked/") == []
    assert "K3107C" in council.reads("bryn", "/asked/")
    council.accept("bryn")
    council.tick(DAY)
    assert REF not in council.says("ama", "/family", "list")
    assert REF in council.says("bryn", "/family", "list")


def test_a_family_open_to_a_few_goes_nowhere_where_none_of_them_is(council: TwoUnits) -> None:
    shut(council, access.NAMED_ONLY, "orla")
    assert "Nobody in Heron Unit can be asked about this family" in said(council.ask("orla", council.heron.unit_id))


def test_somebody_it_was_closed_to_reads_no_tombstone(council: TwoUnits) -> None:
    shut(council, access.NOT_THIS_WORKER, "marisol")
    council.over("orla", council.heron.unit_id, "ama")
    assert "Heron" not in council.says("marisol", "/family", "list")
    assert "Heron" not in said(council.command("marisol", "/family", REF))


def test_a_record_that_cannot_be_read_is_not_handed_over(council: TwoUnits) -> None:
    with council.db.write() as session:
        family = session.get_one(Family, council.family(REF))
        family.sealed = family.sealed[:-1] + bytes([family.sealed[-1] ^ 1])
        session.add(family)
    answer = council.press("orla", "family.transfer", family=council.family(REF))
    assert "there is nothing to hand over" in said(answer)


def test_a_reference_of_another_unit_is_refused_and_two_coordinators_talk(council: TwoUnits) -> None:
    answers = {"ref": "H1007U", "category": "child_in_need"}
    for _twice in range(2):
        answer = council.hand_in("marisol", council.command("marisol", "/family", "add"), answers)
        assert isinstance(answer, Wrong)
        assert "Heron" not in str(answer.errors)
    assert len(council.keys_to("dagny", "talk:")) == len(council.keys_to("pippa", "talk:")) == 1
    told, waits = council.reads("dagny", "talk:"), council.reads("pippa", "talk:")
    assert "Pippa (Kestrel Unit) needs a word with you" in told
    assert "Heron" not in waits
    assert "H1007U" not in shown(council.message("dagny", "talk:")) + shown(council.message("pippa", "talk:"))


def test_a_family_that_went_is_not_added_again_but_asked_for(council: TwoUnits) -> None:
    council.over("orla", council.heron.unit_id, "ama")
    answer = council.hand_in(
        "pippa", council.command("pippa", "/family", "add"), {"ref": REF, "category": "child_in_need"}
    )
    assert isinstance(answer, Wrong)
    assert "To have it back, ask the lead there" in answer.errors["ref"]
    assert council.keys_to("dagny", "talk:") == []


def held(council: TwoUnits, unit_id: str) -> list[str]:
    with council.reading() as session:
        family = session.get_one(Family, council.family(REF))
        assert family.unit_id == unit_id
        return [holds.why(session, row) for row in holds.on_family(session, family, DAY)]


def test_a_hold_goes_along_also_where_it_was_on_the_unit_it_leaves(council: TwoUnits) -> None:
    with council.db.write() as session:
        family = session.get_one(Family, council.family(REF))
        holds.put_on(session, why="An inquest.", by_id=None, now=council.now, family=family)
        holds.put_on(session, why="An inquiry.", by_id=None, now=council.now, unit_id=council.unit.unit_id)
    council.over("orla", council.heron.unit_id, "ama")
    assert held(council, council.heron.unit_id) == ["An inquest.", "An inquiry."]


def test_a_family_erased_on_its_way_goes_nowhere_and_nobody_meets_a_fault(council: TwoUnits) -> None:
    council.ask("orla", council.heron.unit_id)
    council.accept("ama")
    with council.db.write() as session:
        family = session.get_one(Family, council.family(REF))
        erase.erase(session, family, rule="asked", by_id=None, now=council.now)
    council.tick(DAY)
    assert council.moves() == []
    assert council.message("ama", "/asked/") is None
    gone = council.press("orla", "family.transfer", family=council.family(REF))
    assert "Nothing was changed" in said(gone)


# ---- the handover pack


def pack_of(council: TwoUnits, who: str) -> Any:
    key = council.document(who, "handover")
    with council.reading() as session:
        return wish(session, key, council.now)


def test_both_leads_have_the_pack_and_the_old_unit_not_after_the_day(council: TwoUnits) -> None:
    council.ask("orla", council.heron.unit_id, works="Go in the afternoon.", ring="School: 01632 960000, Ms Vale")
    (move,) = council.moves()
    for who, unit in (("ama", council.heron.unit_id), ("orla", council.unit.unit_id)):
        council.press(who, "document.pdf", what="handover", row=move.id, unit=unit)
        assert pack_of(council, who) is not None, who
    refused = council.press("eitan", "document.pdf", what="handover", row=move.id, unit=council.heron.unit_id)
    assert "cannot find" in said(refused)
    council.accept("ama")
    council.tick(DAY)
    council.press("eitan", "document.docx", what="handover", row=move.id, unit=council.heron.unit_id)
    assert pack_of(council, "eitan") is not None
    assert pack_of(council, "orla") is None


# ---- there and back again


def test_to_heron_and_back_leaves_the_export_equal_but_for_the_moves(council: TwoUnits) -> None:
    talk = council.discuss(REF)
    council.record("devan", "action", talk, {"text": "Ring Nan", "owner": council.people["devan"]})
    finished(council, talk)
    with council.reading() as session:
        before, herons = (export_unit(session, one) for one in (council.unit.unit_id, council.heron.unit_id))
    council.over("orla", council.heron.unit_id, "ama", lead_worker=council.people["bryn"])
    with council.reading() as session:
        away, there = (export_unit(session, one) for one in (council.unit.unit_id, council.heron.unit_id))
    assert REF not in str([away[part] for part in away if part != "unit"])
    assert talk in {one["id"] for one in there["discussions"]}
    back = council.press("ama", "transfer.unit", family=council.family(REF), chosen=council.unit.unit_id)
    council.hand_in("ama", back, {"on": council.now.date().isoformat(), "why": "They came back."})
    assert isinstance(council.accept("orla", lead_worker=council.people["devan"]), Done)
    with council.reading() as session:
        after, herons_after = (export_unit(session, one) for one in (council.unit.unit_id, council.heron.unit_id))
    came = next(one for one in after["families"] if one["ref"] == REF)
    assert [(one["from"], one["to"], one["state"]) for one in came["moves"]] == [
        ("Kestrel Unit", "Heron Unit", "moved"),
        ("Heron Unit", "Kestrel Unit", "moved"),
    ]
    assert came["transferred"] == {"on": council.now.date().isoformat(), "from_unit": "Heron Unit"}
    assert without_the_moves(after) == without_the_moves(before)
    assert herons_after == herons
