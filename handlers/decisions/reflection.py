"""A clinician's private reflections on joining: kept under their own key, read by them and the clinical manager."""

from __future__ import annotations

from typing import Any

from handlers.entries.recording import Answers, done, text_of
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import Block, Button, Buttons, Facts, card, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.forms.keys import join_text
from prompts_and_forms.states import MemberStatus
from storage.database.bodies import EntryBody, OrphanedAnswer, ReflectionBody
from storage.database.tables import Agreement, Family, Membership, Reflection
from storage.database.tables_machinery import Draft
from storage.database.vault import Scope, seal, unseal
from storage.decisions import agreements, reflections
from storage.forms import drafts
from storage.unit import people


def keep_private(turn: Turn, agreement: Agreement, private: dict[str, Any]) -> Reflection | None:
    """The look at closeness that came with an agreement, for its clinician; nothing when nobody answered."""
    note = text_of(private, "note")
    if not private.get("reading") and not note.strip():
        return None
    body = agreements.words(turn.session, agreement)
    return reflections.keep(
        turn.session,
        ReflectionBody(note=note, space=body.space),
        person_id=_clinician_of(turn, [body.lead, *(row.get("member") for row in body.roles)]),
        unit_id=turn.here().id,
        recorded_by_id=turn.actor().id,
        now=turn.now,
        agreement_id=agreement.id,
        reading=private.get("reading"),
    )


def with_earlier(private: dict[str, Any], earlier: list[OrphanedAnswer]) -> dict[str, Any]:
    """The look with what was written for it in an earlier version of the form, where it has a box no longer."""
    note = text_of(private, "note")
    added = [f"{one.label}: {one.text}" for one in earlier if one.text.strip() not in note]
    return {**private, "note": "\n\n".join(part for part in (note, *added) if part.strip())} if added else private


def keep_own(turn: Turn, draft: Draft) -> bool:
    """A private look in a draft that goes to somebody else stays with its writer. Whether there was one.

    It is taken out of the draft, and kept with the writer's own reflections.
    """
    body = unseal(turn.session, draft, EntryBody)
    flat = body.answers.get("flat", {})
    mine = {key: value for key, value in flat.items() if key.partition("#")[0] in drafts.NOT_FOR_OTHERS and value}
    earlier = drafts.own_look(turn.session, draft)
    if not mine and not earlier:
        return False
    named = {key.rpartition("#")[2].partition("~")[0]: key.partition("~")[0] for key in mine}
    note = join_text(flat, named["note"]) if "note" in named else ""
    private = with_earlier({"note": note}, earlier)
    reading = flat.get(named["reading"]) if "reading" in named else None
    reflections.keep(
        turn.session,
        ReflectionBody(note=text_of(private, "note")),
        person_id=draft.person_id,
        unit_id=draft.unit_id or turn.here().id,
        recorded_by_id=draft.person_id,
        now=turn.now,
        reading=reading if reading in reflections.READINGS else None,
    )
    left = {key: value for key, value in flat.items() if key not in mine}
    also = [one for one in body.also if one not in earlier]
    kept = body.model_copy(update={"answers": {**body.answers, "flat": left}, "also": also})
    seal(turn.session, draft, kept, Scope.family(draft.family_id) if draft.family_id else Scope.person(draft.person_id))
    return True


def _clinician_of(turn: Turn, named: list[str | None]) -> str:
    """Whose reflection it is: the person writing if a clinician, else the clinician named, else the unit's own."""
    everyone = [person.id for person in people.clinicians(turn.session, turn.here().id)]
    actor = turn.actor().id
    if actor in everyone:
        return actor
    return next((who for who in named if who and who in everyone), everyone[0] if everyone else actor)


def is_clinician(membership: Membership | None) -> bool:
    """Whether somebody is a clinician of the unit today; only they write reflections."""
    return membership is not None and membership.status != MemberStatus.LEFT and "clinician" in membership.roles


def is_clinical_manager(membership: Membership | None) -> bool:
    """Whether somebody is a clinical manager of the unit today; they read what is shared with them."""
    return membership is not None and membership.status != MemberStatus.LEFT and "clinical_manager" in membership.roles


def may_read(turn: Turn, reflection: Reflection) -> bool:
    """The clinician it belongs to, the clinical manager, and the unit once it is shared."""
    if reflection.shared or reflection.person_id == turn.actor().id:
        return True
    return is_clinical_manager(turn.membership)


def ask(turn: Turn, family: Family | None) -> Answer:
    """The form of a reflection; raises Refused for anybody but a clinician."""
    if not is_clinician(turn.membership):
        raise Refused(decisions_wording.NOT_FOR_YOU)
    args = {"about": family.id} if family else {}
    return asking.ask(turn, "reflection", answers=_latest_agreement(turn, family), args=args)


def _latest_agreement(turn: Turn, family: Family | None) -> dict[str, Any]:
    running = agreements.of_family(turn.session, family.id, only_running=True) if family else []
    return {"space": agreements.words(turn.session, running[0]).space} if running else {}


@submits("reflection")
def keep(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Kept for the person alone; it leaves no entry in any family's record."""
    if not is_clinician(turn.membership):
        raise Refused(decisions_wording.NOT_FOR_YOU)
    about = draft.args.get("about")
    running = agreements.of_family(turn.session, about, only_running=True) if about else []
    reflection = reflections.keep(
        turn.session,
        ReflectionBody(
            note=text_of(answers, "note"),
            space=text_of(answers, "space"),
            rule_noticed=text_of(answers, "rule_noticed"),
            try_next=text_of(answers, "try_next"),
        ),
        person_id=turn.actor().id,
        unit_id=turn.here().id,
        recorded_by_id=turn.actor().id,
        now=turn.now,
        agreement_id=running[0].id if running else None,
        reading=answers.get("reading"),
    )
    if answers.get("share"):
        reflections.share(turn.session, reflection, by_id=turn.actor().id, now=turn.now)
        return done(decisions_wording.REFLECTION_SHARED)
    return done(decisions_wording.REFLECTION_KEPT)


def read_them(turn: Turn) -> Note:
    """The reflections this person may read, newest first."""
    found = [row for row in reflections.of_unit(turn.session, turn.here().id) if may_read(turn, row)]
    if not found and not (is_clinician(turn.membership) or is_clinical_manager(turn.membership)):
        raise Refused(decisions_wording.NOT_FOR_YOU)
    blocks: list[Block] = []
    for row in reversed(found[-NEWEST:]):
        blocks += _blocks(turn, row)
    if len(found) > NEWEST:
        blocks.append(small(decisions_wording.more_of_them(len(found) - NEWEST)))
    return Note(card(decisions_wording.REFLECTIONS_ON_JOINING, *(blocks or [say(decisions_wording.NO_REFLECTIONS)])))


NEWEST = 10
"""How many reflections one note shows."""


def _blocks(turn: Turn, row: Reflection) -> list[Block]:
    body = reflections.words(turn.session, row)
    on = day_words.in_full(row.at.astimezone(turn.zone()).date())
    facts = (
        (decisions_wording.HOW_CLOSE_TODAY, decisions_wording.READING.get(row.reading or "", "")),
        (decisions_wording.SPACE, body.space.replace("_", " ")),
        (decisions_wording.WHAT_I_NOTICE, body.note),
        (decisions_wording.A_RULE_OF_THE_SYSTEM, body.rule_noticed),
        (decisions_wording.ONE_THING_TO_TRY, body.try_next),
    )
    shown = tuple((label, value) for label, value in facts if value.strip())
    who = people.name_of(turn.session, row.person_id)
    blocks: list[Block] = [small(f"{who}, {on}" + (" (shared)" if row.shared else ""))]
    blocks += [Facts(rows=shown)] if shown else []
    if row.person_id == turn.actor().id and not row.shared:
        share = Button(
            action="reflection.share", label=decisions_wording.SHARE_WITH_THE_UNIT, args={"reflection": row.id}
        )
        blocks.append(Buttons(items=(share,)))
    return blocks


@button("reflection.share", opens=True)
def share(turn: Turn) -> Answer:
    """Lets the unit's clinical manager read one's own reflection; nobody else can share it."""
    row = reflections.by_id(turn.session, turn.event.args.get("reflection", ""))
    if row is None or row.person_id != turn.actor().id:
        raise Refused(decisions_wording.NOT_FOR_YOU)
    reflections.share(turn.session, row, by_id=turn.actor().id, now=turn.now)
    return Note(card(decisions_wording.SHARED, say(decisions_wording.REFLECTION_SHARED)))
