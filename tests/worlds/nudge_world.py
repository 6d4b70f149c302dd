"""The sample unit over mornings: who gets which message, as it would lie in their direct messages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlmodel import select

from handlers import render
from handlers.turn import Answer, EventKind, Note
from prompts_and_forms.card import Card
from storage.database.tables_machinery import OutboxMessage
from storage.database.tables_nudges import Nudge
from storage.decisions import actions
from storage.messages import posts
from storage.nudges import nudges
from storage.unit import people
from tests.worlds.in_memory import buttons_of
from tests.worlds.records_world import TODAY, Room

WEDNESDAY = TODAY + timedelta(days=1)


class Mornings(Room):
    """The sample unit over days. A posted message lies where the platform would put it."""

    def tick(self, day: date, at: str = "08:30") -> None:
        hour, minute = map(int, at.split(":"))
        self.ticks(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC))

    def morning(self, day: date) -> dict[str, Card]:
        """What each person gets that morning, by name; posted at once. With what is behind “Show all”."""
        self.tick(day)
        return {who: self.with_all(who, shown) for who, shown in self.deliver().items()}

    def with_all(self, who: str, shown: Card) -> Card:
        every = [one for one in buttons_of(shown) if one.action == "nudge.all"]
        if not every:
            return shown
        answer = self.send(who, EventKind.BUTTON, name="nudge.all", args=every[0].args, minutes=0)
        assert isinstance(answer, Note), answer
        return shown.model_copy(update={"blocks": (*shown.blocks, *answer.card.blocks)})

    def deliver(self) -> dict[str, Card]:
        names = {person_id: name for name, person_id in self.people.items()}
        found: dict[str, Card] = {}
        with self.db.write() as session:
            for row in session.exec(select(OutboxMessage).where(OutboxMessage.state == "waiting")):
                row.state = "sent"
                session.add(row)
                if not row.key.startswith("person:") or any(one in row.key for one in ("/actions:", "/agenda:")):
                    continue
                shown = render.render(session, row.key, self.now)
                if shown is None:
                    continue
                posts.keep_post(session, row.key, "D1", "1")
                found[names[row.key.split("/")[0].removeprefix("person:")]] = shown
        return found

    def asked_again(self) -> list[str]:
        """Keys of messages that are to be drawn again."""
        with self.reading() as session:
            return list(session.exec(select(OutboxMessage.key).where(OutboxMessage.state == "waiting")))

    def nudge(self, who: str, kind: str, about: str = "") -> Nudge:
        with self.reading() as session:
            wanted = select(Nudge).where(Nudge.person_id == self.people[who], Nudge.kind == kind)
            found = [one for one in session.exec(wanted) if about in one.subject]
        assert found, f"{who} has no {kind}"
        return found[0]

    def rows(self, kind: str) -> list[Nudge]:
        with self.reading() as session:
            return list(session.exec(select(Nudge).where(Nudge.kind == kind)))

    def later(self, who: str, row: Nudge, chosen: str) -> Answer:
        return self.press(who, "nudge.later", nudge=row.id, unit=row.unit_id, chosen=chosen)

    def said_days(self, row: Nudge) -> list[date]:
        """The days on which it was in somebody's message."""
        with self.reading() as session:
            return sorted(said.day for said in nudges.said_where(session, [row.id], date.min))

    def away(self, who: str, first: date, last: date, cover: str | None = None) -> None:
        with self.db.write() as session:
            membership = people.membership(session, self.unit.unit_id, self.people[who])
            assert membership is not None
            membership.leave_from, membership.leave_until = first, last
            membership.cover_id = self.people[cover] if cover else None
            session.add(membership)

    def change(self) -> actions.Change:
        return actions.Change(by_id=self.people["orla"], now=self.now, today=self.now.date())
