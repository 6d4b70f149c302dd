"""Teams takes no more for a while: that conversation gets nothing until then, the others go on, and nothing is lost."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from sqlmodel import Session

from bot.practice.teams.connector import Call, Fault
from handlers.render import Rendering, renders
from prompts_and_forms.card import Card, card, say
from storage.messages import outbox
from tests.worlds.teams.world import CHANNEL, OnTeams
from tests.worlds.until import until

WAIT = 2
WORDS: dict[str, str] = {}


@renders("too_many:{name}")
def drawn(view: Rendering, name: str) -> Card | None:
    return card("For a test", say(WORDS[name]))


@pytest.fixture(autouse=True)
async def _channel_is_known(world: OnTeams) -> None:
    await world.say("pippa", "Good morning")


def _ask(world: OnTeams, *names: str, channel: str = CHANNEL, words: str = "This is {name}.") -> None:
    def plan(session: Session) -> None:
        for name in names:
            outbox.show(session, f"too_many:{name}", now=world.web.clock.now(), channel=channel)

    for name in names:
        WORDS[name] = words.format(name=name)
    with world.db.write() as session:
        plan(session)
    world.web.runtime.woken.set()


def _calls(world: OnTeams, channel: str) -> list[Call]:
    return [
        call for call in world.connector.calls if re.search(rf"conversations/{re.escape(channel)}", unquote(call.path))
    ]


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_conversation_that_takes_no_more_gets_nothing_until_the_time_teams_names(
    world: OnTeams, method: str
) -> None:
    _ask(world, "old")
    await world.until_sent()
    world.connector.faults.append(Fault(f"{method} .*{CHANNEL}", 429, "TooManyRequests", retry_after=WAIT))
    first = "new" if method == "POST" else "old"
    _ask(world, first, words="Now it is {name}.")
    await until(lambda: not world.web.delivery.busy and any(call.status == 429 for call in _calls(world, CHANNEL)))
    _ask(world, "late")
    _ask(world, "old", words="Changed again: {name}.")
    await world.until_sent()
    calls = _calls(world, CHANNEL)
    refused = next(n for n, call in enumerate(calls) if call.status == 429)
    assert calls[refused + 1].at - calls[refused].at >= WAIT - 0.1
    expected = {"This is late.", "Changed again: old."} | ({"Now it is new."} if method == "POST" else set())
    assert sorted(world.posts(CHANNEL, "")) == sorted(expected)


async def test_other_conversations_go_on_meanwhile(world: OnTeams) -> None:
    world.connector.faults.append(Fault(f"POST .*{CHANNEL}", 429, "TooManyRequests", retry_after=3600))
    _ask(world, "held")
    await until(lambda: any(call.status == 429 for call in _calls(world, CHANNEL)))
    devan = world.id("devan")
    await world.hands.say(devan, world.tenant.chat_of(devan), "action mine")
    await until(lambda: world.chat("devan"))
    assert not world.posts(CHANNEL, "")


async def test_an_answer_teams_does_not_take_yet_comes_a_little_later(world: OnTeams) -> None:
    chat = world.tenant.chat_of(world.id("devan"))
    await world.ask("devan", "nudges")
    before = len(world.chat("devan"))
    for method in ("POST", "PUT"):
        world.connector.faults.append(Fault(f"{method} .*{chat}", 429, "TooManyRequests", retry_after=1))
    await world.ask("devan", "action mine")
    assert len(world.chat("devan")) == before + 1
    await world.ask("devan", "home")
    world.connector.faults.append(Fault(f"PUT .*{chat}", 429, "TooManyRequests", retry_after=1))
    await world.ask("devan", "home")
    assert world.connector.calls[-1].status == 200


async def test_a_long_list_arrives_whole_where_each_conversation_is_counted(world: OnTeams) -> None:
    world.connector.counts_posts = True
    _ask(world, *(f"n{n}" for n in range(14)))
    await world.until_sent()
    assert sorted(world.posts(CHANNEL, "")) == sorted(f"This is n{n}." for n in range(14))
