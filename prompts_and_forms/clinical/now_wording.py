"""What is true now after a step of clinical work, and what comes next by what is there already."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words

TIER3_SAVED = "Saved: who was called, and the plan."
URGENT_OVER = "The urgent time is over. The plan is saved."
NOTHING_CAME = "The commissioning meeting did not take place. It needs another day."
DECLINED = "The family does not want the work, so it ends here."
NOT_CONFIRMED = "Not confirmed. It goes back to the clinician and the consultant social worker."
AGREED = {
    "clinical_work": "The unit agreed clinical work. It waits for the clinical manager's yes.",
    "more_thinking": "The unit thinks about it more before it decides.",
    "no_clinical_work": "The unit agreed: no clinical work for now.",
}
ALL_IN = "Every closing questionnaire is in. “Closing questionnaires” closes the work."
ALL_IN_NOW = "Every closing questionnaire is in. You can close the work now."
NONE_TO_COME = "No closing questionnaire is still to come. “Closing questionnaires” closes the work."
CLOSE_THE_WORK = "Close it today"
SOME_TO_COME = "Saved. Some questionnaires are still to come."
NOW_PERMISSION = "Now the permission to share: only what is missing."
NOW_THE_END = "Now the end of the work: only what the review did not say."
PERMISSION_IS_SIGNED = "Permission to share is signed."
WITHOUT_PERMISSION = "Permission to share is not signed yet. Services and school are asked only once it is."


def consulted(outcome: str) -> str:
    """Consultation saved, with what was agreed."""
    return f"Consultation saved. You agreed: {_lower(outcome)}."


def visited(on: date | None) -> str:
    """A joint home visit and its day."""
    return f"Joint home visit saved{_on(on)}."


def confirmed(name: str, altered: bool) -> str:
    """Who does the clinical work, as the manager decided."""
    return f"{'Altered' if altered else 'Confirmed'}: {name} does the clinical work."


def booked(on: date, time: str, place: str) -> str:
    """Commissioning meeting booked: Tuesday 1 December, 10:00, Hill Centre."""
    return f"Commissioning meeting booked: {', '.join(part for part in (_day(on), time, place) if part)}."


def commissioned(on: date | None) -> str:
    """The family was met and wants the work."""
    return f"You met the family{_on(on)}, and the work goes ahead."


def session_held(number: int, on: date | None, then: date | None) -> str:
    """Which session it was, when, and when the next one is."""
    after = f" The next one is on {_day(then)}." if then else ""
    return f"Session {number} saved{_on(on)}.{after}"


def reviewed(decision: str) -> str:
    """What the review decided."""
    return f"Review saved: {_lower(decision)}."


def referred(service: str, answer_by: date | None) -> str:
    """To whom, and by when an answer is expected."""
    after = f" The answer is expected by {_day(answer_by)}." if answer_by else ""
    return f"Referred to {service}.{after}"


def answered(answer: str) -> str:
    """The answer to a referral."""
    return f"Answer saved: {_lower(answer)}."


def ended(on: date | None) -> str:
    """The last day of the work."""
    return f"The clinical work has ended{_on(on)}."


def closed(on: date | None) -> str:
    """That nothing is left to come."""
    return f"Closed{_on(on)}. The closing questionnaires are settled."


def whats_next(*, assessment_open: bool, agreed: bool, offered: bool, begun: bool, booked: date | None) -> str:
    """What comes next once work is commissioned (`begun` = there was a session), by what is there already."""
    waits = [] if agreed else ["a yes to the agreement that is offered" if offered else "a joint working agreement"]
    if assessment_open:
        waits.insert(0, "the clinician's assessment")
    session = f"{'the next' if begun else 'the first'} session{f', on {_day(booked)}' if booked else ''}"
    return _sentence(session) if not waits else _sentence(f"{', '.join(waits)} and {session}")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _lower(label: str) -> str:
    """An option in the middle of a sentence; a name such as CAMHS stays as it is."""
    return f"{label[:1].lower()}{label[1:]}" if label[1:2].islower() or label[1:2] == " " else label


def _on(day: date | None) -> str:
    return f" on {_day(day)}" if day else ""


def _day(day: date) -> str:
    return day_words.on_day(day)
