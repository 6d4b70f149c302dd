"""What people read about the choices of a unit: bands, cut-offs, numbers in exports, the marking of documents."""

from __future__ import annotations

BANDS = {"4band": "four bands", "3band": "three bands"}
FORMS = {
    "long_self": "long form, young person",
    "long_parent": "long form, parent or carer",
    "short_self": "short form, young person",
    "short_parent": "short form, parent or carer",
}
NUMBERS = {
    True: "as numbers, 3 is best",
    False: "as numbers, 1 is best",
    None: "in words only, until the service says which number is best",
}
TITLE = "Scores and documents"
OUT_OF_RANGE = "Please choose a number from 1 to {most}, or leave it empty for the usual one."
MARKING_LONG = "Please keep the marking to {most} characters, in one line."
NAMES = {
    "sdq_bands": "Words beside an SDQ score",
    "mfq_cut_offs": "MFQ: mood is talked about from",
    "chi_highest_is_best": "CHI-ESQ answers in exports",
    "marking": "Marking of documents",
}
USUAL = "usual"


def changed_words(who: str, day: str) -> str:
    """Who made a choice, and when."""
    return f"set by {who} on {day}"


def cut_offs_words(cut_offs: dict[str, int]) -> str:
    """The chosen cut-offs, by version."""
    return "; ".join(f"{FORMS[version]} {least}" for version, least in cut_offs.items())


# ---- choices

CHANGE = "Change"
