"""Clinical work in the sample unit: who presses which step, and what stands on the card."""

from __future__ import annotations

from typing import Any

from handlers.turn import Answer, Ask, Done, EventKind, Note
from prompts_and_forms.card import Button, Card, card
from storage.clinical import episodes
from storage.database.tables_clinical import Episode, EpisodeChange
from tests.worlds.in_memory import buttons_of, menus_of, words_of
from tests.worlds.records_world import Room


class Work:
    """One family's clinical work."""

    def __init__(self, room: Room, ref: str) -> None:
        self.room, self.ref, self.family = room, ref, room.family(ref)

    def card(self, who: str) -> Card:
        answer = self.room.command(who, "/work", self.ref)
        assert isinstance(answer, Note), answer
        return answer.card

    def said(self, who: str) -> str:
        return words_of(self.card(who))

    def steps(self, who: str) -> list[str]:
        """The steps somebody is offered, by name."""
        return [b.args["move"] for b in buttons_of(self.card(who)) if b.action == "work.move"]

    def press(self, who: str, move: str) -> Answer:
        found = next(b for b in buttons_of(self.card(who)) if b.args.get("move") == move)
        return self.room.press(who, found.action, **found.args)

    def do(self, who: str, move: str, /, **answers: Any) -> str:
        """Takes a step with its form; answers what is said afterwards."""
        done = self.room.hand_in(who, self.press(who, move), answers)
        assert isinstance(done, Done | Ask), done
        return words_of(done) if isinstance(done, Done) else words_of(Note(card("", *done.view.intro)))

    @property
    def episode(self) -> Episode:
        with self.room.reading() as session:
            found = episodes.current(session, self.family)
            assert found is not None
            return found

    @property
    def state(self) -> str:
        return self.episode.state

    @property
    def asked(self) -> bool:
        """Whether a referral waits for its answer."""
        with self.room.reading() as session:
            return episodes.standing(session, self.family, self.episode, ()).asked

    def history(self) -> list[tuple[EpisodeChange, str]]:
        with self.room.reading() as session:
            return episodes.changes(session, self.episode)

    def agree(self) -> None:
        """The clinician offers a joint working agreement, and the other side confirms it."""
        asked = self.room.press("tomasz", "agreement.new", family=self.family)
        answers = {
            "focus": "One calm meal a day.",
            "space": "joint_session",
            "lead": self.room.people["tomasz"],
            "roles": [
                {"member": self.room.people["tomasz"], "does": "leads"},
                {"member": self.room.people["orla"], "does": "joins"},
            ],
        }
        shown = self.room.hand_in("tomasz", asked, answers)
        assert isinstance(shown, Done)
        button = self._confirm_button(shown.note, "social_work")
        self.room.press("orla", button.action, **button.args)

    @staticmethod
    def _confirm_button(card: Card | None, side: str) -> Button:
        assert card is not None
        return next(b for b in buttons_of(card) if b.args.get("side") == side)

    def override(self, who: str, move: str, reason: str) -> Answer:
        """A manager goes another way."""
        others = self.room.press(who, "work.others", family=self.family)
        assert isinstance(others, Note)
        (menu,) = menus_of(others.card)
        asked = self.room.press(who, menu.action, **menu.args, chosen=move)
        return self.room.hand_in(who, asked, {"reason": reason})


def changed(room: Room, who: str, asked: Ask, **args: str) -> Answer:
    return room.send(who, EventKind.CHANGE, name=asked.view.form, args={**asked.view.args, **args})


NEW = "K1564A"
"""A family of the sample unit whose clinical work is free to begin."""


def day(room: Room, days: int = 0) -> str:
    return room.day(days)


def consulted(room: Room, outcome: str = "commissioning_meeting", ref: str = NEW) -> Work:
    work = Work(room, ref)
    work.do(
        "tomasz",
        "consult",
        date=day(room),
        clinician=room.people["tomasz"],
        discussion="What brings them here now.",
        outcome=outcome,
    )
    return work


def commissioned(room: Room) -> Work:
    work = consulted(room)
    work.do("ngozi", "confirm", decision="confirmed", clinician=room.people["tomasz"])
    work.do("pippa", "book", date=day(room, 2), place="Hill Centre")
    room.now = room.now.replace(day=20)
    work.do("orla", "commission", date=day(room, 2), decision="goes_ahead", work="Three talks")
    return work


def session(work: Work, days: int, **more: Any) -> str:
    return work.do("tomasz", "session", date=work.room.day(days), note="We talked.", **more)
