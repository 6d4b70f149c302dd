"""What the forms of clinical work know already: today, the people, and what was said once in an earlier form.

Looked up in one place, so that a form opens with it from every card, message and discussion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.forms.asking import prefills
from handlers.turn import Turn
from prompts_and_forms.days import ages, working_days
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.measures import catalogue, planning
from prompts_and_forms.states import MeasureState
from storage.clinical import episodes
from storage.database.tables import Entry, Family
from storage.database.tables_clinical import Episode
from storage.family import families
from storage.forms import entries
from storage.measures import measures
from storage.measures import planned as measures_planned
from storage.unit import people

Said = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """A family's clinical work as a form that opens sees it."""

    turn: Turn
    family: Family
    episode: Episode | None

    @property
    def today(self) -> str:
        """Today, as a form holds it."""
        return self.turn.today().isoformat()

    @property
    def clinician(self) -> str | None:
        """The family's own clinician, else the unit's."""
        own = self.episode.clinician_id if self.episode else None
        return own or _one(people.clinicians(self.turn.session, self.family.unit_id))

    @property
    def lead(self) -> str | None:
        """The consultant social worker who leads the unit."""
        found = people.unit_lead(self.turn.session, self.family.unit_id)
        return found.id if found else None

    @property
    def both(self) -> list[str]:
        """The clinician and the consultant social worker."""
        return [one for one in (self.clinician, self.lead) if one]

    @property
    def carers(self) -> list[str]:
        """The family's carers, by key."""
        return [carer.key for _row, carer in families.carers(self.turn.session, self.family.id)]

    @property
    def children(self) -> list[str]:
        """The family's children, by key."""
        return [child.key for _row, child in families.children(self.turn.session, self.family.id)]

    def said(self, form: str) -> Said:
        """What the newest form of that kind said in this piece of work; nothing from an earlier one."""
        entry = entries.newest_of_family(self.turn.session, self.family.id, form)
        if entry is None or not self._is_mine(entry):
            return {}
        return entries.answers(self.turn.session, entry)

    def _is_mine(self, entry: Entry) -> bool:
        if self.episode is None or entry.subject_id == self.episode.id:
            return True
        begun = self.episode.started_on
        return entry.subject_id is None and (begun is None or entry.recorded_at.date() >= begun)


def _one(found: list[Any]) -> str | None:
    return str(found[0].id) if found else None


def answers(turn: Turn, family: Family, episode: Episode | None, form: str) -> Said:
    """Answers that need not be given again, for one form of clinical work."""
    known = LOOKED_UP[form](Known(turn, family, episode)) if form in LOOKED_UP else {"date": turn.today().isoformat()}
    return {key: value for key, value in known.items() if value not in (None, "", [])}


def _consult(known: Known) -> Said:
    children = known.children
    return {
        "date": known.today,
        "clinician": known.clinician,
        "social_worker": known.lead,
        "decided_with": known.both,
        "children": children if len(children) == 1 else [],
    }


def _agree(known: Known) -> Said:
    return {"date": known.today, "clinician": known.clinician}


def _confirm(known: Known) -> Said:
    return {"clinician": known.clinician}


def _book(known: Known) -> Said:
    """Who is invited: the carers, then the clinician and the consultant social worker. Booked anew: as before.

    Nobody with a warning about contact is ticked beforehand: the form says the warning, and whoever books decides.
    """
    before = {key: value for key, value in known.said("commissioning_booking").items() if key not in ("date", "note")}
    carers = [body for _row, body in families.carers(known.turn.session, known.family.id)]
    invited = [body.key for body in carers if not body.safe_contact.strip()]
    return {"family": invited, "who": known.both, **before}


def _commission(known: Known) -> Said:
    """As it was booked: the day, who was asked to come; the work as the unit agreed it."""
    booked, day = known.said("commissioning_booking"), known.episode.commissioned_on if known.episode else None
    return {
        "date": day.isoformat() if day and day <= known.turn.today() else known.today,
        "decision": "goes_ahead",
        "who": booked.get("who"),
        "family": booked.get("family"),
        "work": known.said("care_plan").get("work"),
        "first_sdqs": _first_informants(known),
    }


def _first_informants(known: Known) -> list[str]:
    """Who is asked for a first SDQ about the children of this age."""
    session, today = known.turn.session, known.turn.today()
    born = [body for _row, body in families.children(session, known.family.id) if not body.unborn]
    old_enough = any(planning.sdq_version("self", ages.age_on(body.known_age(), today)) for body in born)
    asked = {"family": bool(born), "young_person": old_enough, "school": any(body.school for body in born)}
    return [who for who, is_asked in asked.items() if is_asked]


def _session(known: Known) -> Said:
    """The day that was booked, and who came, how and about what as the last time; the next day in the same rhythm."""
    episode, last, today = known.episode, known.said("session"), known.turn.today()
    booked = episode.next_on if episode is not None and episode.next_on is not None else today
    held = min(booked, today)
    return {
        "date": held.isoformat(),
        "who": last.get("who") or known.said("commissioning").get("family"),
        "by": last.get("by") or [known.turn.actor().id],
        "method": last.get("method"),
        "themes": last.get("themes"),
        "next_session": _next_in_rhythm(last, held, today),
    }


def _next_in_rhythm(last: Said, held: date, today: date) -> str | None:
    """As many days on as last time, where that is a working day still to come."""
    before, then = as_day(last.get("date")), as_day(last.get("next_session"))
    if before is None or then is None or then <= before:
        return None
    day = held + (then - before)
    return day.isoformat() if day > today and working_days.is_working_day(day) else None


def _review(known: Known) -> Said:
    came = known.said("session").get("who") or known.said("commissioning").get("family")
    plan = known.said("assessment").get("plan")
    return {"date": known.today, "who": known.both, "family": came, "future_work": plan}


def _close(known: Known) -> Said:
    """What was recommended at the review, and the people the first SDQs came from."""
    recommended = known.said("work_review").get("recommendations")
    asked = _who_filled_in_first(known) or known.said("commissioning").get("first_sdqs") or ["family"]
    return {"date": known.today, "recommendations": recommended, "second_sdqs": asked}


INFORMANTS = {"parent": "family", "self": "young_person", "teacher": "school", "informant": "other"}


def _who_filled_in_first(known: Known) -> list[str]:
    kept = measures.of_family(known.turn.session, known.family.id)
    first = [one for one in kept if (one.measure, one.point, one.state) == ("SDQ", planning.START, MeasureState.KEPT)]
    return list(dict.fromkeys(INFORMANTS.get(one.form.split("_")[0], "other") for one in first))


def _finish(known: Known) -> Said:
    """Which closing questionnaires are in, as they were entered."""
    planned = measures_planned.of_family(known.turn.session, known.family, known.turn.today())
    last = [one for one in planned if one.point == planning.END]
    is_in = {
        measure: bool(mine) and all(one.state is planning.State.DONE for one in mine)
        for measure in ("SDQ", "CHI_ESQ")
        for mine in [[one for one in last if one.measure == measure]]
    }
    found: Said = {"closed_on": known.today}
    found |= {key: True for key, name in (("sdq_in", "SDQ"), ("chi_esq_in", "CHI_ESQ")) if is_in[name]}
    return found | ({"all_in": "done"} if all(is_in.values()) else {})


def _assess(known: Known) -> Said:
    """The people, and what the commissioning meeting said."""
    session, unit_id, episode = known.turn.session, known.family.unit_id, known.episode
    met, booked = known.said("commissioning"), known.said("commissioning_booking")
    return {
        "children": known.children,
        "carers": known.carers,
        "clinician": known.clinician,
        "clinical_manager": _one(people.clinical_managers(session, unit_id)),
        "social_worker": known.lead,
        "coordinator": _one(people.coordinators(session, unit_id)),
        "assessed_on": known.today,
        "referred_on": episode.consulted_on.isoformat() if episode and episode.consulted_on else None,
        "interpreter": booked.get("interpreter") or None,
        "commissioning_on": met.get("date"),
        "commissioning_outcome": met.get("work"),
        "agreed_actions": "\n".join(met.get("actions") or []),
        "protection_concerns": met.get("safeguarding"),
        "measures_used": ", ".join(_questionnaires_so_far(known)),
        **{key: met.get(key) for key in ("views_parents", "views_children", "views_professionals")},
    }


def _questionnaires_so_far(known: Known) -> list[str]:
    kept = measures.of_family(known.turn.session, known.family.id)
    return list(dict.fromkeys(catalogue.name_of(one.measure) for one in kept if one.state == MeasureState.KEPT))


def _refer(known: Known) -> Said:
    consulted = known.said("initial_consultation")
    me = known.turn.actor().id
    return {"date": known.today, "service": consulted.get("resource"), "referrer": consulted.get("referrer") or me}


def _visit(known: Known) -> Said:
    return {"date": known.today, "who": known.both}


def _tier3(known: Known) -> Said:
    return {"called_on": known.today, "called_by": known.turn.actor().id}


def agreement(turn: Turn, family: Family) -> Said:
    """What an agreement opens with: the work as it was agreed with the family, who leads it, and both sides' parts."""
    known = Known(turn, family, episodes.current(turn.session, family.id))
    focus = known.said("commissioning").get("work") or known.said("care_plan").get("work")
    parts = {known.clinician: decisions_wording.LEADS_SESSIONS, known.lead: decisions_wording.LEADS_SOCIAL_WORK}
    roles = [{"member": who, "does": does} for who, does in parts.items() if who]
    return {"focus": focus, "lead": known.clinician, "roles": roles}


LOOKED_UP: dict[str, Callable[[Known], Said]] = {
    "initial_consultation": _consult,
    "care_plan": _agree,
    "joint_visit": _visit,
    "allocation": _confirm,
    "commissioning_booking": _book,
    "commissioning": _commission,
    "assessment": _assess,
    "session": _session,
    "work_review": _review,
    "panel_referral": _refer,
    "ending": _close,
    "closing": _finish,
    "tier3_contact": _tier3,
}
"""Form -> how its known answers are found; a form that is not here opens with today."""


def _opened(form: str) -> None:
    @prefills(form)
    def known_already(
        turn: Turn, family_id: str | None, _discussion: str | None, _args: dict[str, str]
    ) -> dict[str, Any] | None:
        family = families.by_id(turn.session, family_id)
        return answers(turn, family, episodes.current(turn.session, family.id), form) if family else None


for _form in LOOKED_UP:
    _opened(_form)
