"""Compares what was kept with what the file says should have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from bot.practice.rehearsal.written import Names
from prompts_and_forms.states import ActionStatus, ContributionState, FamilyStatus
from storage.database.bodies import TextBody
from storage.database.tables import (
    Action,
    ActionChange,
    Agreement,
    Contribution,
    ContributionVersion,
    Discussion,
    Entry,
    Family,
    Hypothesis,
    RemarkGiven,
)
from storage.database.vault import unseal
from storage.family import families
from storage.forms import entries
from storage.meeting import contributions, meetings

NOT_PART_OF_THE_RECORD = frozenset({"boundary_check"})
SUBJECTS = ("child", "carer", "action")
TEXT_KEPT_CODES = frozenset({"keep_verbatim", "keep_direction", "privacy_allow", "escape_formula"})
NOT_KEPT_CODES = frozenset(
    {
        "privacy_block",
        "refuse_author_left",
        "refuse_owner_left",
        "ignore_empty",
        "ignore_duplicate",
        "concurrent_submit",
    }
)
NO_REMARK_NEEDED = TEXT_KEPT_CODES | {
    "keep_edit_history",
    "late_edit",
    "no_ping",
    "concurrent_submit",
    "ignore_duplicate",
    "ignore_empty",
}


@dataclass
class Played:
    """What happened when one written turn was played."""

    turn: Mapping[str, Any]
    family: str | None
    stage: str
    discussion_id: str = ""
    ts: str = ""
    said: str = ""
    """What was typed, as the place hands it on."""
    entry_id: str = ""
    answers: dict[str, Any] | None = None
    refused: str = ""
    remarks: list[RemarkGiven] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    duplicate: bool = False

    @property
    def id(self) -> str:
        """The turn's id in the file."""
        return str(self.turn["id"])


@dataclass
class Before:
    """What was true before the meeting opened."""

    stuck: set[str]
    not_discussed_21_days: set[str]
    never_discussed: set[str]


def before(session: Session, unit_id: str, names: Names) -> Before:
    """How things were before the meeting, as far as the judge needs it."""
    by_id = {v: k for k, v in names.families.items()}
    slug = {v: k for k, v in names.actions.items()}
    open_actions = session.exec(select(Action).where(Action.status == ActionStatus.OPEN, Action.carried_over >= 2))
    stuck = {slug[a.id] for a in open_actions if a.id in slug}
    quiet, never = set(), set()
    for family in session.exec(select(Family).where(Family.unit_id == unit_id, Family.status == FamilyStatus.OPEN)):
        if family.last_discussed_on is None:
            never.add(by_id[family.id])
        elif (names.day - family.last_discussed_on).days >= 21:
            quiet.add(by_id[family.id])
    return Before(stuck, quiet, never)


def judge(
    session: Session, meeting_id: str, expected: Mapping[str, Any], played: list[Played], was: Before, names: Names
) -> list[str]:
    """Every fault in words; an empty list means all that was said is kept and nothing that should not be."""
    faults = [fault for p in played for fault in _turn_faults(session, p, names)]
    faults += _state_faults(session, meeting_id, expected, played, was, names)
    return faults


# ---- single turns


def _turn_faults(session: Session, played: Played, names: Names) -> list[str]:
    turn = played.turn
    codes = {e["code"] for e in turn.get("expect", [])}
    faults = [
        f"{played.id}: {fault}" for e in turn.get("expect", []) for fault in _expect_faults(session, played, e, names)
    ]
    blocked = codes & NOT_KEPT_CODES
    if turn["act"] == "say" and not blocked and not played.duplicate:
        faults += _said_faults(session, played)
    if turn["act"] == "record" and not blocked and not played.duplicate:
        faults += _record_faults(session, played)
    return faults


def _contribution(session: Session, ts: str) -> Contribution | None:
    return session.exec(select(Contribution).where(Contribution.ts == ts)).first() if ts else None


def _said_faults(session: Session, played: Played) -> list[str]:
    kept = _contribution(session, played.ts)
    if kept is None:
        return [f"{played.id}: what was typed is not saved"]
    first = contributions.text(session, contributions.versions(session, kept.id)[0])
    if first != _as_delivered(played.said):
        return [f"{played.id}: the text did not come back as it was typed"]
    return []


def _as_delivered(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _record_faults(session: Session, played: Played) -> list[str]:
    if played.refused:
        return [f"{played.id}: {played.turn['form']} was refused: {played.refused}"]
    entry = session.get(Entry, played.entry_id) if played.entry_id else None
    if entry is None:
        return [f"{played.id}: {played.turn['form']} is not saved"]
    kept = entries.answers(session, entry)
    missing = _missing(played.answers or {}, kept, "")
    return [f"{played.id}: {played.turn['form']} lost {path}" for path in missing]


def _missing(wanted: Any, kept: Any, path: str) -> list[str]:
    """Where `kept` does not hold what was given. An empty answer given may be left out."""
    if isinstance(wanted, dict):
        found: list[str] = []
        for key, value in wanted.items():
            here = f"{path}.{key}" if path else key
            if here in NOT_PART_OF_THE_RECORD or value in (None, "", [], {}):
                continue
            found += [here] if not isinstance(kept, dict) or key not in kept else _missing(value, kept[key], here)
        return found
    if isinstance(wanted, list):
        full = [w for w in wanted if w not in (None, "") and not _only_names_its_subject(w)]
        if full and isinstance(kept, list) and _subject(full[0]) is not None:
            by_subject = {_subject(k): k for k in kept}
            return [
                fault for w in full for fault in _missing(w, by_subject.get(_subject(w), {}), f"{path}[{_subject(w)}]")
            ]
        if not isinstance(kept, list) or len(kept) < len(full):
            return [path]
        return [fault for n, w in enumerate(full) for fault in _missing(w, kept[n], f"{path}[{n}]")]
    given = _as_delivered(wanted) if isinstance(wanted, str) else wanted
    return [] if given == kept else [path]


def _subject(row: Any) -> Any:
    """The child, carer or action a row is about, where it is about one."""
    return next((row[k] for k in SUBJECTS if k in row), None) if isinstance(row, dict) else None


def _only_names_its_subject(row: Any) -> bool:
    return isinstance(row, dict) and all(k in SUBJECTS or v in (None, "", []) for k, v in row.items())


def _expect_faults(session: Session, played: Played, expect: Mapping[str, Any], names: Names) -> list[str]:
    code = expect["code"]
    if code in NO_REMARK_NEEDED:
        fault = _kept_as_it_should(session, played, code)
        return [fault] if fault else []
    given = [r for r in played.remarks if r.code == code] or _said_before(session, played, code)
    if not given:
        return [f"the bot should have said {code}"]
    if not any(_params_match(session, expect, r, names) for r in given):
        return [f"{code} did not name { ({k: v for k, v in expect.items() if k != 'code'}) }"]
    if code == "privacy_block":
        return _leaks(session, str(played.turn["text"]))
    return []


def _said_before(session: Session, played: Played, code: str) -> list[RemarkGiven]:
    """A remark that is given once a discussion counts for every turn that would have called for it again."""
    if not played.discussion_id:
        return []
    query = select(RemarkGiven).where(RemarkGiven.discussion_id == played.discussion_id, RemarkGiven.code == code)
    return list(session.exec(query))


def _params_match(session: Session, expect: Mapping[str, Any], remark: RemarkGiven, names: Names) -> bool:
    return all(
        _same_param(session, key, wanted, remark.params.get(key), names)
        for key, wanted in expect.items()
        if key != "code"
    )


def _same_param(session: Session, key: str, wanted: Any, given: Any, names: Names) -> bool:
    match key:
        case "kinds":
            return set(wanted) == set(given or ())
        case "action":
            return bool(given == names.actions.get(wanted, wanted))
        case "child":
            return bool(families.child_key(session, str(given)) == wanted)
        case "stage":
            return given in (wanted, None)
    return True


def _leaks(session: Session, text: str) -> list[str]:
    kept = session.exec(select(Contribution))
    return ["the blocked text was saved"] if any(unseal(session, k, TextBody).text == text for k in kept) else []


def _kept_as_it_should(session: Session, played: Played, code: str) -> str:
    kept = _contribution(session, played.ts)
    if code in TEXT_KEPT_CODES:
        if played.turn["act"] == "say" and kept is None:
            return f"{code}: the text is not saved"
        return ""
    if code in ("keep_edit_history", "late_edit"):
        original = _contribution(session, played.ts)
        if original is None or not _has_version(session, original, "edited"):
            return f"{code}: the earlier words are not saved beside the new ones"
        if code == "late_edit" and not original.after_confirm:
            return "late_edit: the change after confirming is not marked"
    if code == "no_ping" and played.mentions:
        return f"no_ping: {', '.join(played.mentions)} was called"
    if code == "ignore_empty" and (kept is not None or played.entry_id):
        return "ignore_empty: an empty text was saved"
    if code == "ignore_duplicate" and kept is not None and kept.state == ContributionState.KEPT:
        return "ignore_duplicate: the second copy was saved"
    return ""


def _has_version(session: Session, kept: Contribution, what: str) -> bool:
    query = select(ContributionVersion).where(
        ContributionVersion.contribution_id == kept.id, ContributionVersion.what == what
    )
    return session.exec(query).first() is not None


# ---- the end state


def _state_faults(
    session: Session, meeting_id: str, expected: Mapping[str, Any], played: list[Played], was: Before, names: Names
) -> list[str]:
    held = meetings.discussions(session, meeting_id)
    by_turn = {p.id: p for p in played}
    found: dict[str, Any] = {
        "discussions": len(held),
        "full": sum(d.kind == "full" and d.stopped_at is None for d in held),
        "light": sum(d.kind == "light" and d.stopped_at is None for d in held),
        "stopped": sum(d.stopped_at is not None for d in held),
        "switched_to_full": sum(d.first_kind == "light" and d.kind == "full" for d in held),
        "new_hypotheses": _new(session, Hypothesis, held, names.hypotheses),
        "new_contracts": _new(session, Agreement, held, names.agreements),
        "new_actions": _new(session, Action, held, names.actions),
        "reassigned": _actions_with(session, held, names, "handed_over"),
        "closed_actions": _actions_with(session, held, names, "done"),
        "dropped_actions": _actions_with(session, held, names, "dropped"),
        "status_changes": {
            slug: _status(session, names.hypotheses.get(slug, "")) for slug in expected.get("status_changes", {})
        },
        "stuck_actions": sorted(was.stuck),
        "not_discussed_21_days": sorted(was.not_discussed_21_days),
        "never_discussed": sorted(was.never_discussed),
        "edits": sorted(t for t in expected.get("edits", []) if _turn_did(session, by_turn, t, "edited")),
        "deletes": sorted(t for t in expected.get("deletes", []) if _turn_did(session, by_turn, t, "deleted")),
        "moves": sorted(t for t in expected.get("moves", []) if _turn_did(session, by_turn, t, "moved")),
        "privacy_blocks": sorted(p.id for p in played if any(r.code == "privacy_block" for r in p.remarks)),
    }
    faults = []
    for key, wanted in expected.items():
        if key not in found:
            faults.append(f"expected.{key}: the rehearsal does not know this")
            continue
        got = found[key]
        same = sorted(wanted) == got if isinstance(wanted, list) else wanted == got
        if not same:
            faults.append(f"expected.{key}: {wanted}, found {got}")
    return faults


def _new(session: Session, table: Any, held: list[Discussion], names: Mapping[str, str]) -> list[str]:
    slug = {v: k for k, v in names.items()}
    query = select(table).where(col(table.discussion_id).in_([d.id for d in held]))
    return sorted(slug.get(row.id, f"(unknown {row.id[:6]})") for row in session.exec(query))


def _actions_with(session: Session, held: list[Discussion], names: Names, what: str) -> list[str]:
    slug = {v: k for k, v in names.actions.items()}
    query = select(ActionChange.action_id).where(
        ActionChange.what == what, col(ActionChange.discussion_id).in_([d.id for d in held])
    )
    return sorted({slug.get(i, i) for i in session.exec(query)})


def _status(session: Session, hypothesis_id: str) -> str:
    row = session.get(Hypothesis, hypothesis_id)
    return row.status if row else "(unknown)"


def _turn_did(session: Session, by_turn: Mapping[str, Played], turn_id: str, what: str) -> bool:
    played = by_turn.get(turn_id)
    kept = _contribution(session, played.ts) if played else None
    return kept is not None and _has_version(session, kept, what)
