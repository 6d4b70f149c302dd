"""From what is typed in the genogram's forms to what is kept, and what is known of a family already. Pure.

Kept: rows of people {"id", "who", "shape", "born", "marks"} and of lines {"kind", "who": [ids], "whom": [ids]}.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prompts_and_forms.genogram import wording as genogram_wording
from prompts_and_forms.genogram.genogram import MOST_LABEL, Link, Person, born_kept, contradiction, fault

Row = dict[str, Any]
IN_ROWS = 16
"""People the form has a row for; the others stand one a line in its last box."""


# ---- people


def typed_people(rows: Sequence[Row], more: str, year: int) -> tuple[list[Row], dict[tuple[int, str], str], str]:
    """The people as they are saved, what is wrong in the rows (by row and field), and what is wrong in the box."""
    found: list[Row] = []
    wrong: dict[tuple[int, str], str] = {}
    for number, row in enumerate(rows):
        born, why = born_kept(str(row.get("born") or ""), year)
        if why:
            wrong[number, "born"] = why
        label = " ".join(str(row.get("who") or "").split())
        if not label:
            wrong[number, "who"] = genogram_wording.NAME_THEM
        elif len(label) > MOST_LABEL:
            wrong[number, "who"] = genogram_wording.TOO_LONG.format(most=MOST_LABEL)
        found.append(_row(label, str(row.get("shape") or "unknown"), born, list(row.get("marks") or ())))
    lines = [line for line in more.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        typed = _typed_line(line, number, year)
        if isinstance(typed, str):
            return found, wrong, typed
        found.append(typed)
    return found, wrong, ""


def _row(label: str, shape: str, born: str, marks: list[str]) -> Row:
    return {"who": label, "shape": shape, "born": born, "marks": marks}


def _typed_line(line: str, number: int, year: int) -> Row | str:
    """One person from "Mother's mother, woman, 1951, died", or the sentence that says what is not understood."""
    label, *parts = (" ".join(part.split()) for part in re.split("[,;،]", line))
    if not label or len(label) > MOST_LABEL:
        return genogram_wording.LINE_NAME.format(number=number, most=MOST_LABEL)
    row = _row(label, sign_of(label), "", [])
    for part in parts:
        low = part.lower()
        mark = next((mark for mark, said in genogram_wording.MARK_WORDS.items() if low in said), None)
        shape = next((shape for shape, said in genogram_wording.SHAPE_WORDS.items() if low in said), None)
        born, _why = born_kept(part, year)
        if mark:
            row["marks"] = list(dict.fromkeys([*row["marks"], mark]))
        elif shape:
            row["shape"] = shape
        elif born:
            row["born"] = born
        elif part:
            return genogram_wording.NOT_UNDERSTOOD.format(number=number, part=part)
    return row


def as_answers(rows: Sequence[Row]) -> dict[str, Any]:
    """Kept people as the form shows them: rows first, the rest one a line."""
    shown = [{name: row[name] for name in ("who", "shape", "born", "marks") if row.get(name)} for row in rows[:IN_ROWS]]
    lines = "\n".join(_line_of(row) for row in rows[IN_ROWS:])
    return {"people": shown, **({"more": lines} if lines else {})}


def _line_of(row: Row) -> str:
    marks = [genogram_wording.MARK_WORDS[mark][0] for mark in row.get("marks") or ()]
    label = " ".join(re.sub("[,;،]", " ", str(row["who"])).split())
    parts = [label, genogram_wording.SHAPE_WORDS[row.get("shape") or "unknown"][0], str(row.get("born") or ""), *marks]
    return ", ".join(part for part in parts if part)


def with_ids(rows: Sequence[Row], before: Sequence[Row]) -> list[Row]:
    """Each person keeps their id: known by the same label, or by their place where the label was changed."""
    left = {number: str(row["id"]) for number, row in enumerate(before)}
    found: dict[int, str] = {}
    for number, row in enumerate(rows):
        same = next((at for at in left if before[at]["who"] == row["who"]), None)
        if same is not None:
            found[number] = left.pop(same)
    if len(rows) >= len(before):
        for number in range(len(rows)):
            if number not in found and number in left:
                found[number] = left.pop(number)
    last = max((int(one[1:]) for one in (str(row["id"]) for row in before) if one[1:].isdigit()), default=0)
    made: list[Row] = []
    for number, row in enumerate(rows):
        if number not in found:
            last += 1
            found[number] = f"p{last}"
        made.append({"id": found[number], **row})
    return made


def joined(mine: Sequence[Row], theirs: Sequence[Row], base: Sequence[Row]) -> list[Row]:
    """What I saved, and whoever somebody else put in since I opened the form."""
    known = {str(row["id"]) for row in base}
    added = [dict(row) for row in theirs if str(row["id"]) not in known]
    taken = {str(row["id"]) for row in added}
    free = (f"p{number}" for number in range(len(mine) + len(theirs) + 1, 10_000))
    kept = [{**row, "id": next(free)} if str(row["id"]) in taken else dict(row) for row in mine]
    names = {row["who"] for row in kept}
    return [*kept, *(row for row in added if row["who"] not in names)]


# ---- lines


def line_faults(rows: Sequence[Row], labels: Mapping[str, str]) -> dict[tuple[int, str], str]:
    """What is wrong in the lines, by line and field."""
    found: dict[tuple[int, str], str] = {}
    good: list[Link] = []
    for number, row in enumerate(rows):
        link = link_of(row)
        why = fault(link)
        if why is None:
            why = contradiction([*good, link], labels)
        if why is None:
            good.append(link)
            continue
        both = [labels[one] for one in link.who if one in link.whom]
        field = (
            "whom" if why in (genogram_wording.WHOSE, genogram_wording.TWO_NEEDED, genogram_wording.ONE_SELF) else "who"
        )
        found[number, field] = why.format(who=genogram_wording.and_words(both)) if both else why
    return found


def link_of(row: Row) -> Link:
    """A row of the form as a relationship."""
    return Link(str(row.get("kind") or ""), tuple(row.get("who") or ()), tuple(row.get("whom") or ()))


def joined_lines(
    mine: Sequence[Row], theirs: Sequence[Row], base: Sequence[Row], labels: Mapping[str, str]
) -> list[Row]:
    """My lines, and those somebody else added since, where they do not contradict mine."""
    found = [dict(row) for row in mine]
    for row in theirs:
        if row not in base and row not in found and not line_faults([*found, row], labels):
            found.append(dict(row))
    return found


# ---- what is known of the family already


@dataclass(frozen=True)
class Known:
    """A child (`relation` empty) or a carer of the family's page. `children`: the keys of whom they care for."""

    key: str
    initials: str = ""
    relation: str = ""
    born: str = ""
    unborn: bool = False
    home: bool = False
    children: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What stands under somebody in the picture: relation and initials, cut where it would be too wide."""
        relation = self.relation.replace("_", " ").strip()
        words_of = f"{relation[:1].upper()}{relation[1:]} {self.initials}".strip()
        return (words_of if relation else self.initials or self.key)[:MOST_LABEL].strip()


def first_people(known: Sequence[Known]) -> list[Row]:
    """The children and carers of the family's page, as rows without ids."""
    children = [one for one in known if not one.relation]
    return [
        _row(
            one.label,
            "pregnancy" if one.unborn else sign_of(one.relation),
            one.born,
            [*(["index"] if len(children) == 1 and one is children[0] else []), *(["home"] if one.home else [])],
        )
        for one in known
    ]


def sign_of(relation: str) -> str:
    """Square or circle where the word for somebody says it."""
    last = re.sub("[^a-z]", " ", relation.lower()).split()
    for word in reversed(last):
        if word.endswith(genogram_wording.FEMALE_ENDS):
            return "woman"
        if word.endswith(genogram_wording.MALE_ENDS):
            return "man"
    return "unknown"


def first_lines(known: Sequence[Known], people: Iterable[Person]) -> list[Row]:
    """Lines that the words for carers say: who is parent of whom, a grandmother on the mother's side, and the like."""
    ids: dict[str, str] = {}
    for person in people:
        ids.setdefault(person.label, person.id)
    drawn = [one for one in known if one.label in ids]
    children = [one for one in drawn if not one.relation]
    carers = [one for one in drawn if one.relation]
    found: list[Row] = []
    for kind in ("birth", "adopted", "fostered"):
        by_children: dict[tuple[str, ...], list[str]] = {}
        for one in carers:
            if _way(one.relation) == kind:
                whom = tuple(ids[child.label] for child in children if not one.children or child.key in one.children)
                by_children.setdefault(whom, []).append(ids[one.label])
        for whom, who in by_children.items():
            pairs = [who[n : n + 2] for n in range(0, len(who), 2)] if kind == "birth" else [who[:2], who[2:]]
            found += [{"kind": kind, "who": pair, "whom": list(whom)} for pair in pairs if pair and whom]
    for side, parent in (("maternal", "mother"), ("paternal", "father")):
        old = [
            ids[one.label] for one in carers if _words(one.relation)[:1] == [side] and "grand" in one.relation.lower()
        ]
        under = next((ids[one.label] for one in carers if _words(one.relation) == [parent]), None)
        if old and under:
            found.append({"kind": "birth", "who": old[:2], "whom": [under]})
    return found


def _words(relation: str) -> list[str]:
    return re.sub("[^a-z]", " ", relation.lower()).split()


def _way(relation: str) -> str:
    """How a carer of this name came to the children; "" where the word does not say."""
    said = _words(relation)
    if said in (["mother"], ["father"], ["birth", "mother"], ["birth", "father"], ["parent"]):
        return "birth"
    if said and said[0].startswith("adopt"):
        return "adopted"
    return "fostered" if said and said[0] in ("foster", "fostering", "kinship", "guardian", "special") else ""
