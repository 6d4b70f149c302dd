"""An idea on paper: marked as one, with its author, its day, how it stands, and what fits and does not fit."""

from __future__ import annotations

from collections.abc import Iterable

from bot.documents.model import AnyPart, Bullets, Facts, Heading, Paragraph, Run, line, say
from bot.documents.source import Source
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.documents import wording as documents_wording
from storage.database.bodies import HypothesisBody
from storage.database.tables import Hypothesis
from storage.decisions import hypotheses


def idea_parts(source: Source, idea: Hypothesis) -> list[AnyPart]:
    """One idea with everything it must not be read without."""
    body = hypotheses.words(source.session, idea)
    parts: list[AnyPart] = [
        Heading(text=documents_wording.AN_IDEA, level=3, aside=_who(source, idea)),
        Paragraph(runs=(Run(text=body.text),)),
        *_evidence(decisions_wording.FITS, body.evidence_for),
        *_evidence(decisions_wording.DOES_NOT_FIT, body.evidence_against),
    ]
    rows = tuple((label, value) for label, value in _facts(source, idea, body) if value.strip())
    if rows:
        parts.append(Facts(rows=rows))
    if hypotheses.is_unfinished(body):
        parts.append(say(decisions_wording.UNFINISHED, quiet=True))
    stances = hypotheses.positions(source.session, idea)
    if stances:
        said = (decisions_wording.stance_words(source.name(p.person_id), p.stance, text) for p, text in stances)
        parts.append(Bullets(title=documents_wording.WHERE_PEOPLE_STAND, items=tuple(line(one) for one in said)))
    return parts


def _who(source: Source, idea: Hypothesis) -> str:
    offered = source.name(idea.offered_by_id)
    wrote = source.name(idea.recorded_by_id) if idea.recorded_by_id else offered
    return documents_wording.idea_by(offered, wrote, day_words.in_full(idea.raised_on))


def _evidence(title: str, lines: Iterable[str]) -> list[AnyPart]:
    found = tuple(line(one) for one in lines)
    if found:
        return [Bullets(title=title, items=found)]
    return [Bullets(title=title, items=(line(decisions_wording.NOTHING_YET),))]


def _facts(source: Source, idea: Hypothesis, body: HypothesisBody) -> Iterable[tuple[str, str]]:
    riskiest = documents_wording.RISKIEST if idea.riskiest else ""
    stands = documents_wording.IDEA_STANDS.get(idea.status, idea.status)
    earlier = hypotheses.by_id(source.session, idea.replaces_id) if idea.replaces_id else None
    tester = source.name(idea.test_owner_id) if idea.test_owner_id else ""
    by = f"by {day_words.in_full(idea.test_due_on)}" if idea.test_due_on else ""
    test = ", ".join(part for part in (body.next_test.rstrip("."), tester, by) if part)
    return (
        ("How it stands", ". ".join(part for part in (stands, riskiest) if part)),
        ("The pattern between people", body.pattern),
        ("Relationships", body.relationships),
        ("What would change our minds", body.would_change_mind),
        ("Risk left open if we are wrong to drop it", body.risk_left_open),
        ("Where it came from", body.lens.replace("_", " ")),
        ("Next test", test[:1].upper() + test[1:]),
        ("Grows out of", hypotheses.words(source.session, earlier).text if earlier else ""),
    )
