"""A family's people and the lines of its plan as a reader knows them: initials and words, never a key."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from bot.documents.model import AnyPart, Facts, Heading, Picture, Quote
from prompts_and_forms.days.ages import age_on
from prompts_and_forms.documents import wording as documents_wording
from storage.database.bodies import CarerBody, ChildBody, TextBody
from storage.database.vault import unseal
from storage.family import families

KEY = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Names:
    """`people` and `plan` by key, those who are no longer in the family too; `children` and `carers` as of now."""

    people: Mapping[str, str]
    initials: Mapping[str, str]
    plan: Mapping[str, str]
    children: tuple[str, ...] = ()
    carers: tuple[str, ...] = ()

    def who(self, key: str) -> str:
        """Somebody with what they are to the family: "TD", "CB (father)"; any other word as it is."""
        return self.people.get(key, key)

    def line(self, key: str | None) -> str:
        """A line of the plan in its words; "" where there is none."""
        return self.plan.get(key or "", "")

    def plainly(self, text: str) -> str:
        """The same text with initials where a key stands, also where the initials stand behind it in brackets."""
        for key, short in self.initials.items():
            if key in text:
                text = _standing(key).sub(short.replace("\\", r"\\"), text)
        return text

    def in_parts(self, parts: Iterable[AnyPart]) -> list[AnyPart]:
        """Every part without keys. What somebody typed or said is quoted as it was."""
        return [self._part(part) for part in parts]

    def explained(self, parts: Iterable[AnyPart]) -> list[AnyPart]:
        """What each short name that somebody typed stands for; nothing where nobody did."""
        said = set(KEY.findall(json.dumps([part.model_dump(mode="json") for part in parts], ensure_ascii=False)))
        rows = [(key, who) for key, who in self.people.items() if key in said]
        rows += [(key, documents_wording.plan_line(words)) for key, words in self.plan.items() if key in said and words]
        return [Heading(text=documents_wording.SHORT_NAMES), Facts(rows=tuple(rows))] if rows else []

    def _part(self, part: AnyPart) -> AnyPart:
        if isinstance(part, Quote):
            return part
        if isinstance(part, Picture):
            said = {name: self.plainly(getattr(part, name)) for name in ("alt", "short", "caption")}
            return part.model_copy(update=said)
        return type(part).model_validate(self._value(part.model_dump()))

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.plainly(value)
        if isinstance(value, dict):
            return {name: self._value(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return tuple(self._value(one) for one in value)
        return value


@lru_cache(256)
def _standing(key: str) -> re.Pattern[str]:
    """A key by itself, or with initials in brackets behind it."""
    return re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])(?: \([^\W\d_]{{1,5}}\))?")


NOBODY = Names({}, {}, {})


def names_of(session: Session, family_id: str | None, day: date, *, shown: bool = True) -> Names:
    """The names of one family; none of them where there is no family. `shown`: the unit shows initials."""
    if family_id is None:
        return NOBODY
    children = families.children(session, family_id, include_gone=True)
    carers = families.carers(session, family_id, include_gone=True)
    if not shown:
        children = [(row, body.model_copy(update={"initials": ""})) for row, body in children]
        carers = [(row, body.model_copy(update={"initials": ""})) for row, body in carers]
    initials = _children([body for _, body in children], day) | {body.key: _carer(body) for _, body in carers}
    people = initials | {body.key: _with_relation(body) for _, body in carers}
    rows = families.outcome_rows(session, family_id, include_gone=True)
    return Names(
        people=people,
        initials=dict(sorted(initials.items(), key=lambda one: -len(one[0]))),
        plan={row.key: unseal(session, row, TextBody).text for row in rows},
        children=tuple(people[body.key] for row, body in children if row.active),
        carers=tuple(people[body.key] for row, body in carers if row.active),
    )


def _children(bodies: list[ChildBody], day: date) -> dict[str, str]:
    """Initials; with the age on that day where two have the same; "child 2" where none are kept."""
    often = Counter(body.initials for body in bodies)
    found = {}
    for number, body in enumerate(bodies, start=1):
        short = body.initials.strip() or documents_wording.child_number(number)
        age = age_on(body.known_age(), day)
        twice = often[body.initials] > 1 and body.initials.strip() and age is not None
        found[body.key] = f"{short}, {age}" if twice else short
    return found


def _carer(body: CarerBody) -> str:
    return body.initials.strip() or documents_wording.a_relation(_relation(body))


def _with_relation(body: CarerBody) -> str:
    relation = _relation(body)
    return f"{body.initials.strip()} ({relation})" if body.initials.strip() and relation else _carer(body)


def _relation(body: CarerBody) -> str:
    return body.relation.replace("_", " ").strip()
