"""The genogram of a family: typed in two forms, kept version by version, sent as a picture, shown in the assessment."""

from __future__ import annotations

from typing import Any

import pytest

from handlers import routes
from handlers.documents import read_key
from handlers.turn import Answer, Ask, Done, Note, Wrong
from prompts_and_forms.genogram.genogram import Genogram
from storage.family import genograms
from storage.family.genograms import Drawn
from tests.worlds.in_memory import buttons_of, text_of
from tests.worlds.records_world import Room, other_unit_with_family

REF = "K3107C"
"""Mother, father and a grandmother on the mother's side."""


class Tree:
    """One family's genogram, as people change it."""

    def __init__(self, room: Room) -> None:
        routes.load()
        self.room, self.family = room, room.family(REF)

    def press(self, what: str, who: str = "tomasz") -> Answer:
        return self.room.press(who, f"genogram.{what}", family=self.family)

    def people(self, answers: dict[str, Any] | None = None, who: str = "tomasz") -> Ask:
        """Hands in the people; answers the form of the lines."""
        asked = self.press("people", who)
        found = self.room.hand_in(who, asked, answers or {})
        assert isinstance(found, Ask), found
        return found

    def draw(self, people: dict[str, Any] | None = None, links: dict[str, Any] | None = None) -> Done:
        found = self.room.hand_in("tomasz", self.people(people), links or {})
        assert isinstance(found, Done), found
        return found

    @property
    def drawn(self) -> Drawn:
        with self.room.reading() as session:
            found = genograms.current(session, self.family)
            assert found is not None
            return found

    @property
    def genogram(self) -> Genogram:
        return self.drawn.genogram

    @property
    def labels(self) -> list[str]:
        return [one.label for one in self.genogram.people]


@pytest.fixture
def tree(room: Room) -> Tree:
    return Tree(room)


def values(asked: Answer) -> dict[str, Any]:
    assert isinstance(asked, Ask)
    return {field.key: field.value for field in asked.view.fields if field.value}


def typed(tree: Tree, **changed: str) -> Answer:
    """Hands in the people as the form shows them, some fields (`people__0__who`) changed."""
    asked = tree.press("people")
    assert isinstance(asked, Ask)
    flat = values(asked) | {key.replace("__", "#"): value for key, value in changed.items()}
    return tree.room.send(
        "tomasz", routes.EventKind.SUBMIT, name=asked.view.form, args=dict(asked.view.args), values=flat
    )


def test_the_work_card_offers_it_and_the_first_press_opens_a_form_with_the_family_in_it(tree: Tree) -> None:
    card = tree.room.command("tomasz", "/work", REF)
    assert isinstance(card, Note)
    assert "genogram.open" in {button.action for button in buttons_of(card.card)}
    shown = values(tree.press("open"))
    assert "Mother AD" in shown.values()
    assert "Maternal grandmother VD" in shown.values()


def test_three_presses_draw_the_family_that_is_known_and_the_picture_is_on_its_way(tree: Tree) -> None:
    done = tree.draw()
    parents = next(union for union in tree.genogram.unions if len(union.parents) == 2)
    assert {tree.genogram.label(one) for one in parents.parents} == {"Mother AD", "Father CB"}
    assert len(parents.children) == len([one for one in tree.genogram.people if " " not in one.label])
    assert done.note is not None
    assert "Maternal grandmother VD is a birth parent of Mother AD." in text_of(done.note)
    (key,) = tree.room.messages("file:")
    asked = read_key(key)
    assert asked is not None
    assert (asked.what, asked.form, asked.row_id) == ("genogram", "png", tree.drawn.people.id)


def test_what_was_drawn_last_is_there_again_and_the_older_version_stays(tree: Tree) -> None:
    tree.draw()
    first = tree.drawn
    tree.draw({"more": "Aunt, woman, 1985, died"})
    assert tree.labels[-1] == "Aunt"
    with tree.room.reading() as session:
        old = session.get(type(first.people), first.people.id)
        assert old is not None
        assert old.replaced_by_id == tree.drawn.people.id
        before = genograms.of_entry(session, old)
        then = genograms.as_of(session, tree.family, first.newest.recorded_at)
    assert before is not None
    assert then is not None
    assert then.genogram == first.genogram
    assert "Aunt" not in [one.label for one in before.genogram.people]


def test_a_new_word_for_somebody_keeps_their_lines(tree: Tree) -> None:
    tree.draw()
    key = next(key for key, value in values(tree.press("people")).items() if value == "Mother AD")
    asked = typed(tree, **{key.replace("#", "__"): "Mum"})
    tree.room.hand_in("tomasz", asked, {})
    mum = next(one for one in tree.genogram.people if one.label == "Mum")
    assert any(mum.id in union.parents for union in tree.genogram.unions)


def test_two_people_at_once_lose_nobody(tree: Tree) -> None:
    tree.draw()
    mine = tree.press("people")
    tree.people({"more": "Neighbour, woman"}, who="devan")
    asked = tree.room.hand_in("tomasz", mine, {"more": "Uncle, man"})
    assert {"Neighbour", "Uncle"} <= set(tree.labels)
    assert isinstance(asked, Ask)
    assert "Devan" in str(asked.view.intro)


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("people__0__born", "12.03.2014", "Not a full date"),
        ("people__0__born", "2999", "still to come"),
        ("people__0__who", "x" * 41, "at most 40"),
        ("more", "Aunt, purple", "purple"),
        ("more", "x" * 60, "Line 1"),
        ("more", "\n".join(f"N{n}, man" for n in range(40)), "do not fit"),
    ],
)
def test_what_cannot_be_drawn_is_said_beside_it_and_nothing_is_lost(
    tree: Tree, field: str, text: str, says: str
) -> None:
    wrong = typed(tree, **{field: text})
    assert isinstance(wrong, Wrong)
    assert says in "".join(wrong.errors.values())
    assert genograms_kept(tree) == 0
    tree.room.command("tomasz", "/forms")
    with tree.room.reading() as session:
        from storage.forms.drafts import drafts_of

        assert len(drafts_of(session, tree.room.people["tomasz"])) == 1


def genograms_kept(tree: Tree) -> int:
    return len(tree.room.entries("genogram"))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"kind": "birth", "who": ["p1"], "whom": ["p1"]}, "both sides"),
        ({"kind": "married", "who": ["p1"], "whom": []}, "two people"),
        ({"kind": "birth", "who": ["p1", "p2", "p3"], "whom": ["p4"]}, "two parents"),
        ({"kind": "close", "who": ["p1"], "whom": []}, "two people"),
    ],
)
def test_a_line_that_cannot_be_is_explained(tree: Tree, line: dict[str, Any], says: str) -> None:
    wrong = tree.room.hand_in("tomasz", tree.people(), {"links": [line]})
    assert isinstance(wrong, Wrong)
    assert says in "".join(wrong.errors.values())


def test_nobody_is_their_own_ancestor(tree: Tree) -> None:
    lines = [{"kind": "adopted", "who": [a], "whom": [b]} for a, b in (("p1", "p2"), ("p2", "p3"), ("p3", "p1"))]
    wrong = tree.room.hand_in("tomasz", tree.people(), {"links": lines})
    assert isinstance(wrong, Wrong)
    assert "ancestors" in "".join(wrong.errors.values())


def test_awkward_words_are_kept_as_they_are_and_doubles_are_told_apart(tree: Tree) -> None:
    odd = ["<script>alert(1)</script>", "A & B", "ש״כ", "🎉", "Aunt", "Aunt"]
    tree.draw({"more": "\n".join(odd)})
    assert tree.labels[-6:] == [*odd[:5], "Aunt (2)"]


def test_somebody_of_another_unit_is_told_it_is_not_there(tree: Tree) -> None:
    tree.draw()
    other_unit_with_family(tree.room, "H0001A")
    before = len(tree.room.messages("file:"))
    for press in ("open", "people", "links"):
        assert isinstance(tree.press(press, who="ida"), Note)
    tree.room.press("ida", "document.png", what="genogram", row=tree.drawn.people.id)
    assert len(tree.room.messages("file:")) == before
