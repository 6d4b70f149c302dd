"""A person in the practice workspace, from code: type, edit, press, choose, submit. Rehearsal and tests sit here."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import ClientSession

from bot.practice.rehearsal.place import Traffic
from bot.practice.slack.echo import all_blocks, elements_of
from bot.practice.slack.limits import Json
from bot.practice.slack.state import options_of, value_field
from bot.slack.reading.emoji import with_signs

Seen = TypeVar("Seen")


class SeatError(Exception):
    """What the person would have been told, with its code."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class Practice:
    """The practice workspace as everyone's seat reaches it: seats, clock, faults, and waiting until all is quiet."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._session: ClientSession | None = None

    async def __aenter__(self) -> "Practice":
        self._session = ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Lets go of the connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def seat(self, user: str) -> "Seat":
        """The seat of one person, by their id."""
        return Seat(self, user)

    async def get(self, name: str, /, **query: Any) -> Json:
        """What a seat address answers; raises SeatError where it refuses."""
        given = {key: str(value) for key, value in query.items() if value is not None}
        async with self._open().get(f"{self.base_url}/seat/{name}", params=given) as response:
            return _checked(await response.json())

    async def post(self, name: str, /, **body: Any) -> Json:
        """What a seat address answers to something done; raises SeatError where it refuses."""
        given = {key: value for key, value in body.items() if value is not None}
        async with self._open().post(f"{self.base_url}/seat/{name}", json=given) as response:
            return _checked(await response.json())

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession()
        return self._session

    async def settle(self, patience: float = 20.0, quiet: float = 0.0) -> bool:
        """Waits until nothing is unacknowledged and no call is in progress; False when nothing moved for `patience`."""
        return bool((await self.get("settled", patience=patience, quiet=quiet))["settled"])

    async def until(self, look: Callable[[], Awaitable[Seen]], patience: float = 20.0) -> Seen:
        """Looks again whenever something changed in the workspace, until there is something to see.

        Raises SeatError when nothing has changed for `patience` seconds.
        """
        seq = int((await self.get("changed", after=-1))["seq"])
        still = False
        while not (seen := await look()):
            if still:
                raise SeatError("nothing_seen", f"nothing came for {patience:g} seconds")
            before, seq = seq, int((await self.get("changed", after=seq, timeout=patience))["seq"])
            still = seq == before
        return seen

    async def ledger(self, calls_after: int = 0, acks_after: int = 0) -> Json:
        """The calls and acknowledgements since these numbers."""
        return await self.get("ledger", calls_after=calls_after, acks_after=acks_after)

    def calls(self, message: Json, user: str) -> bool:
        """Whether a message calls somebody by name, so that their telephone says so."""
        return f"<@{user}>" in json.dumps(message)

    def handed_on(self, text: str) -> str:
        """What the workspace makes of typed words: the name of an emoji is its sign."""
        return with_signs(text)

    async def let_in(self, user: str, channel: str) -> None:
        """Takes somebody into a channel."""
        await self.post("member", user_added=user, channel=channel)

    async def take_out(self, user: str, channel: str) -> None:
        """Takes somebody out of a channel."""
        await self.post("member", user_left=user, channel=channel)

    async def traffic(self) -> Traffic:
        """What has gone over the line so far."""
        ledger = await self.ledger()
        calls = ledger["calls"]
        sent = [call for call in calls if call["ok"] and call["method"] in ("chat.postMessage", "chat.postEphemeral")]
        refused = [f"{call['method']}: {call['error']}" for call in calls if not call["ok"]]
        return Traffic(len(sent), len(calls), refused, [ack["ms"] for ack in ledger["acks"]])

    async def move_clock(self, offset_seconds: float) -> Json:
        """Sets the workspace's clock so many seconds ahead of the machine's."""
        return await self.post("clock", offset_seconds=offset_seconds)

    async def faults(self, **wanted: Any) -> Json:
        """Orders trouble, by kind."""
        return await self.post("faults", **wanted)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ends the app's connections, for a reason Slack gives."""
        await self.post("disconnect", reason=reason)


class Seat:
    """One person. Raises SeatError for what Slack's client would not let them do."""

    def __init__(self, practice: Practice, user: str) -> None:
        self.practice = practice
        self.user = user

    # seeing

    async def state(self) -> Json:
        """Everything this person's page needs to begin with."""
        return await self.practice.get("state", user=self.user)

    async def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """The messages of a channel or thread that this person sees, oldest first."""
        answer = await self.practice.get("messages", user=self.user, channel=channel, thread_ts=thread_ts)
        return list(answer["messages"])

    async def direct_channel(self) -> str:
        """The id of this person's direct message with the app."""
        channels = (await self.state())["channels"]
        return str(next(channel["id"] for channel in channels if channel["is_im"]))

    async def modals(self) -> list[Json]:
        """The open forms, the visible one last."""
        return list((await self.state())["modals"])

    async def top_modal(self) -> Json | None:
        """The form on top, if one is open."""
        stack = await self.modals()
        return stack[-1] if stack else None

    async def next_modal(self, after: Json | None = None, patience: float = 20.0) -> Json:
        """The form that opens, or the state the form `after` changes into. Raises SeatError when none does."""
        was = (after["id"], after["hash"]) if after else None

        async def look() -> Json | None:
            top = await self.top_modal()
            return top if top and (top["id"], top["hash"]) != was else None

        found = await self.practice.until(look, patience)
        assert found is not None
        return found

    async def home(self) -> Json | None:
        """Opens the Home tab; answers the view that is there once the app has had its say."""
        await self.practice.post("home", user=self.user)
        await self.practice.settle()
        view: Json | None = (await self.state())["home"]["view"]
        return view

    # saying

    async def type(
        self,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        *,
        mentions: Json | list[str] | None = None,
        files: list[Json] | None = None,
        forward: Json | None = None,
        in_blocks: bool | None = None,
    ) -> str:
        """Writes a message; answers its ts. `forward`: the channel and ts of a message that goes with it.

        `in_blocks`: its words are in its blocks only, as with some of the ways people have of sending one.
        """
        more = {"mentions": mentions, "files": files, "forward": forward, "in_blocks": in_blocks}
        posted = await self._post("message", channel=channel, text=text, thread_ts=thread_ts, **more)
        return str(posted["ts"])

    async def edit(self, channel: str, ts: str, text: str) -> None:
        """Changes one's own message."""
        await self._post("edit", channel=channel, ts=ts, text=text)

    async def delete(self, channel: str, ts: str) -> None:
        """Takes back one's own message."""
        await self._post("delete", channel=channel, ts=ts)

    async def react(self, channel: str, ts: str, name: str, remove: bool = False) -> None:
        """Puts an emoji on a message, or takes it away."""
        await self._post("reaction", channel=channel, ts=ts, name=name, remove=remove)

    async def command(self, channel: str, command: str, text: str = "") -> Json | None:
        """Sends a slash command; answers the acknowledgement's payload. Raises SeatError when nobody answered."""
        answer = await self._heard("command", channel=channel, command=command, text=text)
        ack: Json | None = answer["ack"]
        return ack

    async def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> Json:
        """Chooses a shortcut: one on a message, or one of the whole workspace."""
        return await self._heard("shortcut", callback_id=callback_id, channel=channel, ts=ts)

    # pressing

    async def press(
        self,
        shown: Json,
        wanted: str,
        *,
        channel: str | None = None,
        values: Mapping[str, Any] | None = None,
        **chosen: Any,
    ) -> Json:
        """Presses a button, or chooses in a menu, of a message or a view.

        `wanted` is an action_id, the beginning of one, or the label people see. `choose=` is the value (or values)
        chosen in a menu, picker or overflow. `channel` is needed for a message. `values` are what is typed beside it.
        """
        block, element = find_element(shown, wanted)
        action = {"type": element["type"], "block_id": block["block_id"], "action_id": element["action_id"]}
        if "choose" in chosen:
            field = value_field(element["type"]) or "selected_option"
            action[field] = shaped(element, chosen["choose"])[field]
        typed = shaped_values(shown.get("blocks", []), values or {})
        return await self._heard("action", container=_container(shown, channel), action=action, state={"values": typed})

    async def suggest(self, shown: Json, wanted: str, typed: str, *, channel: str | None = None) -> list[Json]:
        """The options the app offers for what was typed in a menu that asks the app."""
        block, element = find_element(shown, wanted)
        place = _container(shown, channel)
        answer = await self._post(
            "suggest",
            view_id=place.get("view_id"),
            channel=place.get("channel"),
            ts=place.get("ts"),
            block_id=block["block_id"],
            action_id=element["action_id"],
            value=typed,
        )
        return list(answer.get("options") or [o for group in answer["option_groups"] for o in group["options"]])

    async def submit(self, view: Json, values: Mapping[str, Any] | None = None) -> Json:
        """Sends a form with plain values by block id; answers `{ok, errors, stack}`. Raises when nobody answered."""
        given = shaped_values(view["blocks"], values or {})
        return await self._heard("submit", view_id=view["id"], values=given)

    async def close(self, view: Json, *, all_of_them: bool = False) -> Json:
        """Closes a form, or the whole stack of them."""
        return await self._heard("close", view_id=view["id"], cleared=all_of_them)

    async def _post(self, name: str, /, **body: Any) -> Json:
        return await self.practice.post(name, user=self.user, **body)

    async def _heard(self, name: str, /, **body: Any) -> Json:
        answer = await self._post(name, **body)
        if answer.get("error"):
            detail = answer.get("refusal", {}).get("response_metadata", {}).get("messages", "")
            raise SeatError(answer["error"], f"{answer.get('message', '')} {detail}".strip())
        return answer


def find_element(shown: Json, wanted: str) -> tuple[Json, Json]:
    """The block and element of a message or view with this action_id, label, or beginning of an action_id."""
    found = list(_elements(shown))
    tests = (
        lambda element: element.get("action_id") == wanted,
        lambda element: label_of(element) == wanted,
        lambda element: str(element.get("action_id", "")).startswith(wanted),
        lambda element: wanted.lower() in label_of(element).lower(),
    )
    for fits in tests:
        for block, element in found:
            if fits(element):
                return block, element
    labels = ", ".join(filter(None, (label_of(element) or element.get("action_id", "") for _, element in found)))
    raise SeatError("nothing_to_press", f"there is no {wanted!r} here; there is: {labels or 'nothing'}")


def _elements(shown: Json) -> Iterator[tuple[Json, Json]]:
    for block in all_blocks(shown.get("blocks") or []):
        for element in elements_of(block):
            yield block, element


def label_of(element: Json) -> str:
    """What people read on it: a button's text, a menu's placeholder."""
    for name in ("text", "placeholder"):
        if isinstance(element.get(name), dict):
            return str(element[name]["text"])
    return ""


def _container(shown: Json, channel: str | None) -> Json:
    if "ts" in shown:
        return {"type": "message", "channel": channel or shown.get("channel"), "ts": shown["ts"]}
    kind = "home" if shown["type"] == "home" else "view"
    return {"type": kind, "view_id": shown["id"]}


def shaped_values(blocks: list[Json], plain: Mapping[str, Any]) -> Json:
    """Plain answers by block id as `state.values`: a text, a number, a date, an option's value, or a list of them."""
    values: Json = {}
    for block in all_blocks(blocks):
        for element in elements_of(block):
            block_id, action_id = str(block.get("block_id")), str(element.get("action_id"))
            if block_id in plain and value_field(element.get("type", "")) is not None:
                given = plain[block_id]
                by_action = isinstance(given, dict) and action_id in given
                values.setdefault(block_id, {})[action_id] = shaped(element, given[action_id] if by_action else given)
    unknown = plain.keys() - values.keys()
    if unknown:
        here = ", ".join(str(block.get("block_id")) for block in blocks)
        raise SeatError("no_such_field", f"there is no field {', '.join(sorted(unknown))}; there is: {here}")
    return values


def shaped(element: Json, value: Any) -> Json:
    """One answer in the shape its element reports it."""
    kind = element["type"]
    field = value_field(kind) or "selected_option"
    if value is None or value == "":
        return {"type": kind, field: None}
    if field == "selected_option":
        return {"type": kind, field: _option(element, value)}
    if field == "selected_options":
        chosen = value if isinstance(value, (list, tuple)) else [value]
        return {"type": kind, field: [_option(element, one) for one in chosen]}
    if field == "rich_text_value":
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
        return {"type": kind, field: {"type": "rich_text", "elements": [section]}}
    if field.endswith("s") and field.startswith("selected_"):
        return {"type": kind, field: list(value) if isinstance(value, (list, tuple)) else [value]}
    if field in ("selected_date_time", "files"):
        return {"type": kind, field: value}
    return {"type": kind, field: str(value)}


def _option(element: Json, wanted: Any) -> Json:
    """The option with this value, or with this label."""
    if isinstance(wanted, dict):
        return wanted
    offered = options_of(element)
    for option in offered:
        if option["value"] == str(wanted):
            return option
    for option in offered:
        if option["text"]["text"] == str(wanted):
            return option
    if not offered:
        text = {"type": "plain_text", "text": str(wanted), "emoji": True}
        return {"text": text, "value": str(wanted)}
    choices = ", ".join(option["value"] for option in offered)
    raise SeatError("no_such_option", f"{wanted!r} is not offered; there is: {choices}")


def _checked(answer: Json) -> Json:
    if "error" in answer and "ok" not in answer:
        raise SeatError(answer["error"], answer.get("message", ""))
    return answer
