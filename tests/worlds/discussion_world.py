"""The sample unit in its meeting: families are started from the board, people type and press in threads."""

from __future__ import annotations

import copy
import itertools
from typing import Any

from sqlmodel import select

from handlers.turn import Answer, EventKind, Note, Window
from prompts_and_forms.card import Button, Buttons, Card
from storage.database.db import Database
from storage.database.tables import AgendaItem, Contribution, Discussion
from storage.database.tables_machinery import OutboxMessage, Post
from storage.meeting import contributions, meetings
from storage.messages import posts
from tests.worlds.in_memory import buttons_of, text_of
from tests.worlds.records_world import CHANNEL, TODAY, Room


class Meeting(Room):
    """An open meeting. Messages the bot asks for lie at once where the platform would put them."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self._stamps = itertools.count(1)
        self.command("pippa", "/meeting")
        with self.reading() as session:
            meeting = meetings.open_meeting(session, self.unit.unit_id)
            assert meeting is not None
            self.meeting_id = meeting.id
        self.deliver()

    def copied(self, db: Database) -> Meeting:
        """The same meeting in a database that was copied from this one's."""
        found = copy.copy(self)
        found.db = db
        found._stamps = itertools.count(1_000_000)
        return found

    def stamp(self) -> str:
        return f"17{next(self._stamps):08d}.000100"

    def deliver(self) -> list[str]:
        """Posts what is asked for and not posted yet; answers the keys of new posts."""
        fresh: list[str] = []
        with self.db.write() as session:
            known = set(session.exec(select(Post.key)))
            for row in session.exec(select(OutboxMessage).order_by(OutboxMessage.made_at, OutboxMessage.lane_no)):
                if row.how in ("say", "show") and row.channel and row.key not in known:
                    posts.keep_post(session, row.key, row.channel, self.stamp())
                    fresh.append(row.key)
        return fresh

    def address(self, key: str) -> str:
        self.deliver()
        with self.reading() as session:
            post = posts.find_post(session, key)
            assert post is not None, key
            return post.ts

    def start(self, ref: str, kind: str = "full") -> str:
        """Starts a family from the board, held full or light; answers the discussion's id."""
        family_id = self.unit.families[ref]
        with self.db.write() as session:
            item = meetings.item_of(session, self.meeting_id, family_id)
            assert item is not None
            item.kind = kind
            session.add(item)
        self.press("orla", "agenda.start", meeting=self.meeting_id, family=family_id)
        with self.reading() as session:
            found = meetings.discussion_of(session, self.meeting_id, family_id)
            assert found is not None
            return found.id

    def item(self, discussion_id: str) -> AgendaItem:
        with self.reading() as session:
            found = session.get(Discussion, discussion_id)
            assert found is not None
            item = meetings.item_of(session, found.meeting_id, found.family_id)
            assert item is not None
            return item

    # ---- threads

    def type(self, who: str, discussion_id: str, text: str, *, minutes: float = 1, ts: str = "", **more: Any) -> str:
        """Types in a family's thread; answers the message's address."""
        ts = ts or self.stamp()
        thread = self.address(f"discussion:{discussion_id}")
        self.send(who, EventKind.MESSAGE, minutes=minutes, text=text, ts=ts, thread=thread, **more)
        return ts

    def type_on_board(self, who: str, text: str) -> str:
        ts = self.stamp()
        self.send(who, EventKind.MESSAGE, text=text, ts=ts, thread=self.address(f"meeting:{self.meeting_id}/board"))
        return ts

    def edit(self, who: str, ts: str, text: str) -> Answer:
        return self.send(who, EventKind.EDITED, ts=ts, text=text)

    def delete(self, who: str, ts: str) -> Answer:
        return self.send(who, EventKind.DELETED, ts=ts)

    def shortcut(self, who: str, name: str, ts: str, thread: str = "") -> Answer:
        return self.send(who, EventKind.SHORTCUT, name=name, ts=ts, thread=thread)

    def kept(self, discussion_id: str) -> list[str]:
        with self.reading() as session:
            return [contributions.text(session, c) for c in contributions.of_discussion(session, discussion_id)]

    def note(self, ts: str) -> Contribution | None:
        with self.reading() as session:
            return contributions.find(session, CHANNEL, ts)

    def history(self, ts: str) -> list[tuple[str, str]]:
        """What happened to a message: (what, the words from then on)."""
        with self.reading() as session:
            found = contributions.find(session, CHANNEL, ts)
            assert found is not None
            rows = contributions.versions(session, found.id)
            return [(row.what, contributions.text(session, row)) for row in rows]

    # ---- stages

    def stage_card(self, discussion_id: str) -> Card:
        found = self.discussion(discussion_id)
        return self.card(f"discussion:{found.id}/stage:{found.stage_no}")

    def step(self, who: str, action: str, discussion_id: str, **args: str) -> Answer:
        """A stage button of the newest stage message."""
        number = str(self.discussion(discussion_id).stage_no)
        return self.press(who, action, discussion=discussion_id, stage_no=number, **args)

    def on(self, who: str, discussion_id: str) -> None:
        """Next, and on anyway where something is missing."""
        answer = self.step(who, "stage.next", discussion_id)
        if isinstance(answer, Note):
            self.step(who, "stage.go_on", discussion_id)

    def go_to(self, discussion_id: str, stage: str) -> None:
        while self.discussion(discussion_id).stage != stage:
            self.on("devan", discussion_id)

    def set_next(self, who: str, discussion_id: str, days: int = 14, kind: str = "full") -> Answer:
        form = "close" if self.discussion(discussion_id).kind == "full" else "l_next"
        return self.record(who, form, discussion_id, {"next_discussion": {"date": self.day(days), "kind": kind}})

    def finish(self, who: str, discussion_id: str) -> Answer:
        answer = self.press(who, "discussion.finish", discussion=discussion_id)
        if isinstance(answer, Note) and labels(answer.card) & {"Finish anyway"}:
            return self.press(who, "discussion.finish_anyway", discussion=discussion_id)
        return answer

    def state(self, discussion_id: str) -> str:
        return self.discussion(discussion_id).state


def labels(card: Card) -> set[str]:
    return {b.label for block in card.blocks if isinstance(block, Buttons) for b in block.items}


def button(card: Card, label: str) -> Button:
    return next(b for b in buttons_of(card) if b.label == label)


def note_text(answer: Answer) -> str:
    assert isinstance(answer, Note | Window), answer
    return text_of(answer.card)


__all__ = ["CHANNEL", "TODAY", "Meeting", "button", "labels", "note_text", "text_of"]
