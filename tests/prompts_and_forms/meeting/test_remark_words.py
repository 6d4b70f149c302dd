"""What the bot points out: calm, short, complete, and never a judgement."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from prompts_and_forms.meeting import remark_rules

PROMISED = [
    "stop_rule",
    "stop_rule_still_on",
    "no_resume_today",
    "tier3_direct",
    "stuck_action",
    "many_actions",
    "ask_owner",
    "ask_due",
    "ask_child_view",
    "child_view_not_known",
    "unfinished_hypothesis",
    "keep_both_views",
    "offer_full",
    "suggest_full",
    "privacy_block",
    "permission_missing",
    "initial_consultation_missing",
    "wrong_stage",
    "keep_edit_history",
    "late_edit",
    "late_note",
    "pressed_by_mistake",
    "keep_verbatim",
    "keep_direction",
    "privacy_allow",
    "warn_due_past",
    "warn_owner_on_leave",
    "refuse_owner_left",
    "refuse_author_left",
    "owner_left",
    "owner_outside",
    "transferred",
    "no_ping",
    "escape_formula",
    "concurrent_submit",
    "ignore_duplicate",
    "ignore_empty",
    "one_idea_only",
    "safety_not_recorded",
    "child_not_seen",
    "no_clinical_view",
    "file_not_kept",
    "not_readable",
    "message_not_kept",
    "moved_already",
]


@pytest.mark.parametrize("code", PROMISED)
def test_every_promised_remark_has_a_sentence(code: str) -> None:
    assert remark_rules.remark(code).code == code
    assert remark_rules.words(code)


@pytest.mark.parametrize("code", remark_rules.codes())
def test_remarks_are_short_whole_sentences_that_never_call_anything_safe(code: str) -> None:
    sentence = remark_rules.words(code)
    assert len(sentence) <= 220
    assert sentence[0].isupper() or sentence[0] == '"'
    assert sentence[-1] in ".?"
    assert not re.search(r"\bsafe\b|\bfail|\bmust\b|\bwrongly\b|!|[{}]", sentence)


def test_names_are_filled_in() -> None:
    words = remark_rules.words("stuck_action", action="Ring PM", count=2)
    assert words.startswith('"Ring PM" has been carried over 2 times.')


def test_what_people_wrote_is_never_read_as_a_pattern() -> None:
    assert '"Ask {person} \\1 about %s"' in remark_rules.words("ask_owner", action="Ask {person} \\1 about %s")


def test_a_name_that_is_not_known_is_said_in_general_words() -> None:
    assert (
        remark_rules.words("owner_left") == 'Somebody has left the unit and still owns "this action". Who takes it on?'
    )


def test_several_children_are_named_in_one_sentence() -> None:
    assert remark_rules.words("ask_child_view", child=["TD", "LD", "RD"]).startswith("What did TD, LD and RD last say")


@pytest.mark.parametrize(
    "code", ["keep_edit_history", "no_ping", "escape_formula", "ignore_duplicate", "privacy_allow"]
)
def test_what_is_merely_kept_is_shown_to_nobody(code: str) -> None:
    assert remark_rules.remark(code).to is remark_rules.To.NOBODY


def test_personal_details_are_told_to_their_author_alone() -> None:
    assert remark_rules.remark("privacy_block").to is remark_rules.To.AUTHOR
    assert "{kinds}" in remark_rules.remark("privacy_block").sentence
    assert "{kinds}" not in remark_rules.remark("message_not_kept").sentence


def test_a_remark_with_an_unknown_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "remarks.yaml"
    path.write_text(
        "unless_known: {}\nremarks:\n  odd: {when: never, to: thread, often: each, sentence: 'Hello {colour}.'}",
        encoding="utf-8",
    )
    with pytest.raises(remark_rules.RemarkFault, match="odd"):
        remark_rules.read_remarks(path)
