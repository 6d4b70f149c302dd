"""Nothing about families goes where others than the unit can read: the meeting does not open, and says why."""

from __future__ import annotations

from collections.abc import Callable

from bot.practice.teams.connector import Fault
from bot.practice.teams.records import Tenant
from bot.practice.teams.unit_tenant import GENERAL, GUEST, OUTSIDER, STRANGER
from prompts_and_forms.meeting.wording import trouble_words
from tests.worlds.teams.world import CHANNEL, OnTeams, words
from tests.worlds.until import until

Change = Callable[[Tenant], object]

TROUBLE: dict[str, tuple[Change, str]] = {
    "a guest": (lambda tenant: tenant.channels[CHANNEL].members.add(GUEST), "guest"),
    "somebody of another tenant": (lambda tenant: tenant.channels[CHANNEL].members.add(OUTSIDER), "guest"),
    "a stranger": (
        lambda tenant: tenant.channels[CHANNEL].members.add(STRANGER),
        "unknown_member",
    ),
    "a public team": (lambda tenant: setattr(tenant, "visibility", "public"), "public_team"),
    "a shared channel": (lambda tenant: setattr(tenant.channels[CHANNEL], "kind", "shared"), "shared"),
    "a kind of channel nobody knows": (lambda tenant: setattr(tenant.channels[CHANNEL], "kind", "new"), "shared"),
    "a private channel": (lambda tenant: setattr(tenant.channels[CHANNEL], "kind", "private"), "private_channel"),
    "an archived team": (lambda tenant: setattr(tenant, "archived", True), "archived"),
    "no consent of the owner": (lambda tenant: setattr(tenant, "consented", False), "no_consent"),
}


async def test_the_meeting_does_not_open_where_others_read_and_says_why(world: OnTeams) -> None:
    before = {name: list(channel.members) for name, channel in world.tenant.channels.items()}
    for name, (change, code) in TROUBLE.items():
        tenant = world.tenant
        tenant.visibility, tenant.archived, tenant.consented = "private", False, True
        for channel in tenant.channels.values():
            channel.kind, channel.members = "standard", set(before[channel.id])
        change(tenant)
        await world.web.platform.gate.forget(CHANNEL)
        said = len(world.chat("pippa"))
        await world.say("pippa", "meeting", to_bot=True)
        assert not world.posts(), name
        told = "\n".join(world.chat("pippa")[said:])
        assert trouble_words(code).split(".")[0].split("(")[0] in told, (name, told)


async def test_what_was_told_of_the_team_counts_at_once(world: OnTeams) -> None:
    await world.say("pippa", "meeting", to_bot=True)
    assert await world.web.platform.gate.trouble(CHANNEL) == ""
    world.tenant.channels[CHANNEL].members.add(GUEST)
    added = [{"id": "29:x", "aadObjectId": GUEST}]
    await world.hands.changed(world.id("pippa"), GENERAL, "teamMemberAdded", membersAdded=added)
    assert await world.web.platform.gate.trouble(CHANNEL) == f"guest:{GUEST}"


async def test_a_drawing_waits_while_a_guest_is_there_and_comes_once_they_are_gone(world: OnTeams) -> None:
    root = await world.start("K3107C")
    world.tenant.channels[CHANNEL].members.add(GUEST)
    await world.web.platform.gate.forget(CHANNEL)
    before = [words(one.card) for one in world.tenant.of(CHANNEL)]
    await world.hands.say(world.id("devan"), CHANNEL, "Mum rang school", root=root)
    await world.settle()
    assert [words(one.card) for one in world.tenant.of(CHANNEL) if not one.html] == [one for one in before if one]
    await until(lambda: any("guest" in text for text in world.chat("pippa")))
    world.tenant.channels[CHANNEL].members.remove(GUEST)
    await world.web.platform.gate.forget(CHANNEL)
    await world.until_sent()
    assert any("1 note saved" in text for text in world.posts(CHANNEL, root))


async def test_where_nobody_can_tell_nothing_is_shown(world: OnTeams) -> None:
    world.connector.faults.append(Fault("GET /graph", 503, times=100))
    await world.say("pippa", "meeting", to_bot=True)
    assert not world.posts()


async def test_a_private_channel_that_somebody_has_tried_is_taken(world: OnTeams) -> None:
    world.tenant.channels[CHANNEL].kind = "private"
    gate = world.web.platform.gate
    gate._api.settings = gate._api.settings.model_copy(update={"private_channels": True})
    await world.say("pippa", "meeting", to_bot=True)
    assert world.posts()


async def test_a_group_chat_is_no_place_for_a_meeting(world: OnTeams) -> None:
    assert await world.web.platform.gate.trouble("19:abc@thread.v2") == "group"


async def test_a_bot_that_was_removed_from_the_team_posts_nothing_and_says_why(world: OnTeams) -> None:
    await world.say("pippa", "meeting", to_bot=True)
    before = len(world.posts())
    world.tenant.bot_is_in = False
    removed = [{"id": "28:33333333-3333-4333-8333-333333333333"}]
    await world.hands.changed(world.id("pippa"), CHANNEL, "teamMemberRemoved", membersRemoved=removed)
    answer = await world.press("orla", "agenda.start", choose=world.unit.families["K3107C"])
    assert len(world.posts()) == before
    assert trouble_words("no_consent") in words(answer.body["value"])
