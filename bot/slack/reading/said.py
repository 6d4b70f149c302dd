"""What a person said in a message: their words, wherever Slack puts them, and what they forwarded, as a quotation.

The words are in the text and, where that is empty, in the blocks. A forwarded message is an attachment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.slack.reading import in_blocks
from bot.slack.text import NameOf, decode, mentions
from handlers.turn import UNREADABLE
from prompts_and_forms.meeting.discussion_wording import forwarded

Json = dict[str, Any]


def words_of(message: Json, name_of: NameOf) -> str:
    """The words of a message: its own, then each forwarded one as a quotation that says so."""
    own = _own(message, name_of)
    quoted = [words for shared in _shared(message) if (words := _quoted(shared, name_of))]
    return "\n".join([own, *quoted] if own.strip() else quoted) if quoted else own


def files_in(message: Json) -> tuple[str, ...]:
    """The kinds of files in a message and in what it forwards, and of whatever else has no words."""
    files = [_kind_of(file) for file in message.get("files") or ()]
    for shared in _shared(message):
        inside = [_kind_of(file) for one in (shared, *_inside(shared)) for file in one.get("files") or ()]
        files += inside or ([] if _quoted(shared, _nobody) else [UNREADABLE])
    if not files and message.get("blocks") and not words_of(message, _nobody).strip():
        files.append(UNREADABLE)
    return tuple(files)


def people_in(message: Json) -> list[str]:
    """The chat users a message mentions or quotes, in order."""
    return list(dict.fromkeys(_people(message)))


def _people(message: Json) -> Iterator[str]:
    yield from mentions(str(message.get("text") or ""))
    yield from in_blocks.people_in([message.get("blocks"), message.get("attachments")])
    for shared in _shared(message):
        for one in (shared, *_inside(shared)):
            yield from mentions(str(one.get("text") or ""))


def _nobody(_user: str) -> None:
    return None


def _own(message: Json, name_of: NameOf) -> str:
    text = str(message.get("text") or "")
    blocks = message.get("blocks")
    return decode(text, name_of, in_blocks.emoji_in(blocks)) if text.strip() else in_blocks.words_in(blocks, name_of)


def _shared(message: Json) -> list[Json]:
    """What was forwarded. The preview of a link a person typed is not; where they typed nothing, everything is."""
    found = [one for one in message.get("attachments") or () if isinstance(one, dict)]
    bare = not _own(message, _nobody).strip()
    return [one for one in found if one.get("is_share")] or (found if bare else [])


def _inside(shared: Json) -> list[Json]:
    """The messages inside a forwarded one."""
    found = [one.get("message") for one in shared.get("message_blocks") or () if isinstance(one, dict)]
    return [one for one in found if isinstance(one, dict)]


def _quoted(shared: Json, name_of: NameOf) -> str:
    words = _words_of(shared, name_of)
    author = str(shared.get("author_id") or "")
    name = (name_of(author) if author else None) or shared.get("author_name") or shared.get("author_subname") or ""
    return forwarded(str(name), words) if words else ""


def _words_of(shared: Json, name_of: NameOf) -> str:
    """What a forwarded message says, with what was forwarded in it in its turn."""
    inside = _inside(shared)
    text = str(shared.get("text") or "")
    if text.strip():
        words = [decode(text, name_of, in_blocks.emoji_in([one.get("blocks") for one in inside]))]
        words += [_quoted(one, name_of) for message in inside for one in _shared(message)]
    else:
        words = [words_of(message, name_of) for message in inside]
    found = "\n".join(part for part in words if part.strip())
    return (found or in_blocks.words_in(shared.get("blocks"), name_of) or decode(_title(shared), name_of)).strip()


def _title(shared: Json) -> str:
    return str(shared.get("title") or shared.get("pretext") or "")


def _kind_of(file: Json) -> str:
    kind = str(file.get("mimetype") or "").partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "file"
