"""Documents and lists people ask for with a button: which one, whether they may have it, and where it will be sent.

Drawing and uploading happen after the turn; here only a row of the outbox is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from handlers import reach
from handlers.family.looked import may_ask, may_close
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import Button, Buttons, Choice, Chosen, Menu, Strong, card, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.documents import permission as permission_wording
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.managers import sheet_wording
from storage.clinical import tracking
from storage.database.audit import HasId, audit
from storage.database.columns import new_id
from storage.database.tables import Discussion, Entry, Family, Meeting, Membership, Unit
from storage.database.tables_machinery import FamilyMove
from storage.database.tables_measures import Measure
from storage.database.tables_retention import SubjectRequest
from storage.family import families, papers, transfers
from storage.family.papers import Paper
from storage.meeting import meetings
from storage.messages import outbox
from storage.unit import people

FORMS = {"pdf": documents_wording.PDF, "docx": documents_wording.WORD}
LIST_FORMS = {"xlsx": documents_wording.AS_SPREADSHEET, "csv": documents_wording.AS_CSV}
KINDS = (
    "record",
    "decisions",
    "agreement",
    "form",
    "measure",
    "permission",
    "bundle",
    "records",
    "agenda",
    "script",
    "genogram",
    "handover",
    "subject",
    "letter",
)
RECORDS = ("record", "decisions")
"""A meeting's record with what people typed in it, and without."""
LISTS = tuple(documents_wording.LIST_TITLES)
FIGURES = tuple(sheet_wording.FIGURE_TITLES)
"""The figures of a manager's units, and their totals for a head of service: spreadsheets only."""
NONE = "-"
SUPERVISION = "supervision_record"
MOST = 100
"""Choices a menu holds."""
CALENDAR, ICS = "calendar", "ics"
IMAGE = "png"
"""A drawing by itself, where there is one."""
JSON = "json"
"""The answer to a request to see the record, for another system."""


@dataclass(frozen=True)
class Asked:
    """What a key of the outbox says: `row_id` is a row's id, a script's kind, the lines of a list, or empty."""

    what: str
    row_id: str
    form: str
    unit_id: str
    person_id: str


def key_of(asked: Asked) -> str:
    """A new key each time: every press is answered with a document as things stand then."""
    row = asked.row_id or NONE
    return f"file:{asked.what}/{row}/{asked.form}/{asked.unit_id}/{asked.person_id}/{new_id()[:12]}"


def read_key(key: str) -> Asked | None:
    """The document a message's name asks for; None where the name is none of ours."""
    parts = key.removeprefix("file:").split("/")
    if not key.startswith("file:") or len(parts) != 6:
        return None
    what, row, form, unit_id, person_id, _ = parts
    drawing = (what, form) in (("genogram", IMAGE), ("subject", JSON))
    figures = what in FIGURES and form == "xlsx"
    if not (
        (what in KINDS and form in FORMS)
        or (what in LISTS and form in LIST_FORMS)
        or drawing
        or figures
        or (what, form) == (CALENDAR, ICS)
    ):
        return None
    return Asked(what, "" if row == NONE else row, form, unit_id, person_id)


def buttons(what: str, row_id: str, *, about: str = "", **args: str) -> tuple[Button, ...]:
    """PDF and Word. `args` name the unit, discussion or family, so that the right people may press."""
    return tuple(
        Button(action=f"document.{form}", label=label, about=about, args={"what": what, "row": row_id, **args})
        for form, label in FORMS.items()
    )


def record_buttons(discussion: Discussion) -> tuple[Button, ...]:
    """PDF and Word, and a third for the record without what people typed while they talked."""
    args = {"discussion": discussion.id}
    without = Button(
        action="document.choose",
        label=documents_wording.WITHOUT_TALK,
        args={"what": "decisions", "row": discussion.id, **args},
    )
    return (*buttons("record", discussion.id, **args), without)


@button("document.pdf", opens=True)
def as_pdf(turn: Turn) -> Answer:
    """Sends the document as PDF, to the person who asked."""
    return _send(turn, "pdf")


@button("document.docx", opens=True)
def as_word(turn: Turn) -> Answer:
    """Sends the document as a Word file, to the person who asked."""
    return _send(turn, "docx")


@button("document.png", opens=True)
def as_picture(turn: Turn) -> Answer:
    """Sends the genogram as a picture, to the person who asked."""
    return _send(turn, IMAGE)


@button("document.json", opens=True)
def as_values(turn: Turn) -> Answer:
    """Sends the answer to a request as plain values, to the person who asked."""
    return _send(turn, JSON)


@button("document.choose", opens=True)
def choose(turn: Turn) -> Answer:
    """Asks in which form, where there is no room for two buttons."""
    args = turn.event.args
    more = {name: args[name] for name in ("unit", "family", "discussion") if name in args}
    items = buttons(args.get("what", ""), args.get("row", ""), **more)
    return Note(card(documents_wording.NOTICE, say(documents_wording.CHOOSE), Buttons(items=items)))


def _send(turn: Turn, form: str) -> Answer:
    return send(turn, turn.event.args.get("what", ""), turn.event.args.get("row", ""), form)


def send(turn: Turn, what: str, row_id: str, form: str) -> Answer:
    """Asks for a document for whoever acts; raises Refused for what is not there or not theirs."""
    if (form == IMAGE and what != "genogram") or (form == JSON and what != "subject"):
        raise Refused(decisions_wording.GONE)
    row, family_id = _found(turn, what, row_id)
    return _bring(turn, what, row_id, form, row, family_id)


def _bring(turn: Turn, what: str, row_id: str, form: str, row: HasId, family_id: str | None) -> Answer:
    """Writes down who has it made, and asks for it."""
    unit, person = turn.here(), turn.actor()
    if people.belongs(turn.session, unit.id, person.id) is None:
        raise Refused(decisions_wording.GONE)
    audit(
        turn.session,
        at=turn.now,
        what="document",
        row=row,
        person_id=person.id,
        unit_id=unit.id,
        family_id=family_id,
    )
    for family in _shown_in(turn, what, row_id):
        audit(
            turn.session,
            at=turn.now,
            what="document",
            row=family,
            person_id=person.id,
            unit_id=unit.id,
            family_id=family.id,
        )
    key = key_of(Asked(what, row_id, form, unit.id, person.id))
    outbox.file(turn.session, key, now=turn.now, chat_user=person.chat_user)
    return Note(card(documents_wording.NOTICE, say(documents_wording.ON_ITS_WAY)))


def _shown_in(turn: Turn, what: str, row_id: str) -> list[Family]:
    """The families of a document that is about several: each has a line of its own in the audit."""
    session, unit = turn.session, turn.here()
    lines = read_lines(row_id) if what == "tracking" else None
    if lines is not None:
        wanted = tracking.Asked(unit.id, lines.since, lines.until, lines.person_id or None, lines.kind)
        return tracking.families_in(session, wanted)
    meeting = session.get(Meeting, row_id) if row_id and what in ("agenda", "records") else None
    if meeting is not None:
        found = meetings.families_of(session, meeting.id)
        held = {one.family_id for one in meetings.discussions(session, meeting.id)} - set(found)
        others = [families.by_id(session, family_id) for family_id in sorted(held)]
        return [*found.values(), *(one for one in others if one is not None)]
    return families.open_families(session, unit.id) if what in ("agenda", *LISTS) else []


def send_calendar(turn: Turn) -> Answer:
    """Asks for the calendar of whoever acts, as a file their own calendar takes."""
    return _bring(turn, CALENDAR, "", ICS, turn.actor(), None)


def _found(turn: Turn, what: str, row_id: str) -> tuple[HasId, str | None]:
    """The row a document is of, and its family; raises Refused for what is not there or not this person's."""
    session = turn.session
    if what == "agreement":
        agreement = reach.agreement(turn, row_id)
        return agreement, agreement.family_id
    if what == "measure":
        kept = session.get(Measure, row_id)
        if kept is not None:
            reach.family(turn, kept.family_id)
            return kept, kept.family_id
    if what == "handover":
        move = transfers.get(session, row_id)
        if move is not None and may_have_pack(session, move, turn.actor().id):
            return move, move.family_id
    if what == "subject":
        request = session.get(SubjectRequest, row_id)
        if request is not None:
            reach.family(turn, request.family_id)
            own = request.responsible_id == turn.actor().id and request.sent_on is None
            if own or may_close(turn.unit, turn.membership):
                return request, request.family_id
    if what in ("permission", "bundle"):
        family = reach.family(turn, row_id.partition(".")[0])
        return family, family.id
    if what in (*RECORDS, "form", "genogram", "letter"):
        row = session.get(Discussion if what in RECORDS else Entry, row_id)
        if isinstance(row, Discussion | Entry) and row.family_id:
            reach.family(turn, row.family_id)
            return row, row.family_id
        if isinstance(row, Entry) and turn.unit is not None and row.unit_id == turn.unit.id:
            _not_between_others(turn, row)
            return row, None
    if what in ("agenda", "script", "records"):
        meeting = session.get(Meeting, row_id)
        unit: Unit = turn.here()
        if meeting is not None and meeting.unit_id == unit.id:
            return meeting, None
        if meeting is None and what != "records":
            return unit, None
    raise Refused(decisions_wording.GONE)


def may_have_pack(session: Session, move: FamilyMove, person_id: str) -> bool:
    """Whoever is in the family's unit, and while the family is on its way those who can say yes to it."""
    family = families.by_id(session, move.family_id)
    if family is None:
        return False
    if people.belongs(session, family.unit_id, person_id) is not None:
        return True
    membership, unit = people.belongs(session, move.to_unit_id, person_id), session.get(Unit, move.to_unit_id)
    return move.state in transfers.LIVE and may_ask(unit, membership)


def _not_between_others(turn: Turn, entry: Entry) -> None:
    """Supervision is between a clinician and the managers."""
    membership = people.belongs(turn.session, entry.unit_id, turn.actor().id)
    if entry.form != SUPERVISION or (membership is not None and people.is_manager(membership)):
        return
    if membership is None or membership.person_id not in (entry.subject_id, entry.recorded_by_id):
        raise Refused(decisions_wording.GONE)


# ---- everything of a family


@button("family.documents", opens=True)
def of_family(turn: Turn) -> Answer:
    """Its meeting records, agreements and forms to choose from, newest first."""
    family = reach.family(turn, turn.event.args.get("family"))
    audit(
        turn.session,
        at=turn.now,
        what="read",
        row=family,
        person_id=turn.actor().id,
        unit_id=family.unit_id,
        family_id=family.id,
    )
    to_sign = tuple(
        Choice(value=Chosen("permission", f"{family.id}.{reader}").value, label=label)
        for reader, label in permission_wording.CHOICES.items()
    )
    most = MOST - len(to_sign) - 1
    found = papers.of_family(turn.session, family.id, most)
    if found:
        to_sign += (Choice(value=Chosen("bundle", family.id).value, label=documents_wording.EVERYTHING_CHOICE),)
    title = f"{families.label(turn.session, family, turn.unit)}: {documents_wording.DOCUMENTS.lower()}"
    choices = tuple(Choice(value=Chosen(one.what, one.row_id).value, label=_label(one)) for one in found[:most])
    menu = Menu(
        action="document.pick",
        label=documents_wording.CHOOSE_DOCUMENT,
        choices=(*to_sign, *choices),
        args={"family": family.id},
    )
    more = (small(documents_wording.MORE_DOCUMENTS.format(most=most)),) if len(found) > most else ()
    return Note(
        card(
            documents_wording.DOCUMENTS,
            say(Strong(text=title)),
            say(documents_wording.NEWEST_FIRST if found else documents_wording.NO_DOCUMENTS),
            Buttons(items=(menu,)),
            *more,
        )
    )


def _label(paper: Paper) -> str:
    what = (
        load_form(paper.code).title
        if paper.what in ("form", "letter")
        else documents_wording.PAPERS[paper.what].format(kind=paper.code)
    )
    return f"{day_words.in_full(paper.on)}: {what}"


@button("document.pick", opens=True)
def pick(turn: Turn) -> Answer:
    """Asks in which form, for what was chosen from a family's documents."""
    family = reach.family(turn, turn.event.args.get("family"))
    chosen = Chosen.read(turn.event.args.get("chosen", ""))
    talk = turn.session.get(Discussion, chosen.row) if chosen.what == "record" else None
    items = record_buttons(talk) if talk else buttons(chosen.what, chosen.row, family=family.id)
    return Note(card(documents_wording.NOTICE, say(documents_wording.CHOOSE), Buttons(items=items)))


# ---- lists


@dataclass(frozen=True)
class Lines:
    """The lines of the tracking form somebody wants as a list; both days are included."""

    since: date
    until: date
    person_id: str = ""
    kind: str = ""

    def as_row(self) -> str:
        """The choice written as one part of a message's name; `read_lines` takes it apart."""
        return ".".join((self.since.isoformat(), self.until.isoformat(), self.person_id, self.kind))


def read_lines(row: str) -> Lines | None:
    """The choice behind one part of a message's name; None where it cannot be read."""
    since, _, rest = row.partition(".")
    until, _, rest = rest.partition(".")
    person_id, _, kind = rest.partition(".")
    try:
        return Lines(date.fromisoformat(since), date.fromisoformat(until), person_id, kind)
    except ValueError:
        return None


def may_list_unit(unit: Unit, membership: Membership) -> bool:
    """Whose work it is to look at the unit as a whole; everybody else has their own lines."""
    return people.may_arrange(unit, membership) or people.is_manager(membership) or "clinician" in membership.roles


def list_buttons(turn: Turn, lines: Lines) -> tuple[Button, ...]:
    """The lines that are shown as files; nothing for who may not have them."""
    unit, membership = turn.here(), turn.membership
    if membership is None or not (may_list_unit(unit, membership) or lines.person_id == membership.person_id):
        return ()
    args = {"unit": unit.id, "what": "tracking", "row": lines.as_row()}
    return tuple(
        Button(action="document.list", label=label, args={**args, "form": form}) for form, label in LIST_FORMS.items()
    )


def caseload_button(turn: Turn) -> tuple[Button, ...]:
    """The button for the unit's list of families, for those who may have it."""
    unit, membership = turn.here(), turn.membership
    if membership is None or not may_list_unit(unit, membership):
        return ()
    args = {"unit": unit.id, "what": "caseload", "form": "xlsx"}
    return (Button(action="document.list", label=documents_wording.CASELOAD_SHEET, args=args),)


@button("document.list", opens=True)
def as_list(turn: Turn) -> Answer:
    """Sends a list as a sheet; raises Refused for who may have only their own lines."""
    args, unit, membership = turn.event.args, turn.here(), turn.membership
    what, form, row = args.get("what", ""), args.get("form", ""), args.get("row", "")
    lines = read_lines(row)
    if membership is None or what not in LISTS or form not in LIST_FORMS or (what == "tracking" and lines is None):
        raise Refused(decisions_wording.GONE)
    own = lines is not None and what == "tracking" and lines.person_id == membership.person_id
    if not own and not may_list_unit(unit, membership):
        raise Refused(documents_wording.LISTS_FOR)
    return _bring(turn, what, row if what == "tracking" else "", form, unit, None)
