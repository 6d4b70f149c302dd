"""A step of a long form over the real connection, while hundreds of drafts are begun; and what stands in them."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import units
from bench.apps import BARE, OURS, Side
from bench.report import Row, Rows, share
from bot.practice.sample.unit_file import LoadedUnit
from bot.practice.seat import shaped_values
from bot.practice.server import PracticeServer, serve
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.form import Form, FormContext, Question, QuestionKind
from storage.database.bodies import EntryBody
from storage.database.db import Database
from storage.database.tables_machinery import Draft
from storage.database.vault import Scope, seal

DRAFTS, FORM = 500, "assessment"
STEPS, TURNS, TYPING = 7, 5, 0.15
"""Steps of a draft, drafts a person, and the seconds somebody takes for a step; people need minutes."""
STEP_MS = 300
WAIT, TRIES = 15.0, 4
"""Seconds until somebody who sees nothing asks again, and how often: a busy machine may be too slow for Slack."""
WORDS = "She says that mornings are calmer since her grandmother stays over, and that school has noticed it too. "
Json = dict[str, Any]


async def form_steps(rows: Rows, folder: Path, db: Database, unit: LoadedUnit, key: bytes) -> None:
    """How long "Next" takes on an assessment while 500 of them are begun, beside the bare app."""
    _begin_drafts(db, unit)
    taken = await _walked(folder, db, key)
    for part in (50, 99):
        mine, other = share(taken["ours"], part), share(taken["bare"], part)
        last = part == 99
        rows.found.append(
            Row(
                f"form step answered, {DRAFTS} drafts open, p{part}",
                round(mine, 2),
                "ms",
                ratio_to=f"bare app, {other:.2f} ms of {len(taken['bare'])}",
                ratio=round(mine / other, 2),
                expected=f"at most {STEP_MS} ms" if last else "",
                reached=mine <= STEP_MS if last else None,
            )
        )


async def _walked(folder: Path, db: Database, key: bytes) -> dict[str, list[float]]:
    """The same windows through our app and the bare one, each on a workspace of its own; milliseconds of every step."""
    taken: dict[str, list[float]] = {}
    views: list[Json] = []
    config, clock = units.workspace(1), folder / "clinical-clock.json"
    for name, command in (("ours", OURS), ("bare", BARE)):
        server = await serve(config, clock_file=clock)
        settings = units.settings(config, server, str(db.url), key, clock)
        side = Side(name, server, command, settings, folder / f"clinical-{name}.log")
        try:
            await side.start()
            await asyncio.gather(*(_walk(side, views, units.chat_user(0, place)) for place in range(len(units.ROLES))))
        finally:
            await side.stop()
            await server.close()
        taken[name] = side.taken["form"]
    return taken


def _begin_drafts(db: Database, unit: LoadedUnit) -> None:
    """As many of each person's, half filled in."""
    form, people, families = load_form(FORM), list(unit.people.values()), list(unit.families.values())
    known = FormContext(today=today())
    now = datetime.now(UTC)
    with db.write() as session:
        for number in range(DRAFTS):
            family = families[number % len(families)]
            flat, boxes = engine.flatten(form, known, answers(form, people[0], str(number)))
            draft = Draft(
                person_id=people[number % len(people)], unit_id=unit.unit_id, family_id=family, form=FORM, saved=True,
                made_at=now, saved_at=now + timedelta(seconds=number),
            )  # fmt: skip
            body = EntryBody(answers={"flat": flat, "boxes": boxes, "section": 0, "window": ""})
            seal(session, draft, body, Scope.family(family))
            session.add(draft)


async def _walk(side: Side, views: list[Json], who: str) -> None:
    """Takes drafts up and goes through them step by step; the bare app is handed the same windows."""
    server, modals = side.server, side.server.modals
    for turn in range(TURNS):
        if side.name == "ours":
            await _resume(server, who, turn)
        for number in range(STEPS):
            if side.name == "bare":
                modals.open(modals.issue_trigger(who), copy.deepcopy(views[(turn * STEPS + number) % len(views)]))
            view = _top(server, who)
            assert view is not None, "there is no form to fill in"
            if side.name == "ours":
                views.append(_as_opened(view))
            await asyncio.sleep(TYPING)
            await _hand_in(side, who, view)
        for left in modals.stack(who):
            await server.seats.close({"user": who, "view_id": left["id"], "cleared": True})


async def _hand_in(side: Side, who: str, view: Json) -> None:
    """Presses "Next", and again where nobody answered; the seconds waited in vain count too."""
    answer: Json = {}
    for _ in range(TRIES):
        began = perf_counter()
        answer = await side.server.seats.submit({"user": who, "view_id": view["id"], "values": _chosen(view)})
        if answer["ok"]:
            return
        assert not answer["errors"], answer["errors"]
        side.taken["form"].append((perf_counter() - began) * 1000)
    raise RuntimeError(f"a step of the form was not answered: {answer}")


def _chosen(view: Json) -> Json:
    """What the form cannot go on without and a draft does not hold: whom it is about."""
    found = next((block["element"] for block in view["blocks"] if block.get("block_id") == "children"), None)
    return shaped_values(view["blocks"], {"children": [found["options"][0]["value"]]}) if found else {}


async def _resume(server: PracticeServer, who: str, turn: int) -> None:
    """Asks for the list of drafts and opens one of them."""
    channel = units.channel(0)
    before = len(_lists(server, channel, who))
    shown = await _asked(
        partial(server.seats.command, {"user": who, "channel": channel, "command": "/forms", "text": ""}),
        lambda: next(iter(_lists(server, channel, who)[before:]), None),
    )
    container = {"type": "message", "channel": channel, "ts": shown.message["ts"], "is_ephemeral": True}
    block = [one for one in shown.message["blocks"] if _is_resume(one)][turn]
    action = {"type": "button", "block_id": block["block_id"], "action_id": block["elements"][0]["action_id"]}
    press = partial(server.seats.action, {"user": who, "container": container, "action": action})
    await _asked(press, lambda: _top(server, who))


def _lists(server: PracticeServer, channel: str, who: str) -> list[Any]:
    """The lists of drafts somebody was shown, oldest first."""
    whispers = [one for one in server.workspace.channels[channel].whispers.values() if one.user == who]
    return [one for one in whispers if any(_is_resume(block) for block in one.message.get("blocks", []))]


def _is_resume(block: Json) -> bool:
    return any(str(one.get("action_id", "")).startswith("form.resume") for one in block.get("elements", []))


def _top(server: PracticeServer, who: str) -> Json | None:
    return next((view for view in server.modals.stack(who)[-1:] if view["callback_id"] == FORM), None)


async def _asked(ask: Callable[[], Awaitable[Json]], look: Callable[[], Any]) -> Any:
    """What comes of a press or a command; asked again, as people do, where nothing comes of it."""
    for _ in range(TRIES):
        answer = await ask()
        end = perf_counter() + WAIT
        while perf_counter() < end:
            if (found := look()) is not None:
                return found
            await asyncio.sleep(0.002)
    raise RuntimeError(f"the bot did not show what was asked for {TRIES} times: {answer}")


def _as_opened(view: Json) -> Json:
    names = ("type", "callback_id", "title", "submit", "close", "blocks", "private_metadata", "notify_on_close")
    return {name: view[name] for name in names if view.get(name) is not None}


def answers(form: Form, person: str, mark: str) -> Json:
    """Every question that is answered in words, with a date or by a choice: some pages of text."""
    found = {question.id: _answer(question, person, mark) for question in form.questions}
    return {name: value for name, value in found.items() if value is not None}


def _answer(question: Question, person: str, mark: str) -> Any:
    match question.kind:
        case QuestionKind.LONG_TEXT:
            return f"{mark}. {WORDS * 4}"
        case QuestionKind.TEXT:
            return f"{mark} as written"
        case QuestionKind.DATE:
            return today().isoformat()
        case QuestionKind.PERSON:
            return person
        case QuestionKind.YES_NO:
            return True
        case QuestionKind.CHOICE:
            return question.options[0].value
        case QuestionKind.GROUP if not question.per and not question.single:
            return [{one.id: _answer(one, person, f"{mark}.{row}") for one in question.questions} for row in range(5)]
        case _:
            return None


def today() -> date:
    return datetime.now(UTC).date()
