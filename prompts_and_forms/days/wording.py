"""Sentences about time limits, due dates and the file they come from."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words

LIMIT_AND_UNIT = "a limit needs a unit, and a unit a limit"
UNTIL_BEFORE_FROM = "until lies before from"
NO_RULES = "there are no rules in it"
OVERLAP = "{rule} has two editions for the same days"
KEPT_OLD = "The rules from before stay in force."
KEPT_OWN = "The rules that come with the bot are in force."

UNITS = {
    "working_days": ("working day", "working days"),
    "days": ("day", "days"),
    "weeks": ("week", "weeks"),
    "months": ("month", "months"),
    "hours": ("hour", "hours"),
    "sessions": ("session", "sessions"),
}
STATUS = {
    "statute": "statute",
    "guidance": "statutory guidance",
    "local": "local procedure",
    "protocol": "the service's own protocol",
    "suggestion": "our own suggestion",
}


def span_words(limit: int, unit: str) -> str:
    """A span in the unit of its rule; before or after is said elsewhere."""
    one, many = UNITS[unit]
    return f"{abs(limit)} {one if abs(limit) == 1 else many}"


def rule_sentence(
    duty: str, limit: int | None, unit: str | None, kind: str, starts: str, status: str, source: str
) -> str:
    """The rule as one reads it, for example in the note under a due date."""
    when = _when(limit, unit, kind, starts)
    named = source.casefold().startswith(STATUS[status].casefold())
    where = source if named else f"{STATUS[status]}: {source}" if source else STATUS[status]
    return f"{duty[:1].upper()}{duty[1:]}: {when} ({where})."


def _when(limit: int | None, unit: str | None, kind: str, starts: str) -> str:
    if kind == "now":
        return f"now, after {starts}"
    if limit is None or unit is None:
        return f"before {starts}" if kind == "before" else f"with {starts}"
    if limit == 0 or kind == "at_event":
        return f"at {starts}"
    span = span_words(limit, unit)
    if limit < 0:
        return f"at least {span} before {starts}"
    if kind == "usual":
        return f"usually {span} after {starts}"
    if kind == "trigger":
        return f"after {span} ({starts})"
    return f"no later than {span} after {starts}"


def holidays_run_out(last: date, *, past: bool) -> str:
    """What a coordinator or the council's system administrator reads when the calendar is nearly used up."""
    verb = "ended" if past else "ends"
    return (
        f"The confirmed list of bank holidays {verb} on {day_words.with_weekday(last)}. Working days after it are "
        "worked out from the usual holidays and may be wrong by a day: please bring the bot up to date, and count by "
        "hand where it matters."
    )


def fault_sentence(name: str, line: int, problem: str, kept: str) -> str:
    """What is wrong in a file of rules, where, and what goes on meanwhile."""
    return f"{name}, line {line}: {problem.removesuffix('.')}. {kept}"
