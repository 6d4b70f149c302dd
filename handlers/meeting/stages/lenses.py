"""A lens: one question from another side, in the card for a minute, closed with one press."""

from __future__ import annotations

from handlers import guards, messages, remarks
from handlers.routes import button
from handlers.turn import Answer, Nothing, Refused, Turn
from prompts_and_forms.meeting import discussion_wording, script
from storage.database.tables import Discussion
from storage.meeting import meetings, remarks_given
from storage.unit import people

CODE = "lens"


def offered(discussion: Discussion) -> tuple[script.Lens, ...]:
    """The lenses that fit this moment: none in a light discussion, and none while a child's safety is talked about."""
    if discussion.kind != script.FULL or script.stage(discussion.kind, discussion.stage).watched:
        return ()
    return script.load().lenses


def open_lens(turn: Turn, lens_id: str) -> Answer:
    """Puts the lens's question into the card, in place of one that is open; refused for others than who facilitates."""
    found = guards.under_way(turn)
    lens = next((one for one in offered(found) if one.id == lens_id), None)
    if lens is None:
        raise Refused(discussion_wording.NO_LENS_HERE)
    _only_who_facilitates(turn, found)
    given = remarks_given.alike(turn.session, CODE, unit_id=found.unit_id, discussion_id=None, meeting_id=None)
    earlier = [one for one in given if one.params.get(CODE) == lens.id]
    _close_all(turn, found)
    remarks.give(
        turn,
        CODE,
        unit_id=found.unit_id,
        discussion_id=found.id,
        about=turn.event.id,
        params={CODE: lens.id, "turn": len(earlier)},
        shown_in=remarks.IN_STAGE,
    )
    messages.bring_card_down(turn, found)
    return Nothing()


def _only_who_facilitates(turn: Turn, found: Discussion) -> None:
    meeting = meetings.get(turn.session, found.meeting_id)
    may = [one for one in dict.fromkeys((meeting.facilitator_id, found.lead_id)) if one]
    if may and turn.actor().id not in may:
        raise Refused(discussion_wording.only_facilitator([people.name_of(turn.session, one) for one in may]))


@button("lens.close")
def close_lens(turn: Turn) -> Answer:
    """The minute is over: the question leaves the card, and anybody may say so."""
    found = guards.locked_discussion(turn)
    if _close_all(turn, found):
        messages.redraw_stage(turn, found)
    return Nothing()


def _close_all(turn: Turn, found: Discussion) -> bool:
    """Whether one was open."""
    given = remarks_given.of_discussion(turn.session, found.id, CODE)
    still = [one for one in given if one.params.get("shown_in") != remarks.NOWHERE]
    for one in still:
        one.params = {**one.params, "shown_in": remarks.NOWHERE}
        turn.session.add(one)
    return bool(still)
