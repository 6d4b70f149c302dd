"""Every button, command and shortcut, pressed by whoever may not: nothing is shown, nothing changes, nothing breaks."""

from __future__ import annotations

import pytest

from handlers.turn import ChannelFacts, ChannelTrouble, EventKind, Note, Wrong
from tests.worlds.presses import (
    BUTTONS,
    COMMANDS,
    DIRECT,
    HERON,
    NAMED,
    NOBODY,
    OTHER_REF,
    PASSER_BY,
    REF,
    SHORTCUTS,
    TOWN_HALL,
    TYPED,
    WHO_LEFT,
    World,
)
from tests.worlds.records_world import CHANNEL

OUTSIDE = (NOBODY, PASSER_BY, WHO_LEFT, "ida")
OPENED = frozenset({"draft", "data_key"})
"""A form that was opened and is still empty."""
OUTBOX = frozenset({"outbox"})
CHOICE = frozenset({"person_choice"})
OWN = {
    "nudge.preferences": OPENED,
    "family.add": OPENED,
    "figures.sheet": OUTBOX,
    "figures.sheet_on": CHOICE,
    "figures.sheet_off": CHOICE,
}
"""What somebody outside may do all the same: it is about nobody but themselves."""
URGENT = frozenset({"outbox", "family", "episode", "episode_change"})
POINTED = {"meeting.open": OUTBOX, "calendar.file": OUTBOX, "work.urgent": URGENT, "unit.here": CHOICE}
"""What is not held up by ids that do not fit: the unit's own meeting, Urgent Tier 3 for a family, one's own unit."""
LATER = {
    "calendar": OUTBOX,
    "document": OUTBOX,
    "action": frozenset({"action", "action_change"}),
    "discussion": frozenset({"outbox", "discussion", "remark_given"}),
    "family": frozenset({"family"}),
    "record": frozenset({"outbox", "discussion"}),
    "reflection": frozenset({"reflection"}),
    "measure": frozenset({"measure"}),
    "work": URGENT,
    "unit": CHOICE,
    "figures": OUTBOX | CHOICE,
}
"""What still may be done when all is closed: papers, opening again, marking as copied, having read, being urgent."""
TYPED_AFTER = (
    "",
    REF,
    "list",
    f"urgent {REF}",
    f"reflect {REF}",
    "unit",
    "members",
    "week",
    "<!channel> =1+1 \u202e💥",
)
WRONG_ROLE = [
    ("form.sign", {"entry": "unsigned", "role": "clinician"}, "marisol"),
    ("form.sign", {"entry": "unsigned", "role": "clinical_manager"}, "tomasz"),
    ("supervision.read", {"entry": "supervision"}, "devan"),
    ("supervision.correct", {"entry": "supervision"}, "orla"),
    ("supervision.record", {"unit": "unit"}, "marisol"),
    ("document.pdf", {"what": "form", "row": "supervision", "unit": "unit"}, "devan"),
    ("document.list", {"what": "caseload", "form": "xlsx", "unit": "unit"}, "marisol"),
    ("work.override", {"family": "family", "chosen": "close", "at": "0"}, "marisol"),
    ("unit.settings", {"unit": "unit"}, "marisol"),
    ("unit.contacts", {"unit": "unit"}, "marisol"),
    ("unit.choices_change", {"unit": "unit"}, "marisol"),
    ("unit.left", {"unit": "unit", "person": "orla"}, "marisol"),
    ("nudge.week", {"unit": "unit"}, "marisol"),
    ("reflection.share", {"reflection": "reflection"}, "devan"),
    ("nudge.done", {"nudge": "nudge"}, "marisol"),
]


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_of_a_unit_does_nothing_for_anybody_outside_it(world: World, button: str) -> None:
    for args in world.args_for(button):
        by_itself = {key: value for key, value in args.items() if key not in NAMED}
        as_if_ours = args | {"unit": world.ids["heron"]}
        for who, channel, shown in (
            (NOBODY, DIRECT, by_itself),
            (WHO_LEFT, CHANNEL, args),
            (WHO_LEFT, DIRECT, by_itself),
            ("ida", HERON, args),
            ("ida", HERON, as_if_ours),
            ("ida", DIRECT, by_itself),
        ):
            pressed = world.press(who, button, shown, channel=channel)
            told = (who, button, channel, shown, pressed)
            assert not world.of_a_family(pressed), told
            assert pressed.changed <= OWN.get(button, frozenset()), told


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_that_points_at_nothing_or_at_something_else_changes_nothing(world: World, button: str) -> None:
    args = next(iter(world.args_for(button)))
    entry, unit = world.ids["entry"], world.ids["unit"]
    for shown in (
        {},
        dict.fromkeys(args, "nonsense"),
        dict.fromkeys(args, "f" * 32),
        dict.fromkeys(args, entry) | {"unit": unit},
        dict.fromkeys(args, world.ids["nudge"]) | {"family": world.ids["family"], "unit": unit},
    ):
        pressed = world.press("tomasz", button, shown)
        by_these_ids = POINTED.get(button, frozenset())
        assert pressed.changed <= OPENED | by_these_ids, (button, shown, pressed)


@pytest.mark.parametrize("button", BUTTONS)
def test_a_second_press_is_answered_and_another_units_family_is_never_shown(world: World, button: str) -> None:
    for args in world.args_for(button):
        world.press("tomasz", button, args, twice=True)
        theirs = world.ids["heron_family"]
        for shown in ({"chosen": theirs, "row": theirs, "subject": theirs}, {"family": theirs}):
            pressed = world.press("orla", button, {**args, **shown})
            assert OTHER_REF not in pressed.text, (button, shown, pressed)


@pytest.mark.parametrize("button", BUTTONS)
def test_what_is_closed_stays_as_it_is(world: World, button: str) -> None:
    for args in world.args_for(button):
        pressed = world.press("tomasz", button, args, when=world.all_closed)
        assert pressed.changed <= OPENED | LATER.get(button.partition(".")[0], frozenset()), (button, args, pressed)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_shows_nothing_of_a_unit_to_anybody_outside_it(world: World, command: str) -> None:
    for text in TYPED_AFTER:
        for who, channel in (
            (NOBODY, TOWN_HALL),
            (PASSER_BY, CHANNEL),
            (WHO_LEFT, DIRECT),
            ("ida", HERON),
            ("ida", DIRECT),
        ):
            pressed = world.send(who, EventKind.COMMAND, name=command, text=text, channel=channel)
            assert not world.of_a_family(pressed, but=(REF,)), (who, text, channel, pressed)
            assert pressed.changed <= OPENED | {"person"} | CHOICE, (who, text, channel, pressed)


@pytest.mark.parametrize("trouble", ["public", "shared", "guest:U0GUEST"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_shows_no_record_where_others_read(world: World, command: str, trouble: str) -> None:
    for text in ("", REF, "list", "week", "unit", "supervision"):
        facts = ChannelFacts(trouble=ChannelTrouble.read(trouble))
        pressed = world.send("tomasz", EventKind.COMMAND, name=command, text=text, facts=facts)
        assert isinstance(pressed.answer, Note)
        assert not world.of_a_family(pressed, but=(REF,)), (text, pressed)
        assert not pressed.changed, (text, pressed)


@pytest.mark.parametrize("trouble", ["public", "shared"])
def test_urgent_tier_three_is_answered_wherever_it_is_called_from(world: World, trouble: str) -> None:
    facts = ChannelFacts(trouble=ChannelTrouble.read(trouble))
    pressed = world.send("tomasz", EventKind.COMMAND, name="/work", text=f"urgent {REF}", facts=facts)
    assert "episode_change" in pressed.changed
    assert "extension 4000" in pressed.text


@pytest.mark.parametrize("shortcut", SHORTCUTS)
def test_a_shortcut_on_a_message_of_a_unit_does_nothing_for_anybody_outside_it(world: World, shortcut: str) -> None:
    for who in OUTSIDE:
        for channel, ts, thread in ((CHANNEL, "100.2", "100.1"), (HERON, "100.2", "100.1"), (CHANNEL, "100.1", "")):
            if (shortcut, who, channel) == ("add_to_agenda", "ida", HERON):
                continue  # her own words, for the agenda of her own unit
            where = {"channel": channel, "ts": ts, "thread": thread}
            pressed = world.send(who, EventKind.SHORTCUT, name=shortcut, text=TYPED, author="U0KEST02", **where)
            assert not world.of_a_family(pressed), (who, channel, pressed)
            assert not pressed.changed, (who, channel, pressed)


@pytest.mark.parametrize("who", OUTSIDE)
def test_a_form_of_somebody_in_the_unit_is_neither_shown_nor_kept_for_anybody_else(world: World, who: str) -> None:
    args, values = {"draft": world.ids["draft"]}, {"text": "Mine now", "due": "2026-12-01"}
    for kind in (EventKind.SUBMIT, EventKind.CHANGE):
        for channel in (CHANNEL, DIRECT):
            pressed = world.send(who, kind, name="action", args=args, values=values, channel=channel)
            assert isinstance(pressed.answer, Wrong | Note), pressed
            assert not world.of_a_family(pressed), pressed
            assert not pressed.changed, pressed


def test_who_left_cannot_hand_in_what_they_had_begun(world: World) -> None:
    args, values = {"draft": world.ids["draft_of_who_left"]}, {"text": "After I left", "due": "2026-12-01"}
    pressed = world.send(WHO_LEFT, EventKind.SUBMIT, name="action", args=args, values=values, channel=DIRECT)
    assert isinstance(pressed.answer, Wrong)
    assert not pressed.changed
    opened = world.press(WHO_LEFT, "form.resume", args, channel=DIRECT)
    assert not world.of_a_family(opened)


@pytest.mark.parametrize("who", OUTSIDE)
def test_home_shows_nothing_of_a_unit_to_anybody_outside_it(world: World, who: str) -> None:
    assert not world.of_a_family(world.send(who, EventKind.HOME, channel=""))


@pytest.mark.parametrize(("button", "args", "who"), WRONG_ROLE)
def test_what_belongs_to_a_role_is_refused_to_every_other(
    world: World, button: str, args: dict[str, str], who: str
) -> None:
    known = {key: world.ids.get(value, world.room.people.get(value, value)) for key, value in args.items()}
    pressed = world.press(who, button, known)
    assert isinstance(pressed.answer, Note), pressed
    assert not pressed.changed, pressed
    assert not world.of_a_family(pressed), pressed
