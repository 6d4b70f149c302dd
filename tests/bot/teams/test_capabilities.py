"""What Teams has not is made up for: no pin, so that a family's post leads to the board; not all told."""

from __future__ import annotations

from bot.practice.teams.strict import parts
from bot.slack.platform import SlackPlatform
from bot.teams.platform import TeamsPlatform
from handlers.messages import board_key
from storage.messages.posts import find_post
from tests.worlds.teams.world import CHANNEL, OnTeams
from tests.worlds.until import until

REF = "K3107C"


def test_slack_pins_and_tells_everything_and_teams_neither() -> None:
    assert (SlackPlatform.can_pin, SlackPlatform.sweep_every) == (True, 0)
    assert not TeamsPlatform.can_pin
    assert TeamsPlatform.sweep_every > 0


async def test_a_family_s_post_leads_to_the_board_also_after_it_was_drawn_again(world: OnTeams) -> None:
    root = await world.start(REF)
    with world.db.read() as session:
        board = find_post(session, board_key(world.meeting().id))
    assert board is not None
    post = world.tenant.find(CHANNEL, root)
    assert post is not None

    async def drawn_again() -> bool:
        return post.edited is not None

    first = dict(post.card)
    await world.press("orla", "discussion.concern")
    await until(drawn_again, lambda: len(world.connector.calls), every=0.05)
    for card in (first, post.card):
        (link,) = (one for one in parts(card) if one.get("type") == "Action.OpenUrl")
        assert link["title"] == "To the board"
        assert link["url"].startswith(f"https://teams.microsoft.com/l/message/19%3Akestrel%40thread.tacv2/{board.ts}?")
    replies = [reply.card for reply in world.tenant.of(CHANNEL, root)]
    assert not any(one.get("type") == "Action.OpenUrl" for card in replies for one in parts(card))
