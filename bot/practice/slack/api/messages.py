"""chat.*, reactions.*, pins.*, bookmarks.*: what the app says and how it marks what was said."""

import re
import secrets
from collections.abc import Callable

from bot.practice.slack.api.call import Call
from bot.practice.slack.checks.validator import check_message, check_metadata, check_update_text
from bot.practice.slack.limits import Json, limits, wording
from bot.practice.slack.records import Channel
from bot.practice.slack.refusal import Refusal

Method = Callable[[Call], Json]
_TS = re.compile(r"\d{1,12}\.\d{6}")
_EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def post_message(call: Call) -> Json:
    """chat.postMessage: a message of the app."""
    channel = _channel_to_post_in(call)
    fields = content_arguments(call)
    check_message(fields)
    _cut_long_text(call, fields)
    thread_ts = _thread(call, channel)
    message = call.workspace.message_by_bot(fields)
    broadcast = bool(thread_ts) and call.flag("reply_broadcast")
    kept = call.workspace.post(channel, message, thread_ts, broadcast)
    shown = call.workspace.shown(channel, kept, with_metadata=True)
    return {"channel": channel.id, "ts": kept["ts"], "message": shown}


def content_arguments(call: Call) -> Json:
    """Text, blocks, attachments and metadata, decoded."""
    fields: Json = {name: call.text(name) for name in ("text", "markdown_text") if call.given(name)}
    for name, code in (
        ("blocks", "invalid_blocks_format"),
        ("attachments", "invalid_attachments"),
        ("metadata", "invalid_metadata_format"),
    ):
        if call.given(name):
            fields[name] = call.structure(name, Refusal(code))
    if "attachments" in fields and not isinstance(fields["attachments"], list):
        raise Refusal("invalid_attachments")
    named = ("username", "icon_emoji", "icon_url")
    if any(call.given(name) for name in named):
        call.require_scope("chat:write.customize")
        fields |= {name: call.text(name) for name in named if call.given(name)}
    return fields


def _channel_to_post_in(call: Call) -> Channel:
    workspace, name = call.workspace, call.text("channel")
    if name in workspace.people and not workspace.people[name]["is_bot"]:
        channel = workspace.direct_with(name)
    else:
        by_name = {c.name: c.id for c in workspace.channels.values() if not c.is_private and c.name}
        call.arguments["channel"] = by_name.get(name.removeprefix("#"), name)
        channel = call.channel()
    if workspace.config.bot_user_id not in channel.members and "chat:write.public" not in workspace.config.scopes:
        raise Refusal("not_in_channel")
    if channel.is_archived:
        raise Refusal("is_archived")
    return channel


def _cut_long_text(call: Call, fields: Json) -> None:
    most = limits()["message"]["text_truncated_over"]
    if len(fields.get("text", "")) > most["value"]:
        fields["text"] = fields["text"][: most["value"]]
        call.warnings.append(most["warning"])


def _thread(call: Call, channel: Channel) -> str | None:
    """The parent a reply belongs to. One that is gone makes it an ordinary message; a reply is no parent."""
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    if not _TS.fullmatch(thread_ts):
        line = wording("thread_ts_malformed", value=thread_ts)
        raise Refusal("invalid_thread_ts", [f"[ERROR] {line}"])
    parent = channel.messages.get(thread_ts)
    if parent is None:
        return None
    if parent.get("thread_ts", thread_ts) != thread_ts:
        raise Refusal("cannot_reply_to_message")
    return thread_ts


def update(call: Call) -> Json:
    """chat.update: other words in one of the app's own messages."""
    channel = call.channel()
    if channel.is_archived:
        raise Refusal("is_inactive")
    ts = call.text("ts")
    message = _message(channel, ts)
    if message.get("user") != call.workspace.config.bot_user_id:
        raise Refusal("cant_update_message")
    fields = content_arguments(call)
    check_update_text(fields.get("text", ""))
    metadata = fields.pop("metadata", None)
    check_metadata(metadata)
    check_message(fields)
    dropped = {name for name in ("blocks", "attachments") if not fields.get(name)}
    if metadata == {}:
        dropped.add("metadata")
    changes = {"text": fields.get("text") or "", **call.workspace.content(fields)}
    if metadata:
        changes["metadata"] = metadata
    kept = call.workspace.change(channel, ts, call.workspace.config.bot_user_id, changes, dropped)
    shown = call.workspace.shown(channel, kept, with_metadata=True)
    return {"channel": channel.id, "ts": ts, "text": kept["text"], "message": shown}


def delete(call: Call) -> Json:
    """chat.delete: takes back one of the app's own messages."""
    channel, ts = call.channel(), call.text("ts")
    if _message(channel, ts).get("user") != call.workspace.config.bot_user_id:
        raise Refusal("cant_delete_message")
    call.workspace.remove(channel, ts)
    return {"channel": channel.id, "ts": ts}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: a message one person sees."""
    channel = _channel_to_post_in(call)
    if call.text("user") not in channel.members:
        raise Refusal("user_not_in_channel")
    fields = content_arguments(call)
    check_message(fields)
    thread_ts = _thread(call, channel)
    ts = call.workspace.whisper(channel, call.text("user"), call.workspace.message_by_bot(fields), thread_ts)
    return {"message_ts": ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink: a message's address."""
    channel, ts = call.channel(), call.text("message_ts")
    parent = _message(channel, ts).get("thread_ts")
    place = f"https://{call.workspace.config.team_domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    reply = f"?thread_ts={parent}&cid={channel.id}" if parent and parent != ts else ""
    return {"channel": channel.id, "permalink": place + reply}


def _message(channel: Channel, ts: str) -> Json:
    message = channel.messages.get(ts)
    if message is None or message.get("subtype") == "tombstone":
        raise Refusal("message_not_found")
    return message


def _marked_message(call: Call) -> tuple[Channel, Json]:
    if not call.given("channel") or not call.given("timestamp"):
        raise Refusal("no_item_specified")
    channel, ts = call.channel(), call.text("timestamp")
    if not _TS.fullmatch(ts):
        raise Refusal("bad_timestamp")
    return channel, _message(channel, ts)


def add_reaction(call: Call) -> Json:
    """reactions.add: an emoji of the app on a message."""
    name = call.text("name")
    if not _EMOJI.fullmatch(name):
        raise Refusal("invalid_name")
    channel, message = _marked_message(call)
    if channel.is_archived:
        raise Refusal("is_archived")
    if not call.workspace.react(channel, message["ts"], call.workspace.config.bot_user_id, name):
        raise Refusal("already_reacted")
    return {}


def remove_reaction(call: Call) -> Json:
    """reactions.remove: takes the app's emoji away."""
    channel, message = _marked_message(call)
    bot = call.workspace.config.bot_user_id
    if not call.workspace.unreact(channel, message["ts"], bot, call.text("name")):
        raise Refusal("no_reaction")
    return {}


def add_pin(call: Call) -> Json:
    """pins.add: pins a message to its channel."""
    call.joined_channel()
    channel, message = _marked_message(call)
    if any(pin["ts"] == message["ts"] for pin in channel.pins):
        raise Refusal("already_pinned")
    if len(channel.pins) >= 100:
        raise Refusal("too_many_pins")
    pinned_at = int(call.workspace.now())
    channel.pins.append({"ts": message["ts"], "by": call.workspace.config.bot_user_id, "created": pinned_at})
    call.workspace.keep_channel(channel)
    return {}


def remove_pin(call: Call) -> Json:
    """pins.remove: takes a pin away."""
    channel, message = _marked_message(call)
    left = [pin for pin in channel.pins if pin["ts"] != message["ts"]]
    if len(left) == len(channel.pins):
        raise Refusal("no_pin")
    channel.pins = left
    call.workspace.keep_channel(channel)
    return {}


def list_pins(call: Call) -> Json:
    """pins.list: what is pinned to a channel."""
    channel = call.joined_channel()
    items = []
    for pin in channel.pins:
        message = call.workspace.shown(channel, channel.messages[pin["ts"]])
        about = {"type": "message", "channel": channel.id, "created": pin["created"], "created_by": pin["by"]}
        items.append(about | {"message": message})
    return {"items": items}


def add_bookmark(call: Call) -> Json:
    """bookmarks.add: a link at the top of a channel."""
    if not call.given("channel_id"):
        raise Refusal("channel_not_found")
    channel, rules = call.channel("channel_id"), limits()["bookmarks"]
    if call.text("type") != "link":
        raise Refusal("invalid_bookmark_type")
    link = call.text("link")
    if not re.match(rf"({'|'.join(rules['link_scheme'])})://\S", link) or len(link) > rules["link_max"]:
        raise Refusal("invalid_link")
    now = int(call.workspace.now())
    bookmark = {
        "id": "Bk" + secrets.token_hex(5).upper(),
        "channel_id": channel.id,
        "title": call.text("title")[: rules["title_max"]],
        "link": link,
        "emoji": call.text("emoji"),
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": now,
        "date_updated": 0,
        "rank": "U",
        "last_updated_by_user_id": call.workspace.config.bot_user_id,
        "last_updated_by_team_id": call.workspace.config.team_id,
    }
    channel.bookmarks.append(bookmark)
    call.workspace.keep_channel(channel)
    return {"bookmark": bookmark}


def list_bookmarks(call: Call) -> Json:
    """bookmarks.list: the links at the top of a channel."""
    return {"bookmarks": call.channel("channel_id").bookmarks}


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
    "reactions.add": add_reaction,
    "reactions.remove": remove_reaction,
    "pins.add": add_pin,
    "pins.remove": remove_pin,
    "pins.list": list_pins,
    "bookmarks.add": add_bookmark,
    "bookmarks.list": list_bookmarks,
}
