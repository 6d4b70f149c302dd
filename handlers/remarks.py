"""Pointing things out: each remark is saved once as often as its rule says, and shown to whom it concerns."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from handlers import messages
from handlers.concern import challenged
from handlers.render import Rendering, renders
from handlers.turn import Turn
from prompts_and_forms import privacy
from prompts_and_forms.card import Block, Button, Buttons, Card, say
from prompts_and_forms.days import day_words
from prompts_and_forms.meeting import agenda_rules, concern_wording, discussion_wording, remark_rules, script
from prompts_and_forms.states import ActionStatus, DiscussionState
from storage.database.tables import Discussion, Entry, Family, Person, RemarkGiven, Unit
from storage.decisions import actions, hypotheses
from storage.family import families
from storage.meeting import remarks_given
from storage.messages import outbox
from storage.unit import people

IN_HEADER = "header"
IN_STAGE = "stage"
NOWHERE = "nowhere"
IN_RECORD = "record:"
LACKING = frozenset({"ask_owner", "ask_due"})
"""Where a remark is shown that is no message of its own: in the first message, in the card, not again, in a record."""
ELSEWHERE = frozenset({"contract"})
"""Records that are shown through a message of another kind."""
LEAD_KNOWS_TOO = frozenset({"late_edit", "late_note"})
"""A change after the lead confirmed reaches the lead, not only the thread."""


def give(
    turn: Turn,
    code: str,
    *,
    unit_id: str,
    discussion_id: str | None = None,
    meeting_id: str | None = None,
    family_id: str | None = None,
    about: str = "",
    to_person: str | None = None,
    platform_ts: str = "",
    params: dict[str, Any] | None = None,
    shown_in: str = "",
    every_time: bool = False,
) -> RemarkGiven | None:
    """Makes a remark, keeps it and shows it; None when it was made often enough already.

    `params` are ids and numbers. `about` is the contribution, entry or record that led to it; `to_person` its author.
    With `every_time` it is kept each time, and still shown only as often as its rule says.
    """
    session, rule = turn.session, remark_rules.remark(code)
    discussion = session.get(Discussion, discussion_id) if discussion_id else None
    remark = RemarkGiven(
        code=code,
        unit_id=unit_id,
        meeting_id=meeting_id or (discussion.meeting_id if discussion else None),
        discussion_id=discussion_id,
        family_id=family_id or (discussion.family_id if discussion else None),
        person_id=to_person or (turn.person.id if turn.person else None),
        about=about,
        platform_ts=platform_ts,
        at=turn.now,
        params=_without_keys(session, family_id or (discussion.family_id if discussion else None), params or {}),
    )
    if _said_already(session, remark, rule.often):
        if not every_time:
            return None
        shown_in = NOWHERE
    place = shown_in or _place(session, rule.to, discussion, about)
    if place:
        remark.params = {**remark.params, "shown_in": place}
    remarks_given.keep(session, remark)
    if not place:
        _show(turn, remark, rule.to, discussion)
    elif place not in (IN_HEADER, NOWHERE):
        _redraw(turn, discussion)
    if code in LEAD_KNOWS_TOO and shown_in != NOWHERE:
        _tell_lead_too(turn, remark)
    return remark


def _place(session: Session, to: str, discussion: Discussion | None, about: str) -> str:
    """What a thread is told is part of the card below it, or of the record it is about; never a message of its own
    while there is a card."""
    if to != "thread" or discussion is None:
        return ""
    if discussion.kind == "light":
        return IN_STAGE
    entry = session.get(Entry, about)
    if entry is not None and entry.discussion_id == discussion.id and entry.form not in ELSEWHERE:
        return f"{IN_RECORD}{entry.id}"
    return IN_STAGE if discussion.state == DiscussionState.OPEN else ""


def _said_already(session: Session, remark: RemarkGiven, often: str) -> bool:
    if often == "each" and not remark.about:
        return False
    earlier = remarks_given.alike(
        session,
        remark.code,
        unit_id=remark.unit_id,
        discussion_id=remark.discussion_id if often in ("each", "discussion") else None,
        meeting_id=remark.meeting_id,
        since=remark.at - timedelta(days=1) if often == "day" else None,
    )
    alike = [one for one in earlier if remarks_given.same_subject(one, remark.params)]
    if often == "each":
        return any(one.about == remark.about for one in alike)
    if often == "day":
        return any(one.person_id == remark.person_id for one in alike)
    return bool(alike)


def _redraw(turn: Turn, discussion: Discussion | None) -> None:

    if discussion is not None:
        messages.redraw_stage(turn, discussion)


def _show(turn: Turn, remark: RemarkGiven, to: str, discussion: Discussion | None) -> None:
    unit = turn.session.get(Unit, remark.unit_id)
    thread = f"discussion:{discussion.id}" if discussion else ""
    channel = unit.channel if unit else ""
    if to == "thread" and discussion is not None:
        outbox.say(turn.session, f"remark:{remark.id}", now=turn.now, channel=channel, thread=thread)
    elif to == "author":
        _tell_privately(turn, remark, channel, thread)
    elif to in ("lead", "coordinator"):
        for person in _leads(turn, remark) if to == "lead" else _record_keepers(turn, remark):
            outbox.say(turn.session, f"remark:{remark.id}/to:{person.id}", now=turn.now, chat_user=person.chat_user)


def _tell_lead_too(turn: Turn, remark: RemarkGiven) -> None:
    """In a direct message; not where the lead did it."""
    for person in _leads(turn, remark):
        if person.id != remark.person_id:
            key = f"remark:{remark.id}/to:{person.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)


def _leads(turn: Turn, remark: RemarkGiven) -> list[Person]:

    lead = people.who_confirms(turn.session, remark.unit_id, turn.today(turn.session.get(Unit, remark.unit_id)))
    return [lead] if lead else []


def _record_keepers(turn: Turn, remark: RemarkGiven) -> list[Person]:
    unit = turn.session.get(Unit, remark.unit_id)
    return people.record_keepers(turn.session, unit, turn.today(unit)) if unit else []


def _tell_privately(turn: Turn, remark: RemarkGiven, channel: str, thread: str) -> None:
    person = people.by_id(turn.session, remark.person_id)
    if person is None:
        return
    if channel:
        key = f"remark:{remark.id}"
        outbox.note(turn.session, key, now=turn.now, channel=channel, chat_user=person.chat_user, thread=thread)


# ---- drawing


@renders("remark:{remark_id}")
def draw(view: Rendering, remark_id: str) -> Card | None:
    """A remark as it stands in a thread."""
    remark = remarks_given.get(view.session, remark_id)
    if remark is None:
        return None
    return Card(notice=remark_rules.NOTICE, blocks=tuple(blocks(view.session, remark)))


@renders("remark:{remark_id}/to:{person_id}")
def draw_for(view: Rendering, remark_id: str, person_id: str) -> Card | None:
    """A remark as one person gets it, with the family it is about."""
    remark = remarks_given.get(view.session, remark_id)
    if remark is None:
        return None
    family = view.session.get(Family, remark.family_id) if remark.family_id else None
    about: list[Block] = []
    if family is not None:
        about.append(say(families.label_of(view.session, family.id)))
    return Card(notice=remark_rules.NOTICE, blocks=(*about, *blocks(view.session, remark)))


def blocks(session: Session, remark: RemarkGiven) -> list[Block]:
    """The sentence, and a button where there is one thing to do about it."""
    names, asks = _names(session, remark), _asks(session, remark)
    said = asks.format(action=names["action"]) if asks else remark_rules.words(remark.code, **names)
    found: list[Block] = [say(said)]
    choice = _button(session, remark)
    if choice is not None:
        found.append(Buttons(items=(choice,)))
    return found


def shown_in(session: Session, discussion_id: str, place: str, since: datetime | None = None) -> list[Block]:
    """Remarks that are part of another message. What an action lacks is one question, and none once it is answered."""
    found: list[Block] = []
    for remark in remarks_given.of_discussion(session, discussion_id):
        if remark.code in LACKING and not _asks(session, remark):
            continue
        if remark.params.get("shown_in") == place and (since is None or remark.at >= since):
            found += blocks(session, remark)
    return found


def _button(session: Session, remark: RemarkGiven) -> Button | None:
    discussion = session.get(Discussion, remark.discussion_id) if remark.discussion_id else None
    if discussion is None:
        return None
    args = {"discussion": discussion.id}
    if remark.code == "wrong_stage" and remark.about:
        stage = str(remark.params.get("stage", "hypotheses"))
        label = discussion_wording.move_to_label(script.stage(discussion.kind, stage).name)
        return Button(action="note.move", label=label, args={**args, "contribution": remark.about, "stage": stage})
    child = str(remark.params.get("child", ""))
    if remark.code == challenged.NOT_SEEN and challenged.waits_for_visit(session, discussion, child, remark.at.date()):
        asked = {**args, "form": challenged.ANSWER_TO_VISIT, "child": child}
        label = concern_wording.who_goes(_child(session, remark.family_id, child))
        return Button(action="form.open", label=label, args=asked, style="primary")
    if _asks(session, remark):
        label = discussion_wording.WHO_DOES_IT if remark.code == "ask_owner" else discussion_wording.BY_WHEN
        asked = {**args, "action": str(remark.params.get("action", ""))}
        return Button(action="action.handover", label=label, args=asked)
    if remark.code == "lens":
        return Button(action="lens.close", label=discussion_wording.LENS_CLOSED, args=args)
    if remark.code == "child_view_not_known":
        return Button(action="form.open", label=discussion_wording.FIND_OUT, args={**args, "form": "action"})
    if remark.code == "offer_full" and discussion.kind == "light":
        return Button(action="discussion.switch", label=discussion_wording.SWITCH, args=args)
    if remark.code == "tier3_direct":
        return Button(action="discussion.concern", label=discussion_wording.CONCERN, args=args, style="danger")
    return None


def _asks(session: Session, remark: RemarkGiven) -> str:
    """The question while an action still has nobody, or has somebody and no day; one press gives it both."""
    action = actions.by_id(session, str(remark.params.get("action", ""))) if remark.code in LACKING else None
    if action is None or action.status != ActionStatus.OPEN:
        return ""
    nobody, no_day = actions.owner_of(action) is None, action.due_on is None
    if remark.code == "ask_owner" and nobody:
        return discussion_wording.ASK_WHO_AND_WHEN if no_day else discussion_wording.ASK_WHO
    return discussion_wording.ASK_WHEN if remark.code == "ask_due" and no_day and not nobody else ""


def _names(session: Session, remark: RemarkGiven) -> dict[str, Any]:
    """Ids turned into what people read."""
    params = remark.params
    names: dict[str, Any] = {k: v for k, v in params.items() if k != "shown_in"}
    names["person"] = people.name_of(session, params.get("person", remark.person_id))
    if "date" in params:
        names["date"] = day_words.of_this_year(date.fromisoformat(str(params["date"])))
    if "child" in params:
        named = params["child"] if isinstance(params["child"], list) else [params["child"]]
        names["child"] = [_child(session, remark.family_id, str(key)) for key in named]
    if "stage" in params:
        names["stage"] = _stage(session, remark, str(params["stage"]))
    if lens := script.lens(str(params.get("lens", ""))):
        names["question"] = lens.asked(int(params.get("turn", 0)))
    if isinstance(params.get("reason"), dict):
        names["reason"] = agenda_rules.reason_words(params["reason"])
    if "kinds" in params:
        names["kinds"] = privacy.kinds_words(params["kinds"])
    action = actions.by_id(session, str(params["action"])) if "action" in params else None
    if action is not None:
        names["action"] = actions.words(session, action).text
    idea = hypotheses.by_id(session, str(params["hypothesis"])) if "hypothesis" in params else None
    if idea is not None:
        names["hypothesis"] = hypotheses.words(session, idea).text
    if remark.code == "transferred":
        names |= _where_from(session, remark.family_id)
    return names


def _where_from(session: Session, family_id: str | None) -> dict[str, str]:
    family = session.get(Family, family_id) if family_id else None
    came = families.body(session, family).transferred if family else None
    if not came:
        return {}
    on = came.get("on")
    named = {"unit": str(came.get("from_unit") or "")}
    return {**named, "date": day_words.of_this_year(date.fromisoformat(str(on)))} if on else named


def _without_keys(session: Session, family_id: str | None, params: dict[str, Any]) -> dict[str, Any]:
    """Children by id: their keys hold the case reference, and params are not encrypted."""
    named = params.get("child")
    if named is None or family_id is None:
        return dict(params)
    ids = [families.child_id(session, family_id, str(key)) for key in (named if isinstance(named, list) else [named])]
    return {**params, "child": ids if isinstance(named, list) else ids[0]}


def _child(session: Session, family_id: str | None, found_id: str) -> str:
    children = families.children(session, family_id, include_gone=True) if family_id else []
    named = families.called(body for _, body in children)
    return next((named[body.key] for child, body in children if child.id == found_id), found_id)


def _stage(session: Session, remark: RemarkGiven, stage: str) -> str:
    discussion = session.get(Discussion, remark.discussion_id) if remark.discussion_id else None
    kind = discussion.kind if discussion else "full"
    return next((s.name for s in script.stages(kind) if s.id == stage), stage)
