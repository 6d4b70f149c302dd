"""Reading a note for one thing only: should something be pointed out? Nothing here judges what was written."""

from __future__ import annotations

import re

from prompts_and_forms.typed import seen

_IDEA_START = re.compile(
    r"^\W*(?:(?:and|so|but|or|well)[, ]+)?(?:perhaps|maybe|possibly|could it be|might it be|(?:my|one|another|a) "
    r"(?:idea|hunch|hypothesis)|i wonder (?:if|whether))\b",
    re.IGNORECASE,
)
_IDEA_INSIDE = re.compile(
    r"\b(?:it (?:may|might|could) be (?:that|because)|maybe (?:it is|it's|that is|that's) because"
    r"|perhaps the (?:more|less)|which keeps it going|my hypothesis is)\b",
    re.IGNORECASE,
)
_NOT_AN_IDEA = re.compile(
    r"\b(?:we could|we can|we should|we might|let us|let's|i could|you could|someone could)\b", re.I
)
IDEA_WORDS = 8
"""A shorter note says too little to be an idea about a pattern."""

_ABOUT_DYING = (
    r"suicid\w*",
    r"(?:kill|killing|killed) (?:my|him|her|them|your)sel(?:f|ves)\b",
    r"end(?:s|ed|ing)? it all\b",
    r"(?:end(?:s|ed|ing)?|tak(?:e|es|ing|en)|took) (?:my|his|her|their|your) (?:own )?li(?:fe|ves)\b",
    r"(?:want|wish|think|thought|thinking|talk)(?:s|es|ed|ing)?(?: \w+){0,3} (?:to die|to be dead|dying)\b",
    r"wish(?:es|ed|ing)?(?: \w+){1,2} (?:was|were) dead\b",
    r"(?:do(?:es)?|did)(?:n['’]?t| not) want to (?:be alive|live|wake up|be here any ?more)\b",
    r"no longer wants? to (?:be alive|live|wake up|be here)\b",
    r"better off (?:dead|without (?:me|him|her|them))\b",
    r"(?:take|takes|took|taken|taking|swallow(?:s|ed)?) (?:an|another|a \w+) overdose\b",
    r"no reason (?:left )?to live\b",
)
_SUICIDE = re.compile(rf"\b(?:{'|'.join(_ABOUT_DYING)})", re.IGNORECASE)


def reads_like_an_idea(text: str) -> bool:
    """Whether a note reads like a tentative idea about a pattern: "Perhaps ... happens when ...".

    A suggestion of what to do ("perhaps we could ring school") and a very short note are not.
    """
    if len(text.split()) < IDEA_WORDS or _NOT_AN_IDEA.search(text) or text.rstrip().endswith("?"):
        return False
    return bool(_IDEA_START.search(text) or _IDEA_INSIDE.search(text))


def mentions_suicide(text: str) -> bool:
    """Whether the words may be about suicide. Better once too often: the answer only names whom to call."""
    return bool(_SUICIDE.search(seen(text)))
