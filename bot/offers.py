"""What people can ask the bot for by name, and what they can do with a message: the same on every platform."""

from __future__ import annotations

COMMANDS = (
    ("unit", "Your unit: people, contacts, settings", "[show | members | contacts | settings | help]"),
    ("family", "Families: add, list, show, correct, close", "[add | list | reference, initials, name | help]"),
    ("find", "Find words in the records of a family or the unit", "[words | case reference words | help]"),
    ("meeting", "Open the unit meeting, or see the agenda", "[agenda | add | rota | close | help]"),
    ("hypothesis", "Record a hypothesis between meetings", "[case reference | help]"),
    ("agreement", "Record a joint working agreement", "[case reference | help]"),
    ("action", "Record an action, or see yours", "[case reference | mine | help]"),
    ("work", "Clinical work: where it stands, the next step", "[case reference | urgent | help]"),
    ("track", "The tracking form: your week, add a line", "[case reference | unit | supervision | help]"),
    ("forms", "Forms you have begun, and what you sign", "[help]"),
    ("measure", "Questionnaires: what is due, enter scores", "[case reference | service | help]"),
    ("review", "Reviews: what is due, record one", "[case reference | unit | help]"),
    ("nudges", "What is due for you, and when you hear of it", "[week | help]"),
)
SHORTCUTS = (
    ("record_hypothesis", "Make this an idea", "Offer these words as an idea about what is going on"),
    ("make_action", "Make this an action", "Make an action of these words"),
    ("record_words", "Somebody's own words", "Record these words as a child's or a carer's"),
    ("record_worry", "Make this a worry", "Add these words to what we are worried about"),
    ("note_stage", "Move to this stage", "These words belong to the stage we are at"),
    ("move_note", "Move to another stage", "These words belong to another stage"),
    ("add_to_agenda", "Add to the next agenda", "Talk about these words at the next meeting"),
    ("immediate_concern", "Immediate concern", "Stop this family's discussion and show who to call"),
)
