"""Files: what the app uploads in three steps, and the pictures and voice clips people attach."""

import mimetypes
import re
import secrets
from collections.abc import Callable
from typing import Any

from bot.practice.slack.api.call import Call
from bot.practice.slack.api.messages import content_arguments
from bot.practice.slack.checks.validator import check_message
from bot.practice.slack.limits import Json, limits
from bot.practice.slack.records import Channel
from bot.practice.slack.refusal import Refusal
from bot.practice.slack.workspace import Workspace

Method = Callable[[Call], Json]


class Files:
    """Every file of the workspace, by id; the bytes lie in the store."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.files: dict[str, Json] = dict(workspace.store.all("file"))
        self.tickets: dict[str, str] = {}
        self.methods: dict[str, Method] = {
            "files.getUploadURLExternal": self.upload_url,
            "files.completeUploadExternal": self.complete,
            "files.info": self.info,
            "files.delete": self.delete,
        }

    def _keep(self, file: Json) -> None:
        self.files[file["id"]] = file
        self.workspace.store.save("file", file["id"], file)

    def new(self, user: str, name: str, mimetype: str, base_url: str, size: int = 0) -> Json:
        """A file object nobody sees yet."""
        file_id = "F" + secrets.token_hex(5).upper()
        safe = re.sub(r"[^\w.-]+", "_", name) or "file"
        extension = name.rsplit(".", 1)[-1].lower() if "." in name else "binary"
        created = int(self.workspace.now())
        address = f"{base_url}/files/{file_id}/{safe}"
        file = {
            "id": file_id,
            "created": created,
            "timestamp": created,
            "name": name,
            "title": name,
            "mimetype": mimetype,
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": user,
            "size": size,
            "mode": "hosted",
            "editable": False,
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "url_private": address,
            "url_private_download": f"{address}?download=1",
            "permalink": f"https://{self.workspace.config.team_domain}.slack.com/files/{user}/{file_id}/{safe}",
            "channels": [],
            "groups": [],
            "ims": [],
            "shares": {},
            "file_access": "visible",
        }
        self._keep(file)
        return file

    def receive(self, ticket: str, content: bytes) -> bool:
        """The second step: the bytes. False when the upload address is unknown or used."""
        file_id = self.tickets.pop(ticket, None)
        if file_id is None:
            return False
        self.workspace.store.save_upload(file_id, content)
        self._keep({**self.files[file_id], "size": len(content)})
        return True

    def share(self, file: Json, channel: Channel, ts: str) -> None:
        """Notes where a file was posted."""
        place = {"im": "ims", "group": "groups"}.get(channel.kind, "channels")
        visibility = "private" if channel.is_private else "public"
        file[place] = [*file[place], channel.id]
        file["shares"].setdefault(visibility, {}).setdefault(channel.id, []).append({"ts": ts})
        self._keep(file)
        event = {"type": "file_shared", "file_id": file["id"], "file": {"id": file["id"]}, "user_id": file["user"]}
        self.workspace.emit(event | {"channel_id": channel.id, "event_ts": self.workspace.next_ts()}, channel)

    # methods

    def upload_url(self, call: Call) -> Json:
        """files.getUploadURLExternal: where to send the bytes of a new file."""
        rules = limits()["files"]
        if call.number("length", 0) < rules["length_min"]:
            raise Refusal("missing_argument")
        if len(call.text("alt_txt")) > rules["alt_txt_max"]["value"]:
            raise Refusal(rules["alt_txt_max"]["error"])
        if call.given("snippet_type") and call.number("length", 0) > rules["snippet_max_bytes"]["value"]:
            raise Refusal(rules["snippet_max_bytes"]["error"])
        name = call.text("filename")
        mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = self.new(call.workspace.config.bot_user_id, name, mimetype, call.base_url)
        if call.given("alt_txt"):
            file["alt_txt"] = call.text("alt_txt")
        ticket = secrets.token_urlsafe(24)
        self.tickets[ticket] = file["id"]
        return {"upload_url": f"{call.base_url}/upload/v1/{ticket}", "file_id": file["id"]}

    def complete(self, call: Call) -> Json:
        """files.completeUploadExternal: shows the files that were sent."""
        wanted = call.structure("files", Refusal("invalid_arguments"))
        if not isinstance(wanted, list) or not wanted:
            raise Refusal("invalid_arguments")
        files = [self._uploaded(entry) for entry in wanted]
        channels = self._targets(call)
        fields = content_arguments(call)
        if fields.get("blocks"):
            check_message(fields)
        comment = call.text("initial_comment")
        for channel in channels:
            message = call.workspace.message_by_bot(fields | {"text": comment})
            message |= {"subtype": "file_share", "files": files, "upload": True}
            thread_ts = call.text("thread_ts")
            kept = call.workspace.post(channel, message, thread_ts if thread_ts in channel.messages else None)
            for file in files:
                self.share(file, channel, kept["ts"])
        return {"files": files}

    def _uploaded(self, entry: Any) -> Json:
        file = self.files.get(entry.get("id", "") if isinstance(entry, dict) else "")
        if file is None or self.workspace.store.upload(file["id"]) is None:
            raise Refusal("file_not_found")
        file["title"] = entry.get("title") or file["name"]
        self._keep(file)
        return file

    def _targets(self, call: Call) -> list[Channel]:
        found = []
        for name in [*call.listed("channel_id"), *call.listed("channels")]:
            if name not in call.workspace.channels:
                raise Refusal("invalid_channel")
            call.arguments["channel"] = name
            found.append(call.joined_channel())
        return found

    def _known(self, call: Call) -> Json:
        file = self.files.get(call.text("file"))
        if file is None:
            raise Refusal("file_not_found")
        if file["mode"] == "tombstone":
            raise Refusal("file_deleted")
        return file

    def info(self, call: Call) -> Json:
        """files.info: one file."""
        return {"file": self._known(call), "comments": [], "response_metadata": {"next_cursor": ""}}

    def delete(self, call: Call) -> Json:
        """files.delete: takes back one of the app's own files."""
        file = self._known(call)
        if file["user"] != call.workspace.config.bot_user_id:
            raise Refusal("cant_delete_file")
        self._keep({**file, "mode": "tombstone"})
        self.workspace.store.remove_upload(file["id"])
        return {}
