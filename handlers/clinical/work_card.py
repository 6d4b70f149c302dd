"""The card of a family's clinical work, and the list of a unit's: where each is, whose turn it is, what fits now."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers import safe_contact
from handlers.clinical import position, signing
from handlers.reach import note_read
from handlers.turn import Note, Refused, Turn
from prompts_and_forms.card import (
    Block,
    Button,
    Buttons,
    Card,
    Choice,
    Facts,
    Heading,
    Menu,
    Table,
    card,
    say,
)
from prompts_and_forms.clinical import now_wording, pathway, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical.pathway import Move, Standing
from prompts_and_forms.days import day_words
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.forms.catalogue import option_label
from prompts_and_forms.genogram.wording import OPEN as GENOGRAM
from prompts_and_forms.measures.planning import END
from prompts_and_forms.states import AgreementStatus, FamilyStatus, WorkState
from prompts_and_forms.unit import who
from prompts_and_forms.unit import wording as unit_wording
from storage.clinical import episodes
from storage.database.bodies import EpisodeBody
from storage.database.tables import Agreement, Family, Unit
from storage.database.tables_clinical import Episode
from storage.decisions import agreements
from storage.family import families
from storage.measures import planned as measures_planned
from storage.unit import people

IN_A_ROW = 5
OFFERS = who.CLINICAL | who.SOCIAL_WORK
"""Who usually offers a joint working agreement."""


def list_card(turn: Turn, unit: Unit) -> Card:
    """Every open family, where its clinical work stands and whose turn it is."""
    found = families.open_families(turn.session, unit.id)
    if not found:
        raise Refused(decisions_wording.NO_FAMILIES)
    known = {episode.family_id: episode for episode in episodes.of_unit(turn.session, unit.id)}
    labels = {family.id: families.label(turn.session, family, unit) for family in found}
    rows: list[tuple[bool, bool, str, tuple[str, ...]]] = []
    resting: list[str] = []
    for family in found:
        note_read(turn, family, "listed")
        episode = known.get(family.id)
        state = pathway.state(episode.state if episode else pathway.FIRST)
        if episode is None or state.over or not state.turn:
            resting.append(labels[family.id])
            continue
        mine = turn.actor().id in {person.id for person in position.people_of_turn(turn, unit, episode)}
        label, calm = labels[family.id], state.id != "urgent_tier3"
        rows.append((calm, not mine, label, (label, state.name, position.whose_turn(turn, unit, episode))))
    said = work_wording.CLINICAL_WORK_COUNTED.format(unit=unit.name, count=len(found))
    blocks: list[Block] = []
    if rows:
        lines = [
            (*row[:2], f"{row[2]}" + ("" if later else clinical_wording.YOURS))
            for _calm, later, _label, row in sorted(rows)
        ]
        blocks.append(
            Table(rows=((work_wording.FAMILY, work_wording.CLINICAL_WORK, work_wording.WHOSE_TURN), *lines), words=said)
        )
    if resting:
        blocks.append(say(clinical_wording.resting(sorted(resting))))
    choices = tuple(Choice(value=id_, label=label) for id_, label in sorted(labels.items(), key=lambda pair: pair[1]))
    args = {"unit": unit.id}
    show_one = Menu(action="work.show", label=work_wording.SHOW_A_FAMILY, choices=choices, args=args)
    urgent = Menu(action="work.urgent", label=clinical_wording.URGENT_FOR, choices=choices, args=args)
    return card(work_wording.CLINICAL_WORK_OF.format(unit=unit.name), *blocks, Buttons(items=(show_one, urgent)))


# ---- one family


def show(turn: Turn, family: Family, *first: Block) -> Note:
    """The card of a family's clinical work, for the person who asked; that they read it is written down."""
    note_read(turn, family)
    return Note(draw(turn, family, first))


def draw(turn: Turn, family: Family, first: tuple[Block, ...] = ()) -> Card:
    """The card itself. `first` comes at the top."""
    unit = turn.here()
    episode = episodes.current(turn.session, family.id)
    standing = position.pathway_position(turn, family, episode)
    ref = families.body(turn.session, family).ref
    steps = (
        _closed_buttons(family)
        if family.status == FamilyStatus.CLOSED
        else _move_buttons(turn, family, episode, standing)
    )
    return card(
        work_wording.CLINICAL_WORK_WITH.format(ref=ref),
        *first,
        Heading(text=families.label(turn.session, family, unit)),
        *safe_contact.blocks(turn.session, [family.id]),
        Facts(rows=_facts(turn, family, unit, episode, standing)),
        *steps,
        *_other_buttons(family, episode),
    )


def _facts(
    turn: Turn, family: Family, unit: Unit, episode: Episode | None, standing: Standing
) -> tuple[tuple[str, str], ...]:
    state = pathway.state(standing.state)
    rows = [(work_wording.WHERE_THE_WORK_IS, state.name)]
    if episode is not None:
        rows[0] = (
            work_wording.WHERE_THE_WORK_IS,
            work_wording.STATE_SINCE.format(
                state=state.name, day=day_words.in_short(episode.since.astimezone(turn.zone()).date())
            ),
        )
    rows += [
        (work_wording.WHAT_COMES_NEXT, _what_comes_next(turn, family, episode, standing)),
        (work_wording.WHOSE_TURN, position.whose_turn(turn, unit, episode)),
    ]
    if episode is None:
        return tuple(rows)
    if episode.clinician_id:
        rows.append((work_wording.CLINICIAN, people.name_of(turn.session, episode.clinician_id)))
    known = episodes.body(turn.session, episode)
    if state.turn and known.work.strip().lower() not in ("", "none"):
        rows.append((work_wording.THE_WORK, known.work))
    if standing.sessions_held or standing.state in (WorkState.COMMISSIONED, WorkState.IN_THERAPY):
        rows.append(
            (
                work_wording.SESSIONS,
                clinical_wording.sessions_words(standing.sessions_held, standing.sessions, standing.review_after),
            )
        )
        rows.append((work_wording.AGREEMENT, _agreement_words(turn, family, standing)))
        rows.append((work_wording.ASSESSMENT, _assessment_words(turn, family)))
    if episode.next_on is not None and not state.over:
        rows.append((work_wording.BOOKED, unit_wording.dated(episode.next_on, turn.today())))
    rows += _elsewhere(turn, standing, known)
    rows += _questionnaires(turn, family)
    if episode.differ_step:
        rows.append((clinical_wording.DIFFERENT_VIEWS, position.differing_views(turn, unit, episode)))
    return tuple(rows)


def _what_comes_next(turn: Turn, family: Family, episode: Episode | None, standing: Standing) -> str:
    """By what is there already: an assessment that is signed, or a questionnaire that is in, is not still to come."""
    if standing.state == WorkState.ENDED_AWAITING_MEASURES and not _closing_ones_to_come(turn, family):
        return now_wording.ALL_IN
    if episode is None or standing.state not in (WorkState.COMMISSIONED, WorkState.IN_THERAPY):
        return pathway.state(standing.state).next
    return now_wording.whats_next(
        assessment_open=standing.state == WorkState.COMMISSIONED and _assessment_is_open(turn, family),
        agreed=standing.agreed,
        offered=bool(agreement_offered(turn, family)),
        begun=bool(standing.sessions_held),
        booked=episode.next_on if episode.next_on and episode.next_on >= turn.today() else None,
    )


def _assessment_is_open(turn: Turn, family: Family) -> bool:
    return not signing.is_signed(turn, family, "assessment")


def agreement_offered(turn: Turn, family: Family) -> Agreement | None:
    """The newest agreement that waits for a yes."""
    running = agreements.of_family(turn.session, family.id, only_running=True)
    return next((one for one in running if one.status == AgreementStatus.OFFERED), None)


def _assessment_words(turn: Turn, family: Family) -> str:
    return signing.stands(turn, family, "assessment") or work_wording.ASSESSMENT_NOT_BEGUN


def _elsewhere(turn: Turn, standing: Standing, known: EpisodeBody) -> list[tuple[str, str]]:
    """What others have been asked for: a referral that waits, or who took the family on; the call to Tier 3."""
    rows = []
    if known.panel and (standing.asked or standing.state in (WorkState.REFERRED_TO_PANEL, WorkState.WITH_SERVICE)):
        said = known.panel
        tier = option_label("panel_referral", "tier", said.get("tier"))
        to = ", ".join(str(part) for part in (said.get("service") or said.get("asked_for"), tier) if part)
        answer = "" if standing.asked else option_label("panel_outcome", "outcome", said.get("outcome"))
        days = (_on(turn, said.get("referred")), _on(turn, said.get("decision_expected")))
        rows.append((clinical_wording.REFERRAL, clinical_wording.referral_words(to, *days, answer)))
    if known.tier3 and standing.state == WorkState.URGENT_TIER3:
        said = known.tier3
        called, seen, after = (_on(turn, said.get(key)) for key in ("called", "seen", "next_contact"))
        rows.append((clinical_wording.TIER3, clinical_wording.tier3_words(called, seen, after)))
    return rows


def _on(turn: Turn, value: object) -> str:
    day = as_day(value)
    return unit_wording.dated(day, turn.today()) if day else ""


def _agreement_words(turn: Turn, family: Family, standing: Standing) -> str:
    if standing.agreed:
        return work_wording.AGREEMENT_CONFIRMED
    return work_wording.AGREEMENT_OFFERED if agreement_offered(turn, family) else work_wording.NO_AGREEMENT


def _closing_ones_to_come(turn: Turn, family: Family) -> bool:
    planned = measures_planned.of_family(turn.session, family, turn.today())
    return any(one.is_open and one.point == END for one in planned)


def _questionnaires(turn: Turn, family: Family) -> list[tuple[str, str]]:
    planned = [one for one in measures_planned.of_family(turn.session, family, turn.today()) if one.is_open]
    if not planned:
        return []
    count = "1 questionnaire" if len(planned) == 1 else work_wording.QUESTIONNAIRES_COUNTED.format(count=len(planned))
    return [(work_wording.QUESTIONNAIRES, work_wording.QUESTIONNAIRES_TO_COME.format(count=count))]


# ---- the buttons


def args_of(family: Family, episode: Episode | None, move: Move) -> dict[str, str]:
    """What the button of a step carries: `at` tells a press on an older card."""
    return {"family": family.id, "move": move.id, "at": str(episode.version if episode else 0)}


def buttons_of(
    family: Family, episode: Episode | None, move: Move, extra: Mapping[str, str] = MappingProxyType({})
) -> list[Button]:
    """The buttons of a step: one for each answer that has its own (with `extra` in it), then the step itself."""
    args = args_of(family, episode, move)
    quick = [
        Button(action="work.move", label=said, args={**args, "answer": key, **extra})
        for key, said in move.quick.items()
    ]
    label = move.again.get(episode.state if episode else "", move.label)
    return [*quick, Button(action="work.move", label=label, args=args)]


def urgent_button(family: Family) -> Button:
    """Urgent Tier 3, red wherever it is drawn."""
    args = {"family": family.id, "move": "urgent", "at": ""}
    return Button(action="work.move", label=pathway.move("urgent").label, args=args, style="danger")


def _move_buttons(turn: Turn, family: Family, episode: Episode | None, standing: Standing) -> list[Block]:
    """What comes next first, the rest below it, and always Urgent Tier 3."""
    usual = [one for one in pathway.usual(standing) if one.id != "assess" or _assessment_is_open(turn, family)]
    others = [one for one in pathway.allowed(standing) if one not in usual and not one.urgent]
    first = [button for one in usual for button in buttons_of(family, episode, one)]
    first = [*_agreement_button(turn, family, standing), *first]
    rest = [button for one in others for button in buttons_of(family, episode, one)]
    rest.append(urgent_button(family))
    first = [one.model_copy(update={"style": "primary"}) if n == 0 else one for n, one in enumerate(first)]
    rows = [first, *(rest[n : n + IN_A_ROW] for n in range(0, len(rest), IN_A_ROW))]
    return [Buttons(items=tuple(row)) for row in rows if row]


def _agreement_button(turn: Turn, family: Family, standing: Standing) -> list[Button]:
    """Joint work waits for an agreement: offer one, or look at the one that waits for a yes."""
    if (
        standing.agreed
        or standing.state not in (WorkState.COMMISSIONED, WorkState.IN_THERAPY)
        or not standing.roles & OFFERS
    ):
        return []
    args = {"family": family.id}
    if agreement_offered(turn, family):
        return [Button(action="agreement.list", label=clinical_wording.AGREEMENT_WAITS, args=args)]
    return [Button(action="agreement.new", label=clinical_wording.OFFER_AGREEMENT, args=args)]


def _closed_buttons(family: Family) -> list[Block]:
    again = Button(action="family.reopen", label=work_wording.OPEN_FAMILY_AGAIN, args={"family": family.id})
    return [say(clinical_wording.CLOSED_FAMILY), Buttons(items=(again, urgent_button(family)))]


def _other_buttons(family: Family, episode: Episode | None) -> list[Block]:
    args = {"family": family.id}
    items = [Button(action="family.timeline", label=clinical_wording.TIMELINE, args=args)]
    if family.status != FamilyStatus.CLOSED:
        items.insert(0, Button(action="work.others", label=clinical_wording.NOT_NOW, args=args))
    if episode is not None:
        items.append(Button(action="work.forms", label=clinical_wording.WRITTEN, args=args))
    if episode is not None and family.status != FamilyStatus.CLOSED:
        items.append(Button(action="work.differ", label=clinical_wording.DIFFERENT_VIEWS, args=args))
    items.append(Button(action="genogram.open", label=GENOGRAM, args=args))
    if family.category == "complex_child_in_need":
        items.append(Button(action="family.ccin", label=clinical_wording.CCIN_OPEN, args=args))
    return [Buttons(items=tuple(items))]
