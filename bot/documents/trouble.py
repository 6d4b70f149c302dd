"""Why a document cannot be made, in a sentence for the person who asked for it."""

from __future__ import annotations


class DocumentTrouble(Exception):
    """No document was made; `sentence` says why and what to do. What was kept in the record is not touched."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
