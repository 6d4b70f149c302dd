"""The written record: everything in it, in clean words, safe to paste."""

from __future__ import annotations

import pytest

from handlers.entries import pages, record_text
from storage.meeting import discussions
from tests.worlds.discussion_world import Meeting

IDEA = {
    "text": "Perhaps ZM softens each message, and so the mix-ups go on.",
    "evidence_for": ["ZM says she gives the nice version."],
    "evidence_against": ["The dates were agreed with no child involved."],
    "would_change_mind": "If direct texts become normal.",
    "status": "live",
}


@pytest.fixture
def talk(meeting: Meeting) -> str:
    return meeting.start("K2284H")


def written(meeting: Meeting, talk: str) -> str:
    with meeting.reading() as session:
        return pages.as_text(record_text.record_blocks(session, discussions.get(session, talk), meeting.now))


def page(meeting: Meeting, talk: str) -> str:
    with meeting.reading() as session:
        blocks = record_text.record_blocks(session, discussions.get(session, talk), meeting.now)
        return pages.as_part(blocks)


def test_an_idea_always_stands_with_author_date_status_and_evidence(meeting: Meeting, talk: str) -> None:
    meeting.record("marisol", "hypothesis", talk, {**IDEA, "owner": meeting.people["tomasz"]})
    text = written(meeting, talk)
    after = text[text.index("Perhaps ZM softens") :]
    assert "Offered by Tomasz, recorded by Marisol, 17 November 2026" in after
    assert "Status: live" in after
    assert "- ZM says she gives the nice version." in after
    assert "- The dates were agreed with no child involved." in after
    assert "tentative" in text


def test_notes_stand_under_their_stage_with_author_and_time(meeting: Meeting, talk: str) -> None:
    meeting.go_to(talk, "safety")
    meeting.type("marisol", talk, "I saw both at school.")
    text = written(meeting, talk)
    assert "“I saw both at school.” (Marisol, 09:" in text[text.index("Safety first") :]


def test_what_was_taken_back_is_not_in_the_record(meeting: Meeting, talk: str) -> None:
    meeting.delete("devan", meeting.type("devan", talk, "Wrong family."))
    assert "Wrong family." not in written(meeting, talk)


def test_what_people_wrote_can_do_nothing_in_the_page(meeting: Meeting, talk: str) -> None:
    meeting.type("devan", talk, "<script>alert('x')</script> & more\nsecond line")
    html = page(meeting, talk)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "&amp; more<br>second line" in html


def test_a_stop_stands_at_the_top_with_who_was_told(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    told = [{"member": meeting.people["graham"], "time": "10:04"}]
    meeting.record("orla", "stop", talk, {"told": told, "after": "go_on"})
    text = written(meeting, talk)
    assert "Raised by Devan" in text
    assert "- Graham at 10:04" in text
    assert text.index("Graham at 10:04") < text.index("Decisions")


def test_a_change_after_confirming_shows_before_and_after(meeting: Meeting, talk: str) -> None:
    ts = meeting.type("devan", talk, "Three visits.")
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    meeting.press("orla", "discussion.confirm", discussion=talk)
    meeting.edit("devan", ts, "Four visits.")
    text = written(meeting, talk)
    late = text[text.index("Added or changed after the lead confirmed") :]
    assert "Before: “Three visits.”" in late
    assert "Now: “Four visits.”" in late


def test_the_record_says_what_is_missing(meeting: Meeting, talk: str) -> None:
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    assert "Recorded as missing\n- Settle and set up: not recorded" in written(meeting, talk)


def test_right_to_left_words_keep_their_direction_in_the_page(meeting: Meeting, talk: str) -> None:
    meeting.type("devan", talk, "أهلا بكم")
    assert 'dir="auto"><p>أهلا بكم' in page(meeting, talk)
