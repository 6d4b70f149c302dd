"""`unitbot retention`, as the IT officer or the data protection officer types it."""

from __future__ import annotations

import base64
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings, new_key
from bot.slack import client
from prompts_and_forms.retention import rules, wording
from storage.database.bodies import FamilyBody, TextBody
from storage.database.db import Database
from storage.database.tables import Contribution, Discussion, Family, Meeting, Person
from storage.database.tables_machinery import Installation, Post
from storage.database.tables_retention import CopiedAll, LeftInChat
from storage.database.vault import Scope, Vault, seal
from storage.family import families
from storage.messages import addresses
from storage.migrate import upgrade
from storage.retention import erase
from storage.unit import people
from tests.worlds.storage_world import a_unit

REF = "K3107C"
RULES = """rules:
  - {id: child_in_need, what: families, categories: [child_in_need], starts: closed, years: 3, status: local,
     source: ours, checked: local}
"""
RUNNER = CliRunner()


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A family closed in 2020, all of it copied, and Ngozi, who manages its unit."""
    url, key = f"sqlite:///{tmp_path / 'unit.db'}", new_key()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("UNITBOT_KEY", key)
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "own.yaml"
    own.write_text(RULES)
    monkeypatch.setenv("UNITBOT_RETENTION", str(own))
    upgrade(url)
    db = Database.open(url, Vault(base64.b64decode(key)))
    now = datetime(2020, 3, 2, tzinfo=UTC)
    with db.write() as session:
        unit = a_unit(session)
        ngozi = people.add_person(session, chat_user="U1", name="Ngozi")
        devan = people.add_person(session, chat_user="U2", name="Devan")
        people.add_member(session, unit_id=unit.id, person_id=devan.id, roles=["social_worker"], on=now.date())
        membership = people.add_member(
            session, unit_id=unit.id, person_id=ngozi.id, roles=["group_manager"], on=now.date()
        )
        membership.linked = True
        family = families.add_family(
            session, unit_id=unit.id, known=FamilyBody(ref=REF), category="child_in_need", allocated_on=now.date(),
            lead_worker_id=None, visiting_days=None, decided_by_id=None, now=now,
        )  # fmt: skip
        families.close_family(session, family, date(2020, 3, 2), devan.id, "All well.")
        session.add(CopiedAll(family_id=family.id, by_id=devan.id, at=now))
    db.close()
    yield tmp_path  # type: ignore[misc]
    rules.use(rules.OWN_FILE)


def run(*words: str) -> str:
    """What it says, on either stream."""
    return RUNNER.invoke(app, ["retention", *words]).output


def test_what_is_due_is_listed_and_a_hold_takes_it_off(council: Path) -> None:
    assert REF in run()
    assert "The hold is set" in run("hold", "--why", "Inquest.", "--by", "Ngozi", "--everything")
    line = run("holds")
    assert "everything\tInquest.\tNgozi" in line
    assert REF not in run()
    assert "There is a legal hold" in run("erase", REF, "--by", "Ngozi", "--yes")
    number = line.split("\t")[0]
    assert "Lifted" in run("lift", number, "--by", "Ngozi")
    assert "Nothing was changed" in run("lift", number, "--by", "Ngozi")
    assert REF in run()


def test_a_family_is_erased_by_a_manager_alone_and_what_was_erased_is_listed(council: Path) -> None:
    assert "not a manager" in run("erase", REF, "--by", "Devan", "--yes")
    assert "Nobody is called" in run("erase", REF, "--by", "Nobody", "--yes")
    assert "No family has the reference" in run("erase", "K9999X", "--by", "Ngozi", "--yes")
    assert "Erased for good" in run("erase", REF, "--by", "Ngozi", "--yes")
    listed = run("erased")
    assert "Ngozi\tchild_in_need" in listed
    assert REF not in listed + run()
    assert run("left", listed.split("\t")[0]) == ""
    assert "Nothing was erased under" in run("left", "zzz")


def test_what_is_typed_wrongly_is_said_and_nothing_is_set(council: Path) -> None:
    assert "Say one of" in run("hold", "--why", "x", "--by", "Ngozi")
    assert "Say one of" in run("hold", "--why", "x", "--by", "Ngozi", "--family", REF, "--everything")
    assert "ended already" in run("hold", "--why", "x", "--by", "Ngozi", "--everything", "--until", "2020-01-01")
    assert "No unit is called" in run("hold", "--why", "x", "--by", "Ngozi", "--unit", "Heron")
    assert "No legal hold is in force" in run("holds")


def test_without_the_councils_own_rules_or_with_broken_ones_nothing_is_due(
    council: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (council / "own.yaml").write_text("rules: []")
    assert "Nothing is due until this is mended" in run()
    assert "Nothing is due until this is mended" in run("erase", REF, "--by", "Ngozi", "--yes")
    monkeypatch.delenv("UNITBOT_RETENTION")
    rules.use(rules.OWN_FILE)
    assert "Nothing is due." in run()


@pytest.mark.parametrize(("known", "opens"), [("https://kestrel.slack.com/", "kestrel.slack.com"), ("", "slack.com")])
def test_what_is_left_in_chat_is_linked_in_the_councils_own_workspace(
    council: Path, monkeypatch: pytest.MonkeyPatch, known: str, opens: str
) -> None:
    async def address(_settings: Settings) -> str:
        return known

    monkeypatch.setattr(client, "workspace_address", address)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    run("erase", REF, "--by", "Ngozi", "--yes")
    lies_in_chat(council)
    said = run("left", run("erased").split("\t")[0])
    assert f"post\t\thttps://{opens}/archives/C1/p100100\n" in said
    assert (wording.ANY_WORKSPACE in said) is (not known)


def test_without_a_token_the_links_still_open_and_it_is_said_why(council: Path) -> None:
    run("erase", REF, "--by", "Ngozi", "--yes")
    lies_in_chat(council)
    said = run("left", run("erased").split("\t")[0])
    assert "https://slack.com/archives/C1/p100100" in said
    assert wording.ANY_WORKSPACE in said


def lies_in_chat(council: Path) -> None:
    db = Database.open(f"sqlite:///{council / 'unit.db'}", Vault(base64.b64decode(os.environ["UNITBOT_KEY"])))
    with db.write() as session:
        (stone,) = erase.all_of_them(session)
        session.add(LeftInChat(erased_id=stone.id, what="post", channel="C1", ts="100.100"))
    db.close()


def test_what_may_go_from_chat_is_listed_with_links(council: Path) -> None:
    assert wording.NOTHING_IN_CHAT in run("chat")
    (council / "own.yaml").write_text(
        "rules:\n  - {id: chat, what: chat, starts: copied, days: 90, status: local, source: ours, checked: local}\n"
    )
    discussed(council)
    assert run("chat").splitlines()[-2:] == [
        "post\thttps://slack.com/archives/C1/p1001",
        "typed\thttps://slack.com/archives/C1/p1002",
    ]
    assert "1 discussions were copied long enough ago" in run()


def test_on_teams_the_links_open_teams(council: Path) -> None:
    (council / "own.yaml").write_text(
        "rules:\n  - {id: chat, what: chat, starts: copied, days: 90, status: local, source: ours, checked: local}\n"
    )
    discussed(council)
    db = Database.open(f"sqlite:///{council / 'unit.db'}", Vault(base64.b64decode(os.environ["UNITBOT_KEY"])))
    with db.write() as session:
        session.add(Installation(platform="teams", tenant="t-1"))
        addresses.keep_address(session, "C1", "C1", "https://smba.trafficmanager.net/teams/", "g-1")
    db.close()
    said = run("chat")
    assert "slack.com" not in said
    start = "https://teams.microsoft.com/l/message/C1"
    assert f"post\t{start}/100.1?tenantId=t-1&groupId=g-1&parentMessageId=100.1" in said
    assert f"typed\t{start}/100.2?tenantId=t-1&groupId=g-1&parentMessageId=100.1" in said


def discussed(council: Path) -> None:
    db = Database.open(f"sqlite:///{council / 'unit.db'}", Vault(base64.b64decode(os.environ["UNITBOT_KEY"])))
    at = datetime(2020, 3, 2, tzinfo=UTC)
    with db.write() as session:
        (family,) = session.exec(select(Family))
        meeting = Meeting(unit_id=family.unit_id, day=at.date(), state="closed", opened_at=at)
        session.add(meeting)
        session.flush()
        talk = Discussion(
            meeting_id=meeting.id, family_id=family.id, unit_id=family.unit_id, kind="full", first_kind="full",
            stage="done", state="closed", started_at=at, copied_at=at,
        )  # fmt: skip
        session.add(talk)
        session.flush()
        (devan,) = session.exec(select(Person).where(Person.name == "Devan"))
        said = Contribution(
            meeting_id=meeting.id, discussion_id=talk.id, family_id=family.id, stage="facts", author_id=devan.id,
            channel="C1", ts="100.2", said_at=at,
        )  # fmt: skip
        seal(session, said, TextBody(text="Perhaps."), Scope.family(family.id))
        session.add_all((said, Post(key=f"discussion:{talk.id}", channel="C1", ts="100.1")))
    db.close()
