"""response_url: leave to answer what a person did, five times within half an hour, without a token."""

import secrets
from dataclasses import dataclass
from typing import Any

from bot.practice.slack.checks.validator import check_message
from bot.practice.slack.limits import Json, limits
from bot.practice.slack.records import Channel
from bot.practice.slack.refusal import Refusal
from bot.practice.slack.workspace import Workspace


@dataclass
class Link:
    """Where an answer goes. `source` is the message an action came from; a command has none."""

    channel: str
    user: str
    issued_at: float
    source: str | None = None
    uses: int = 0


class Links:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._links: dict[str, Link] = {}

    def issue(self, kind: str, base_url: str, channel: str, user: str, source: str | None = None) -> str:
        """A new response_url; `kind` is commands, actions or app."""
        now = self.workspace.now()
        if len(self._links) > 5000:
            self._links = {k: link for k, link in self._links.items() if now - link.issued_at < 1800}
        team, number, key = self.workspace.config.team_id, secrets.randbelow(10**12), secrets.token_urlsafe(18)
        path = f"{kind}/{team}/{number}/{key}"
        self._links[path] = Link(channel, user, now, source)
        return f"{base_url}/response/{path}"

    def answer(self, path: str, body: Json) -> None:
        """Does what the app answered. Raises Refusal when the link is spent or the message is wrong."""
        rules = limits()["interaction"]["response_url"]
        link = self._links.get(path)
        if link is None or self.workspace.now() - link.issued_at > rules["lifetime_minutes"] * 60:
            raise Refusal("expired_url")
        if link.uses >= rules["uses"]:
            raise Refusal("used_url")
        channel = self.workspace.channels[link.channel]
        replaces, deletes = _yes(body.get("replace_original")), _yes(body.get("delete_original"))
        has_content = any(body.get(part) for part in ("text", "blocks", "attachments"))
        if has_content or not deletes:
            check_message(body)
        link.uses += 1
        if link.source and deletes:
            self._delete(channel, link.source)
        if link.source and replaces and not deletes:
            self._replace(channel, link.source, body)
        elif has_content:
            self._add(channel, link, body)

    def _add(self, channel: Channel, link: Link, body: Json) -> None:
        thread_ts = body.get("thread_ts") if body.get("thread_ts") in channel.messages else None
        message = self.workspace.message_by_bot(body)
        if body.get("response_type") == "in_channel":
            self.workspace.post(channel, message, thread_ts)
        else:
            self.workspace.whisper(channel, link.user, message, thread_ts)

    def _replace(self, channel: Channel, ts: str, body: Json) -> None:
        fields = {"text": body.get("text") or "", **self.workspace.content(body)}
        dropped = {"blocks", "attachments"} - fields.keys()
        if ts in channel.whispers:
            message = channel.whispers[ts].message
            for field in dropped:
                message.pop(field, None)
            message.update(fields)
            self.workspace.keep_whisper(channel, ts)
        elif ts in channel.messages:
            self.workspace.change(channel, ts, self.workspace.config.bot_user_id, fields, dropped)

    def _delete(self, channel: Channel, ts: str) -> None:
        if ts in channel.whispers:
            self.workspace.remove_whisper(channel, ts)
        elif ts in channel.messages:
            self.workspace.remove(channel, ts)


def _yes(value: Any) -> bool:
    return value is True or value == "true"
