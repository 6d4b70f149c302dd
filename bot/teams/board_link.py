"""The way from a family's post to the meeting's board: Teams has no pin that would show it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from sqlmodel import Session

from bot.platform import Page
from bot.teams.presses import IN_A_ROW
from handlers.messages import board_key
from storage.database.tables import Discussion
from storage.messages.posts import find_post

OF_A_FAMILY = re.compile(r"discussion:([^/#]+)")
TO_THE_BOARD = "To the board"
MESSAGES = "https://teams.microsoft.com/l/message/"


def board_of(session: Session, key: str) -> str:
    """The message of the board that a family's post belongs to; "" where this is none, or it has no board."""
    found = OF_A_FAMILY.fullmatch(key)
    discussion = session.get(Discussion, found[1]) if found else None
    post = find_post(session, board_key(discussion.meeting_id)) if discussion is not None else None
    return post.ts if post is not None else ""


def message_at(channel: str, message: str, tenant: str, team: str = "", parent: str = "") -> str:
    """Where a message is opened. `parent`: the post it is a reply to, or itself where it is one."""
    where = {"tenantId": tenant, "groupId": team, "parentMessageId": parent}
    named = urlencode({name: id_ for name, id_ in where.items() if id_})
    return f"{MESSAGES}{quote(channel, safe='')}/{message}?{named}"


def with_link(page: Page, channel: str, board: str, tenant: str, team: str) -> Page:
    """The page with a button at its end that leads to the board."""
    if not board or not page.get("attachments"):
        return page
    address = message_at(channel, board, tenant, team, parent=board)
    link = {"type": "Action.OpenUrl", "title": TO_THE_BOARD, "url": address}
    first, *others = page["attachments"]
    body = list(first["content"].get("body", ()))
    beside = body.pop()["actions"] if body and _has_room(body[-1]) else []
    card = first["content"] | {"body": [*body, {"type": "ActionSet", "actions": [*beside, link]}]}
    return page | {"attachments": [first | {"content": card}, *others]}


def _has_room(element: dict[str, Any]) -> bool:
    """Whether it is a plain row of buttons, and takes one more."""
    return element.keys() == {"type", "actions"} and len(element["actions"]) < IN_A_ROW
