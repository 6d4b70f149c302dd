"""The safety rules, each of them, over the real connection. They are never broken."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import select

from prompts_and_forms.meeting import script
from storage.database.tables import EmergencyContact, Entry, Meeting
from storage.forms import entries
from tests.worlds.practised import OUTSIDER, Room, buttons, words

ROOT = Path(__file__).parents[2]
CONTACT = "extension 4000 (fictional)"
WARNING = "Do not write, text or leave messages for him"


# ---- within reach of anyone at any moment


@pytest.mark.parametrize("kind", ["light", "full"])
async def test_every_stage_message_has_immediate_concern(meeting: Room, kind: str) -> None:
    talk = await meeting.start("K5052R", kind)
    walked = []
    stages = len(script.stages(kind))
    for _ in range(stages):
        walked.append(meeting.discussion(talk).stage)
        stage_messages = [m for m in await meeting.seen("marisol", talk) if m["ts"] in _stage_addresses(meeting, talk)]
        assert stage_messages
        assert [words(m)[:60] for m in stage_messages if "Immediate concern" not in buttons(m)] == []
        if kind == "light":
            break
        if len(walked) < stages:
            await meeting.on("devan", talk)
    assert len(set(walked)) == (stages if kind == "full" else 1)


async def test_from_the_board_for_any_family_also_one_not_yet_discussed(meeting: Room) -> None:
    other = await meeting.start("K4419D", "light")
    await meeting.press("marisol", "board.concern")
    await meeting.press_in_window("marisol", "board.concern_family", choose=meeting.unit.families["K5052R"])
    stopped = meeting.talk("K5052R")
    assert stopped is not None
    assert stopped.state == "stopped"
    assert CONTACT in await meeting.said("tomasz", stopped.id)
    assert meeting.discussion(other).state == "open"
    await meeting.no_concern("devan", other)
    assert "No concern today" in await meeting.said("devan", other)


async def test_by_message_shortcut_also_for_a_linked_manager(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    ts = await meeting.type("devan", talk, "She has a mark on her arm.")
    await meeting.seat("graham").shortcut("immediate_concern", meeting.channel, ts)
    await meeting.settle()
    now = meeting.discussion(talk)
    assert (now.state, now.stopped_by_id) == ("stopped", meeting.unit.people["graham"])
    assert CONTACT in await meeting.said("graham", talk)


async def test_when_a_family_is_parked_finished_or_the_meeting_closed(meeting: Room) -> None:
    parked = await meeting.start("K5052R", "light")
    await meeting.more("devan", parked, "do:park")
    done = await meeting.start("K4419D", "light")
    await meeting.finish("marisol", done)
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    for talk in (parked, done):
        await meeting.press("ngozi", "discussion.concern", talk=talk)
        assert meeting.discussion(talk).state == "stopped"
        assert CONTACT in await meeting.said("ngozi", talk)


async def test_from_a_note_outside_any_family_the_contacts_come_at_once(meeting: Room) -> None:
    ts = await meeting.seat("devan").type(meeting.channel, "Something else entirely")
    await meeting.seat("devan").shortcut("immediate_concern", meeting.channel, ts)
    await meeting.settle()
    assert CONTACT in words(await meeting.window("devan"))


async def test_nobody_from_outside_the_unit_stops_a_family(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.practice.post("member", user_added=OUTSIDER, channel=meeting.channel)
    await meeting.settle()
    await meeting.press(OUTSIDER, "discussion.concern", talk=talk)
    ts = await meeting.seat("devan").type(meeting.channel, "A note.", meeting.thread(talk))
    await meeting.seat(OUTSIDER).shortcut("immediate_concern", meeting.channel, ts)
    await meeting.settle()
    assert meeting.discussion(talk).state == "open"


# ---- one yes stops that family, contacts in a new message, a person decides


async def test_one_yes_in_the_form_stops_and_shows_the_contacts_in_a_new_message(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.type("devan", talk, "School rang.")
    before = [m["ts"] for m in await meeting.seen("orla", talk)]
    await meeting.form("devan", talk, "l_safety")
    await meeting.submit("devan", {"immediate_concern": "yes"})
    fresh = [m for m in await meeting.seen("orla", talk) if m["ts"] not in before]
    assert meeting.discussion(talk).state == "stopped"
    shown = words(fresh[0])
    assert shown.index("call 999") < shown.index(CONTACT)
    edited = [m for m in await meeting.seen("orla", talk) if m["ts"] in before and CONTACT in words(m)]
    assert edited == []


async def test_only_who_says_who_was_told_and_when_can_go_on(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.press("devan", "discussion.concern", talk=talk)
    await meeting.press("orla", "meeting.close")
    assert "nobody has said yet who was told" in (await meeting.notes("orla"))[-1]
    await meeting.form("devan", talk, "stop")
    for lacking in ({"after": "go_on"}, {"told#0#time": "09:50"}, {"told#0#outside": "Duty", "told#0#time": None}):
        answer = await meeting.submit("devan", lacking)
        assert answer["errors"], lacking
        assert meeting.discussion(talk).state == "stopped"
    await meeting.submit("devan", {"told#0#outside": "Duty", "told#0#time": "09:50", "after": "go_on"})
    assert meeting.discussion(talk).state == "open"
    assert "Duty at 09:50" in await meeting.said("orla", talk)


async def test_not_today_needs_just_the_next_date(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "full")
    await meeting.press("devan", "discussion.concern", talk=talk)
    told = {"told#0#outside": "Duty", "told#0#time": "09:50", "after": "not_today"}
    await meeting.record("devan", talk, "stop", told)
    await meeting.record("devan", talk, "close", {"next_discussion#0#date": meeting.day(1)})
    assert meeting.discussion(talk).state == "awaiting"
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    assert meeting.meeting().state == "closed"


# ---- contacts


async def test_no_meeting_opens_without_contacts(room: Room) -> None:
    with room.db.write() as session:
        session.connection().execute(delete(EmergencyContact))
    held = room.count(Meeting)
    await room.command("pippa", "/meeting")
    assert room.count(Meeting) == held
    assert "no emergency contacts" in (await room.notes("pippa"))[-1]


async def test_the_contacts_are_shown_even_where_records_are_held_back(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.practice.post("member", user_added=OUTSIDER, channel=meeting.channel)
    await meeting.settle()
    await meeting.press("devan", "discussion.concern", talk=talk)
    assert CONTACT in await meeting.said("marisol", talk)


async def test_a_family_first_named_while_others_can_read_shows_contacts_and_nothing_of_itself(meeting: Room) -> None:
    await meeting.practice.post("member", user_added=OUTSIDER, channel=meeting.channel)
    await meeting.settle()
    await meeting.press("devan", "board.concern")
    await meeting.press_in_window("devan", "board.concern_family", choose=meeting.unit.families["K5052R"])
    talk = meeting.talk("K5052R")
    assert talk is not None
    channel = meeting.server.workspace.channels[meeting.channel]
    fresh = "\n".join(words(message) for message in list(channel.messages.values())[1:])
    assert CONTACT in fresh
    for detail in ("K5052R", "(NC)", WARNING, "review in"):
        assert detail not in fresh
    await meeting.practice.post("member", user_left=OUTSIDER, channel=meeting.channel)
    await meeting.waits_are_over()
    await meeting.all_sent()
    first = words((await meeting.seat("orla").messages(meeting.channel, meeting.thread(talk.id)))[0])
    assert WARNING in first
    assert [meeting.all_keys().count(f"discussion:{talk.id}{end}") for end in ("", "/stop:1")] == [1, 1]


# ---- safe contact comes first


async def test_a_safe_contact_warning_comes_before_anything_about_the_family(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    first = words((await meeting.seat("orla").messages(meeting.channel, meeting.thread(talk)))[0])
    assert first.splitlines()[1].startswith("Safe contact, before anything else")
    assert WARNING in first.splitlines()[1]
    for form in ("conversation", "contract", "permission_to_share", "view", "initial_consultation", "action"):
        window = await meeting.form("devan", talk, form)
        assert WARNING in words(window["blocks"][0]), form
        await meeting.seat("devan").close(window)
        await meeting.settle()
    await meeting.command("devan", "/family", "K5052R")
    note = (await meeting.notes("devan"))[-1]
    assert note.index(WARNING) < min(note.index(word) for word in ("LN", "mother", "father") if word in note)


async def test_the_record_to_copy_begins_with_the_safe_contact_warning(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.no_concern("devan", talk)
    await meeting.finish("devan", talk)
    await meeting.press("orla", "discussion.record", talk=talk)
    record = "\n".join(await meeting.notes("orla", talk))
    assert WARNING in record.splitlines()[0]
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    copied = next(words(m) for m in await meeting.direct("pippa") if "Copy to the case file" in words(m))
    assert copied.index(WARNING) < copied.index("K5052R (NC)")


async def test_lists_of_actions_show_the_safe_contact_warning_before_what_is_planned(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    row = {"text": "Ring about the visit", "owner": meeting.unit.people["devan"], "due": meeting.day(3)}
    await meeting.record("devan", talk, "action", row)
    await meeting.finish("devan", talk)
    for asked in ("mine", "list K5052R"):
        await meeting.command("devan", "/action", asked)
        note = (await meeting.notes("devan"))[-1]
        assert WARNING in note, asked
        assert note.index(WARNING) < note.index("Ring about the visit")
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    own = next(words(m) for m in await meeting.direct("devan") if "Your actions" in words(m))
    assert own.index(WARNING) < own.index("Ring about the visit")
    await meeting.seat("devan").home()
    await meeting.settle()
    home = words((await meeting.seat("devan").state())["home"]["view"])
    assert home.index(WARNING) < home.index("Ring about the visit")


# ---- the bot judges nothing


ALLOWED = re.compile(
    r"safe[- ]contact|safe_contact|safecontact"
    r"|(already )?keep(s|ing)? the (child|children) safe|keep the child safe"
    r"|how this person must not be contacted, and what is safe"
    r"|people who can (help to )?keep (them|you) safe|tell you first if that is safe",
    re.IGNORECASE,
)


def test_the_bot_never_says_safe() -> None:
    said = [(place, text) for place, text in _all_wording() if re.search(r"\bsafe\b", ALLOWED.sub("", text), re.I)]
    assert said == []


def test_the_bot_gives_no_opinion_about_risk() -> None:
    opinion = re.compile(
        r"\b(low|medium|high|no|moderate) risk\b|\brisk (score|level|rating)\b|\bunsafe\b|threshold (is|was) met", re.I
    )
    assert [(place, text) for place, text in _all_wording() if opinion.search(text)] == []


async def test_a_missing_answer_is_never_zero(meeting: Room) -> None:
    await meeting.press("orla", "meeting.quality")
    window = await meeting.window("orla")
    scales = [b["block_id"] for b in window["blocks"] if b["type"] == "input" and "options" in b["element"]]
    await meeting.submit("orla", {scales[0]: 2})
    with meeting.db.read() as session:
        kept = session.exec(select(Entry).where(Entry.form == "quality_check")).one()
        answers = entries.answers(session, kept)
    assert answers[scales[0]] == 2
    assert [answers.get(one) for one in scales[1:]] == [None] * len(scales[1:])
    shown = await meeting.seat("pippa").messages(
        meeting.channel, meeting.address(f"meeting:{meeting.meeting().id}/board")
    )
    assert "Not yet" not in "\n".join(words(m) for m in shown if "Quality check" in words(m))


async def test_a_hypothesis_travels_with_author_date_status_and_evidence(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "full")
    idea = {
        "text": "Perhaps mornings are hard because nights are short",
        "evidence_for#0": "She yawns in school",
        "evidence_against#0": "Saturdays go well",
        "would_change_mind": "A good night and a bad morning",
        "owner": meeting.unit.people["tomasz"],
    }
    await meeting.record("devan", talk, "hypothesis", idea)
    await meeting.finish("devan", talk)
    await meeting.press("orla", "discussion.confirm", talk=talk)
    await meeting.press("orla", "discussion.record", talk=talk)
    read_back = next(words(m) for m in reversed(await meeting.seen("orla", talk)) if "Read back" in words(m))
    record = "\n".join(await meeting.notes("orla", talk))
    for shown in (read_back, record):
        at = shown.index("Perhaps mornings are hard")
        beside = shown[max(0, at - 200) : at + 500]
        for part in ("Tomasz", "24 Nov", "live", "She yawns in school", "Saturdays go well"):
            assert part.lower() in beside.lower(), (part, beside)


# ---- small parts


def _stage_addresses(room: Room, talk: str) -> set[str]:
    keys = {key for key in room.all_keys() if key.startswith(f"discussion:{talk}/stage")}
    return {ts for key in keys for ts in room.posted(key)}


def _all_wording() -> Iterator[tuple[str, str]]:
    """Every sentence a person may read: the data files' texts, and the strings in code that are not its own notes."""
    for path in sorted((ROOT / "prompts_and_forms").rglob("*.yaml")):
        for line in path.read_text("utf-8").splitlines():
            if not line.lstrip().startswith("#"):
                yield path.name, line
    rooms = (ROOT / "prompts_and_forms", ROOT / "handlers", ROOT / "bot" / "slack")
    for path in sorted(file for room in rooms for file in room.rglob("*.py")):
        for text in _strings(ast.parse(path.read_text("utf-8"))):
            if text != "safe":
                yield path.name, text


def _strings(tree: ast.AST) -> Iterator[str]:
    notes: set[int] = set()
    for node in ast.walk(tree):
        body: Any = getattr(node, "body", None)
        if isinstance(body, list):
            notes |= {id(line.value) for line in body if isinstance(line, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value
