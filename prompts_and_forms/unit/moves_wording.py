"""Sentences about a unit that moves: to another name, another channel, and a person to another account."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words

WHO_HAS_IT = "Name the new account with an @, such as /unit account @ben."
WHOSE_IS_IT = (
    "Whose new account is this? They have everything with it from then on, and the old account sees nothing more."
)
WHOSE_MENU = "It is the account of"
IS_TAKEN = "This account is already {who}'s, so nothing was changed."
SURE = "{who} gets this account. Nobody can use the old one here any more."
GIVE_IT = "{who} has this account now"
DONE = "{who} has the new account now, with everything that was theirs."
TOLD = "{who} in {unit} has another account now. {by} changed it. If that is not right, please change it back today."
TITLE = "A new account"
WHICH_UNIT = "Which unit meets here from now on? Its families, meetings and records come with it."
MEETS_HERE = "{unit} meets here"
NO_UNIT_OF_YOURS = "You look after no unit that could meet here. Its coordinator can type /unit move in this channel."
MEETING_OPEN = "A meeting of {unit} is open in its channel. Please close it first, then move the unit."
TAKEN = "{unit} meets in this channel already."
HERE_NOW = "{unit} meets in this channel from now on. Earlier messages stay where they were."
MOVED_TITLE = "The unit's channel"
BEFORE = "Before"
WAS = {
    "name": "Called “{value}” until {day} (changed by {by}).",
    "channel": "Met in another channel until {day} (changed by {by}).",
    "account": "{about} had another account until {day} (changed by {by}).",
}


def was_words(what: str, value: str, until: date, by: str, about: str) -> str:
    """One line of what was different before."""
    return WAS[what].format(value=value, day=day_words.with_weekday(until), by=by, about=about)
