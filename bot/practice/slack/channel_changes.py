"""What people do to a channel itself: archive it, open it to everybody, share it with another organisation."""

from bot.practice.slack.limits import Json
from bot.practice.slack.records import OTHER_TEAM, Channel
from bot.practice.slack.workspace import Workspace


def change_channel(workspace: Workspace, channel: Channel, wanted: Json) -> None:
    """Does what is asked for: is_private, is_archived, is_pending_ext_shared, is_ext_shared, id."""
    if "is_private" in wanted:
        _make_private(workspace, channel, bool(wanted["is_private"]))
    if "is_archived" in wanted:
        _archive(workspace, channel, bool(wanted["is_archived"]))
    if "is_pending_ext_shared" in wanted:
        channel.is_pending_ext_shared = bool(wanted["is_pending_ext_shared"])
    if "is_ext_shared" in wanted:
        _share(workspace, channel, bool(wanted["is_ext_shared"]))
    if "id" in wanted:
        _change_id(workspace, channel, str(wanted["id"]))
    workspace.keep_channel(channel)


def _archive(workspace: Workspace, channel: Channel, archived: bool) -> None:
    channel.is_archived = archived
    what = "archive" if archived else "unarchive"
    _says_itself(workspace, channel, f"{'group' if channel.is_private else 'channel'}_{what}", f"{what}d the channel")


def _make_private(workspace: Workspace, channel: Channel, private: bool) -> None:
    channel.is_private = private
    what = "private" if private else "public"
    _says_itself(workspace, channel, f"channel_convert_to_{what}", f"made this channel {what}")


def _says_itself(workspace: Workspace, channel: Channel, subtype: str, words: str) -> None:
    """A line Slack writes into a channel about the channel."""
    user = channel.creator or next(iter(channel.members), "")
    workspace.post(channel, {"type": "message", "subtype": subtype, "user": user, "text": f"<@{user}> {words}"})


def _share(workspace: Workspace, channel: Channel, shared: bool) -> None:
    """Shares a channel with another organisation, or stops sharing it. An invitation that waited is over."""
    channel.is_ext_shared, channel.is_pending_ext_shared = shared, False
    event = {"type": "channel_shared" if shared else "channel_unshared", "channel": channel.id}
    event |= {"connected_team_id": OTHER_TEAM} if shared else {"previously_connected_team_id": OTHER_TEAM}
    workspace.emit(event | {"event_ts": workspace.next_ts()}, channel)


def _change_id(workspace: Workspace, channel: Channel, new_id: str) -> None:
    """The channel is known by another id from now on; everything said in it comes with it."""
    old_id = channel.id
    for ts in channel.messages:
        workspace.store.remove("message", f"{old_id}:{ts}")
    for ts in channel.whispers:
        workspace.store.remove("whisper", f"{old_id}:{ts}")
    workspace.store.remove("channel", old_id)
    channel.id = new_id
    workspace.channels[new_id] = workspace.channels.pop(old_id)
    for ts, message in channel.messages.items():
        workspace.store.save("message", f"{new_id}:{ts}", message)
    event = {"type": "channel_id_changed", "old_channel_id": old_id, "new_channel_id": new_id}
    workspace.emit(event | {"event_ts": workspace.next_ts()}, channel)
