"""What one person sees: their channels, their messages, their forms."""

from bot.practice.slack.limits import Json
from bot.practice.slack.modals import Modals
from bot.practice.slack.records import Channel
from bot.practice.slack.workspace import Workspace


def state_seen(workspace: Workspace, modals: Modals, user: str) -> Json:
    """Everything around the messages, for this person."""
    visible = [channel for channel in workspace.channels.values() if workspace.can_see(user, channel)]
    config = workspace.config
    return {
        "me": user,
        "users": [_person(record) for key, record in workspace.people.items() if key != "USLACKBOT"],
        "channels": [_channel(workspace, user, channel) for channel in visible],
        "home": {"view": modals.home(user)},
        "commands": [command.model_dump(exclude={"should_escape"}) for command in config.commands],
        "shortcuts": [shortcut.model_dump() for shortcut in config.shortcuts],
        "modals": modals.stack(user),
    }


def _person(record: Json) -> Json:
    words = [word for word in record["real_name"].split() if word[0].isalnum()]
    return {
        "id": record["id"],
        "name": record["name"],
        "real_name": record["real_name"],
        "is_bot": record["is_bot"],
        "deleted": record["deleted"],
        "is_restricted": record.get("is_restricted", False),
        "title": record["profile"].get("title", ""),
        "initials": "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper(),
    }


def _channel(workspace: Workspace, user: str, channel: Channel) -> Json:
    read = workspace.last_read.get(user, {}).get(channel.id, "")
    unread = 0
    for ts in reversed(channel.roots):
        if ts <= read:
            break
        unread += channel.messages[ts].get("user") != user
    name = workspace.config.bot_display_name if channel.is_im else channel.name
    return {
        "id": channel.id,
        "name": name,
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "with_user": workspace.config.bot_user_id if channel.is_im else None,
        "topic": channel.topic,
        "members": channel.members,
        "is_member": user in channel.members,
        "is_ext_shared": channel.is_ext_shared,
        "is_archived": channel.is_archived,
        "unread": unread,
        "pins": [pin["ts"] for pin in channel.pins],
    }


def messages_seen(workspace: Workspace, user: str, channel: Channel, thread_ts: str | None) -> list[Json]:
    """A channel's or a thread's messages, oldest first, with those only this person sees."""
    if thread_ts:
        stamps = [thread_ts, *channel.replies.get(thread_ts, ())]
    else:
        stamps = channel.roots
        if stamps:
            workspace.mark_read(user, channel, stamps[-1])
    seen = [workspace.shown(channel, channel.messages[ts]) for ts in stamps if ts in channel.messages]
    for whisper in channel.whispers.values():
        if whisper.user == user and whisper.message.get("thread_ts") == (thread_ts or None):
            seen.append({**workspace.shown(channel, whisper.message), "is_ephemeral": True})
    return [{**message, "channel": channel.id} for message in sorted(seen, key=lambda message: str(message["ts"]))]
