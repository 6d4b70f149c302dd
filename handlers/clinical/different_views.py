"""Different views about clinical work, settled step by step: each stays as it was said.

First the clinician and the consultant social worker, then the clinical manager, then the group manager. Nothing that
keeps a child safe waits for it.
"""

from __future__ import annotations

from handlers.clinical import position, work_card
from handlers.entries import recording
from handlers.forms import asking
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Done, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Quote, card, say, small
from prompts_and_forms.clinical import pathway, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.days import day_words
from storage.clinical import episodes
from storage.database.tables import Entry, Family, Person
from storage.database.tables_clinical import Episode
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import entries
from storage.messages import outbox
from storage.unit import people

FORM = "disagreement"


@button("work.differ", opens=True)
def ask(turn: Turn) -> Answer:
    """The form for this step, with the views so far above it, each as it was said."""
    family = position.open_family(turn, turn.event.args.get("family"))
    session = turn.session
    episode = episodes.current(session, family.id) or episodes.begin(session, family, turn.today(), turn.now)
    views: list[Block] = [small(clinical_wording.DIFFER_INTRO)]
    if episode.differ_step:
        views.append(say(position.differing_views(turn, turn.here(), episode)))
    for entry in _views_of(turn, episode):
        views += _quotes(turn, entry)
    me = {"who": turn.actor().id}
    return asking.ask(
        turn,
        FORM,
        family_id=family.id,
        answers={"views": [me]},
        args={"episode": episode.id, "step": str(episode.differ_step)},
        intro=tuple(views),
    )


def _views_of(turn: Turn, episode: Episode) -> list[Entry]:
    """What was said at each step so far, oldest first."""
    return entries.about(turn.session, FORM, episode.id)[-3:] if episode.differ_step else []


def _quotes(turn: Turn, entry: Entry) -> list[Block]:
    rows = recording.rows_of(entries.answers(turn.session, entry), "views")
    day = day_words.in_full(entry.recorded_at.date())
    return [
        Quote(text=str(row.get("view") or ""), by=f"{people.name_of(turn.session, row.get('who'))}, {day}")
        for row in rows
        if row.get("view")
    ]


def keep(turn: Turn, draft: Draft, answers: recording.Answers) -> Answer:
    """One step of the path. Unsettled goes one step up; settled is over, and the views stay apart."""
    family = position.open_family(turn, recording.family_of(draft))
    episode = turn.session.get_one(Episode, draft.args["episode"])
    if answers.get("settled") is True and not recording.text_of(answers, "outcome").strip():
        return Wrong({"outcome": clinical_wording.SETTLED_HOW})
    entry = recording.keep(turn, draft, answers, subject_id=episode.id)
    recording.point_out(turn, "keep_both_views", recording.context_of(turn, draft), about=entry.id)
    if draft.args.get("replaces"):
        return recording.shown(turn, draft, entry)
    before = episode.differ_step
    if draft.args.get("step", str(before)) != str(before):
        return Done(work_card.show(turn, family, say(clinical_wording.DIFFER_MEANWHILE)).card)
    episode.differ_step = pathway.next_differ_step(before, answers.get("settled") is True)
    turn.session.add(episode)
    turn.session.flush()
    if not episode.differ_step:
        return Done(work_card.show(turn, family, say(clinical_wording.DIFFER_SETTLED)).card)
    _ask_in(turn, family, episode, entry)
    said = [say(position.differing_views(turn, turn.here(), episode)), small(clinical_wording.DIFFER_NOT_OVER)]
    return Done(work_card.show(turn, family, *said).card)


def _ask_in(turn: Turn, family: Family, episode: Episode, entry: Entry) -> None:
    """Whoever talks at this step is told, with every view."""
    for person in _of_step(turn, family, episode):
        if person.chat_user and person.id != turn.actor().id:
            key = f"differ:{entry.id}/to:{person.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)


def _of_step(turn: Turn, family: Family, episode: Episode) -> list[Person]:
    """First the clinician and the consultant social worker, then whoever joins them."""
    if episode.differ_step > 1:
        asked = people.with_role(turn.session, family.unit_id, pathway.DIFFER_ROLES[episode.differ_step - 1])
        return people.with_stand_in(turn.session, turn.here(), asked, turn.today())
    own = people.by_id(turn.session, episode.clinician_id) if episode.clinician_id else None
    clinicians = [own] if own is not None else people.clinicians(turn.session, family.unit_id)
    lead = people.who_confirms(turn.session, family.unit_id, turn.today())
    return [*clinicians, *([lead] if lead else [])]


@renders("differ:{entry_id}/to:{person_id}")
def asked_in(view: Rendering, entry_id: str, person_id: str) -> Card | None:
    """Whoever joins next is asked in, with the views so far."""
    entry = view.session.get(Entry, entry_id)
    family = view.session.get(Family, entry.family_id) if entry and entry.family_id else None
    episode = view.session.get(Episode, entry.subject_id) if entry and entry.subject_id else None
    if entry is None or family is None or episode is None or not episode.differ_step:
        return None
    if people.belongs(view.session, family.unit_id, person_id) is None:
        return None
    label = families.label_of(view.session, family.id)
    rows = recording.rows_of(entries.answers(view.session, entry), "views")
    lines = tuple((f"{people.name_of(view.session, row.get('who'))}: {row.get('view') or ''}",) for row in rows)
    open_it = Button(action="work.show", label=work_wording.SHOW_THE_WORK, args={"family": family.id})
    return card(
        work_wording.CLINICAL_WORK_WITH.format(ref=families.body(view.session, family).ref),
        say(
            work_wording.VIEWS_ABOUT.format(
                views=clinical_wording.DIFFERENT_VIEWS, family=label, how=clinical_wording.DIFFER_INTRO
            )
        ),
        Bullets(items=lines),
        say(clinical_wording.differ_step(episode.differ_step, pathway.DIFFER_STEPS[episode.differ_step - 1], [])),
        Buttons(items=(open_it, work_card.urgent_button(family))),
    )
