"""What is said to whoever made a step of clinical work: what is true now, and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.clinical import tracking_lines, work_forms
from handlers.entries.recording import Answers, date_of, text_of
from handlers.turn import Turn
from prompts_and_forms.card import Block, Button, Buttons, say, small
from prompts_and_forms.clinical import now_wording, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical.pathway import Move, Standing
from prompts_and_forms.forms.catalogue import option_label
from prompts_and_forms.states import WorkState
from storage.database.tables import Entry, Family
from storage.database.tables_clinical import Episode
from storage.family import families
from storage.forms import corrections
from storage.unit import people


@dataclass(frozen=True)
class Made:
    """A step as it was made: `before` is where the work was, `to` where it is now."""

    turn: Turn
    family: Family
    episode: Episode
    move: Move
    to: WorkState
    before: Standing
    answers: Answers
    entry: Entry

    @property
    def label(self) -> str:
        """The answer that decided where it leads, in words."""
        return option_label(self.move.form, self.move.ask, self.answers.get(self.move.ask))

    @property
    def answer(self) -> str:
        """The answer that decided where it leads, as it is stored."""
        return text_of(self.answers, self.move.ask)


def afterwards(made: Made) -> list[Block]:
    """What is true now, then what to think of, then how to correct it."""
    move, to = made.move, made.to
    said: list[Block] = [say(now(made))]
    if to == WorkState.REVIEW_DUE and made.before.state != to:
        said.append(say(clinical_wording.REVIEW_NOW.format(count=made.episode.sessions - made.episode.reviewed_at)))
    if move.id == "review" and made.answer == "more_work":
        said.append(say(clinical_wording.NEW_AGREEMENT))
    if move.id == "consult":
        said.append(small(clinical_wording.SDQ_ALWAYS))
    if move.id == "commission" and to == WorkState.COMMISSIONED:
        said += _after_commissioning(made)
    if move.id == "close":
        waits = to == WorkState.ENDED_AWAITING_MEASURES
        said.append(say(clinical_wording.CLOSING_MEASURES if waits else clinical_wording.NO_MEASURES))
        said.append(small(clinical_wording.TELL_FAMILY))
        said.append(Buttons(items=(measures_button(made.family), _agreements_button(made.family))))
    return [*said, *_correcting(made)]


def _correcting(made: Made) -> list[Block]:
    entry = made.entry
    out = Button(action="entry.mistake", label=clinical_wording.BY_MISTAKE, args={"entry": entry.id})
    buttons = (work_forms.put_right(entry), *((out,) if entry.form in corrections.MAY_BE_TAKEN_OUT else ()))
    return [Buttons(items=buttons), *tracking_lines.lines_of_entry(made.turn, entry)]


def _after_commissioning(made: Made) -> list[Block]:
    """Whose voice is not written down yet, permission to share, and the first questionnaires."""
    said: list[Block] = list(not_heard(made))
    said.append(say(clinical_wording.FIRST_SDQS))
    buttons = [measures_button(made.family)]
    if families.body(made.turn.session, made.family).permission.get("status") != "signed":
        said.append(say(now_wording.WITHOUT_PERMISSION))
        args = {"family": made.family.id, "form": "permission_to_share"}
        buttons.insert(0, Button(action="form.open", label=work_wording.PERMISSION_TO_SHARE, args=args))
    return [*said, Buttons(items=tuple(buttons))]


def not_heard(made: Made) -> tuple[Block, ...]:
    """Whose view of the work nobody wrote down at the commissioning meeting."""
    silent = [who for key, who in clinical_wording.VOICES.items() if not text_of(made.answers, key).strip()]
    return (say(clinical_wording.NOT_HEARD.format(who=", ".join(silent))),) if silent else ()


def measures_button(family: Family) -> Button:
    """Opens the family's questionnaires."""
    return Button(action="measure.family", label=work_wording.QUESTIONNAIRES, args={"family": family.id})


def _agreements_button(family: Family) -> Button:
    return Button(action="agreement.list", label=work_wording.JOINT_WORKING_AGREEMENT, args={"family": family.id})


# ---- what is true now


def now(made: Made) -> str:
    """One sentence for what is true after the step, never the step's own name."""
    return NOW[made.move.id](made)


def _confirmed(made: Made) -> str:
    if made.answer == "not_suitable":
        return now_wording.NOT_CONFIRMED
    name = people.name_of(made.turn.session, made.answers.get("clinician"))
    return now_wording.confirmed(name, altered=made.answer == "altered")


def _booked(made: Made) -> str:
    on = date_of(made.answers, "date") or made.turn.today()
    return now_wording.booked(on, text_of(made.answers, "time"), text_of(made.answers, "place").strip())


def _commissioned(made: Made) -> str:
    if made.answer == "goes_ahead":
        return now_wording.commissioned(date_of(made.answers, "date"))
    return now_wording.NOTHING_CAME if made.answer == "another_day" else now_wording.DECLINED


def _session(made: Made) -> str:
    answers = made.answers
    return now_wording.session_held(made.episode.sessions, date_of(answers, "date"), date_of(answers, "next_session"))


def _finished(made: Made) -> str:
    over = made.answer == "done"
    return now_wording.closed(date_of(made.answers, "closed_on")) if over else now_wording.SOME_TO_COME


NOW: dict[str, Callable[[Made], str]] = {
    "consult": lambda made: now_wording.consulted(made.label),
    "visit": lambda made: now_wording.visited(date_of(made.answers, "date")),
    "agree": lambda made: now_wording.AGREED.get(made.answer, made.label),
    "confirm": _confirmed,
    "book": _booked,
    "commission": _commissioned,
    "session": _session,
    "review": lambda made: now_wording.reviewed(made.label),
    "refer": lambda made: now_wording.referred(text_of(made.answers, "service"), date_of(made.answers, "answer_by")),
    "panel": lambda made: now_wording.answered(made.label),
    "close": lambda made: now_wording.ended(date_of(made.answers, "date")),
    "finish": _finished,
    "tier3": lambda _made: now_wording.TIER3_SAVED,
    "calmer": lambda _made: now_wording.URGENT_OVER,
}
"""Every step that has a form kept here says what is true after it."""
