"""/work: where a family's clinical work stands, whose turn it is, and only the steps that fit now."""

from __future__ import annotations

from handlers import commands, reach
from handlers.clinical import moves, position, signing, urgent, work_card
from handlers.forms import asking, at_once
from handlers.routes import button, command
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Choice, Menu, card, say, small
from prompts_and_forms.clinical import pathway, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.decisions import wording as decisions_wording
from storage.clinical import episodes
from storage.database.tables import Family

STEPS = {"consultation": "consult", "assessment": "assess", "session": "session", "review": "review"}
"""What /work opens at once: the word and its step."""


@command("/work")
def work_command(turn: Turn) -> Answer:
    """/work: the unit's list, one family, or Urgent Tier 3 at once."""
    asked = commands.read(turn.event.text, ("list", "urgent", *STEPS))
    if asked is None or (asked.word not in ("", "list", "help") and not asked.ref):
        return help_note(decisions_wording.not_understood("work", turn.event.text.strip()))
    if asked.word == "help":
        return help_note(work_wording.WHAT_WORK_CAN_DO)
    turn.here()
    if not asked.ref:
        return Note(work_card.list_card(turn, turn.here()))
    family = reach.family_by_ref(turn, asked.ref)
    if asked.word == "urgent":
        return urgent.call(turn, family)
    return _step(turn, family, STEPS[asked.word]) if asked.word in STEPS else work_card.show(turn, family)


def help_note(first: str) -> Note:
    """What /work can do, after a first sentence."""
    return Note(
        card(
            work_wording.HOW_WORK_WORKS,
            say(first),
            Bullets(items=tuple((line,) for line in clinical_wording.WORK_HELP)),
        )
    )


@button("work.show", opens=True)
def show_chosen(turn: Turn) -> Answer:
    """The clinical work of the family that was chosen."""
    return work_card.show(turn, commands.chosen_family(turn))


@button("work.others", opens=True)
def others(turn: Turn) -> Answer:
    """Why the other steps do not fit now; a manager may take one all the same, with a reason."""
    family = position.open_family(turn, turn.event.args.get("family"))
    episode = episodes.current(turn.session, family.id)
    standing = position.pathway_position(turn, family, episode)
    shut = [(move, pathway.why_not(move, standing)) for move in pathway.load().moves.values()]
    shut = [(move, why) for move, why in shut if why]
    lines = tuple((f"{move.label}: {why}",) for move, why in shut)
    blocks: list[Block] = [say(work_wording.NOW.format(name=pathway.state(standing.state).name)), Bullets(items=lines)]
    if pathway.may_override(standing) and shut:
        choices = tuple(Choice(value=move.id, label=move.label) for move, _why in shut)
        at = {"family": family.id, "at": str(episode.version if episode else 0)}
        blocks.append(
            Buttons(items=(Menu(action="work.override", label=clinical_wording.DO_ANYWAY, choices=choices, args=at),))
        )
        blocks.append(small(work_wording.REASON_IS_KEPT))
    blocks.append(Buttons(items=(work_card.urgent_button(family),)))
    return Note(card(work_wording.THE_OTHER_STEPS, *blocks))


@button("work.override", opens=True)
def override(turn: Turn) -> Answer:
    """A manager goes another way: the reason is asked for first."""
    family = position.open_family(turn, turn.event.args.get("family"))
    episode = episodes.current(turn.session, family.id)
    if not pathway.may_override(position.pathway_position(turn, family, episode)):
        raise Refused(work_wording.ONLY_A_MANAGER)
    move = pathway.load().moves.get(turn.event.args.get("chosen", ""))
    if move is None or not move.form:
        raise Refused(decisions_wording.GONE)
    return asking.ask(turn, "work_override", family_id=family.id, args={"move": move.id})


@button("work.urgent", opens=True)
def urgent_chosen(turn: Turn) -> Answer:
    """Urgent Tier 3 for the family that was chosen."""
    return urgent.call(turn, commands.chosen_family(turn))


@button("work.move", opens=True)
def make_move(turn: Turn) -> Answer:
    """A step was chosen. On an older card it is answered with where the work stands now."""

    move = pathway.load().moves.get(turn.event.args.get("move", ""))
    if move is None:
        raise Refused(decisions_wording.GONE)
    if move.urgent:
        return urgent.call(turn, reach.family(turn, turn.event.args.get("family")))
    return _step(turn, position.open_family(turn, turn.event.args.get("family")), move.id)


def _step(turn: Turn, family: Family, move_id: str) -> Answer:
    """Opens a step's form; where the step does not fit, the card says why."""
    move = pathway.move(move_id)
    family = position.open_family(turn, family.id)
    episode = episodes.current(turn.session, family.id)
    why = pathway.why_not(move, position.pathway_position(turn, family, episode))
    if why:
        pressed_at = turn.event.args.get("at")
        moved = pressed_at is not None and pressed_at != str(episode.version if episode else 0)
        return work_card.show(turn, family, say(clinical_wording.WORK_MOVED_ON if moved else why))
    if move.id == "assess" and "anew" not in turn.event.args:
        args = {**work_card.args_of(family, episode, move), "anew": "yes"}
        anew = Button(action="work.move", label=clinical_wording.BEGIN_ANEW, args=args)
        if begun := signing.begun_already(turn, family, move.form, anew):
            return begun
    asked = moves.ask(turn, family, episode, move, answer=turn.event.args.get("answer", ""))
    return at_once.save(turn, asked) if turn.event.args.get("now") == "yes" else asked
