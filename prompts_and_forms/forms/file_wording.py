"""What is said about a form file, or a council's own words for one, that cannot be used: what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# ---- any file

NO_FILE = "There is no such file."
NOT_A_FILE = "This is not a file but a folder or something else. Name one file."
NOT_OPENED = "The file cannot be opened ({why})."
NOT_UTF8 = "The file is not saved as UTF-8 text. Save it again as UTF-8."
TOO_LONG_A_FILE = "The file is far too long for a form."
EMPTY = "The file is empty."
NOT_NAMES = "The file should begin with a name and a colon, such as “title: Review”."
TAB = "There is a tab in the indentation. Use spaces."
UNREADABLE = "There is a character here that cannot be read. Delete it and type it again."
TWO_IN_ONE = "A second file begins here (---). One file holds one form."
DIRECTIVE = "The line beginning with % is not needed. Take it out."
ALIAS = "*{name} points at another part of the file. Write it out here instead."
ANCHOR = "&{name} is a mark for pointing at. Take it out, and write out what points at it."
TAG = "{tag} is not allowed. A form is made of words, numbers and lists only."
TOO_DEEP = "This is nested far too deep for a form."
TWICE = "“{name}” is here for the second time; the first is on line {first}. Keep one of them."
NO_NAME = "A name before a colon has to be one word."
READ_AS_YES_NO = "“{said}” is not read as a word here. Put it in quotes."
NOT_YAML = "This cannot be read as YAML ({problem})."
YAML_SAYS = {
    "expected the node content": "Something is missing here: a bracket is not closed, or nothing follows a comma.",
    "mapping values are not allowed": "There is a second colon in this line. Put the words in quotes.",
    "while parsing a flow sequence": "The list in [brackets] is not closed, or a comma is missing.",
    "while parsing a flow mapping": "The part in {brackets} is not closed, or a comma is missing.",
    "while scanning a quoted scalar": "The quotation mark that opens here is not closed.",
    "could not find expected ':'": "There is a name without a colon after it.",
    "while parsing a block mapping": "The indentation does not fit the lines above.",
    "while parsing a block collection": "The indentation does not fit the lines above.",
    "cannot start any token": "The words begin with a sign that means something else here. Put them in quotes.",
}

# ---- a form

FORM_NAME = "A form's file is named in small letters, digits and underscores, such as tracking_entry.yaml."
ID_IS_NAME = "A form's id is its file's name. Take this line out, or call the file {name}.yaml."
NO_FORM = "There is no form called “{name}”.{perhaps}"
MISSING = "“{name}” is missing."
NOTHING_CALLED = "There is nothing called “{name}” here.{perhaps}"
NOT_WORDS = "“{name}” has to be words. Put them in quotes."
NO_TEXT = "{what} has no words."
NO_WORDS = "“{name}” has no words."
NO_NAMES = "This file holds your own names: “names:” and below it lines such as “child in need: family help”."
NO_SUCH_NAME = "“{name}” is no name that can be changed.{perhaps}"
BAD_NAME = "“{name}” needs a name of at most {most} characters on one line, without brackets of any kind."
NOT_YES_NO = "“{name}” is true or false."
NOT_NUMBER = "“{name}” has to be a whole number."
NOT_A_LIST = "“{name}” has to be a list."
NOT_A_MAPPING = "“{name}” has to be names and values."
NOT_ONE_OF = "“{said}” is not a {name}. It is one of: {offered}."
OTHERWISE = "“{name}”: {problem}."
TOO_LONG = "{what} has {length} characters. At most {most} can be shown."
ONE_LINE = "{what} has to be on one line."
BAD_ID = "The id “{name}” has to be small letters, digits and underscores, beginning with a letter."
SAME_ID = "Two questions have the id “{name}”."
NO_CHOICES = "“{name}” has no options to choose from."
SAME_VALUE = "The option “{name}” is there twice."
OPTION_YES_NO = "The option “{said}” is read as yes or no, not as a word. Put it in quotes."
EMPTY_GROUP = "The group “{name}” has no questions."
BAD_PER = "“per” is one of: {offered}."
NO_QUESTION = "There is no question “{name}” to look at."
NESTED_CONDITION = "“{name}” has a condition of its own, so nothing else can hang on it."
NO_SUCH_ANSWER = "“{name}” can never be answered with “{said}”."
SECTIONS_DIFFER = "Every question is asked in exactly one section."
EMPTY_SECTION = "The section “{name}” has no questions."

# ---- a council's own words

NOT_FOR_ANY = "First say which form these words are for, such as “wording_of: assessment”."
SECOND_FILE = "There are words for “{name}” in {other} already. Keep them in one file."
FIXED = "“{name}” stays as it comes with the bot. Only {allowed} can be put in other words."
NO_SUCH_QUESTION = "This form has no question “{name}”.{perhaps}"
NO_SUCH_OPTION = "“{question}” has no option “{name}”.{perhaps}"
NO_SUCH_SECTION = "This form has no section “{name}”.{perhaps}"
CHOICES_ELSEWHERE = "The choices of “{name}” do not come from the form, so they have no words here."
SAME_WORDS = "Two options of “{question}” would both read “{words}”."
CALLED_BY_NAME = "“{name}” is written as names with a colon, not as a list with dashes."

# ---- published versions

NOT_PUBLISHED = (
    "Version {version} of “{form}” is not in the list of published forms. Add it with: unitbot forms publish"
)
CHANGED = "“{form}” was changed, but it still says version {version}. Raise it to “version: {next}”."
OLDER = "“{form}” says version {version}, but version {newest} was published already."
WITHDRAWN = "“{form}” was published and is not there any more. Answers to it could not be shown: put it back."

# ---- told by the command and the log

SOUND = "{forms} sound{wordings}."
WORDINGS = ", with {count} in your own words"
FILE_SOUND = "{file} is sound."
STANDS = "The words that come with the bot are used for this form."
NO_FOLDER = "The folder {folder} for your own words is not there, or cannot be opened (UNITBOT_WORDING)."
PUBLISHED = "Published: {names}."
NOTHING_NEW = "Every form was published before. Nothing to add."


def perhaps(name: str, offered: Iterable[str]) -> str:
    """The name that was probably meant, as a second sentence; nothing where none is near."""
    near = get_close_matches(name, list(offered), n=1, cutoff=0.6)
    return f" Did you mean “{near[0]}”?" if near else ""


def sound(forms: int, wordings: int) -> str:
    """That every form is right, and how many there are."""
    own = WORDINGS.format(count=wordings) if wordings else ""
    return SOUND.format(forms=f"{forms} form is" if forms == 1 else f"{forms} forms are", wordings=own)


def faults(count: int) -> str:
    """How many faults there are."""
    return "1 fault." if count == 1 else f"{count} faults."
