"""People and channels as the workspace holds them, and as Slack shows them to an app."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.practice.config import Person, Room, WorkspaceConfig
from bot.practice.slack.limits import Json

CREATED = 1750000000
OTHER_TEAM = "T0OTHER"
_KEPT_APART = ("messages", "roots", "replies", "whispers")


@dataclass
class Whisper:
    """An ephemeral message: in no history, seen by one person."""

    user: str
    message: Json


@dataclass
class Channel:
    """A channel or a direct message with the app, and what was said in it."""

    id: str
    name: str
    members: list[str]
    is_private: bool = True
    is_im: bool = False
    user: str = ""
    topic: str = ""
    purpose: str = ""
    creator: str = ""
    created: int = CREATED
    is_archived: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    is_mpim: bool = False
    pins: list[Json] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    messages: dict[str, Json] = field(default_factory=dict, repr=False)
    roots: list[str] = field(default_factory=list, repr=False)
    replies: dict[str, list[str]] = field(default_factory=dict, repr=False)
    whispers: dict[str, Whisper] = field(default_factory=dict, repr=False)

    @property
    def kind(self) -> str:
        """Slack's `channel_type`."""
        return "im" if self.is_im else "mpim" if self.is_mpim else "group" if self.is_private else "channel"

    def to_keep(self) -> Json:
        """The channel without its messages, which the store has apart."""
        return {k: v for k, v in self.__dict__.items() if k not in _KEPT_APART}

    def add(self, message: Json) -> None:
        """Puts a message where history and threads find it."""
        ts, thread_ts = message["ts"], message.get("thread_ts")
        self.messages[ts] = message
        if thread_ts and thread_ts != ts:
            self.replies.setdefault(thread_ts, []).append(ts)
        if not thread_ts or thread_ts == ts or message.get("subtype") == "thread_broadcast":
            self.roots.append(ts)

    def drop(self, ts: str) -> Json:
        """Takes a message out of the channel or thread, and answers it."""
        message = self.messages.pop(ts)
        if ts in self.roots:
            self.roots.remove(ts)
        thread = self.replies.get(message.get("thread_ts", ""), [])
        if ts in thread:
            thread.remove(ts)
        return message


def room_channel(room: Room) -> Channel:
    """The channel a workspace's file describes."""
    return Channel(
        id=room.id,
        name=room.name,
        members=list(room.members),
        is_private=room.is_private,
        topic=room.topic,
        creator=room.members[0] if room.members else "",
        is_archived=room.is_archived,
        is_ext_shared=room.is_ext_shared,
        is_mpim=room.is_mpim,
    )


def direct_channel(user: str, bot_user: str) -> Channel:
    """The direct channel of one person with the app."""
    return Channel(id="D" + user[1:], name="", members=[user, bot_user], is_im=True, user=user)


def channel_to_app(channel: Channel, bot_user: str, team_id: str) -> Json:
    """The conversation object of the Web API."""
    if channel.is_im:
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_org_shared": False,
            "user": channel.user,
            "is_user_deleted": False,
            "priority": 0,
            "is_archived": False,
            "context_team_id": team_id,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "pending_shared": [OTHER_TEAM] if channel.is_pending_ext_shared else [],
        "is_member": bot_user in channel.members and not channel.is_archived,
        "created": channel.created,
        "creator": channel.creator,
        "unlinked": 0,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": channel.created},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": channel.created},
        "previous_names": [],
        "context_team_id": team_id,
        "updated": channel.created * 1000,
    }


def person_record(person: Person, team_id: str) -> Json:
    """A user object as Slack has it, e-mail included; `user_to_app` leaves out what the scopes do not cover."""
    offset = datetime.now(ZoneInfo(person.tz)).utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    profile = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "title": person.title,
        "phone": "",
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "",
        "email": person.email or f"{person.name}@example.org",
        "team": team_id,
    }
    record: Json = {
        "id": person.id,
        "team_id": team_id,
        "name": person.name,
        "deleted": person.deleted,
        "color": "4bbe2e",
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": seconds,
        "profile": profile,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": CREATED,
        "is_email_confirmed": True,
    }
    return without_roles(record) if person.deleted else record


def without_roles(record: Json) -> Json:
    """A deactivated user: no time zone and no roles are shown any more."""
    gone = ("tz", "tz_label", "tz_offset", "is_admin", "is_owner", "is_primary_owner", "is_restricted")
    return {k: v for k, v in record.items() if k not in (*gone, "is_ultra_restricted")} | {"deleted": True}


def bot_record(config: WorkspaceConfig) -> Json:
    """The app as a user of the workspace."""
    person = Person(id=config.bot_user_id, name=config.bot_name, real_name=config.bot_display_name)
    record = person_record(person, config.team_id) | {"is_bot": True}
    record["profile"] = {k: v for k, v in record["profile"].items() if k != "email"}
    record["profile"] |= {"bot_id": config.bot_id, "api_app_id": config.app_id}
    return record


def slackbot_record(team_id: str) -> Json:
    """Slack's own bot as a user of the workspace."""
    return person_record(Person(id="USLACKBOT", name="slackbot", real_name="Slackbot"), team_id)


def user_to_app(record: Json, with_email: bool) -> Json:
    """A user as the app may see them: with the address only where it has that right."""
    if with_email:
        return record
    return record | {"profile": {k: v for k, v in record["profile"].items() if k != "email"}}


def config_people(config: WorkspaceConfig) -> dict[str, Json]:
    """Everybody a workspace begins with, by id."""
    people = {person.id: person_record(person, config.team_id) for person in config.people}
    return people | {
        config.bot_user_id: bot_record(config),
        "USLACKBOT": slackbot_record(config.team_id),
    }


def kept_channel(body: Json) -> Channel:
    """A channel as the store has it."""
    return Channel(**body)


def forwarded(message: Json, channel: Channel, author: str, config: WorkspaceConfig) -> Json:
    """The attachment by which a message is forwarded, as Slack sends it."""
    place = f"https://{config.team_domain}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    inner = {part: message[part] for part in ("blocks", "files", "attachments") if part in message}
    attachment: Json = {
        "id": 1,
        "is_share": True,
        "is_msg_unfurl": True,
        "ts": message["ts"],
        "author_id": message["user"],
        "author_name": author,
        "author_subname": author,
        "channel_id": channel.id,
        "channel_team": config.team_id,
        "from_url": place,
        "original_url": place,
        "text": message["text"],
        "fallback": f"{author}: {message['text']}",
        "mrkdwn_in": ["text"],
        "footer": "Slack Conversation" if channel.is_private else f"Posted in #{channel.name}",
        "message_blocks": [{"team": config.team_id, "channel": channel.id, "ts": message["ts"], "message": inner}],
    }
    return attachment | ({"files": message["files"]} if "files" in message else {})
