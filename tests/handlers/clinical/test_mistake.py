"""A session on the wrong family, a line that is there twice: taken out with a reason, and what was counted follows."""

from __future__ import annotations

from handlers.turn import Answer, Done, Note
from storage.clinical import clinical_work
from storage.database.tables import Entry
from storage.export.export import export_unit
from storage.forms import entries
from tests.worlds.assessing import kinds
from tests.worlds.in_memory import buttons_of, menus_of, text_of, words_of
from tests.worlds.records_world import Room
from tests.worlds.work_world import Work

REF = "K3107C"


def session(room: Room, days: int = 0, **more: str) -> Entry:
    """A session as it is recorded from the family's card."""
    work = Work(room, REF)
    work.do("tomasz", "session", date=room.day(days), note="We drew the house.", **more)
    return room.entries("session")[-1]


def typed_line(room: Room, what: str = "Drew.") -> str:
    asked = room.command("tomasz", "/track", REF)
    return words_of(room.hand_in("tomasz", asked, {"kind": "session", "description": what}))


def take_out(room: Room, who: str, entry: Entry, reason: str = "It was another family's.") -> Answer:
    return room.hand_in(who, room.press(who, "entry.mistake", entry=entry.id), {"reason": reason})


def page_sessions(room: Room) -> list[int]:
    """The numbers of the sessions as reminders and documents read them."""
    with room.reading() as found:
        return [row["number"] for row in clinical_work.of_family(found, room.family(REF)).body.sessions]


class TestASession:
    def test_it_is_not_counted_any_more_and_its_line_goes_with_it(self, room: Room) -> None:
        before, held = Work(room, REF).episode, page_sessions(room)
        entry = session(room)
        assert kinds(room) == ["session"]
        said = words_of(take_out(room, "tomasz", entry))
        after = Work(room, REF).episode
        assert f"{before.sessions} sessions held" in said
        assert (after.sessions, after.state, page_sessions(room), kinds(room)) == (
            before.sessions,
            before.state,
            held,
            [],
        )

    def test_its_line_stays_as_history_with_who_took_it_out_and_can_be_written_again(self, room: Room) -> None:
        entry = session(room)
        take_out(room, "tomasz", entry)
        with room.reading() as found:
            exported = export_unit(found, room.unit.unit_id)["tracking"]
        [line] = [one for one in exported if one["taken_out_at"]]
        assert (line["description"], line["kind"], line["taken_out_by"]) == ("We drew the house.", "session", "tomasz")
        assert kinds(room) == []
        session(room)
        assert kinds(room) == ["session"]

    def test_those_after_it_move_up_a_number(self, room: Room) -> None:
        first = session(room, -1)
        session(room)
        held = page_sessions(room)
        take_out(room, "tomasz", first)
        assert page_sessions(room) == held[:-1]

    def test_the_day_that_was_booked_before_is_booked_again(self, room: Room) -> None:
        session(room, -1, next_session=room.day(3))
        take_out(room, "tomasz", session(room, next_session=room.day(20)))
        assert str(Work(room, REF).episode.next_on) == room.day(3)

    def test_a_review_it_made_due_is_not_due(self, room: Room) -> None:
        work, days = Work(room, REF), iter(range(-20, 0))
        while work.state != "review_due":
            last = session(room, next(days))
        take_out(room, "tomasz", last)
        assert work.state == "in_therapy"
        assert "session" in work.steps("tomasz")

    def test_what_was_written_stays_with_who_took_it_out_and_why(self, room: Room) -> None:
        entry = session(room)
        take_out(room, "ngozi", entry, "It was K2770L's.")
        with room.reading() as found:
            assert entries.answers(found, found.get_one(Entry, entry.id))["note"] == "We drew the house."
        assert "recorded by mistake, and is not counted" in text_of(room.card(f"entry:{entry.id}"))
        timeline = words_of(room.press("orla", "family.timeline", family=room.family(REF)))
        assert "ession taken out" in timeline
        assert "Ngozi: It was K2770L's." in timeline

    def test_who_wrote_it_and_a_manager_may_and_others_are_told_whom_to_ask(self, room: Room) -> None:
        entry = session(room)
        answer = room.press("devan", "entry.mistake", entry=entry.id)
        assert "Tomasz or a manager can take it out" in words_of(answer)
        assert isinstance(take_out(room, "ngozi", entry), Done)

    def test_it_is_taken_out_once_and_not_edited_afterwards(self, room: Room) -> None:
        entry, count = session(room), Work(room, REF).episode.sessions
        asked = room.press("tomasz", "entry.mistake", entry=entry.id)
        take_out(room, "ngozi", entry)
        room.hand_in("tomasz", asked, {"reason": "Not theirs."})
        assert Work(room, REF).episode.sessions == count - 1
        for action in ("entry.edit", "entry.mistake"):
            assert "taken out already" in words_of(room.press("tomasz", action, entry=entry.id))

    def test_one_that_was_put_right_is_taken_out_as_well(self, room: Room) -> None:
        held = Work(room, REF).episode.sessions
        entry = session(room)
        room.hand_in("tomasz", room.press("tomasz", "entry.edit", entry=entry.id), {"note": "We drew."})
        take_out(room, "tomasz", entry)
        assert (Work(room, REF).episode.sessions, kinds(room)) == (held, [])

    def test_it_can_be_recorded_again_on_the_same_day(self, room: Room) -> None:
        held = Work(room, REF).episode.sessions
        take_out(room, "tomasz", session(room))
        session(room)
        assert Work(room, REF).episode.sessions == held + 1


class TestALine:
    def test_a_doubled_line_is_taken_out_by_whoever_typed_it(self, room: Room) -> None:
        session(room)
        typed_line(room)
        (entry,) = room.entries("tracking_entry")
        assert isinstance(take_out(room, "tomasz", entry, "It is there twice."), Done)
        assert kinds(room) == ["session"]

    def test_a_session_after_a_typed_line_says_so_and_takes_the_other_out(self, room: Room) -> None:
        typed_line(room)
        work = Work(room, REF)
        answers = {"date": room.day(0), "note": "We drew the house."}
        done = room.hand_in("tomasz", work.press("tomasz", "session"), answers)
        assert "another line for that day, a session as well: “Drew”" in words_of(done)
        assert isinstance(done, Done)
        assert done.note is not None
        out = next(one for one in buttons_of(done.note) if one.label == "Take the other line out")
        room.hand_in("tomasz", room.press("tomasz", out.action, **out.args), {"reason": "Twice."})
        assert kinds(room) == ["session"]
        assert work.episode.sessions == len(page_sessions(room))

    def test_a_line_of_last_week_is_opened_from_the_tracking_form(self, room: Room) -> None:
        typed_line(room)
        shown = room.command("tomasz", "/track")
        assert isinstance(shown, Note)
        (entry,) = room.entries("tracking_entry")
        menu = next(one for one in menus_of(shown.card) if one.action == "track.line")
        opened = room.press("tomasz", menu.action, **menu.args, chosen=entry.id)
        assert "[Recorded by mistake]" in words_of(opened)
