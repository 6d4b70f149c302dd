"""Graph, as far as an app is let in by the owner of one team: the team, its channels, who is in them, what was said."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.practice.teams.records import APP_ID, Channel, Message, Tenant
from bot.practice.teams.strict import CARD, NotTaken

Json = dict[str, Any]

MOST = 50


def add_to(app: web.Application, tenant: Tenant) -> None:
    """Lets Graph be asked about this tenant's team."""
    asked = _Asked(tenant)
    app.router.add_get("/graph/teams/{team}", asked.team)
    app.router.add_get("/graph/teams/{team}/channels/{channel}", asked.channel)
    app.router.add_get("/graph/teams/{team}/channels/{channel}/members", asked.members)
    app.router.add_get("/graph/teams/{team}/channels/{channel}/messages", asked.messages)
    app.router.add_get("/graph/teams/{team}/channels/{channel}/messages/{root}/replies", asked.replies)


class _Asked:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def _channel(self, request: web.Request) -> Channel:
        self._may(request)
        found = self._tenant.channels.get(request.match_info["channel"])
        if found is None:
            raise NotTaken(404, "NotFound")
        return found

    def _may(self, request: web.Request) -> None:
        if request.match_info["team"] != self._tenant.team:
            raise NotTaken(404, "NotFound")
        if not self._tenant.consented or not self._tenant.bot_is_in:
            raise NotTaken(403, "Forbidden")

    async def team(self, request: web.Request) -> web.Response:
        self._may(request)
        tenant = self._tenant
        return web.json_response(
            {
                "id": tenant.team,
                "displayName": tenant.team_name,
                "visibility": tenant.visibility,
                "isArchived": tenant.archived,
            }
        )

    async def channel(self, request: web.Request) -> web.Response:
        found = self._channel(request)
        return web.json_response({"id": found.id, "displayName": found.name, "membershipType": found.kind})

    async def members(self, request: web.Request) -> web.Response:
        found = self._channel(request)
        return _page(request, [self._member(one) for one in sorted(found.members)])

    def _member(self, person_id: str) -> Json:
        person = self._tenant.people[person_id]
        return {
            "@odata.type": "#microsoft.graph.aadUserConversationMember",
            "userId": person.id,
            "displayName": person.name,
            "tenantId": person.tenant,
            "roles": ["guest"] if person.guest else [],
        }

    async def messages(self, request: web.Request) -> web.Response:
        found = self._channel(request)
        posts = [self._message(one) for one in self._tenant.of(found.id, "", gone=True)]
        if request.query.get("$expand") == "replies":
            for post in posts:
                post["replies"] = [self._message(one) for one in self._tenant.of(found.id, post["id"])]
                times = [post["lastModifiedDateTime"], *(one["lastModifiedDateTime"] for one in post["replies"])]
                post["lastModifiedDateTime"] = max(times)
        return _page(request, sorted(posts, key=lambda post: str(post["lastModifiedDateTime"]), reverse=True))

    async def replies(self, request: web.Request) -> web.Response:
        found, root = self._channel(request), request.match_info["root"]
        if (found.id, root) not in self._tenant.messages:
            raise NotTaken(404, "NotFound")
        replies = [self._message(one) for one in self._tenant.of(found.id, root, gone=True)]
        return _page(request, replies[::-1])

    def _message(self, message: Message) -> Json:
        person = self._tenant.people.get(message.sender)
        sender: Json = {"application": {"id": APP_ID}} if person is None else {"user": {"id": person.id}}
        body = "" if message.deleted else message.html
        return {
            "id": message.id,
            "replyToId": message.root or None,
            "messageType": "message",
            "createdDateTime": _stamp(message.made),
            "lastModifiedDateTime": _stamp(
                max(filter(None, (message.made, message.edited, message.deleted, message.back)))
            ),
            "lastEditedDateTime": _stamp(message.edited) if message.edited else None,
            "deletedDateTime": _stamp(message.deleted) if message.deleted else None,
            "from": sender,
            "body": {"contentType": "html", "content": body},
            "attachments": [] if message.deleted else [_attachment(one) for one in message.attachments],
        }


def _attachment(one: Json) -> Json:
    content = one.get("content")
    return {
        "contentType": one.get("contentType"),
        "name": one.get("name"),
        "content": json.dumps(content) if one.get("contentType") == CARD else content,
    }


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _page(request: web.Request, every: list[Json]) -> web.Response:
    most, start = min(int(request.query.get("$top", MOST)), MOST), int(request.query.get("$skiptoken", 0))
    found: Json = {"value": every[start : start + most]}
    if start + most < len(every):
        query = {**request.query, "$skiptoken": str(start + most)}
        found["@odata.nextLink"] = str(request.url.with_query(query))
    return web.json_response(found)
