"""Refuses what Slack refuses: a message or view is read against limits.yaml, faults named in Slack's words."""

import json
from dataclasses import dataclass
from typing import Any

from bot.practice.slack.checks.fields import Reading
from bot.practice.slack.limits import Json, limits, wording
from bot.practice.slack.refusal import Refusal, invalid_argument


@dataclass(frozen=True)
class Fault:
    """One thing wrong: Slack's sentence and where it is."""

    message: str
    pointer: str

    def line(self) -> str:
        """The fault as Slack writes it into an answer."""
        return wording("wrap", message=self.message, pointer=self.pointer)


def check_message(message: Json) -> None:
    """Raises the Refusal Slack would give a chat.postMessage with this text, blocks, attachments and metadata."""
    rules = limits()["message"]
    if not any(message.get(part) for part in ("text", "blocks", "attachments", "markdown_text")):
        raise Refusal(rules["nothing_to_post"]["error"])
    if message.get("markdown_text"):
        if any(message.get(part) for part in rules["markdown_text_max"]["conflicts_with"]):
            raise Refusal(rules["markdown_text_max"]["error"])
        if len(message["markdown_text"]) > rules["markdown_text_max"]["value"]:
            raise Refusal("msg_too_long")
    if len(message.get("attachments") or ()) > rules["attachments_max"]["value"]:
        raise Refusal(rules["attachments_max"]["error"])
    check_metadata(message.get("metadata"))
    for attachment in message.get("attachments") or ():
        _check_attachment(attachment)
    blocks = message.get("blocks")
    if blocks is None:
        return
    if not isinstance(blocks, list):
        raise Refusal(rules["blocks_not_json_array"]["error"])
    reading = Reading("message")
    reading.blocks_of_surface(blocks, "/blocks")
    faults = [Fault(*fault) for fault in reading.faults]
    if faults:
        raise _invalid_blocks(faults)
    _check_message_totals(reading)


def _check_attachment(attachment: Any) -> None:
    if not isinstance(attachment, dict):
        raise Refusal("invalid_attachments")
    if "blocks" in attachment:
        reading = Reading("message")
        reading.blocks_of_surface(attachment["blocks"], "/blocks")
        if reading.faults:
            raise Refusal("invalid_attachments", [Fault(*fault).line() for fault in reading.faults])


def _check_message_totals(reading: Reading) -> None:
    totals = limits()["payload_rules"]
    if reading.tables > totals["tables_per_message"]["max"]:
        detail = totals["tables_per_message"]["detail"]
        raise Refusal(totals["tables_per_message"]["error"], [wording("wrap", message=detail, pointer="/blocks")])
    if reading.markdown > totals["markdown_total"]["max"]:
        raise Refusal(totals["markdown_total"]["error"])
    faults = [Fault(*fault) for fault in reading.total_faults("/blocks")]
    if faults:
        raise _invalid_blocks(faults)


def _invalid_blocks(faults: list[Fault]) -> Refusal:
    return Refusal(
        limits()["surfaces"]["message"]["error"],
        [fault.line() for fault in faults],
        errors=[f"{fault.message} [json-pointer:{fault.pointer}]" for fault in faults],
    )


def check_metadata(metadata: Any) -> None:
    """Metadata is an event type and a payload object; an empty object is allowed and means none."""
    if metadata is None or metadata == {}:
        return
    if not isinstance(metadata, dict):
        raise Refusal("invalid_metadata_format")
    well_shaped = isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
    if not well_shaped or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise Refusal("invalid_metadata_schema")


def check_update_text(text: str) -> None:
    """chat.update takes less text than chat.postMessage, and refuses instead of cutting."""
    rule = limits()["message"]["update_text_max"]
    if len(text) > rule["value"]:
        raise Refusal(rule["error"])


def check_view(view: Any, method: str) -> None:
    """Raises the Refusal Slack would give this view when sent by views.open, push, update or publish."""
    if not isinstance(view, dict):
        raise invalid_argument(wording("type_object"), "/view")
    rules = limits()["views"]
    if len(json.dumps(view, ensure_ascii=False).encode()) > rules["max_bytes"]["value"]:
        raise Refusal(rules["max_bytes"]["error"])
    kind = view.get("type")
    if kind not in ("modal", "home"):
        name = "enum" if isinstance(kind, str) else "required"
        raise invalid_argument(wording(name, field="type"), "/view/type" if kind else "/view")
    if method not in rules[kind]["methods"]:
        raise invalid_argument(wording("view_type_for_method"), "/view/type")
    reading = Reading(kind)
    reading.thing(view, rules[kind], "/view")
    if kind == "modal" and "submit" not in view:
        reading.no_input_without_submit(view.get("blocks"))
    faults = [Fault(*fault) for fault in [*reading.faults, *reading.total_faults("/view/blocks")]]
    if faults:
        raise Refusal("invalid_arguments", [fault.line() for fault in faults])
