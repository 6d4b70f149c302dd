"""Something a discussion has not left behind: at which stage, what, and about whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """One thing missing at a stage. `subject` is the id of a child, an idea or an action where there is one."""

    stage: str
    what: str
    subject: str = ""

    @property
    def code(self) -> str:
        """The gap as one word, by which remarks and the record know it."""
        return ":".join(part for part in (self.stage, self.what, self.subject) if part)

    @classmethod
    def read(cls, code: str) -> Gap:
        """The gap a recorded word stands for."""
        stage, _, rest = code.partition(":")
        what, _, subject = rest.partition(":")
        return cls(stage, what, subject)
