"""Fictional units in any number and size, and the practice workspace their people sit in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.practice.config import Person, Room, WorkspaceConfig, from_manifest
from bot.practice.sample.unit_file import UnitFile
from bot.practice.server import PracticeServer
from bot.settings import Settings
from bot.slack.manifest import manifest

ROLES = (
    ("consultant", ["consultant_social_worker"]),
    ("worker", ["social_worker"]),
    ("second", ["social_worker"]),
    ("practitioner", ["childrens_practitioner"]),
    ("clinician", ["clinician"]),
    ("coordinator", ["unit_coordinator"]),
)
COORDINATOR = "coordinator"


def unit_file(number: int, families: int) -> UnitFile:
    """Unit `number` with six members and so many families, every one of which may be held light today."""
    members = [
        {
            "id": slug,
            "name": f"{slug.capitalize()} of Unit {number}",
            "chat_user": chat_user(number, place),
            "roles": roles,
            "unit_lead": slug == "consultant",
            "joined": {"days": -2000},
        }
        for place, (slug, roles) in enumerate(ROLES)
    ]
    found = [_family(number, n) for n in range(families)]
    return UnitFile.model_validate(
        {
            "about": {"fictional": True},
            "unit": {
                "id": f"bench-{number}",
                "name": f"Bench Unit {number}",
                "channel": f"bench-{number}",
                "deputy": "worker",
                "emergency_contacts": [{"who": "Duty manager", "how": "01632 960123"}],
            },
            "members": members,
            "families": found,
            "hypotheses": [idea for f in found for idea in _ideas(f["ref"])],
            "actions": [action for f in found for action in _actions(f["ref"])],
        }
    )


def chat_user(unit: int, place: int) -> str:
    return f"U0B{unit:03d}P{place}"


def channel(unit: int) -> str:
    return f"C0BENCH{unit:03d}"


def workspace(units: int) -> WorkspaceConfig:
    """A private channel a unit, with its people and the bot in it."""
    bot = WorkspaceConfig().bot_user_id
    people, rooms = [], []
    for unit in range(units):
        users = [chat_user(unit, place) for place in range(len(ROLES))]
        people += [
            Person(id=user, name=f"{slug}{unit}", real_name=f"{slug.capitalize()} of Unit {unit}")
            for user, (slug, _roles) in zip(users, ROLES, strict=True)
        ]
        rooms.append(Room(id=channel(unit), name=f"bench-{unit}", members=(*users, bot)))
    return from_manifest(manifest(), people=tuple(people), rooms=tuple(rooms))


def _family(unit: int, number: int) -> dict[str, Any]:
    ref = f"B{unit:03d}{number:03d}"
    return {
        "ref": ref,
        "initials": "AB",
        "category": "child_in_need",
        "allocated": {"days": -1900},
        "lead_worker": "worker",
        "summary": "Two children and their parents.",
        "children": [
            {"key": f"{ref}-{n}", "initials": "CD", "age": 6 + n, "seen": {"days": -5, "by": "worker"}} for n in (1, 2)
        ],
        "carers": [{"key": f"{ref}-{n}", "initials": "EF", "relation": "mother"} for n in ("A", "B")],
        "dates": {"next_review": {"days": 60}},
        "clinical": {"initial_consultation": {"days": -1800}},
        "plan_outcomes": [{"id": f"P{n}", "text": "Mornings at school go well."} for n in (1, 2, 3)],
        "last_discussed": {"days": -7, "kind": "light"},
        "last_full": {"days": -14},
    }


def _ideas(ref: str) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{ref}-H{n}",
            "family": ref,
            "text": "The mornings are hard because nobody has slept.",
            "evidence_for": ["Late three days of five"],
            "owner": "clinician",
            "raised": {"days": -30},
        }
        for n in (1, 2)
    ]


def _actions(ref: str) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{ref}-T{n}",
            "family": ref,
            "text": "Visit after school and ask about the mornings.",
            "owner": "worker",
            "created": {"days": -14},
            "original_due": {"days": 7},
            "due": {"days": 7},
        }
        for n in (1, 2, 3)
    ]


def settings(
    config: WorkspaceConfig,
    server: PracticeServer,
    url: str,
    key: bytes,
    clock_file: Path,
    *,
    tiers: bool = False,
    log_level: str = "WARNING",
) -> Settings:
    """What the bot needs to be a practice workspace's, with the database at `url`."""
    return Settings(
        bot_token=config.bot_token,
        app_token=config.app_token,
        api_url=f"{server.base_url}/api/",
        database_url=url,
        tiers=tiers,
        key=key,
        clock_file=clock_file,
        log_level=log_level,
    )
