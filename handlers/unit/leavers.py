"""What somebody who leaves had begun and not sent: the coordinator has it from then on, without their private look."""

from __future__ import annotations

from handlers.decisions import reflection
from handlers.forms import handed_on
from handlers.turn import Turn
from prompts_and_forms.card import Block, small
from prompts_and_forms.unit import leavers_wording as wording
from storage.database.tables import Person, Unit
from storage.forms import drafts
from storage.messages import outbox
from storage.unit import people


def hand_over(turn: Turn, unit: Unit, leaver: Person) -> tuple[Block, ...]:
    """Gives their unfinished forms about families to whoever keeps the unit's record; says what stays where."""
    keepers = [one for one in people.record_keepers(turn.session, unit, turn.today(unit)) if one.id != leaver.id]
    found = [one for one in drafts.drafts_of(turn.session, leaver.id) if one.unit_id == unit.id]
    given = [one for one in found if one.family_id is not None and one.form not in drafts.PRIVATE_FORMS]
    said: list[Block] = []
    if given and keepers:
        keeper = keepers[0]
        for draft in given:
            reflection.keep_own(turn, draft)
            handed_on.remember(draft, leaver.id)
            draft.person_id = keeper.id
            turn.session.add(draft)
            turn.session.flush()
            key = f"draft:{draft.id}/from:{leaver.id}/to:{keeper.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=keeper.chat_user)
        said.append(small(wording.handed_over(len(given), keeper.name)))
    elif given:
        said.append(small(wording.nobody_has(len(given))))
    return (*said, small(wording.STAYS_IN_CHAT.format(who=leaver.name)))
