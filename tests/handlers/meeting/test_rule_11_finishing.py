"""Rule 11, finishing: one read-back with Confirm, light or full; one message for the lead with all that waits."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.turn import ChannelFacts, EventKind
from storage.meeting import meetings
from tests.worlds.discussion_world import Meeting, labels, note_text, text_of

KINDS = pytest.mark.parametrize("kind", ["light", "full"])
ACTION = {"text": "Ring school", "how_we_know": "TD says so"}


def finished(meeting: Meeting, ref: str, kind: str) -> str:
    talk = meeting.start(ref, kind)
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    return talk


def read_back(meeting: Meeting, talk: str) -> Any:
    found = meeting.discussion(talk)
    if found.kind == "light":
        return meeting.stage_card(talk)
    return meeting.card(f"discussion:{talk}/readback:{found.stage_no}")


def lead_list(meeting: Meeting) -> Any:
    (key,) = (key for key in meeting.messages("person:") if "/awaiting:" in key)
    assert key == f"person:{meeting.people['orla']}/awaiting:{meeting.meeting_id}"
    return meeting.card(key)


@KINDS
@pytest.mark.parametrize("who", ["orla", "devan"])
def test_the_read_back_has_confirm_for_lead_and_deputy_in_the_thread(meeting: Meeting, kind: str, who: str) -> None:
    talk = finished(meeting, "K4419D", kind)
    card = read_back(meeting, talk)
    assert "Read back: K4419D" in text_of(card)
    assert labels(card) == {"Confirm", "Not yet, go back", "Read the record", "Immediate concern"}
    assert "unit lead or the deputy" in note_text(meeting.press("pippa", "discussion.confirm", discussion=talk))
    meeting.press(who, "discussion.confirm", discussion=talk)
    assert meeting.state(talk) == "closed"


@KINDS
def test_not_yet_goes_back_and_the_lead_no_longer_waits_for_it(meeting: Meeting, kind: str) -> None:
    talk = finished(meeting, "K4419D", kind)
    meeting.press("devan", "discussion.reopen", discussion=talk)
    assert (meeting.state(talk), meeting.item(talk).state) == ("open", "now")
    assert meeting.discussion(talk).closed_at is None
    assert "Confirm K4419D" not in labels(lead_list(meeting))
    meeting.finish("devan", talk)
    assert "Confirm K4419D" in labels(lead_list(meeting))


def test_the_lead_has_one_message_with_all_that_waits(meeting: Meeting) -> None:
    for ref, kind in (("K4419D", "light"), ("K3107C", "full"), ("K1936E", "light")):
        finished(meeting, ref, kind)
    assert {"Confirm K4419D", "Confirm K3107C", "Confirm K1936E"} <= labels(lead_list(meeting))


def test_all_confirmed_is_said_only_when_all_are(meeting: Meeting) -> None:
    light, full = finished(meeting, "K4419D", "light"), finished(meeting, "K3107C", "full")
    other = meeting.start("K1936E", "light")
    meeting.press("orla", "discussion.confirm", discussion=light)
    assert "confirmed" not in text_of(lead_list(meeting)).replace("confirm it", "")
    meeting.press("orla", "discussion.confirm", discussion=full)
    assert "Nothing waits for you just now" in text_of(lead_list(meeting))
    meeting.press("orla", "meeting.close_now", meeting=meeting.meeting_id)
    assert "on the next agenda: K1936E" in text_of(lead_list(meeting))
    assert meeting.state(other) == "parked"


def test_all_confirmed_names_what_changed_since(meeting: Meeting) -> None:
    talk = finished(meeting, "K4419D", "light")
    meeting.press("orla", "discussion.confirm", discussion=talk)
    meeting.press("orla", "meeting.close_now", meeting=meeting.meeting_id)
    assert "Every discussion of this meeting is confirmed" in text_of(lead_list(meeting))
    meeting.type("devan", talk, "One more thing.")
    assert "since it was confirmed: K4419D" in text_of(lead_list(meeting))


def test_a_full_family_finished_but_not_confirmed_waits_for_the_lead_after_the_meeting(meeting: Meeting) -> None:
    talk = finished(meeting, "K3107C", "full")
    meeting.press("orla", "meeting.close_now", meeting=meeting.meeting_id)
    assert (meeting.state(talk), meeting.item(talk).state) == ("awaiting", "done")
    assert "Confirm K3107C" in labels(lead_list(meeting))
    assert labels(read_back(meeting, talk)) == {"Confirm", "Read the record", "Immediate concern"}
    meeting.press("orla", "discussion.confirm", discussion=talk)
    assert "Confirmed by Orla" in text_of(meeting.card(f"discussion:{talk}/summary"))


# ---- what was edited today stands once


def _record(meeting: Meeting, talk: str) -> str:
    return note_text(meeting.press("orla", "discussion.record", discussion=talk))


@KINDS
def test_an_action_corrected_today_stands_once(meeting: Meeting, kind: str) -> None:
    talk = meeting.start("K3107C", kind)
    meeting.record("pippa", "action", talk, ACTION)
    asked = meeting.press("pippa", "action.edit", action=meeting.entries("action")[-1].subject_id or "")
    meeting.hand_in("pippa", asked, {**ACTION, "text": "Ring the school office", "owner": meeting.people["devan"]})
    shown = _record(meeting, talk)
    assert shown.count("Ring the school office") == 1
    assert '"Ring school' not in shown
    assert "Actions from before" not in shown


def test_a_role_written_anew_today_stands_once(meeting: Meeting) -> None:
    talk = meeting.start("K3107C", "full")
    meeting.record("pippa", "role", talk, {"role": "Speaks with school", "person": meeting.people["devan"]})
    asked = meeting.press("pippa", "entry.edit", entry=meeting.entries("role")[-1].id)
    meeting.hand_in("pippa", asked, {"role": "Speaks with both schools", "person": meeting.people["devan"]})
    shown = _record(meeting, talk)
    assert "Speaks with both schools" in shown
    assert "Speaks with school" not in shown


# ---- what came after the lead confirmed


@KINDS
def test_an_added_note_is_not_called_changed(meeting: Meeting, kind: str) -> None:
    talk = finished(meeting, "K4419D", kind)
    meeting.press("orla", "discussion.confirm", discussion=talk)
    meeting.type("devan", talk, "One more thing.")
    (remark,) = meeting.remarks(talk, "late_note")
    assert meeting.remarks(talk, "late_edit") == []
    said = text_of(meeting.card(f"remark:{remark.id}/to:{meeting.people['orla']}"))
    assert "Devan added something after this was confirmed" in said
    shown = _record(meeting, talk)
    assert "Added by Devan" in shown
    assert "Changed by" not in shown


def test_a_record_added_later_is_called_added_and_one_changed_later_changed(meeting: Meeting) -> None:
    talk = finished(meeting, "K4419D", "full")
    meeting.record("pippa", "stop_doing", talk, {"text": "We stop ringing AD."})
    meeting.press("orla", "discussion.confirm", discussion=talk)
    meeting.record("pippa", "stop_doing", talk, {"text": "We stop writing, too."})
    assert [len(meeting.remarks(talk, code)) for code in ("late_note", "late_edit")] == [1, 0]
    asked = meeting.press("pippa", "entry.edit", entry=meeting.entries("stop_doing")[0].id)
    meeting.hand_in("pippa", asked, {"text": "We ring AD once a week."})
    assert [len(meeting.remarks(talk, code)) for code in ("late_note", "late_edit")] == [1, 1]


# ---- a member at once


def test_somebody_added_a_minute_ago_is_in_the_meeting(meeting: Meeting) -> None:
    asked = meeting.send(
        "pippa", EventKind.COMMAND, name="/unit", text="add @nell", facts=ChannelFacts(mentions=("U0NEW",))
    )
    meeting.hand_in("pippa", asked, {"name": "Nell", "roles": ["social_worker"]})
    with meeting.reading() as session:
        here = [person.name for person in meetings.attendance(session, meeting.meeting_id)["present"]]
    assert "Nell" in here
    assert "Nell" in text_of(meeting.card(f"meeting:{meeting.meeting_id}/board"))
