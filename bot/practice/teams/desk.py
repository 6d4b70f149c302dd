"""What the practice page asks and does on Teams: a team's posts, a chat with the bot, presses, dialogs, documents.

People's acts go to the bot as Teams sends them (hands.py); what the bot posts is read from the tenant (records.py).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.clock import Clock, move_clock
from bot.offers import SHORTCUTS
from bot.practice.our_own_page import PAGE, asked_from_here, guard
from bot.practice.teams.connector import Fault
from bot.practice.teams.guided import CannotDo, Guided
from bot.practice.teams.hands import Hands
from bot.practice.teams.records import BOT_NAME, Json, Message, Tenant

CHAT = "chat"
INDEX = PAGE / "teams" / "index.html"
LOOK_AGAIN = 0.15
KEEP_ALIVE = 60
NOT_THERE = "That message is not there any more."
NO_ANSWER = "The bot did not answer. Nothing you typed is lost: please try again."
NOBODY = "There is no such seat."
EMPTY = "There is nothing to send."
MOST_FAULTS = 50
TROUBLE = {
    "busy": Fault(r"(POST|PUT) /v3/.*activities", 429, "TooManyRequests", retry_after=5),
    "lost": Fault(r"POST /v3/.*activities", 502, "BadGateway", delivered=True),
    "down": Fault(r"/v3/", 503, "ServiceUnavailable"),
}
"""What can be tried: too many requests, an answer lost after the work was done, and nothing taken at all."""


class Refused(Exception):
    """Why something cannot be done, in a sentence."""


class Desk:
    """One tenant as its people see it. `titles`: what each does in the unit."""

    def __init__(self, hands: Hands, clock_file: Path, timezone: str, titles: Mapping[str, str]) -> None:
        self._hands, self._clock_file, self._timezone, self._titles = hands, clock_file, timezone, titles
        self._clock = Clock(clock_file)
        self._guided = Guided(hands, next(iter(hands.connector.tenant.channels)), self._local)

    @property
    def _tenant(self) -> Tenant:
        return self._hands.connector.tenant

    def app(self) -> web.Application:
        """Every address of the page."""
        app = web.Application(middlewares=[asked_from_here])
        for name, look in {"state": self._state, "posts": self._posts, "guide": self._guide}.items():
            app.router.add_get(f"/seat/{name}", _reads(look))
        acts: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "say": self._say,
            "edit": self._edit,
            "delete": self._delete,
            "press": self._press,
            "submit": self._press,
            "use": self._use,
            "consent": self._consent,
            "clock": self._move_clock,
            "guide": self._guide_act,
            "faults": self._faults,
        }
        for name, act in acts.items():
            app.router.add_post(f"/seat/{name}", _does(act))
        app.router.add_get("/seat/events", self._events)
        app.router.add_get("/drive/{name}", self._document)
        app.router.add_get("/", _page)
        app.router.add_static("/page/static", PAGE, append_version=False)
        guard(app)
        return app

    # ---- looking

    def _state(self, given: Mapping[str, str]) -> Json:
        tenant = self._tenant
        seats = [one for one in tenant.people.values() if one.id in self._titles]
        me = given.get("user", "")
        channels = [
            {"id": one.id, "name": one.name, "kind": one.kind, "people": len(one.members)}
            for one in tenant.channels.values()
        ]
        return {
            "me": me if me in self._titles else seats[0].id,
            "bot": BOT_NAME,
            "users": [{"id": one.id, "name": one.name, "title": self._titles[one.id]} for one in seats],
            "team": {"name": tenant.team_name, "visibility": tenant.visibility},
            "channels": channels,
            "actions": [{"id": name, "title": title} for name, title, _words in SHORTCUTS],
            "workspace": {"timezone": self._timezone, "clock": self._time()},
        }

    def _time(self) -> Json:
        offset = self._clock.offset().total_seconds()
        return {"offset_seconds": offset, "now_iso": self._clock.now().isoformat()}

    def _posts(self, given: Mapping[str, str]) -> Json:
        place = given.get("place", "")
        where = self._where(given.get("user", ""), place)
        every = list(self._tenant.of(where))
        below: dict[str, list[Json]] = {}
        for one in every:
            if one.root:
                below.setdefault(one.root, []).append(self._shown(one, place))
        posts = [self._shown(one, place) | {"replies": below.get(one.id, [])} for one in every if not one.root]
        return {"posts": posts}

    def _shown(self, message: Message, place: str) -> Json:
        """A message as the page draws it."""
        name = self._tenant.people[message.sender].name if message.sender else BOT_NAME
        shown: Json = {
            "id": message.id,
            "place": place,
            "sender": message.sender,
            "bot": not message.sender,
            "name": name,
            "made": message.made.isoformat(),
            "edited": message.edited is not None,
            "text": plain(message.html),
            "files": [found for one in message.attachments if (found := _file(one))],
        }
        return shown | ({"card": message.card} if message.card else {})

    def _where(self, who: str, place: str) -> str:
        if who not in self._titles:
            raise Refused(NOBODY)
        if place == CHAT:
            return self._tenant.chat_of(who)
        if place not in self._tenant.channels:
            raise Refused(NOT_THERE)
        return place

    def _message(self, given: Json) -> Message:
        where = self._where(str(given.get("user")), str(given.get("place")))
        found = self._tenant.find(where, str(given.get("id")))
        if found is None:
            raise Refused(NOT_THERE)
        return found

    # ---- doing

    async def _say(self, given: Json) -> Json:
        who, where = str(given["user"]), self._where(str(given["user"]), str(given.get("place")))
        text = str(given.get("text") or "").strip()
        name = f"@{BOT_NAME}"
        to_bot = text.casefold().startswith(name.casefold()) and given.get("place") != CHAT
        words = text[len(name) :].strip() if text.casefold().startswith(name.casefold()) else text
        if not words:
            raise Refused(EMPTY)
        said = await self._hands.say(who, where, words, to_bot=to_bot, root=str(given.get("root") or ""))
        return {"id": said.id}

    async def _edit(self, given: Json) -> Json:
        await self._hands.edit(self._own(given), str(given.get("text") or ""))
        return {}

    async def _delete(self, given: Json) -> Json:
        await self._hands.delete(self._own(given))
        return {}

    def _own(self, given: Json) -> Message:
        found = self._message(given)
        if found.sender != given.get("user"):
            raise Refused(NOT_THERE)
        return found

    async def _press(self, given: Json) -> Json:
        """A button of a message, or of a dialog: a dialog's go back as what was handed in."""
        message, action, who = self._message(given), dict(given["action"]), str(given["user"])
        values = dict(given.get("values") or {})
        data = dict(action.get("data") or {})
        if action.get("type") == "Action.Execute" or "msteams" in data:
            activity = self._hands.pressing(who, message, {**action, "data": data}, values)
        else:
            name = "composeExtension/submitAction" if given.get("command") else "task/submit"
            value = {"data": {**values, **data}, "context": {"theme": "default"}}
            value |= {"commandId": given["command"]} if given.get("command") else {}
            activity = self._hands.activity("invoke", who, self._hands.where(message), name=name, value=value)
        return await self._answered(activity)

    async def _use(self, given: Json) -> Json:
        answer = await self._hands.use_on(str(given["user"]), self._message(given), str(given["command"]))
        return _seen(answer.status, answer.body)

    async def _consent(self, given: Json) -> Json:
        answer = await self._hands.consent(str(given["user"]), self._message(given), accept=bool(given.get("accept")))
        return _seen(answer.status, answer.body)

    async def _answered(self, activity: Json) -> Json:
        answer = await self._hands.send(activity)
        return _seen(answer.status, answer.body)

    async def _move_clock(self, given: Json) -> Json:
        move_clock(self._clock_file, timedelta(seconds=float(given.get("offset_seconds") or 0)))
        return self._time()

    # ---- the guide, and trouble

    def _local(self) -> datetime:
        return self._clock.now().astimezone(ZoneInfo(self._timezone))

    def _guide(self, given: Mapping[str, str]) -> Json:
        return {"guide": self._guided.show(given.get("user", ""))}

    async def _guide_act(self, given: Json) -> Json:
        user = str(given.get("user"))
        try:
            return {"guide": await self._guided.act(user, str(given.get("act"))), "go": None}
        except CannotDo as sentence:
            raise Refused(str(sentence)) from sentence

    async def _faults(self, given: Json) -> Json:
        """Trouble of the platform's, for so many calls; without a kind all trouble is over."""
        faults = self._hands.connector.faults
        kind = TROUBLE.get(str(given.get("kind")))
        faults.clear()
        if kind is not None:
            faults.append(replace(kind, times=max(1, min(int(given.get("times") or 1), MOST_FAULTS))))
        return {}

    # ---- telling

    def _sign(self) -> tuple[int, str]:
        """Another one whenever anything was said, changed or taken away."""
        moments = [max(filter(None, (one.made, one.edited, one.deleted))) for one in self._tenant.messages.values()]
        return len(moments), max(moments, default=datetime.now(UTC)).isoformat() if moments else ""

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Says to an open page that there is something to fetch."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        before, calm = self._sign(), 0
        try:
            while True:
                await asyncio.sleep(LOOK_AGAIN)
                now, calm = self._sign(), calm + 1
                if now != before:
                    before, calm = now, 0
                    await response.write(b"data: {}\n\n")
                elif calm > KEEP_ALIVE:
                    calm = 0
                    await response.write(b": still here\n\n")
        except ConnectionError:
            return response

    async def _document(self, request: web.Request) -> web.StreamResponse:
        content = self._tenant.files.get(request.match_info["name"])
        if content is None:
            raise web.HTTPNotFound
        name = quote(request.query.get("as", "document"))
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=content, headers=headers, content_type="application/octet-stream")


def _file(attached: Json) -> Json | None:
    kind, content = str(attached.get("contentType")), attached.get("content") or {}
    if kind.endswith("file.consent"):
        return {"kind": "consent", "name": attached.get("name", ""), "words": content.get("description", "")}
    if kind.endswith("file.info"):
        name = str(attached.get("name", ""))
        address = f"/drive/{str(attached.get('contentUrl', '')).rpartition('/')[2]}?as={quote(name)}"
        return {"kind": "info", "name": name, "address": address}
    return None


def _seen(status: int, body: Json) -> Json:
    """What a person sees of the bot's answer."""
    if status != 200:
        raise Refused(NO_ANSWER)
    task = body.get("task") or {}
    if task.get("type") == "continue":
        return {"dialog": task["value"]}
    if task:
        return {"words": str(task.get("value") or "")}
    if str(body.get("type", "")).endswith("card.adaptive"):
        return {"card": body["value"]}
    return {"said": str(body.get("value") or "")} if body.get("value") else {}


class _Words(HTMLParser):
    """The words of a message: a mention with its @, a paragraph a line."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "at":
            self.found += "@"
        elif (tag == "p" and self.found) or tag == "br":
            self.found += "\n"

    def handle_data(self, data: str) -> None:
        self.found += data.replace("\u00a0", " ")


def plain(html: str) -> str:
    """What a message says."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return reader.found.strip("\n")


def _reads(look: Callable[[Mapping[str, str]], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            return web.json_response(look(request.query))
        except Refused as refused:
            return _refusal(refused)

    return answer


def _does(act: Callable[[Json], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            given = json.loads(await request.text())
            return web.json_response(await act(given))
        except Refused as refused:
            return _refusal(refused)
        except (AssertionError, TimeoutError):
            return _refusal(Refused(NO_ANSWER))

    return answer


def _refusal(refused: Refused) -> web.Response:
    return web.json_response({"error": "refused", "message": str(refused)}, status=400)


async def _page(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(INDEX, headers={"Cache-Control": "no-store"})
