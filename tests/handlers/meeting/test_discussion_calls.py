"""What a light family costs on the chat platform, when it is held as one message edited through its stages."""

from __future__ import annotations

from datetime import timedelta

from storage.messages import delivery, outbox
from tests.worlds.discussion_world import Meeting


class Platform:
    """Sends what is due and counts it as the platform would: a post, an edit, a note or a pin is one call."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.posts: list[str] = []
        self.edits: list[str] = []
        self.others: list[str] = []

    def send(self, after: timedelta = timedelta(0)) -> None:
        meeting = self.meeting
        now = meeting.now + after
        with meeting.db.write() as session:
            while claimed := delivery.claim(session, now=now, machine=now):
                if claimed.how in ("note", "pin"):
                    self.others.append(claimed.key)
                    delivery.finish(session, claimed, at=now, channel="", ts="")
                    continue
                (self.edits if claimed.post else self.posts).append(claimed.key)
                ts = claimed.post.ts if claimed.post else meeting.stamp()
                channel = claimed.channel or f"D{claimed.chat_user}"
                delivery.finish(session, claimed, at=now, channel=channel, ts=ts)
            assert outbox.nothing_due(session, now)

    @property
    def calls(self) -> int:
        return len(self.posts) + len(self.edits) + len(self.others)


def test_a_light_family_costs_four_posts_and_fourteen_calls(meeting: Meeting) -> None:
    platform = Platform(meeting)
    platform.send()
    platform.posts.clear()
    platform.edits.clear()
    platform.others.clear()
    talk = meeting.start("K5640F", "light")
    platform.send()
    forms = typed = 0
    family = meeting.unit.families["K5640F"]
    with meeting.reading() as session:
        from storage.family import families

        children = [body.key for _, body in families.children(session, family)]
    seen = [{"child": c, "date": meeting.day(-1), "by": meeting.people["devan"], "alone": True} for c in children]
    said = {
        "l_safety": {"immediate_concern": False, "manager_needed_today": False, "seen": seen},
        "l_changed": {"change": "One change."},
        "l_voice": {"child": children[0], "words": "Words."},
        "l_actions": {"new": [{"text": "Ring school", "owner": meeting.people["devan"], "due": meeting.day(3)}]},
        "l_next": {"next_discussion": {"date": meeting.day(7), "kind": "light"}},
    }
    for stage, answers in said.items():
        meeting.type("devan", talk, f"A note for {stage}.", ts=meeting.stamp())
        platform.send(timedelta(seconds=5))
        meeting.record("pippa", stage, talk, answers)
        typed, forms = typed + 1, forms + 1
        if stage != "l_next":
            meeting.on("devan", talk)
        else:
            meeting.finish("devan", talk)
        platform.send()
    assert meeting.state(talk) == "awaiting"
    assert len(platform.posts) <= 4, platform.posts
    opened = forms
    assert platform.calls + opened <= 14 + forms + typed, (platform.posts, platform.edits, platform.others)
