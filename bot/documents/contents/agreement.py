"""A joint working agreement to sign, and how agreements are told in other papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.documents.contents.answers import SignatureRow, about_family, capital, signature
from bot.documents.model import AnyPart, Document, Facts, Heading, Paragraph, Run, Signatures, Table, say
from bot.documents.source import Source
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.measures import catalogue
from prompts_and_forms.states import AgreementStatus
from storage.database.bodies import AgreementBody
from storage.database.tables import Agreement, AgreementVersion
from storage.decisions import agreements
from storage.family import families

STATE = {"offered": documents_wording.OFFERED_ONLY, "ended": documents_wording.ENDED}
ROLE_WIDTHS, MEASURE_WIDTHS = (30, 70), (40, 34, 26)


def agreement(source: Source, found: Agreement) -> Document:
    """The version in force, and room for everybody's signature.

    The family has a copy, so that no safe-contact warning stands on it.
    """
    version = agreements.current(source.session, found)
    body = agreements.words(source.session, found)
    parts: list[AnyPart] = [
        Facts(rows=tuple(about_family(source, found.family_id)), front=True),
        *([say(STATE[found.status])] if found.status in STATE else []),
        Heading(text=documents_wording.FOCUS),
        Paragraph(runs=(Run(text=body.focus, strong=True),)),
        *details(source, found, body),
        Heading(text=documents_wording.SIGNATURES),
        _signatures(source, found, version),
    ]
    return source.document(
        "agreement",
        documents_wording.AGREEMENT,
        parts,
        subject=documents_wording.version_number(version.no),
        family_id=found.family_id,
        on=source.at(version.at).date(),
        by=source.name(version.offered_by_id) if version.offered_by_id else "",
    )


def details(source: Source, found: Agreement, body: AgreementBody) -> list[AnyPart]:
    """Who does what, how the work goes, and the questionnaires, each in words."""
    parts: list[AnyPart] = []
    if body.roles:
        rows = tuple((source.name(one.get("member")), capital(str(one.get("does") or ""))) for one in body.roles)
        head = documents_wording.ROLE_HEAD
        parts += [
            Heading(text=documents_wording.WHO_DOES_WHAT, level=2),
            Table(head=head, rows=rows, widths=ROLE_WIDTHS),
        ]
    parts += [Heading(text=documents_wording.HOW_WE_WORK, level=2), Facts(rows=tuple(_facts(source, found, body)))]
    if body.measures:
        measured = Table(
            head=documents_wording.MEASURE_HEAD, rows=tuple(_measures(body.measures)), widths=MEASURE_WIDTHS
        )
        parts += [Heading(text=documents_wording.MEASURES, level=2), measured]
    return parts


def _facts(source: Source, found: Agreement, body: AgreementBody) -> Iterable[tuple[str, str]]:
    def name(person_id: str | None) -> str:
        return source.name(person_id) if person_id else ""

    names, notes = source.names(found.family_id), body.notes
    signed = day_words.in_full(body.permission_signed) if body.permission_signed else ""
    rows = (
        ("Where we meet", _option("space", body.space)),
        ("Kind of work", _option("stream", body.stream)),
        ("Led by", name(body.lead)),
        ("How we will know it has helped", body.goal),
        ("Line of the plan", names.line(body.plan_outcome)),
        ("What each session is for", body.each_session),
        ("Number of sessions", str(body.sessions or "")),
        ("Who asks", name(body.asks)),
        ("Who watches and listens", name(body.observes)),
        ("What can change on the day", body.flexibility),
        ("Notes taken by", name(notes.get("by"))),
        ("Where notes are filed", str(notes.get("kept") or "")),
        ("Who can read the notes", str(notes.get("readable_by") or "")),
        ("Who explains safeguarding", name(body.safeguarding_by)),
        ("What is shared at once, and with whom", body.shared_straight_away),
        ("What the family was told", body.family_told),
        ("Permission to share signed on", signed),
        ("Review", _review(found, body)),
        ("How either side raises a worry", body.raise_worry),
        ("What we noticed", body.noticed),
    )
    return ((label, capital(value)) for label, value in rows if value.strip())


def _option(question: str, value: str) -> str:
    """A choice of the agreement's form in its own words."""
    for one in load_form("contract").questions:
        if one.id == question:
            return next((choice.label for choice in one.options if choice.value == value), value.replace("_", " "))
    return value.replace("_", " ")


def _review(found: Agreement, body: AgreementBody) -> str:
    after = body.review.get("after_sessions")
    on = day_words.in_full(found.review_on) if found.review_on else ""
    return documents_wording.review_words(int(after) if after else None, on)


def _measures(found: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str, str]]:
    for one in found:
        measure, version, when = (str(one.get(name) or "") for name in ("measure", "version", "when"))
        yield measure_name(measure, version), str(one.get("who") or ""), capital(decisions_wording.code_words(when))


def measure_name(measure: str, version: str) -> str:
    """A questionnaire and its version as people say them: "SDQ, parent or carer, age 4 to 17"."""
    code = measure.strip().upper().replace("-", "_")
    known = catalogue.find(code)
    if known is None:
        return ", ".join(decisions_wording.code_words(part) for part in (measure, version) if part)
    return catalogue.label_of(code, version) if known.version(version) else known.short


def confirmations(source: Source, version: AgreementVersion) -> list[SignatureRow]:
    """Both sides: who said yes and when, with an empty line for a side that has not yet."""
    return [
        signature(source, documents_wording.SIDES["social_work"], version.social_work_by_id, version.social_work_at),
        signature(source, documents_wording.SIDES["clinical"], version.clinical_by_id, version.clinical_at),
    ]


def said_yes(source: Source, version: AgreementVersion) -> list[tuple[str, str]]:
    """Each side with who said yes on which day, for papers that nobody signs."""
    return [
        (documents_wording.yes_from(side), f"{name}, {day}" if name else documents_wording.NOT_YET)
        for side, name, _how, day in confirmations(source, version)
    ]


def _signatures(source: Source, found: Agreement, version: AgreementVersion) -> Signatures:
    """The family signs on paper, and nobody signs an agreement that has ended."""
    rows = confirmations(source, version)
    if found.status == AgreementStatus.ENDED:
        return Signatures(rows=tuple(row for row in rows if row[1]) or tuple(rows))
    rows += [(documents_wording.CARER_SIGNS, who, "", "") for who in _carers_who_sign(source, found) or ("",)]
    rows.append((documents_wording.CHILD_SIGNS, "", "", ""))
    return Signatures(rows=tuple(rows), words=documents_wording.SIGN_HERE)


def _carers_who_sign(source: Source, found: Agreement) -> list[str]:
    """The carers the children live with; nobody with a warning about contact is asked on a paper others see."""
    names = source.names(found.family_id)
    known = [body for _row, body in families.carers(source.session, found.family_id) if not body.safe_contact.strip()]
    at_home = [body for body in known if body.lives_with_children]
    return [names.who(body.key) for body in at_home or known]
