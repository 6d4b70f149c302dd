"""conversations.* and users.conversations: channels, their members and their history."""

import re
import secrets
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from bot.practice.slack.api.call import Call
from bot.practice.slack.limits import Json, limits, wording
from bot.practice.slack.records import Channel
from bot.practice.slack.refusal import Refusal, invalid_argument

Method = Callable[[Call], Json]
_TS = re.compile(r"\d{1,12}(\.\d{1,6})?")
_FAMILY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def _readable(call: Call, action: str) -> Channel:
    """The channel, with the scope its kind needs."""
    channel = call.channel()
    call.require_scope(f"{_FAMILY[channel.kind]}:{action}")
    return channel


def info(call: Call) -> Json:
    """conversations.info: one channel."""
    channel = _readable(call, "read")
    shown = call.workspace.channel_as_seen_by_app(channel)
    if call.flag("include_num_members") and not channel.is_im:
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def members(call: Call) -> Json:
    """conversations.members: who is in a channel, page by page."""
    channel = _readable(call, "read")
    page, following = call.page(channel.members, 100, 1000)
    return {"members": page, "response_metadata": following}


def history(call: Call) -> Json:
    """conversations.history: a channel's messages, newest first, for a member only."""
    channel = _readable(call, "history")
    if call.workspace.config.bot_user_id not in channel.members:
        raise Refusal("not_in_channel")
    rules = limits()["conversations"]["history_limit"]
    roots = _between(call, channel.roots)[::-1]
    page, following = call.page(roots, rules["default"], rules["max"])
    return {
        "messages": _shown(call, channel, page),
        "has_more": bool(following["next_cursor"]),
        "pin_count": len(channel.pins),
        "response_metadata": following,
    }


def replies(call: Call) -> Json:
    """conversations.replies: a thread with its first message, oldest first."""
    channel = _readable(call, "history")
    ts = call.text("ts")
    message = channel.messages.get(ts)
    if message is None:
        raise Refusal("thread_not_found")
    parent = message.get("thread_ts", ts)
    rules = limits()["conversations"]["replies_limit"]
    wanted = _between(call, channel.replies.get(parent, []))
    page, following = call.page([parent, *wanted], rules["default"], rules["max"])
    return {
        "messages": _shown(call, channel, [ts for ts in page if ts in channel.messages]),
        "has_more": bool(following["next_cursor"]),
        "response_metadata": following,
    }


def _between(call: Call, stamps: list[str]) -> list[str]:
    oldest, latest = call.text("oldest"), call.text("latest")
    for name, value in (("oldest", oldest), ("latest", latest)):
        if value and not _TS.fullmatch(value):
            raise Refusal(f"invalid_ts_{name}")
    inclusive = call.flag("inclusive")
    after, before = (bisect_left, bisect_right) if inclusive else (bisect_right, bisect_left)
    start = after(stamps, _exact(oldest)) if oldest else 0
    end = before(stamps, _exact(latest)) if latest else len(stamps)
    return stamps[start:end]


def _exact(ts: str) -> str:
    seconds, _, rest = ts.partition(".")
    return f"{seconds}.{rest.ljust(6, '0')}"


def _shown(call: Call, channel: Channel, stamps: list[str]) -> list[Json]:
    with_metadata = call.flag("include_all_metadata")
    return [call.workspace.shown(channel, channel.messages[ts], with_metadata) for ts in stamps]


def _listed(call: Call, member: str | None) -> list[Channel]:
    types = call.listed("types") or ["public_channel"]
    if any(name not in _TYPES for name in types):
        raise Refusal("invalid_types")
    for name in types:
        call.require_scope(f"{_FAMILY.get(_TYPES[name], 'mpim')}:read")
    kinds = {_TYPES[name] for name in types}
    bot = call.workspace.config.bot_user_id
    found = []
    for channel in call.workspace.channels.values():
        hidden = channel.is_private and bot not in channel.members
        left_out = channel.is_archived and call.flag("exclude_archived")
        wanted = channel.kind in kinds and not hidden and not left_out
        if wanted and (member is None or member in channel.members):
            found.append(channel)
    return found


def list_channels(call: Call) -> Json:
    """conversations.list: the channels the app can see."""
    most = limits()["conversations"]["list_limit"]["max"]
    page, following = call.page(_listed(call, None), 100, most)
    shown = []
    for channel in page:
        row = call.workspace.channel_as_seen_by_app(channel)
        shown.append(row if channel.is_im else row | {"num_members": len(channel.members)})
    return {"channels": shown, "response_metadata": following}


def users_conversations(call: Call) -> Json:
    """users.conversations: the channels somebody is in."""
    user = call.text("user") or call.workspace.config.bot_user_id
    page, following = call.page(_listed(call, user), 100, 999)
    shown = [call.workspace.channel_as_seen_by_app(channel) for channel in page]
    return {
        "channels": [{k: v for k, v in row.items() if k != "is_member"} for row in shown],
        "response_metadata": following,
    }


def open_direct(call: Call) -> Json:
    """conversations.open: the direct channel with one person or several."""
    if call.given("channel"):
        channel = call.channel()
        if not channel.is_im:
            raise Refusal("method_not_supported_for_channel_type")
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    users = call.listed("users")
    rules = limits()["conversations"]["open_users"]
    if not users:
        raise Refusal("users_list_not_supplied")
    if len(users) > rules["max"]:
        raise Refusal("too_many_users")
    records = [call.workspace.people.get(user) for user in users]
    for record in records:
        if record is None or record["is_bot"]:
            raise Refusal("user_not_found")
        if record["deleted"]:
            raise Refusal("user_disabled")
    if len(users) > 1:
        call.require_scope("mpim:write")
        raise Refusal("invalid_user_combination")
    call.require_scope("im:write")
    known = "D" + users[0][1:] in call.workspace.channels
    channel = call.workspace.direct_with(users[0])
    shown = call.workspace.channel_as_seen_by_app(channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if known else {})


def create(call: Call) -> Json:
    """conversations.create: a new channel with the app in it."""
    private = call.flag("is_private")
    call.require_scope("groups:write" if private else "channels:manage")
    name, rules = call.text("name"), limits()["conversations"]["name"]
    if len(name) > rules["max"]:
        raise Refusal("invalid_name_maxlength")
    if not re.search(r"[a-z0-9]", name):
        raise Refusal("invalid_name_punctuation")
    if not re.fullmatch(rules["pattern"], name):
        raise Refusal("invalid_name_specials")
    if any(channel.name == name for channel in call.workspace.channels.values()):
        raise Refusal("name_taken")
    bot = call.workspace.config.bot_user_id
    channel = Channel(
        id="C" + secrets.token_hex(5).upper(),
        name=name,
        members=[bot],
        is_private=private,
        creator=bot,
        created=int(call.workspace.now()),
    )
    call.workspace.channels[channel.id] = channel
    call.workspace.keep_channel(channel)
    return {"channel": call.workspace.channel_as_seen_by_app(channel)}


def invite(call: Call) -> Json:
    """conversations.invite: brings people into a channel."""
    channel, users = call.joined_channel(), call.listed("users")
    if channel.is_im:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refusal("is_archived")
    if len(users) > limits()["conversations"]["invite_users_max"]:
        raise invalid_argument(wording("max_items", n=limits()["conversations"]["invite_users_max"]), "/users")
    refused = {user: code for user in users if (code := _invite_refusal(call, channel, user))}
    if refused and not (call.flag("force") and len(refused) < len(users)):
        errors = [{"user": user, "ok": False, "error": code} for user, code in refused.items()]
        raise Refusal(next(iter(refused.values())), errors=errors)
    for user in users:
        if user not in refused:
            call.workspace.join(channel, user, call.workspace.config.bot_user_id)
    return {"channel": call.workspace.channel_as_seen_by_app(channel)}


def _invite_refusal(call: Call, channel: Channel, user: str) -> str:
    if user == call.workspace.config.bot_user_id:
        return "cant_invite_self"
    if user not in call.workspace.people or call.workspace.people[user]["deleted"]:
        return "user_not_found"
    return "already_in_channel" if user in channel.members else ""


def join(call: Call) -> Json:
    """conversations.join: the app joins an open channel."""
    channel, bot = call.channel(), call.workspace.config.bot_user_id
    if channel.is_private or channel.is_im:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refusal("is_archived")
    if bot in channel.members:
        call.warnings.append("already_in_channel")
    else:
        call.workspace.join(channel, bot)
    return {"channel": call.workspace.channel_as_seen_by_app(channel)}


def leave(call: Call) -> Json:
    """conversations.leave: the app leaves a channel."""
    channel = call.channel()
    if channel.is_im:
        raise Refusal("method_not_supported_for_channel_type")
    if call.workspace.config.bot_user_id not in channel.members:
        return {"not_in_channel": True}
    call.workspace.leave(channel, call.workspace.config.bot_user_id)
    return {}


METHODS: dict[str, Method] = {
    "conversations.info": info,
    "conversations.members": members,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.list": list_channels,
    "conversations.open": open_direct,
    "conversations.create": create,
    "conversations.invite": invite,
    "conversations.join": join,
    "conversations.leave": leave,
    "users.conversations": users_conversations,
}
