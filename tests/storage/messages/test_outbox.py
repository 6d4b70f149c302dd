from __future__ import annotations

from datetime import timedelta

import pytest

from storage.database.db import Database
from storage.messages import delivery
from storage.messages.outbox import (
    MEETING,
    NUDGE,
    SAFETY,
    cancel,
    how_many_due,
    note,
    pin,
    post_again,
    say,
)
from storage.messages.posts import find_post, key_at
from tests.worlds.storage_world import LEASE, NOW, Sender, ask, later, row_of, said, shown


@pytest.fixture
def sender(db: Database) -> Sender:
    return Sender(db)


def test_a_message_goes_out_once_however_often_it_is_asked_for(db: Database, sender: Sender) -> None:
    ask(db, said("stage:1"), said("stage:1"))
    ask(db, said("stage:1"))
    assert sender.send_all() == ["stage:1"]
    ask(db, said("stage:1"))
    assert sender.send_all() == []


def test_a_message_of_a_turn_that_failed_is_never_sent(db: Database, sender: Sender) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as session:
        said("stage:1")(session)
        raise ZeroDivisionError
    assert sender.claim() is None


def test_where_a_message_lies_is_known_both_ways(db: Database, sender: Sender) -> None:
    ask(db, shown("discussion:7"))
    sender.send_all()
    with db.read() as session:
        post = find_post(session, "discussion:7")
        assert post is not None
        assert key_at(session, post.channel, post.ts) == "discussion:7"
        assert key_at(session, post.channel, "9.9") is None


def test_replies_wait_for_their_parent(db: Database, sender: Sender) -> None:
    ask(db, said("discussion:7/stage:1", thread="discussion:7"))
    assert sender.claim() is None
    ask(db, shown("discussion:7"))
    parent = sender.must_claim()
    assert parent.key == "discussion:7"
    assert sender.claim() is None
    sender.finish(parent)
    reply = sender.must_claim()
    assert reply.parent is not None
    assert reply.parent.ts == "1.0"


def test_a_thread_is_sent_in_order_even_when_one_message_has_to_wait(db: Database, sender: Sender) -> None:
    ask(db, shown("d"), said("d/1", thread="d"), said("d/2", thread="d"))
    sender.finish(sender.must_claim())
    first = sender.must_claim()
    with db.write() as session:
        assert delivery.not_sent_until(session, first, later(20))
    assert sender.claim() is None
    sender.at = later(20)
    assert sender.send_all() == ["d/1", "d/2"]


def test_threads_do_not_wait_for_each_other(db: Database, sender: Sender) -> None:
    ask(db, shown("a"), shown("b"), said("a/1", thread="a"), said("b/1", thread="b"))
    stuck = sender.must_claim()
    assert stuck.key == "a"
    assert sender.send_all() == ["b", "b/1"]


def test_what_is_due_later_keeps_nobody_waiting(db: Database, sender: Sender) -> None:
    ask(
        db,
        lambda s: say(s, "nudge", now=NOW, chat_user="U1", due_at=later(3600), priority=NUDGE),
        lambda s: say(s, "actions", now=NOW, chat_user="U1"),
    )
    assert sender.send_all() == ["actions"]
    sender.at = later(3600)
    assert sender.send_all() == ["nudge"]


def test_safety_goes_first_and_waits_for_nobody_in_its_thread(db: Database, sender: Sender) -> None:
    ask(db, shown("d"), said("d/1", thread="d"))
    sender.finish(sender.must_claim())
    hanging = sender.must_claim()
    assert hanging.key == "d/1"
    ask(db, said("d/2", thread="d"), said("other"), said("d/stop:1", thread="d", priority=SAFETY))
    assert sender.must_claim().key == "d/stop:1"


def test_the_parent_of_a_safety_message_goes_as_early(db: Database, sender: Sender) -> None:
    ask(db, *(said(f"m{n}") for n in range(5)), shown("d"), said("d/stop:1", thread="d", priority=SAFETY))
    assert sender.send_all()[:2] == ["d", "d/stop:1"]


def test_nudges_can_be_left_for_later(db: Database, sender: Sender) -> None:
    ask(db, said("nudge", priority=NUDGE))
    assert sender.claim(upto=MEETING) is None
    assert sender.claim() is not None


def test_a_channel_that_has_to_rest_is_left_alone(db: Database, sender: Sender) -> None:
    ask(db, said("m1"), lambda s: say(s, "dm", now=NOW, chat_user="U1"))
    assert sender.claim(resting=("C1", "U1")) is None
    claimed = sender.claim(resting=("C1",))
    assert claimed is not None
    assert claimed.key == "dm"


def test_a_board_changed_ten_times_is_drawn_once(db: Database, sender: Sender) -> None:
    ask(db, shown("board"))
    sender.send_all()
    for _ in range(10):
        ask(db, shown("board"))
    edit = sender.must_claim()
    assert edit.post is not None
    assert edit.post.ts == "1.0"
    sender.finish(edit)
    assert sender.claim() is None


def test_a_change_while_the_board_is_being_drawn_draws_it_again(db: Database, sender: Sender) -> None:
    ask(db, shown("board"))
    drawing = sender.must_claim()
    ask(db, shown("board"))
    assert sender.claim() is None
    sender.finish(drawing)
    again = sender.must_claim()
    assert again.post is not None
    sender.finish(again)
    assert sender.claim() is None


def test_an_edit_does_not_wait_behind_new_posts_of_its_thread(db: Database, sender: Sender) -> None:
    ask(db, shown("d"), said("d/1", thread="d"))
    sender.finish(sender.must_claim())
    hanging = sender.must_claim()
    assert hanging.key == "d/1"
    ask(db, shown("d"))
    assert sender.must_claim().key == "d"


def test_a_sender_that_died_is_followed_by_one_that_looks_first(db: Database, sender: Sender) -> None:
    """The row is claimed again only after the lease, and says that it was tried before."""
    ask(db, said("stage:1"))
    lost = sender.must_claim()
    assert not lost.tried_before
    assert sender.claim() is None
    sender.at = NOW + LEASE
    again = sender.must_claim()
    assert again.tried_before
    assert again.first_try_at == NOW
    assert sender.finish(again)


def test_a_sender_that_comes_back_too_late_changes_nothing(db: Database, sender: Sender) -> None:
    ask(db, said("stage:1"))
    slow = sender.must_claim()
    sender.at = NOW + LEASE
    quick = sender.must_claim()
    with db.write() as session:
        assert delivery.finish(session, quick, at=later(31), channel="C1", ts="5.5")
    with db.write() as session:
        assert not delivery.finish(session, slow, at=later(40), channel="C1", ts="6.6")
        assert not delivery.failed(session, slow, "channel_not_found")
        assert not delivery.not_sent_until(session, slow, later(90))
        assert not delivery.unknown(session, slow, "timeout")
        assert not delivery.not_wanted(session, slow)
    with db.read() as session:
        post = find_post(session, "stage:1")
        assert post is not None
        assert post.ts == "5.5"


def test_what_the_platform_refused_for_now_was_surely_not_sent(db: Database, sender: Sender) -> None:
    ask(db, said("stage:1"))
    with db.write() as session:
        refused = delivery.claim(session, now=NOW, machine=NOW)
        assert refused is not None
        delivery.not_sent_until(session, refused, later(7))
    assert sender.claim() is None
    with db.read() as session:
        assert how_many_due(session, NOW) > 0
    sender.at = later(7)
    assert not sender.must_claim().tried_before


def test_what_may_have_been_sent_still_counts_as_tried_after_a_refusal(db: Database, sender: Sender) -> None:
    ask(db, said("stage:1"))
    first = sender.must_claim()
    with db.write() as session:
        assert delivery.unknown(session, first, "timeout", until=later(5))
    sender.at = later(5)
    second = sender.must_claim()
    with db.write() as session:
        delivery.not_sent_until(session, second, later(9))
    sender.at = later(9)
    assert sender.must_claim().tried_before


def test_a_message_the_platform_will_never_take_fails_with_its_replies(db: Database, sender: Sender) -> None:
    ask(db, shown("d"), said("d/1", thread="d"))
    parent = sender.must_claim()
    with db.write() as session:
        assert delivery.failed(session, parent, "is_archived")
    assert row_of(db, "d").error == "is_archived"
    assert row_of(db, "d/1").state == "failed"
    ask(db, said("d/2", thread="d"))
    with db.read() as session:
        assert how_many_due(session, NOW) == 0


def test_a_message_that_is_gone_is_posted_again_and_its_old_thread_still_understood(
    db: Database, sender: Sender
) -> None:
    ask(db, shown("d"), said("d/1", thread="d"))
    sender.send_all()
    ask(db, lambda s: post_again(s, "d", now=NOW))
    anew = sender.must_claim()
    assert anew.key == "d"
    assert anew.post is None
    with db.write() as session:
        delivery.finish(session, anew, at=NOW, channel="C1", ts="8.8")
    with db.read() as session:
        assert key_at(session, "C1", "1.0") == "d"
        assert key_at(session, "C1", "8.8") == "d"


def test_a_message_missed_where_it_lay_before_is_not_posted_anew_again(db: Database, sender: Sender) -> None:
    ask(db, shown("d"))
    sender.send_all()
    ask(db, lambda s: post_again(s, "d", now=NOW, gone="0.1"))
    assert sender.claim() is None
    ask(db, lambda s: post_again(s, "d", now=NOW, gone="1.0"))
    assert sender.must_claim().key == "d"


def test_a_message_no_longer_wanted_is_not_sent(db: Database, sender: Sender) -> None:
    ask(db, said("nudge"), shown("board"))
    ask(db, lambda s: cancel(s, "nudge"))
    assert sender.send_all() == ["board"]
    ask(db, shown("board"), lambda s: cancel(s, "board"))
    assert sender.claim() is None
    ask(db, shown("board"))
    assert sender.send_all() == ["board"]


def test_a_message_with_nothing_left_to_show_is_put_away(db: Database, sender: Sender) -> None:
    ask(db, said("d/1"))
    claimed = sender.must_claim()
    with db.write() as session:
        assert delivery.not_wanted(session, claimed)
    assert sender.claim() is None
    assert row_of(db, "d/1").state == "cancelled"


def test_a_post_is_pinned_once_it_is_there(db: Database, sender: Sender) -> None:
    ask(db, lambda s: pin(s, "board", now=NOW), shown("board"))
    sender.finish(sender.must_claim())
    pinning = sender.must_claim()
    assert (pinning.how, pinning.thread_key) == ("pin", "board")
    assert pinning.parent is not None
    sender.finish(pinning)
    with db.read() as session:
        assert find_post(session, "pin:board") is None
        assert how_many_due(session, NOW) == 0


def test_a_note_is_for_one_person_and_leaves_no_address(db: Database, sender: Sender) -> None:
    ask(db, lambda s: note(s, "note:1", now=NOW, channel="C1", chat_user="U1"))
    claimed = sender.must_claim()
    assert (claimed.how, claimed.chat_user, claimed.channel) == ("note", "U1", "C1")
    with db.write() as session:
        assert delivery.finish(session, claimed, at=NOW, channel="C1", ts="")
        assert find_post(session, "note:1") is None


def test_how_much_waits_can_be_asked(db: Database, sender: Sender) -> None:
    ask(db, said("now"), said("later", due_at=later(60)))
    with db.read() as session:
        assert how_many_due(session, NOW) == 1
        assert how_many_due(session, later(60)) == 2
    sender.send_all()
    with db.read() as session:
        assert how_many_due(session, NOW) == 0
        assert how_many_due(session, later(60)) > 0


def test_due_is_on_the_units_clock_and_leases_on_the_machines(db: Database) -> None:
    """Moving the unit's clock a week on makes a nudge due, and does not let a lease lapse."""
    next_week = NOW + timedelta(days=7)
    ask(db, said("nudge", due_at=next_week))
    with db.write() as session:
        assert delivery.claim(session, now=NOW, machine=NOW) is None
        assert delivery.claim(session, now=next_week, machine=NOW) is not None
        assert delivery.claim(session, now=next_week + timedelta(days=7), machine=later(1)) is None
