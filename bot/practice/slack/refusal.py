"""The two ways the stand-in says no: to the bot in Slack's codes, to a person in a sentence."""

from typing import Any


class Refusal(Exception):
    """A Web API call that Slack would answer with `ok: false` and this code."""

    def __init__(self, code: str, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.body: dict[str, Any] = {"ok": False, "error": code, **extra}
        if messages:
            self.body["response_metadata"] = {"messages": messages}


class SeatRefusal(Exception):
    """Something a person in the practice page cannot do, with the sentence they read."""

    def __init__(self, code: str, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.status = status


def invalid_argument(text: str, pointer: str = "") -> Refusal:
    """`invalid_arguments` with the line Slack puts beside it."""
    line = f"[ERROR] {text}" + (f" [json-pointer:{pointer}]" if pointer else "")
    return Refusal("invalid_arguments", [line])
