"""A genogram as values: people, the ties between them, and what is wrong with what was typed. Pure.

Signs follow the usual ones of family therapy (McGoldrick and Gerson): square male, circle female, diamond other or not
said, triangle pregnancy; a cross through who died, a double outline round whom the work is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from prompts_and_forms.genogram import wording as genogram_wording

MOST_PEOPLE = 40
MOST_LABEL = 40
SHAPES = tuple(genogram_wording.SHAPES)
COUPLES, FEELINGS, PARENTS = (
    tuple(genogram_wording.COUPLES),
    tuple(genogram_wording.FEELINGS),
    tuple(genogram_wording.PARENTS),
)
SIBLINGS = "siblings"
OLDEST = 1850


@dataclass(frozen=True)
class Person:
    """`label` is shown, `born` a year, an age, or empty. `when` is the year of birth as far as known."""

    id: str
    label: str
    shape: str = "unknown"
    born: str = ""
    died: bool = False
    home: bool = False
    index: bool = False
    when: float | None = None


@dataclass(frozen=True)
class Link:
    """One line of the form: these people, what they are, to those people."""

    kind: str
    who: tuple[str, ...]
    whom: tuple[str, ...] = ()


@dataclass(frozen=True)
class Union:
    """One or two parents (none: brothers and sisters whose parents are not drawn) and how each child came to them.

    `couple` is a kind of COUPLES, or empty where nobody said what the two are to each other.
    """

    parents: tuple[str, ...]
    children: tuple[tuple[str, str], ...] = ()
    couple: str = ""


@dataclass(frozen=True)
class Tie:
    """How two people are with each other: a kind of FEELINGS."""

    kind: str
    one: str
    other: str


@dataclass(frozen=True)
class Genogram:
    people: tuple[Person, ...]
    unions: tuple[Union, ...] = ()
    ties: tuple[Tie, ...] = ()

    def person(self, person_id: str) -> Person:
        """The person of this id; raises StopIteration where there is none."""
        return next(one for one in self.people if one.id == person_id)

    def label(self, person_id: str) -> str:
        """What stands under the person of this id."""
        return self.person(person_id).label

    def apart(self) -> tuple[Person, ...]:
        """Those without any family tie, where there is more than one person."""
        tied = {one for union in self.unions for one in (*union.parents, *(child for child, _ in union.children))}
        return tuple(one for one in self.people if one.id not in tied) if len(self.people) > 1 else ()


# ---- from what is kept


def people_of(rows: Iterable[Mapping[str, Any]], year: int) -> tuple[Person, ...]:
    """The people of kept rows (id, who, shape, born, marks). Labels that are the same twice are numbered."""
    found: list[Person] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows):
        label = " ".join(str(row.get("who") or "").split()) or "?"
        seen[label] = seen.get(label, 0) + 1
        born, marks = str(row.get("born") or "").strip(), tuple(row.get("marks") or ())
        shape = str(row.get("shape") or "unknown")
        found.append(
            Person(
                id=str(row.get("id") or f"p{number + 1}"),
                label=label if seen[label] == 1 else f"{label} ({seen[label]})",
                shape=shape if shape in SHAPES else "unknown",
                born=born,
                died="died" in marks,
                home="home" in marks,
                index="index" in marks,
                when=born_about(born, year),
            )
        )
    return tuple(found)


def links_of(rows: Iterable[Mapping[str, Any]], people: Iterable[Person]) -> tuple[Link, ...]:
    """The kept lines, without people who are no longer drawn; a line that says nothing any more is left out."""
    known = {person.id for person in people}
    found = []
    for row in rows:
        who = tuple(one for one in row.get("who") or () if one in known)
        whom = tuple(one for one in row.get("whom") or () if one in known)
        link = Link(str(row.get("kind") or ""), who, whom)
        if fault(link) is None:
            found.append(link)
    return tuple(found)


def genogram_of(people: tuple[Person, ...], links: Iterable[Link]) -> Genogram:
    """The people and their ties; lines that contradict earlier ones are left out."""
    good: list[Link] = []
    for link in links:
        if fault(link) is None and contradiction([*good, link], {one.id: one.label for one in people}) is None:
            good.append(link)
    return Genogram(people, unions(good), ties(good))


def read(answers: Mapping[str, Any], year: int) -> Genogram:
    """The genogram of a kept entry; `year` is the one it was drawn in, for ages."""
    people = people_of(answers.get("people") or (), year)
    return genogram_of(people, links_of(answers.get("links") or (), people))


def born_about(born: str, year: int) -> float | None:
    """The year of birth, exact or from an age; None where nothing is known."""
    if re.fullmatch(r"[0-9]{4}", born, re.ASCII):
        return float(born)
    months = re.fullmatch(r"([0-9]{1,2}) ?months?", born, re.ASCII)
    if months:
        return year - int(months[1]) / 12
    return year - float(born) if re.fullmatch(r"[0-9]{1,3}", born, re.ASCII) else None


def born_kept(typed: str, year: int) -> tuple[str, str]:
    """What is saved of a year or an age, and what is wrong with it: ("2012", "") or ("", sentence)."""
    text = re.sub(r"^(born|b\.?|aged?)\s+", "", typed.strip().lower())
    text = re.sub(r"\s*(years? old|years?|yrs?|y)$", "", text).strip()
    months = re.fullmatch(r"([0-9]{1,2})\s*(months?( old)?|m)", text, re.ASCII)
    if not text:
        return "", ""
    if months and int(months[1]) <= 36:
        return f"{int(months[1])} month{'' if int(months[1]) == 1 else 's'}", ""
    if re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) and int(text) <= 120:
        return str(int(text)), ""
    if re.fullmatch(r"[0-9]{4}", text, re.ASCII) and int(text) >= OLDEST:
        return ("", genogram_wording.BORN_LATER) if int(text) > year else (text, "")
    return "", genogram_wording.BORN


# ---- what is wrong


def fault(link: Link) -> str | None:
    """What is wrong with one line by itself, apart from the names of the people in it; None when nothing is."""
    who, whom = set(link.who), set(link.whom)
    if who & whom:
        return genogram_wording.ONE_SELF
    if link.kind in PARENTS:
        if len(who) > 2:
            return genogram_wording.PARENTS_OF_TWO
        return None if who and whom else (genogram_wording.TWO_NEEDED if not who else genogram_wording.WHOSE)
    if len(who | whom) < 2:
        return genogram_wording.TWO_NEEDED
    if link.kind in COUPLES and len(who | whom) != 2:
        return genogram_wording.COUPLE_OF_TWO
    if link.kind in FEELINGS and not (who and whom) and len(who | whom) > 2:
        return genogram_wording.COUPLE_OF_TWO
    return None if link.kind in (*COUPLES, *FEELINGS, SIBLINGS) else genogram_wording.TWO_NEEDED


def contradiction(links: list[Link], labels: Mapping[str, str]) -> str | None:
    """How the last line goes against the ones before it; None where it does not."""
    *before, last = links
    if last.kind in COUPLES:
        pair = frozenset((*last.who, *last.whom))
        for other in before:
            if other.kind in COUPLES and other.kind != last.kind and frozenset((*other.who, *other.whom)) == pair:
                names = genogram_wording.and_words(sorted(labels[one] for one in pair))
                return genogram_wording.TWO_COUPLES.format(
                    who=names, one=genogram_wording.COUPLES[other.kind], other=genogram_wording.COUPLES[last.kind]
                )
    if last.kind not in PARENTS:
        return None
    above = _parents(links)
    for child in last.whom:
        kinds = above[child]
        if len([one for one in kinds.values() if "birth" in one]) > 2:
            return genogram_wording.BIRTH_PARENTS.format(who=labels[child])
        doubled = next((parent for parent, kind in kinds.items() if len(kind) > 1), None)
        if doubled:
            return genogram_wording.TWICE_PARENT.format(parent=labels[doubled], child=labels[child])
        if child in ancestors(child, above):
            return genogram_wording.CIRCLE.format(who=labels[child])
    return None


def _parents(links: Iterable[Link]) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    for link in links:
        if link.kind in PARENTS:
            for child in link.whom:
                for parent in link.who:
                    found.setdefault(child, {}).setdefault(parent, set()).add(link.kind)
    return found


def ancestors(person: str, above: Mapping[str, Iterable[str]]) -> set[str]:
    """Everybody above somebody, as far as the lines go."""
    found: set[str] = set()
    waiting = list(above.get(person, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += above.get(one, ())
    return found


# ---- ties


@dataclass
class _Gathered:
    couple: str = ""
    children: dict[str, str] = field(default_factory=dict)


def unions(links: Iterable[Link]) -> tuple[Union, ...]:
    """Couples and parents, each pair once, with their children; then brothers and sisters without parents."""
    found: dict[tuple[str, ...], _Gathered] = {}
    siblings: list[set[str]] = []
    told: dict[tuple[str, str], list[str]] = {}
    for link in links:
        if link.kind in COUPLES:
            found.setdefault(_pair((*link.who, *link.whom)), _Gathered()).couple = link.kind
        elif link.kind in PARENTS:
            for child in dict.fromkeys(link.whom):
                above = told.setdefault((child, link.kind), [])
                above += [one for one in link.who if one not in above]
        elif link.kind == SIBLINGS:
            siblings.append({*link.who, *link.whom})
    for (child, kind), parents in told.items():
        for pair in _in_twos(parents, found):
            found.setdefault(_pair(pair), _Gathered()).children.setdefault(child, kind)
    made = [Union(pair, tuple(one.children.items()), one.couple) for pair, one in found.items()]
    return (*made, *_siblings(siblings, made))


def _in_twos(parents: list[str], couples: Mapping[tuple[str, ...], Any]) -> Iterator[tuple[str, ...]]:
    """Parents told one by one are a pair all the same; couples that were named come first."""
    left = list(parents)
    while left:
        first = left.pop(0)
        other = next((one for one in left if _pair((first, one)) in couples), left[0] if left else None)
        if other is None:
            yield (first,)
        else:
            left.remove(other)
            yield first, other


def _pair(people: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(people), key=_natural))


def _natural(name: str) -> tuple[int, str]:
    digits = re.sub(r"[^0-9]", "", name)
    return (int(digits) if digits else 0, name)


def _siblings(groups: Iterable[set[str]], made: list[Union]) -> Iterator[Union]:
    """Groups that share somebody are one; brothers and sisters whose parents are drawn need no line of their own."""
    joined: list[set[str]] = []
    for group in groups:
        touching = [one for one in joined if one & group]
        joined = [one for one in joined if not one & group] + [group.union(*touching)]
    for group in joined:
        if not any(group <= {child for child, _kind in union.children} for union in made):
            yield Union((), tuple((one, SIBLINGS) for one in sorted(group, key=_natural)))


def ties(links: Iterable[Link]) -> tuple[Tie, ...]:
    """Each pair and each kind once."""
    found: dict[tuple[str, tuple[str, ...]], Tie] = {}
    for link in links:
        if link.kind not in FEELINGS:
            continue
        people = (*link.who, *link.whom)
        pairs = [(a, b) for a in link.who for b in link.whom] if link.who and link.whom else [(people[0], people[1])]
        for one, other in pairs:
            pair = _pair((one, other))
            found[link.kind, pair] = Tie(link.kind, pair[0], pair[1])
    return tuple(found.values())


# ---- in words


def sentences(genogram: Genogram) -> tuple[str, ...]:
    """The picture in words: how many, about whom, each person, each tie."""
    label = genogram.label
    said = [genogram_wording.count_words(len(genogram.people))]
    index = [one.label for one in genogram.people if one.index]
    said += [genogram_wording.about_words(index)] if index else []
    said.append(
        genogram_wording.people_words(
            [
                genogram_wording.person_words(
                    one.label, one.shape, genogram_wording.born_words(one.born), died=one.died, home=one.home
                )
                for one in genogram.people
            ]
        )
    )
    for union in genogram.unions:
        if union.couple:
            said.append(genogram_wording.pair_words(union.couple, [label(one) for one in union.parents]))
        for kind in PARENTS:
            children = [label(child) for child, how in union.children if how == kind]
            said += (
                [genogram_wording.parents_words(kind, [label(one) for one in union.parents], children)]
                if children
                else []
            )
        if not union.parents:
            said.append(genogram_wording.siblings_words([label(child) for child, _how in union.children]))
    said += [genogram_wording.pair_words(tie.kind, (label(tie.one), label(tie.other))) for tie in genogram.ties]
    apart = genogram.apart()
    return (*said, *([genogram_wording.apart_words([one.label for one in apart])] if apart else ()))


def alt_text(genogram: Genogram, most: int | None = None) -> str:
    """The picture in words, in at most `most` characters: first without facts about people, then with fewer ties."""
    said = list(sentences(genogram))
    whole = " ".join(said)
    if most is None or len(whole) <= most:
        return whole
    place = next(number for number, one in enumerate(said) if one.startswith("People: "))
    said[place] = genogram_wording.people_words([one.label for one in genogram.people])
    kept, rest = said[: place + 1], said[place + 1 :]
    while rest and len(" ".join([*kept, rest[0], genogram_wording.left_out(len(rest))])) <= most:
        kept.append(rest.pop(0))
    text = " ".join([*kept, *([genogram_wording.left_out(len(rest))] if rest else [])])
    return text if len(text) <= most else text[: most - 1] + "…"
