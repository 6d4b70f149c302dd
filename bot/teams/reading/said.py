"""What a person said in a Teams message: the words of its HTML, as they were meant, with no mark of Teams' in them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from prompts_and_forms.meeting.discussion_wording import forwarded

Json = dict[str, Any]

LINES = frozenset({"p", "div", "br", "li", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"})
CELLS = frozenset({"td", "th"})
SILENT = frozenset({"script", "style", "title"})
FILES = "application/vnd.microsoft.teams.file.download.info"
NOT_FILES = ("text/html", "messageReference", "application/vnd.microsoft.card.", "meetingReference")
MENTION = "http://schema.skype.com/Mention"
_BLANK = re.compile(r"[ \t\r\n]+")


class _Words(HTMLParser):
    """Gathers the words of a message. What is quoted in it goes into a list of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.quoted: list[str] = []
        self.images = 0
        self._silent = 0
        self._quotes: list[list[str]] = []
        self._links: list[tuple[str, int]] = []
        self._mentions: list[str] = []

    @property
    def _out(self) -> list[str]:
        return self._quotes[-1] if self._quotes else self.parts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag in SILENT:
            self._silent += 1
        elif tag == "blockquote":
            self._quotes.append([])
        elif tag == "img" or tag == "emoji":
            self._picture(known)
        elif tag == "a":
            self._links.append((known.get("href", ""), len(self._out)))
        elif tag == "at" or known.get("itemtype") == MENTION:
            self._mentions.append(tag)
            self._out.append("@")
        elif tag == "br":
            self._out.append("\n")
        elif tag in LINES:
            self._line()
            if tag == "li":
                self._out.append("• ")
        elif tag in CELLS and self._out and not self._out[-1].endswith("\n"):
            self._out.append("; ")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag == "blockquote" and self._quotes:
            self.quoted.append(tidy("".join(self._quotes.pop())))
        elif tag == "a" and self._links:
            self._link(*self._links.pop())
        elif self._mentions and self._mentions[-1] == tag:
            self._mentions.pop()
        elif tag in LINES and tag != "br":
            self._line()

    def handle_data(self, data: str) -> None:
        """Blanks and line ends of the markup are one blank; those that were typed are blanks that stay."""
        if self._silent:
            return
        words = _BLANK.sub(" ", data)
        if not self._out or self._out[-1].endswith("\n"):
            words = words.lstrip(" ")
        if words:
            self._out.append(words.replace("\xa0", " "))

    def _line(self) -> None:
        """What follows begins a line, and leaves none empty."""
        if self._out and not self._out[-1].endswith("\n"):
            self._out.append("\n")

    def _picture(self, known: dict[str, str]) -> None:
        """An emoji is its sign; any other picture is a file."""
        if "Emoji" in known.get("itemtype", "") or (known.get("alt") and "itemscope" in known):
            self._out.append(known.get("alt", ""))
        elif known.get("id") and known.get("alt") and "src" not in known:
            self._out.append(known["alt"])
        else:
            self.images += 1

    def _link(self, address: str, start: int) -> None:
        shown = "".join(self._out[start:])
        place = address.removeprefix("mailto:").removeprefix("tel:")
        bare = place.removeprefix("https://").removeprefix("http://").rstrip("/")
        if place and shown.strip().rstrip("/") not in (place.rstrip("/"), bare):
            self._out.append(f" ({place})" if shown.strip() else place)


def words_of(html: str) -> str:
    """The words of a message in HTML; what it quotes comes after them, and says so."""
    found = _read(html)
    own = tidy("".join(found.parts))
    quoted = [forwarded("", words) for words in found.quoted if words]
    return "\n".join([own, *quoted] if own else quoted)


def pictures_in(html: str) -> int:
    """How many pictures stand in a message."""
    return _read(html).images


def plain_text(text: str) -> str:
    """The words of a message that has no HTML but may have marks of mentions in it."""
    return words_of(text) if "<" in text or "&" in text else tidy(text)


def files_of(attachments: Any) -> tuple[str, ...]:
    """The kinds of files that came with a message."""
    found = []
    for one in attachments if isinstance(attachments, list) else ():
        kind = str(one.get("contentType") or "") if isinstance(one, dict) else ""
        if kind and not kind.startswith(NOT_FILES):
            family = kind.partition("/")[0]
            found.append(family if family in ("image", "audio", "video") else "file")
    return tuple(found)


def tidy(text: str) -> str:
    """Lines without blanks at their ends, and never more than one empty one between two."""
    lines = [line.strip(" \t\xa0") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _read(html: str) -> _Words:
    found = _Words()
    found.feed(html)
    found.close()
    while found._quotes:
        found.quoted.append(tidy("".join(found._quotes.pop())))
    return found
