"""Typing in a thread: kept word for word, changed as versions, never kept elsewhere."""

from __future__ import annotations

import pytest

from handlers.turn import EventKind, Note
from tests.worlds.discussion_world import CHANNEL, Meeting, note_text, text_of

PRIVATE = "date of birth 09/02/2012, NHS 999 047 3129, ZZ99 3VZ"


@pytest.fixture
def talk(meeting: Meeting) -> str:
    return meeting.start("K3107C")


@pytest.mark.parametrize(
    "text",
    [
        "I was there six days ago.",
        "x",
        "a" * 12_000,
        "أهلا بكم 👩‍👧 <!channel> <@U1> & <b> *bold* _it_ ~no~ `code`",
        "=1+1",
        "two\nlines\r\nand three",
    ],
)
def test_what_is_typed_comes_back_character_for_character(meeting: Meeting, talk: str, text: str) -> None:
    meeting.type("devan", talk, text)
    assert meeting.kept(talk) == [text]


def test_a_note_is_kept_under_the_current_stage_with_author_and_time(meeting: Meeting, talk: str) -> None:
    meeting.go_to(talk, "safety")
    note = meeting.note(meeting.type("devan", talk, "Nothing since last week."))
    assert note is not None
    assert (note.stage, note.author_id, note.said_at) == ("safety", meeting.people["devan"], meeting.now)


def test_the_stage_message_shows_that_it_was_heard(meeting: Meeting, talk: str) -> None:
    meeting.type("devan", talk, "One.", minutes=0)
    meeting.type("orla", talk, "Two.", minutes=0)
    assert "2 notes saved, the last from Orla at" in text_of(meeting.stage_card(talk))
    assert meeting.messages(f"discussion:{talk}") == [f"discussion:{talk}", f"discussion:{talk}/stage:1"]


def test_talk_outside_a_discussion_is_never_stored(meeting: Meeting, talk: str) -> None:
    meeting.send("devan", EventKind.MESSAGE, text="Lunch?", ts=meeting.stamp())
    meeting.send("devan", EventKind.MESSAGE, text="Lunch!", ts=meeting.stamp(), thread=meeting.stamp())
    meeting.send("devan", EventKind.MESSAGE, text="Hello", ts=meeting.stamp(), channel="D1", in_direct_message=True)
    assert meeting.kept(talk) == []


def test_opening_and_closing_are_kept_from_the_boards_thread(meeting: Meeting) -> None:
    first = meeting.type_on_board("pippa", "Morning, everyone.")
    meeting.start("K4419D", "light")
    last = meeting.type_on_board("orla", "Thank you all.")
    assert [meeting.note(ts).stage for ts in (first, last)] == ["opening", "closing"]  # type: ignore[union-attr]


def test_the_same_message_delivered_three_times_is_kept_once(meeting: Meeting, talk: str) -> None:
    ts = meeting.stamp()
    for _ in range(3):
        meeting.type("devan", talk, "Once.", ts=ts)
    assert meeting.kept(talk) == ["Once."]


def test_a_double_send_is_kept_once(meeting: Meeting, talk: str) -> None:
    meeting.type("devan", talk, "Sent twice.")
    meeting.type("devan", talk, "Sent twice.", minutes=0.5)
    meeting.type("orla", talk, "Sent twice.", minutes=0.1)
    assert meeting.kept(talk) == ["Sent twice.", "Sent twice."]
    assert meeting.codes(talk).count("ignore_duplicate") == 1
    meeting.type("devan", talk, "Sent twice.", minutes=2)
    assert len(meeting.kept(talk)) == 3


def test_an_empty_message_is_ignored_and_a_file_is_not_kept(meeting: Meeting, talk: str) -> None:
    meeting.type("devan", talk, "  \n ")
    meeting.type("devan", talk, "", files=("image",))
    meeting.type("devan", talk, "What the picture shows.", files=("image",))
    assert meeting.kept(talk) == ["What the picture shows."]
    assert [c for c in meeting.codes(talk) if c != "no_clinical_view"] == [
        "ignore_empty",
        "file_not_kept",
        "file_not_kept",
    ]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff\u200e", " \u2060\n\u3164"])
def test_a_message_nobody_could_read_is_ignored(meeting: Meeting, talk: str, unseen: str) -> None:
    meeting.type("devan", talk, unseen)
    assert meeting.kept(talk) == []
    assert "ignore_empty" in meeting.codes(talk)


def test_half_a_character_is_kept_with_a_replacement_sign(meeting: Meeting, talk: str) -> None:
    meeting.type("devan", talk, "Mum said \ud83d yes.")
    assert meeting.kept(talk) == ["Mum said \ufffd yes."]


def test_private_details_are_kept_nowhere_and_the_author_is_told(meeting: Meeting, talk: str, tmp_path: object) -> None:
    ts = meeting.type("marisol", talk, f"Putting this here: {PRIVATE}")
    assert meeting.note(ts) is None
    (blocked,) = meeting.remarks(talk, "privacy_block")
    assert blocked.params["kinds"] == ["date_of_birth", "nhs_number", "postcode"]
    private = meeting.messages(f"remark:{blocked.id}")
    assert private == [f"remark:{blocked.id}", f"remark:{blocked.id}/to:{meeting.people['marisol']}"]
    for key in private:
        assert "999 047" not in text_of(meeting.card(key))
    told = meeting.remarks(talk, "message_not_kept")
    assert "One message was not saved" in text_of(meeting.card(f"remark:{told[0].id}"))


def test_a_blocked_message_is_kept_once_its_author_takes_the_details_out(meeting: Meeting, talk: str) -> None:
    ts = meeting.stamp()
    thread = meeting.address(f"discussion:{talk}")
    meeting.type("marisol", talk, PRIVATE, ts=ts)
    meeting.send("marisol", EventKind.EDITED, ts=ts, thread=thread, text="Details are on the school form.")
    assert meeting.kept(talk) == ["Details are on the school form."]


def test_an_edit_that_brings_private_details_in_is_not_kept(meeting: Meeting, talk: str) -> None:
    ts = meeting.type("marisol", talk, "Her school is fine.")
    meeting.edit("marisol", ts, f"Her school is fine. {PRIVATE}")
    assert meeting.history(ts) == [("typed", "Her school is fine.")]


def test_an_edit_is_a_new_version(meeting: Meeting, talk: str) -> None:
    ts = meeting.type("devan", talk, "AD never gets up.")
    meeting.edit("devan", ts, "AD was in bed on two of five visits.")
    meeting.edit("devan", ts, "AD was in bed on two of five visits.")
    assert meeting.kept(talk) == ["AD was in bed on two of five visits."]
    assert meeting.history(ts) == [
        ("typed", "AD never gets up."),
        ("edited", "AD was in bed on two of five visits."),
    ]


def test_a_deletion_takes_the_note_out_and_keeps_its_history(meeting: Meeting, talk: str) -> None:
    ts = meeting.type("devan", talk, "Wrong family.")
    meeting.delete("devan", ts)
    meeting.delete("devan", ts)
    meeting.edit("devan", ts, "Late edit of something gone.")
    assert meeting.kept(talk) == []
    assert meeting.history(ts) == [("typed", "Wrong family."), ("deleted", "")]


def test_events_out_of_order_end_the_same(meeting: Meeting, talk: str) -> None:
    thread = meeting.address(f"discussion:{talk}")
    first, second = meeting.stamp(), meeting.stamp()
    meeting.send("devan", EventKind.EDITED, ts=first, thread=thread, text="As it is now.")
    meeting.type("devan", talk, "As it was.", ts=first)
    meeting.send("devan", EventKind.DELETED, ts=second, thread=thread)
    meeting.type("devan", talk, "Taken back.", ts=second)
    assert meeting.kept(talk) == ["As it is now."]


def test_an_idea_in_the_wrong_stage_can_be_moved_with_one_press(meeting: Meeting, talk: str) -> None:
    meeting.go_to(talk, "changed")
    text = "Perhaps the more TD does in the morning, the more people tell AD how lucky she is to have him."
    ts = meeting.type("tomasz", talk, text)
    (remark,) = meeting.remarks(talk, "wrong_stage")
    assert remark.params["stage"] == "hypotheses"
    note = meeting.note(ts)
    assert note is not None
    moved = meeting.press("tomasz", "note.move", discussion=talk, contribution=note.id, stage="hypotheses")
    assert "Moved to “Ideas about what is going on”" in note_text(moved)
    assert [what for what, _ in meeting.history(ts)] == ["typed", "moved"]
    assert meeting.note(ts).stage == "hypotheses"  # type: ignore[union-attr]


def test_a_note_moves_by_shortcut(meeting: Meeting, talk: str) -> None:
    ts = meeting.type("devan", talk, "AD asked for her name on the chart.")
    asked = meeting.shortcut("pippa", "move_note", ts)
    meeting.hand_in("pippa", asked, {"to_stage": "changed"})
    assert meeting.note(ts).stage == "changed"  # type: ignore[union-attr]
    meeting.go_to(talk, "voices")
    meeting.shortcut("pippa", "note_stage", ts)
    assert meeting.note(ts).stage == "voices"  # type: ignore[union-attr]


def test_a_note_cannot_move_to_a_stage_of_another_kind(meeting: Meeting, talk: str) -> None:
    ts = meeting.type("devan", talk, "Something.")
    answer = meeting.hand_in("pippa", meeting.shortcut("pippa", "move_note", ts), {"to_stage": "l_next"})
    assert "does not belong" in str(answer)
    assert meeting.note(ts).stage == "open"  # type: ignore[union-attr]


def test_a_shortcut_on_something_not_kept_says_so(meeting: Meeting, talk: str) -> None:
    assert "only from a family's thread" in note_text(meeting.shortcut("pippa", "move_note", meeting.stamp()))


def test_who_has_left_is_told_and_nothing_is_kept(meeting: Meeting, talk: str) -> None:
    left = _leave(meeting, "marisol")
    meeting.type("marisol", talk, "One more thing.")
    assert meeting.kept(talk) == []
    assert [r.person_id for r in meeting.remarks(talk, "refuse_author_left")] == [left]


def test_a_stranger_is_told_and_nothing_is_kept(meeting: Meeting, talk: str) -> None:
    from handlers import routes
    from handlers.turn import Event

    event = Event(
        id="stranger",
        kind=EventKind.MESSAGE,
        at=meeting.now,
        chat_user="U0STRANGER",
        channel=CHANNEL,
        text="Hello?",
        ts=meeting.stamp(),
        thread=meeting.address(f"discussion:{talk}"),
    )
    with meeting.db.write() as session:
        answer = routes.handle(session, event, meeting.now)
    assert isinstance(answer, Note)
    assert meeting.kept(talk) == []


def test_words_about_suicide_name_whom_to_call(meeting: Meeting, talk: str) -> None:
    meeting.type("marisol", talk, "He said he wanted to kill himself last night.")
    assert "tier3_direct" in meeting.codes(talk)


def test_nothing_a_person_wrote_lies_readable_in_the_database(meeting: Meeting, talk: str) -> None:
    meeting.type("devan", talk, "A sentence nobody else may read.")
    with meeting.reading() as session:
        rows = session.connection().exec_driver_sql("select * from contribution").fetchall()
        rows += session.connection().exec_driver_sql("select * from contribution_version").fetchall()
    assert "nobody else" not in str(rows)


def _leave(meeting: Meeting, who: str) -> str:
    from storage.unit import people

    with meeting.db.write() as session:
        membership = people.membership(session, meeting.unit.unit_id, meeting.people[who])
        assert membership is not None
        people.leave_unit(session, membership, meeting.now.date())
    return meeting.people[who]
