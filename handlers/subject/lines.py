"""Everything recorded about a child, line by line, in order of time: what an answer to a request is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.entries import pages, show
from prompts_and_forms.days import day_words
from prompts_and_forms.subject import wording
from storage.database.tables import Entry, Family
from storage.export.export import export_unit
from storage.family import families
from storage.subject import requests
from storage.unit.people import members

POINTERS = "id family meeting discussion entry first_entry channel ts replaces replaced_by rule source"
COUNTERS = "number reviewed_at_session different_views_step another_way carried_over at recorded_at by recorded_by"
IDS = frozenset([*POINTERS.split(), *COUNTERS.split()])
"""What points somewhere, counts for the machine or stands over the line already."""
DAY = re.compile(r"\d{4}-\d\d-\d\d(T\S+)?")
CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
TIMES = ("raised", "created", "made", "held", "on", "completed", "from", "started", "at", "recorded_at", "said_at")
IDEAS = frozenset({"hypothesis", "hypothesis_status", "position", "view"})
"""Forms in which people say what they think possible."""


@dataclass(frozen=True)
class Line:
    """One line. `key` names it, `at` is a day or a moment ("" = as it is now), `hidden` the codes of its boxes."""

    key: str
    at: str
    what: str
    by: str
    words: str
    idea: bool = False
    hidden: tuple[str, ...] = ()

    @property
    def record(self) -> str:
        """The record it is part of."""
        return ":".join(self.key.split(":")[:2])


def lines(session: Session, family: Family, child_key: str) -> list[Line]:
    """All lines about a child, those without a day first."""
    known = families.body(session, family)
    whole = export_unit(session, family.unit_id, known.ref)
    people = {one["id"]: one["name"] for one in whole["members"]}
    people |= {person.id: person.name for _place, person in members(session, family.unit_id, include_left=True)}
    found = [*_as_now(whole["families"][0], child_key), *_happened(session, whole, child_key)]
    named = (replace(one, by=people.get(one.by, one.by), words=_names_in(one.words, people)) for one in found)
    return sorted(named, key=lambda one: (one.at, one.record, _number(one.key)))


def hide(session: Session, request_id: str, found: list[Line]) -> list[Line]:
    """The same with a box wherever somebody decided that something is left out; no hidden word is in it any more.

    A record that was changed since is left out as a whole, until somebody has looked again.
    """
    marks = requests.marks(session, request_id)
    whole = {record: requests.hash_of(words_of(record, found)) for record in {_record(one.line) for one in marks}}
    stale = {_record(one.line) for one in marks if whole[_record(one.line)] != one.words_hash}
    hidden: dict[str, Line] = {}
    for one in found:
        if one.record in stale:
            hidden[one.key] = replace(one, words=wording.BOX.format(code="R"), by="", hidden=("R",))
    for made in marks:
        line = hidden.get(made.line) or next((one for one in found if one.key == made.line), None)
        if line is None or line.record in stale:
            continue
        part, box = requests.mark_body(session, made).words, wording.BOX.format(code=made.code)
        shown = line.words.replace(part, box) if part and part in line.words else box
        hidden[line.key] = replace(line, words=shown, hidden=(*line.hidden, made.code))
    return [hidden.get(one.key, one) for one in found]


def words_of(record: str, found: list[Line]) -> str:
    """All words of a record: whoever marks one of its lines has looked at these."""
    return "\n".join(one.words for one in found if one.record == record)


def _record(key: str) -> str:
    return ":".join(key.split(":")[:2])


def _number(key: str) -> tuple[int, str]:
    last = key.rpartition(":")[2]
    return (int(last), "") if last.isdigit() else (0, last)


def _as_now(family: dict[str, Any], child_key: str) -> Iterator[Line]:
    """What stands on the family's page, and about the child alone."""
    own = {name: family[name] for name in ("ref", "initials", "status", "summary", "lead_worker", "dates", "extra")}
    own |= {name: family[name] for name in ("permission_to_share", "clinical", "allocated", "transferred")}
    yield from _fields("family:now", "", wording.FAMILY, "", own)
    child: dict[str, Any] = next((one for one in family["children"] if one["key"] == child_key), {})
    yield from _fields(f"child:{child_key}", "", wording.CHILD, "", child)
    for carer in family["carers"]:
        what = wording.PARENT_OR_CARER.format(carer=carer["initials"]).strip()
        yield from _fields(f"carer:{carer['key']}", "", what, "", carer)
    for one in family["plan_outcomes"]:
        yield from _fields(f"outcome:{one['id']}", "", wording.OUTCOME_OF_THE_PLAN, "", one)
    for number, one in enumerate(family["category_history"]):
        yield from _fields(f"category:{number}", _time(one), wording.CATEGORY, one["decided_by"] or "", one)
    for number, one in enumerate(family["closings"]):
        yield from _fields(f"closing:{number}", one["closed"] or "", wording.CLOSED, one["closed_by"] or "", one)
    for one in family["measures"]:
        if one["child"] in (child_key, None):
            at = one["completed"] or _time(one)
            yield from _fields(f"measure:{one['id']}", at, wording.QUESTIONNAIRE, one["recorded_by"] or "", one)
    for one in family["reviews"]:
        yield from _fields(f"review:{one['id']}", _time(one), wording.REVIEW, one["recorded_by"] or "", one)


def _happened(session: Session, whole: dict[str, Any], child_key: str) -> Iterator[Line]:
    for one in whole["hypotheses"]:
        by = one["owner"] or one["recorded_by"] or ""
        what = f"{wording.IDEA} ({one['status']})"
        yield from _fields(f"idea:{one['id']}", _time(one), what, by, one, but=("history", "positions"), idea=True)
        for name in ("history", "positions"):
            for number, step in enumerate(one[name]):
                key, who = f"idea:{one['id']}-{name}-{number}", step.get("by") or step.get("person") or ""
                yield from _fields(key, _time(step), what, who, step, idea=True)
    kinds = (
        ("agreements", wording.AGREEMENT, "versions"),
        ("actions", wording.ACTION, "history"),
        ("roles", wording.ROLE, ""),
        ("episodes", wording.CLINICAL_WORK, "history"),
        ("tracking", wording.TRACKING_FORM, ""),
        ("reminders", wording.REMINDER, ""),
        ("signatures", wording.SIGNATURE, ""),
    )
    for name, what, inner in kinds:
        for number, one in enumerate(whole[name]):
            key, by = f"{name}:{one.get('id') or number}", str(one.get("recorded_by") or one.get("person") or "")
            yield from _fields(key, _time(one), what, by, one, but=(inner,))
            for step_no, step in enumerate(one.get(inner) or []):
                who = str(step.get("by") or step.get("offered_by") or "")
                yield from _fields(f"{key}-{step_no}", _time(step), what, who, step)
    for one in whole["discussions"]:
        told = {name: one[name] for name in ("kind", "state", "present", "stopped", "confirmed", "next_discussion")}
        yield from _fields(
            f"discussion:{one['id']}", one["started_at"] or "", wording.DISCUSSED, one["lead"] or "", told
        )
        for said in one["contributions"]:
            yield from _said(said)
        for entry in one["entries"]:
            yield from _entry(session, entry["id"])
    for entry in whole["entries"]:
        yield from _entry(session, entry["id"])


def _said(said: dict[str, Any]) -> Iterator[Line]:
    """What was typed, each wording it ever had."""
    by, at = said["author"] or "", said["said_at"] or ""
    texts = [(one["at"] or at, one["text"]) for one in said["versions"]] or [(at, said["text"])]
    for number, (when, text) in enumerate(texts):
        if text:
            yield Line(f"said:{said['id']}:{number}", when, wording.TYPED_IN_THE_MEETING, by, text)
    if said["state"] == "deleted":
        yield Line(f"said:{said['id']}:{len(texts)}", at, wording.TYPED_IN_THE_MEETING, by, wording.DELETED)


def _entry(session: Session, entry_id: str) -> Iterator[Line]:
    """A form, as its record shows it, question by question."""
    entry = session.get_one(Entry, entry_id)
    text = pages.as_text(show.answer_blocks(session, entry))
    idea, at = entry.form in IDEAS, entry.recorded_at.isoformat()
    what = wording.IDEA if idea else entry.form.replace("_", " ").capitalize()
    for number, words in enumerate(line for line in text.splitlines() if line.strip()):
        yield Line(f"form:{entry_id}:{number}", at, what, entry.recorded_by_id, words.strip(), idea)


def _fields(
    key: str, at: str, what: str, by: str, values: dict[str, Any], *, but: tuple[str, ...] = (), idea: bool = False
) -> Iterator[Line]:
    flat = [one for name, value in values.items() if name not in (*IDS, *but) for one in _flat(name, value)]
    for number, (label, words) in enumerate(flat):
        yield Line(f"{key}:{number}", at, what, by, f"{label[:1].upper()}{label[1:]}: {words}", idea)


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Each value with its label; what is empty says nothing."""
    label = name.replace("_", " ")
    if isinstance(value, dict):
        for inner, one in value.items():
            if inner not in IDS:
                yield from _flat(f"{label}, {inner}", one)
    elif isinstance(value, list):
        if all(isinstance(one, str | int) for one in value):
            yield from _flat(name, ", ".join(_plain(str(one)) for one in value))
        else:
            for number, one in enumerate(value, 1):
                yield from _flat(f"{label} {number}", one)
    elif value is True or value is False:
        yield label, "yes" if value else "no"
    elif value not in (None, ""):
        yield label, _plain(str(value))


def _plain(value: str) -> str:
    """A day as people write it, a code as words, and everything else as it is."""
    if DAY.fullmatch(value):
        return day_words.in_full(datetime.fromisoformat(value).date())
    return value.replace("_", " ") if CODE.fullmatch(value) else value


def _time(one: dict[str, Any]) -> str:
    return next((str(one[name]) for name in TIMES if isinstance(one.get(name), str)), "")


def _names_in(words: str, people: dict[str, str]) -> str:
    label, colon, value = words.partition(": ")
    if not colon:
        return words
    return f"{label}: {', '.join(people.get(one, one) for one in value.split(', '))}"
