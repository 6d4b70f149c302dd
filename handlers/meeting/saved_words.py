"""What was saved, in the words a colleague would use: "No concern today. TB seen Tue 24 Nov, alone, by Devan"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlmodel import Session

from handlers.entries import lists
from handlers.entries.recording import Answers, group_of, rows_of, text_of
from prompts_and_forms.card import Span, Strong
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.meeting import discussion_wording, saved_wording
from storage.database.tables import Action, Entry
from storage.decisions import actions, agreements, hypotheses
from storage.decisions.actions import OUTSIDE
from storage.family import families
from storage.forms import entries, published
from storage.unit import people

Say = Callable[[Session, Entry, Answers], str]


def lines(session: Session, recorded: Iterable[Entry]) -> list[tuple[Span, ...]]:
    """One line a record, newest last, what was replaced or taken out left away."""
    found: list[tuple[Span, ...]] = []
    for entry in recorded:
        if entry.replaced_by_id is None:
            found.append(line(session, entry))
    return found


def line(session: Session, entry: Entry) -> tuple[Span, ...]:
    """One record in a line: what it is, then what it says."""
    title, say = SAID.get(entry.form, ("", _first_words))
    title = title or published.form_of(session, entry).title
    return (Strong(text=f"{title}: "), say(session, entry, entries.answers(session, entry)))


def _safety(session: Session, entry: Entry, answers: Answers) -> str:
    known = _children(session, entry)
    parts = [
        saved_wording.concern(
            bool(answers.get("immediate_concern")),
            answers.get("manager_needed_today"),
        )
    ]
    for row in rows_of(answers, "seen"):
        on = date.fromisoformat(str(row["date"])) if row.get("date") else None
        by = _who(session, row.get("by"))
        parts.append(saved_wording.seen(known.get(str(row.get("child")), ""), on, by, row.get("alone")))
    parts += [saved_wording.worry(words) for words in answers.get("worries") or []]
    return " ".join(part for part in parts if part)


def _who(session: Session, person_id: Any) -> str:
    if person_id == OUTSIDE:
        return saved_wording.OUTSIDE
    return people.name_of(session, str(person_id)) if person_id else ""


def _children(session: Session, entry: Entry) -> dict[str, str]:
    """Initials of the family's children by their key."""
    found = families.children(session, entry.family_id or "", include_gone=True)
    return families.called(body for _, body in found)


def _change(session: Session, entry: Entry, answers: Answers) -> str:
    return _short(text_of(answers, "change") or text_of(answers, "seen_or_heard") or _longest(answers))


def _voice(session: Session, entry: Entry, answers: Answers) -> str:
    who = _children(session, entry) | _carers(session, entry)
    name = who.get(str(answers.get("child") or answers.get("who")), "")
    return saved_wording.quoted(name, _short(text_of(answers, "words")))


def _carers(session: Session, entry: Entry) -> dict[str, str]:
    return families.called(body for _, body in families.carers(session, entry.family_id or ""))


def _voices(session: Session, entry: Entry, answers: Answers) -> str:
    who = _children(session, entry) | _carers(session, entry)
    said = [(row.get("child"), text_of(row, "words")) for row in rows_of(answers, "children")]
    said += [(row.get("carer"), text_of(row, "view")) for row in rows_of(answers, "carers")]
    return " ".join(saved_wording.quoted(who.get(str(key), ""), _short(words)) for key, words in said if words.strip())


def _actions(session: Session, entry: Entry, answers: Answers) -> str:
    parts = [
        saved_wording.result(_short(_text_of_action(session, str(row.get("action")))), str(row["result"]))
        for row in (*rows_of(answers, "updates"), *rows_of(answers, "previous_actions"))
        if row.get("result")
    ]
    for row in rows_of(answers, "new"):
        due = date.fromisoformat(str(row["due"])) if row.get("due") else None
        parts.append(saved_wording.new_action(_short(text_of(row, "text")), _who(session, row.get("owner")), due))
    return " ".join([*parts, _change(session, entry, answers) if entry.form == "changed" else ""]).strip()


def _text_of_action(session: Session, action_id: str) -> str:
    action = actions.by_id(session, action_id)
    return actions.words(session, action).text if action else ""


def _action(session: Session, entry: Entry, answers: Answers) -> str:
    action: Action | None = actions.by_id(session, entry.subject_id or "")
    if action is None:
        return _first_words(session, entry, answers)
    text = _short(actions.words(session, action).text)
    return saved_wording.new_action(text, lists.owner_words(session, action), action.due_on)


def _idea(session: Session, entry: Entry, answers: Answers) -> str:
    idea = hypotheses.by_id(session, entry.subject_id or "")
    return _short(hypotheses.words(session, idea).text if idea else text_of(answers, "text"))


def _agreement(session: Session, entry: Entry, answers: Answers) -> str:
    """The focus, as it is agreed now, and where the agreement stands."""
    agreement = agreements.by_id(session, entry.subject_id or "")
    if agreement is None:
        return _short(text_of(answers, "focus"))
    status = decisions_wording.AGREEMENT_STATUS.get(agreement.status, agreement.status)
    return saved_wording.agreement(_short(agreements.words(session, agreement).focus), status, agreement.review_on)


def _role(session: Session, entry: Entry, answers: Answers) -> str:
    return saved_wording.quoted(_who(session, answers.get("person")), _short(text_of(answers, "role")))


def _views(session: Session, entry: Entry, answers: Answers) -> str:
    """What it is about, and each view in its own words: nothing here blends them."""
    views = [
        saved_wording.quoted(_who(session, row.get("who")), _short(text_of(row, "view")))
        for row in rows_of(answers, "views")
    ]
    return " ".join([saved_wording.sentence(_short(text_of(answers, "about"))), *views])


def _conversation(session: Session, entry: Entry, answers: Answers) -> str:
    known = _children(session, entry) | _carers(session, entry)
    on = date.fromisoformat(str(answers["when"])) if answers.get("when") else None
    with_whom = [known.get(str(key), "") for key in answers.get("with") or []]
    who = _who(session, answers.get("by"))
    return saved_wording.conversation(who, with_whom, on, _short(text_of(answers, "opening_line")))


def _next(session: Session, entry: Entry, answers: Answers) -> str:
    wanted = group_of(answers, "next_discussion")
    on = date.fromisoformat(str(wanted["date"])) if wanted.get("date") else None
    return f"{discussion_wording.next_words(on, wanted.get('kind'))}."


def _first_words(session: Session, entry: Entry, answers: Answers) -> str:
    """The longest text of any other form; where it has none, by whom it was saved."""
    return _short(_longest(answers)) or saved_wording.by(people.name_of(session, entry.recorded_by_id))


def _longest(value: Any) -> str:
    if isinstance(value, dict):
        return max((_longest(one) for key, one in value.items() if key not in NO_WORDS), key=len, default="")
    if isinstance(value, list | tuple):
        return max((_longest(one) for one in value), key=len, default="")
    return value if isinstance(value, str) and " " in value else ""


def _short(words: str) -> str:
    return saved_wording.shortened(words)


NO_WORDS = ("child", "carer", "action", "date", "due", "by", "owner", "member")
SAID: dict[str, tuple[str, Say]] = {
    "safety": (saved_wording.SAFETY, _safety),
    "l_safety": (saved_wording.SAFETY, _safety),
    "changed": (saved_wording.CHANGE, _actions),
    "l_changed": (saved_wording.CHANGE, _change),
    "l_voice": (saved_wording.WORDS, _voice),
    "view": (saved_wording.WORDS, _voice),
    "voices": (saved_wording.WORDS, _voices),
    "l_actions": (saved_wording.ACTIONS, _actions),
    "action": (saved_wording.ACTION, _action),
    "hypothesis": (saved_wording.IDEA, _idea),
    "contract": (saved_wording.AGREEMENT, _agreement),
    "role": (saved_wording.ROLE, _role),
    "disagreement": (saved_wording.VIEWS, _views),
    "conversation": (saved_wording.CONVERSATION, _conversation),
    "l_next": (saved_wording.NEXT, _next),
    "close": (saved_wording.NEXT, _next),
}
"""What a line begins with, and how its record is said; every other form by its title and its longest words."""
