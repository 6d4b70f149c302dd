"""Urgent clinical work: begun by anybody at any time, and confirmed afterwards."""

from __future__ import annotations

from sqlmodel import select

from handlers.turn import Note
from storage.database.tables_machinery import OutboxMessage
from storage.messages import outbox
from tests.worlds.in_memory import menus_of, text_of, words_of
from tests.worlds.records_world import Room
from tests.worlds.work_world import Work, consulted, day


class TestUrgent:
    def test_one_press_from_anywhere_shows_whom_to_call_before_anything_else(self, room: Room) -> None:
        work = Work(room, "K3107C")
        shown = work.press("marisol", "urgent")
        assert isinstance(shown, Note)
        said = words_of(shown)
        assert "Call, do not write" in said
        assert "Telephone Tier 3 CAMHS yourself" in said
        assert work.state == "urgent_tier3"

    def test_it_is_a_new_safety_message_for_the_unit_and_its_managers(self, room: Room) -> None:
        Work(room, "K3107C").press("marisol", "urgent")
        with room.reading() as session_:
            rows = list(session_.exec(select(OutboxMessage).where(OutboxMessage.priority == outbox.SAFETY)))
        assert {row.how for row in rows} == {"say"}
        assert [row.channel for row in rows if row.channel] == ["C0KESTREL"]
        told = {row.key.rpartition(":")[2] for row in rows if "/to:" in row.key}
        assert told == {room.people[name] for name in ("orla", "ngozi", "tomasz")}
        card = room.card(next(row.key for row in rows if row.channel))
        assert "Urgent: Tier 3 now" in words_of(card)
        assert "K3107C" not in text_of(card)
        assert "Called for by Marisol" in words_of(card)
        told_in_person = room.card(next(row.key for row in rows if row.key.endswith(room.people["ngozi"])))
        assert "About K3107C" in words_of(told_in_person)

    def test_a_second_press_shows_it_again(self, room: Room) -> None:
        work = Work(room, "K3107C")
        work.press("marisol", "urgent")
        work.press("devan", "urgent")
        assert len([key for key in room.messages("urgent:") if "/to:" not in key]) == 2
        assert work.episode.back_state == "in_therapy"

    def test_without_any_clinical_work_before(self, room: Room) -> None:
        ref = "K2045X"
        assert isinstance(room.command("devan", "/work", f"urgent {ref}"), Note)
        assert Work(room, ref).state == "urgent_tier3"

    def test_who_was_called_is_kept_and_the_work_goes_on_where_it_was(self, room: Room) -> None:
        work = Work(room, "K3107C")
        work.press("marisol", "urgent")
        work.do(
            "marisol",
            "tier3",
            called_on=day(room),
            called_by=room.people["marisol"],
            spoke_to="Duty clinician",
            plan="Aunt stays over.",
        )
        assert work.state == "urgent_tier3"
        work.do("tomasz", "calmer", date=day(room), decision="go_on", plan="Weekly.", **{"with": "Duty clinician"})
        assert work.state == "in_therapy"

    def test_it_waits_for_nothing_in_a_closed_family_either(self, room: Room) -> None:
        work = Work(room, "K3107C")
        asked = room.press("orla", "family.close", family=work.family)
        room.hand_in("orla", asked, {"why": "Settled with their grandmother."})
        shown = work.press("tomasz", "urgent")
        assert "Call, do not write" in words_of(shown)
        assert work.steps("tomasz") == ["urgent"]
        assert "This family is closed" in work.said("tomasz")

    def test_it_is_within_reach_of_every_list_and_message(self, room: Room) -> None:
        answer = room.command("marisol", "/work")
        assert isinstance(answer, Note)
        menu = next(one for one in menus_of(answer.card) if one.action == "work.urgent")
        shown = room.press("marisol", menu.action, **menu.args, chosen=room.family("K3107C"))
        assert "Call, do not write" in words_of(shown)
        consulted(room)
        (key,) = [key for key in room.messages("work:") if key.endswith(room.people["ngozi"])]
        assert "[Urgent Tier 3]" in words_of(room.card(key))

    def test_an_urgent_consultation_warns_everybody_too(self, room: Room) -> None:
        consulted(room, "urgent_tier_3")
        assert [key for key in room.messages("urgent:") if "/to:" not in key]
