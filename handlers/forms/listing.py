"""/forms: what I have begun, what waits for my signature; a draft can be handed to a colleague."""

from __future__ import annotations

from handlers.clinical import signing
from handlers.decisions import reflection
from handlers.forms import asking, handed_on
from handlers.forms.asking import submits
from handlers.home import tab
from handlers.render import Rendering, renders
from handlers.routes import button, command
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Strong, card, say, small
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.states import DraftState
from storage.database.tables_machinery import Draft
from storage.forms import drafts, published
from storage.messages import outbox
from storage.unit import people

MOST = 15


@command("/forms")
def forms_command(turn: Turn) -> Answer:
    """The forms somebody can open now; with any word, how `/forms` works."""
    if turn.event.text.strip():
        lines = tuple((line,) for line in clinical_wording.FORMS_HELP)
        return Note(card(forms_wording.HOW, say(forms_wording.CAN_DO), Bullets(items=lines)))
    return Note(forms_card(turn))


def forms_card(turn: Turn) -> Card:
    """Everything of mine that is unfinished, in the units I am in."""
    mine = people.units_of(turn.session, turn.actor().id)
    blocks: list[Block] = []
    for membership, unit in mine:
        blocks += signing.waiting_blocks(turn, unit, membership)
    ids = {unit.id for _place, unit in mine}
    found = [
        one for one in drafts.drafts_of(turn.session, turn.actor().id) if one.unit_id is None or one.unit_id in ids
    ]
    if found:
        blocks.append(say(Strong(text=forms_wording.MY_DRAFTS)))
    for draft in found[:MOST]:
        title = tab.draft_words(turn, draft)
        args = {"draft": draft.id}
        items = [
            Button(action="form.resume", label=forms_wording.GO_ON_WRITING, args=args, about=title),
            Button(action="form.discard", label=forms_wording.PUT_AWAY, args=args, about=title),
        ]
        if draft.family_id:
            items.append(Button(action="form.hand_on", label=clinical_wording.HAND_ON, args=args, about=title))
        blocks += [say(title), Buttons(items=tuple(items))]
    if not blocks:
        blocks = [say(clinical_wording.NO_FORMS), Bullets(items=tuple((line,) for line in clinical_wording.FORMS_HELP))]
    elif len(found) > MOST:
        blocks.append(small(f"and {len(found) - MOST} more"))
    return card(forms_wording.MY_FORMS, *blocks)


@button("form.hand_on", opens=True)
def ask_whom(turn: Turn) -> Answer:
    """The form that hands one's own draft to a colleague."""
    draft = _mine(turn, turn.event.args.get("draft", ""))
    return asking.ask(turn, "hand_on", unit_id=draft.unit_id, args={"handed": draft.id})


def _mine(turn: Turn, draft_id: str) -> Draft:
    draft = turn.session.get(Draft, draft_id)
    if draft is None or draft.state != DraftState.OPEN or draft.person_id != turn.actor().id:
        raise Refused(forms_wording.NO_LONGER_OPEN)
    if draft.family_id is None:
        raise Refused(clinical_wording.ONLY_FAMILY)
    return draft


@submits("hand_on")
def hand_on(turn: Turn, draft: Draft, answers: dict[str, str]) -> Answer:
    """The draft with everything in it is the colleague's from now on."""
    handed = _mine(turn, draft.args.get("handed", ""))
    membership = people.belongs(turn.session, handed.unit_id or "", answers["to"])
    if answers["to"] == turn.actor().id:
        return Wrong({"to": clinical_wording.NOT_TO_YOURSELF})
    if membership is None:
        return Wrong({"to": forms_wording.NO_LONGER_OPEN})
    own = reflection.keep_own(turn, handed)
    handed_on.remember(handed, turn.actor().id)
    handed.person_id = membership.person_id
    turn.session.add(handed)
    turn.session.flush()
    person = people.by_id(turn.session, membership.person_id)
    if person is not None and person.chat_user:
        key = f"draft:{handed.id}/from:{turn.actor().id}/to:{person.id}"
        outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)
    name = people.name_of(turn.session, membership.person_id)
    said = (say(clinical_wording.HANDED_ON.format(who=name)), *((small(clinical_wording.LOOK_STAYS),) if own else ()))
    return Done(card(forms_wording.HANDED_ON, *said))


@renders("draft:{draft_id}/from:{from_id}/to:{person_id}")
def handed_to_you(view: Rendering, draft_id: str, from_id: str, person_id: str) -> Card | None:
    """The message to the colleague; nothing once the draft is finished or with somebody else."""
    draft = view.session.get(Draft, draft_id)
    if draft is None or draft.state != DraftState.OPEN or draft.person_id != person_id:
        return None
    title = published.form_of(view.session, draft).title
    said = clinical_wording.HANDED_TO_YOU.format(who=people.name_of(view.session, from_id), what=title)
    open_it = Button(action="form.resume", label=forms_wording.GO_ON_WRITING, args={"draft": draft.id}, style="primary")
    return card(forms_wording.A_DRAFT_FOR_YOU, say(said), Buttons(items=(open_it,)))
