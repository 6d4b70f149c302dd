"""A weekly meeting as people hold it: opened from the channel, typed and pressed through, closed, and looked after."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlmodel import select

from storage.database.tables import Action, AgendaItem, Entry, Meeting
from storage.forms import entries
from storage.meeting import meetings
from tests.worlds.practised import NINE_THIRTY, Room, words


async def test_the_board_says_who_is_here_and_what_is_to_come_and_is_pinned(meeting: Room) -> None:
    board = meeting.address(f"meeting:{meeting.meeting().id}/board")
    text = await meeting.said("marisol")
    assert "Here: Devan, Marisol, Ngozi, Orla, Pippa and Tomasz" in text
    assert "0 of 15 families discussed" in text
    assert "To come" in text
    assert "K5640F (EU), full" in text
    assert "not discussed" in text
    assert "The plan is longer than the meeting" in text
    channel = next(c for c in (await meeting.seat("marisol").state())["channels"] if c["id"] == meeting.channel)
    assert channel["pins"] == [board]


async def test_the_next_meetings_board_takes_the_place_of_the_last_ones_pin(meeting: Room) -> None:
    first = meeting.address(f"meeting:{meeting.meeting().id}/board")
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    await meeting.later(days=7)
    await meeting.open_meeting()
    second = meeting.address(f"meeting:{meeting.meeting().id}/board")
    await meeting.all_sent()
    channel = next(c for c in (await meeting.seat("marisol").state())["channels"] if c["id"] == meeting.channel)
    assert channel["pins"] == [second]
    assert second != first


async def test_opening_twice_is_one_meeting(meeting: Room) -> None:
    before = meeting.count(Meeting)
    await meeting.command("devan", "/meeting")
    assert meeting.count(Meeting) == before
    assert "already open" in (await meeting.notes("devan"))[-1]


async def test_a_family_begins_in_a_thread_of_its_own_and_what_people_type_is_heard(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.type("devan", talk, "I saw JC on Thursday.")
    await meeting.type("marisol", talk, "She told me about the dog.")
    await meeting.later(seconds=5)
    assert meeting.kept(talk) == ["I saw JC on Thursday.", "She told me about the dog."]
    seen = await meeting.said("ngozi", talk)
    assert "2 notes saved, the last from Marisol" in seen
    board = await meeting.said("ngozi")
    assert "K5052R (NC), light" in board


async def test_two_people_pressing_next_at_once_move_one_stage(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "full")
    await meeting.no_concern("devan", talk)
    was = meeting.discussion(talk).stage_no
    both = [(who, await meeting.look_for(who, "stage.next", talk=talk)) for who in ("orla", "devan")]
    await asyncio.gather(*(meeting.act(who, *found) for who, found in both))
    await meeting.settle()
    now = meeting.discussion(talk)
    assert (now.stage, now.stage_no) == ("safety", was + 1)
    told = [note for who in ("orla", "devan") for note in await meeting.notes(who, talk)]
    assert len(told) == 1
    assert "Already moved on to “Safety first”" in told[0]


async def test_a_button_of_a_stage_left_behind_says_where_we_are(meeting: Room) -> None:
    talk = await meeting.start("K3107C", "full")
    old = await meeting.look_for("devan", "stage.next", talk=talk)
    await meeting.practice.faults(ratelimit={"chat.update": 2, "retry_after": 1})
    shown, menu = await meeting.look_for("orla", "stage.more", talk=talk, choose="stage:voices")
    await meeting.act("orla", shown, menu, "stage:voices")
    await meeting.act("devan", *old)
    await meeting.settle()
    assert meeting.discussion(talk).stage == "voices"
    assert "Already moved on to “Child and family voices”" in (await meeting.notes("devan", talk))[-1]


async def test_rule_1_only_a_childs_safety_is_asked_about_before_going_on(meeting: Room) -> None:
    talk = await meeting.start("K3107C", "full")
    await meeting.on("devan", talk)
    await meeting.press("devan", "stage.next", talk=talk)
    assert meeting.discussion(talk).stage == "safety"
    assert "Safety first: not recorded" in (await meeting.notes("devan", talk))[-1]
    await meeting.press("devan", "stage.go_on", talk=talk)
    assert meeting.discussion(talk).stage != "safety"
    assert any("safety" in code for code in meeting.discussion(talk).missing)


async def test_a_family_is_parked_and_taken_up_again_where_it_was(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "full")
    await meeting.on("devan", talk)
    await meeting.more("devan", talk, "do:park")
    assert meeting.discussion(talk).state == "parked"
    assert "parked" in await meeting.said("orla")
    await meeting.press("marisol", "discussion.resume", talk=talk)
    now = meeting.discussion(talk)
    assert (now.state, now.stage) == ("open", "safety")


async def test_a_light_family_is_switched_to_full_and_keeps_what_was_said(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.type("devan", talk, "There is more to think about here.")
    await meeting.more("devan", talk, "do:switch")
    assert meeting.discussion(talk).kind == "full"
    assert meeting.kept(talk) == ["There is more to think about here."]
    assert "Began as a light discussion, switched to full." in await meeting.said("orla", talk)


async def test_the_facilitator_hands_over_and_says_who_is_away(meeting: Room) -> None:
    people = meeting.unit.people
    await meeting.press("orla", "meeting.people")
    here = [people[who] for who in ("orla", "devan", "pippa", "tomasz")]
    away = [people["marisol"]]
    await meeting.submit("orla", {"present": here, "apologies": away, "facilitator": people["devan"]})
    board = await meeting.said("pippa")
    assert "Apologies: Marisol" in board
    assert "Facilitates: Devan" in board


async def test_anyone_can_change_the_agenda_and_the_rules_reason_stays_shown(meeting: Room) -> None:
    family = meeting.unit.families["K4128M"]
    await meeting.press("tomasz", "agenda.change")
    await meeting.press("tomasz", "agenda.pick", choose=family)
    with meeting.db.read() as session:
        item = meetings.item_of(session, meeting.meeting().id, family)
        assert item is not None
        was = item.rule_kind
    await meeting.press("tomasz", "agenda.hold", family=family, kind="light" if was == "full" else "full")
    await meeting.press("tomasz", "agenda.change")
    await meeting.press("tomasz", "agenda.pick", choose=family)
    await meeting.press("tomasz", "agenda.move", family=family, to="first")
    with meeting.db.read() as session:
        order = meetings.items(session, meeting.meeting().id)
    assert order[0].family_id == family
    assert order[0].kind != order[0].rule_kind == was
    assert f"the rule said {was}" in await meeting.said("orla")


async def test_a_whole_light_family_ends_with_the_leads_yes(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light", who="marisol")
    await meeting.no_concern("marisol", talk)
    await meeting.finish("marisol", talk)
    assert meeting.discussion(talk).state == "awaiting"
    lead = await meeting.direct("orla")
    assert "Waiting for you to confirm" in words(lead[-1])
    await meeting.press_direct("orla", "discussion.confirm", discussion=talk)
    done = meeting.discussion(talk)
    assert (done.state, done.confirmed_by_id) == ("closed", meeting.unit.people["orla"])
    assert "Confirmed by Orla" in await meeting.said("pippa", talk)
    assert "1 of 15 families discussed" in await meeting.said("pippa")


async def test_a_full_family_is_read_back_with_its_actions_and_waits_for_the_lead(meeting: Room) -> None:
    talk = await meeting.start("K3107C", "full")
    owner = meeting.unit.people["devan"]
    action = {"text": "Ask school about mornings", "owner": owner, "due": meeting.day(7)}
    await meeting.record("devan", talk, "action", action)
    await meeting.finish("devan", talk)
    assert meeting.discussion(talk).state == "read_back"
    read = await meeting.said("marisol", talk)
    assert "Read back" in read
    assert "Ask school about mornings" in read
    await meeting.press("marisol", "discussion.confirm", talk=talk)
    assert meeting.discussion(talk).state == "read_back"
    assert "The unit lead or the deputy confirms this" in (await meeting.notes("marisol", talk))[-1]
    await meeting.press("orla", "discussion.confirm", talk=talk)
    assert meeting.discussion(talk).state == "closed"


async def test_closing_sends_one_message_an_owner_and_a_record_to_copy(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light", who="marisol")
    for who in ("marisol", "tomasz"):
        for number in (1, 2):
            row = {"text": f"Call school, {number}", "owner": meeting.unit.people[who], "due": meeting.day(7)}
            await meeting.record("pippa", talk, "action", row)
    await meeting.finish("marisol", talk)
    await meeting.press("orla", "meeting.quality")
    answers = {block["block_id"]: 2 for block in (await meeting.window("orla"))["blocks"] if _scale(block)}
    await meeting.submit("orla", answers)
    await meeting.press("orla", "meeting.close")
    asked = (await meeting.notes("orla"))[-1]
    assert "Not discussed today:" in asked
    assert "K5640F (EU)" in asked
    await meeting.press("orla", "meeting.close_now")
    assert meeting.meeting().state == "closed"
    assert "Closed." in await meeting.said("devan")

    meeting_id = meeting.meeting().id
    for who in ("marisol", "tomasz"):
        key = f"person:{meeting.unit.people[who]}/actions:{meeting_id}"
        assert len(meeting.posted(key)) == 1
        own = [words(m) for m in await meeting.direct(who) if "Your actions" in words(m)]
        assert len(own) == 1
        assert "Call school, 1" in own[0]
        assert "Call school, 2" in own[0]

    await meeting.press_direct("pippa", "discussion.record", discussion=talk)
    record = "\n".join(words(m) for m in await meeting.direct("pippa"))
    assert "Call school, 1" in record
    await meeting.press_direct("pippa", "record.copied", discussion=talk)
    assert meeting.discussion(talk).copied_by_id == meeting.unit.people["pippa"]
    copied = [words(m) for m in await meeting.direct("pippa") if "Copy to the case file" in words(m)]
    assert len(copied) == 1
    assert "Copied" in copied[0]
    assert "by Pippa" in copied[0]

    with meeting.db.read() as session:
        check = session.exec(select(Entry).where(Entry.form == "quality_check")).one()
        assert check.family_id is None
        assert entries.answers(session, check)
        states = {item.state for item in session.exec(select(AgendaItem))}
    assert states == {"done", "not_reached"}


async def test_undiscussed_families_come_first_at_the_next_meeting(meeting: Room) -> None:
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    await meeting.clock(NINE_THIRTY + timedelta(days=7))
    await meeting.open_meeting()
    with meeting.db.read() as session:
        first = meetings.items(session, meeting.meeting().id)[0]
    assert any(reason["code"].startswith("carried") for reason in first.reasons), first.reasons


async def test_a_second_meeting_on_a_day_is_an_extra_one_with_an_empty_agenda(meeting: Room) -> None:
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    await meeting.command("orla", "/meeting")
    assert "hold an extra one" in (await meeting.notes("orla"))[-1]
    await meeting.press("orla", "meeting.open")
    assert meeting.meeting().extra
    assert "No families are on the agenda" in await meeting.said("orla")
    await meeting.press("devan", "agenda.change")
    await meeting.press("devan", "agenda.add", choose=meeting.unit.families["K4419D"])
    await meeting.press("devan", "agenda.start", family=meeting.unit.families["K4419D"])
    assert meeting.talk("K4419D") is not None


async def test_a_forgotten_meeting_is_noticed_next_morning_and_goes_on_or_closes(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.clock(NINE_THIRTY + timedelta(days=1))
    await meeting.tick()
    assert [await _asked_about_it(meeting, who) for who in ("orla", "pippa")] == [1, 1]
    await meeting.clock(NINE_THIRTY + timedelta(days=1, minutes=10))
    await meeting.tick()
    assert await _asked_about_it(meeting, "orla") == 1
    await meeting.press_direct("orla", "meeting.resume")
    await meeting.type("devan", talk, "We go on the next day.")
    assert meeting.kept(talk) == ["We go on the next day."]
    await meeting.command("pippa", "/meeting")
    assert "still open" in (await meeting.notes("pippa"))[-1]
    await meeting.press("pippa", "meeting.close")
    await meeting.press("pippa", "meeting.close_now")
    assert meeting.meeting().state == "closed"


async def test_a_restart_in_the_middle_changes_nothing(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "full")
    await meeting.type("devan", talk, "Before.")
    before = sorted(meeting.all_keys())
    assert meeting.service is not None
    await meeting.service.stop()
    ts = await meeting.seat("marisol").type(meeting.channel, "While it was away.", meeting.thread(talk))
    await meeting.connect()
    await meeting.settle()
    await meeting.type("devan", talk, "After.")
    assert meeting.kept(talk) == ["Before.", "While it was away.", "After."]
    assert sorted(meeting.all_keys()) == before
    assert meeting.note(ts) is not None
    await meeting.on("devan", talk)
    assert meeting.discussion(talk).stage == "safety"


async def test_two_units_meet_at_once_and_do_not_mix(meeting: Room) -> None:
    await meeting.start("K5052R", "light")
    heron = meeting.seat("dagny")
    await heron.command("C0HERON", "/meeting")
    await meeting.settle()
    with meeting.db.read() as session:
        open_now = {m.unit_id for m in meetings.open_meetings(session)}
    assert open_now == {meeting.unit.unit_id, meeting.other_unit.unit_id}
    there = "\n".join(words(m) for m in await heron.messages("C0HERON"))
    assert "Heron Unit" in there
    assert "K5052R" not in there


async def test_a_late_joiner_reads_where_things_are(meeting: Room) -> None:
    talk = await meeting.start("K3107C", "full")
    for _ in range(2):
        await meeting.on("devan", talk)
    board, thread = await meeting.said("graham"), await meeting.said("graham", talk)
    assert "K3107C (BD), full, 20 min: at “What has changed”" in board
    assert "What has changed (3 of " in thread


async def test_home_shows_the_meeting_my_actions_and_our_families(meeting: Room) -> None:
    view = await meeting.seat("devan").home()
    await meeting.settle()
    shown = words((await meeting.seat("devan").state())["home"]["view"] or view)
    assert "K3107C" in shown
    assert "action" in shown.lower()


async def test_an_action_between_meetings_is_recorded_by_command(room: Room) -> None:
    before = room.count(Action)
    await room.command("devan", "/action", "K4419D")
    view = await room.seat("devan").top_modal()
    assert view is not None
    await room.submit("devan", {"text": "Write to the school", "owner": room.unit.people["devan"]})
    assert room.count(Action) == before + 1


async def _asked_about_it(room: Room, who: str) -> int:
    return sum("is still open" in words(message) for message in await room.direct(who))


def _scale(block: dict) -> bool:  # type: ignore[type-arg]
    return block["type"] == "input" and "options" in block["element"]
