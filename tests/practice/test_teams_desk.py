"""Practice on Teams: the page's own doors, with the real bot and a connector as strict as Microsoft's behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from bot.practice.teams.launch import CHANNEL, GUEST, STRANGER, TeamsPractice
from bot.practice.teams.records import guid
from bot.practice.teams.strict import parts
from tests.worlds.until import until

Json = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORLA, PIPPA, DEVAN = guid("orla"), guid("pippa"), guid("devan")
KEY = bytes(range(32))


@dataclass
class AtTheDesk:
    """The page's requests, from code."""

    practice: TeamsPractice
    address: str
    session: ClientSession

    async def get(self, name: str, **given: str) -> Json:
        async with self.session.get(f"{self.address}/seat/{name}", params=given) as answer:
            return dict(await answer.json())

    async def post(self, name: str, **given: Any) -> Json:
        async with self.session.post(f"{self.address}/seat/{name}", json=given) as answer:
            return dict(await answer.json())

    async def posts(self, user: str = ORLA, place: str = CHANNEL) -> list[Json]:
        return list((await self.get("posts", user=user, place=place))["posts"])

    async def with_words(self, words: str, user: str = ORLA, place: str = CHANNEL) -> Json:
        """The newest message, post or reply, that says this; waits for it."""

        async def look() -> Json | None:
            every = [one for post in await self.posts(user, place) for one in (post, *post["replies"])]
            return next((one for one in reversed(every) if words in said(one)), None)

        found = await until(look, lambda: len(self.practice.connector.calls), every=0.05)
        assert found is not None
        return found

    async def press(self, message: Json, title: str, user: str = ORLA, **values: str) -> Json:
        where = {"user": user, "place": message["place"], "id": message["id"]}
        return await self.post("press", **where, action=button(message["card"], title), values=values)

    async def send(self, message: Json, dialog: Json, title: str, user: str = ORLA, **values: str) -> Json:
        content = dialog["card"]["content"]
        held = {one["id"]: one.get("value", "") for one in parts(content) if str(one.get("type")).startswith("Input.")}
        typed = {f"in:{key}": value for key, value in values.items()}
        where = {"user": user, "place": message["place"], "id": message["id"]}
        return await self.post("submit", **where, action=button(content, title), values=held | typed)


def button(content: Json, title: str) -> Json:
    return next(one for one in parts(content) if one.get("title") == title and str(one["type"]).startswith("Action."))


def said(message: Json) -> str:
    runs = [str(one.get("text", "")) for one in parts(message.get("card", {})) if "text" in one]
    return " ".join([message["text"], *runs])


def words(dialog: Json) -> str:
    return said({"text": "", "card": dialog["card"]["content"]})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AtTheDesk]:
    """A meeting is open, and a family is discussed."""
    practice = TeamsPractice(Path(tmp_path_factory.mktemp("teams")), KEY)
    address = await practice.start(0)
    async with ClientSession() as session:
        found = AtTheDesk(practice, address, session)
        await found.post("say", user=PIPPA, place=CHANNEL, text="@Unit Meeting Bot meeting")
        board = await found.with_words("families discussed")
        start = next(one["title"] for one in parts(board["card"]) if str(one.get("title", "")).startswith("Start K"))
        await found.press(board, start)
        await found.with_words("Type in the thread below")
        yield found
    await practice.close()


async def test_a_seat_sees_the_team_its_channels_and_the_menu_of_a_message(desk: AtTheDesk) -> None:
    state = await desk.get("state")
    assert state["team"] == {"name": "Practice team", "visibility": "private"}
    assert [one["name"] for one in state["channels"]] == ["Kestrel Unit", "General"]
    assert "Make this an idea" in [one["title"] for one in state["actions"]]
    assert {"Orla", "Pippa", "Sam (another team)"} <= {one["name"] for one in state["users"]}


async def test_what_is_typed_below_a_family_s_post_is_saved_as_it_was_typed(desk: AtTheDesk) -> None:
    post = await desk.with_words("Type in the thread below")
    typed = "MB says *he* sleeps [here](https://evil.example) <b>now</b>"
    await desk.post("say", user=ORLA, place=CHANNEL, root=post["id"], text=typed)
    assert (await desk.with_words(typed))["text"] == typed
    assert await desk.with_words("note saved, the last from Orla")


async def test_a_form_opens_says_what_is_missing_and_is_saved(desk: AtTheDesk) -> None:
    stage = await desk.with_words("Use the case reference only")
    menu = next(one for one in parts(stage["card"]) if one.get("type") == "Input.ChoiceSet")
    opened = await desk.press(stage, "Choose", **{menu["id"]: "form:action"})
    assert opened["dialog"]["title"] == "An action"
    again = await desk.send(stage, opened["dialog"], "Save", who="")
    assert "This is not saved yet." in words(again["dialog"])
    await desk.send(stage, again["dialog"], "Save", text="Ring *Nan*")
    assert await desk.with_words("Ring *Nan*")


async def test_the_menu_of_a_message_takes_its_words_into_a_form(desk: AtTheDesk) -> None:
    post = await desk.with_words("Type in the thread below")
    await desk.post("say", user=DEVAN, place=CHANNEL, root=post["id"], text="Perhaps he is lonely")
    message = await desk.with_words("Perhaps he is lonely")
    answer = await desk.post("use", user=ORLA, place=CHANNEL, id=message["id"], command="record_hypothesis")
    held = [one.get("value") for one in parts(answer["dialog"]["card"]["content"]) if "value" in one]
    assert "Perhaps he is lonely" in held


async def test_home_is_a_card_in_the_chat_and_only_its_owner_reads_the_chat(desk: AtTheDesk) -> None:
    await desk.post("say", user=ORLA, place="chat", text="home")
    assert await desk.with_words("Kestrel Unit", ORLA, "chat")
    assert all("Kestrel" not in said(one) for one in await desk.posts(STRANGER, "chat"))


async def test_one_s_own_message_is_edited_and_taken_back_and_nobody_else_s(desk: AtTheDesk) -> None:
    post = await desk.with_words("Type in the thread below")
    await desk.post("say", user=ORLA, place=CHANNEL, root=post["id"], text="A first try")
    message = await desk.with_words("A first try")
    theirs = await desk.post("edit", user=DEVAN, place=CHANNEL, id=message["id"], text="Not mine")
    assert theirs["error"] == "refused"
    await desk.post("edit", user=ORLA, place=CHANNEL, id=message["id"], text="A second try")
    assert await desk.with_words("A second try")
    await desk.post("delete", user=ORLA, place=CHANNEL, id=message["id"])
    assert all("A second try" not in said(one) for post in await desk.posts() for one in post["replies"])


async def test_another_web_page_may_not_act_here(desk: AtTheDesk) -> None:
    headers = {"Origin": "https://evil.example"}
    given = {"user": ORLA, "place": CHANNEL, "text": "hello"}
    async with desk.session.post(f"{desk.address}/seat/say", json=given, headers=headers) as answer:
        assert answer.status == 403


async def test_who_has_no_seat_sees_nothing(desk: AtTheDesk) -> None:
    assert (await desk.get("posts", user="nobody", place=CHANNEL))["error"] == "refused"
    assert (await desk.get("posts", user=GUEST, place="19:other@thread.tacv2"))["error"] == "refused"
    await asyncio.sleep(0)
