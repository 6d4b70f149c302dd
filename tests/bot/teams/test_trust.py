"""Only Teams, for this bot, out of this tenant is heard: anything else is answered with 401 and does nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from bot.practice.teams.records import OTHER_TENANT
from tests.worlds.teams.world import CHANNEL, OnTeams


def _hour_ago() -> int:
    return int(datetime.now(UTC).timestamp()) - 3600


BAD: dict[str, dict[str, Any]] = {
    "expired": {"exp": _hour_ago()},
    "not valid yet": {"nbf": _hour_ago() + 7200},
    "for another bot": {"aud": "44444444-4444-4444-8444-444444444444"},
    "from another issuer": {"iss": "https://sts.windows.net/x/"},
    "for another service url": {"serviceurl": "https://smba.trafficmanager.net/uk/"},
    "without a service url": {"serviceurl": None},
    "signed with an unknown key": {"kid": "another"},
    "signed by somebody else": {"key": rsa.generate_private_key(public_exponent=65537, key_size=2048)},
    "signed with a secret": {"key": "practice-secret-practice-secret-practice", "alg": "HS256"},
    "without an end": {"exp": "soon"},
}


async def _meeting(world: OnTeams, header: str | None = None, **more: Any) -> int:
    message = world.hands.type_unheard(world.id("pippa"), CHANNEL, "meeting", to_bot=True)
    answer = await world.hands.send(world.hands.said(message, "message") | more, header)
    await world.settle()
    return answer.status


NO_TOKENS = ("", "Bearer", "Bearer x.y.z", "Basic eDp5", "Bearer " + "e30." * 3)
ELSEWHERE: tuple[dict[str, Any], ...] = (
    {"channelId": "webchat"},
    {"conversation": {"id": CHANNEL, "tenantId": OTHER_TENANT, "conversationType": "channel"}},
    {"conversation": {"id": CHANNEL}, "channelData": {}},
    {"channelData": {"tenant": {"id": OTHER_TENANT}}},
    {"serviceUrl": "https://evil.example/"},
)


async def test_a_token_that_is_not_right_is_refused(world: OnTeams) -> None:
    refused = {name: await _meeting(world, f"Bearer {world.connector.token(**bad)}") for name, bad in BAD.items()}
    assert refused == dict.fromkeys(BAD, 401)
    assert not world.posts()


async def test_what_is_no_token_is_refused(world: OnTeams) -> None:
    assert [await _meeting(world, header) for header in NO_TOKENS] == [401] * len(NO_TOKENS)
    assert not world.posts()


async def test_a_request_that_is_not_of_this_tenant_is_refused(world: OnTeams) -> None:
    assert [await _meeting(world, None, **more) for more in ELSEWHERE] == [401] * len(ELSEWHERE)
    assert not world.posts()


async def test_a_token_for_a_strange_address_does_not_send_the_bots_own_token_there(world: OnTeams) -> None:
    token = world.connector.token(serviceurl="https://evil.example/")
    assert await _meeting(world, f"Bearer {token}", serviceUrl="https://evil.example/") == 401


async def test_right_requests_are_heard(world: OnTeams) -> None:
    assert await _meeting(world) == 200
    assert world.posts()


async def test_new_keys_of_microsofts_are_fetched_and_strange_ones_do_not_make_it_ask_again(world: OnTeams) -> None:
    for _ in range(5):
        assert await _meeting(world, f"Bearer {world.connector.token(kid='strange')}") == 401
    asked = [call for call in world.connector.calls if call.path == "/keys/jwks"]
    assert len(asked) == 1


async def test_what_is_no_activity_is_refused(world: OnTeams) -> None:
    headers = {"Authorization": f"Bearer {world.connector.token()}", "Content-Type": "application/json"}
    for body in (b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 100_000):
        async with world.hands.session.post(world.hands.target, data=body, headers=headers) as answer:
            assert answer.status == 400, body[:20]


UNKNOWN = [
    {"type": "typing"},
    {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
    {"type": "invoke", "name": "signin/verifyState", "value": {}},
    {"type": "invoke", "name": "composeExtension/query", "value": {}},
    {"type": "invoke", "name": "task/fetch"},
    {"type": "invoke", "name": "task/fetch", "value": {"data": "x"}},
    {"type": "invoke", "name": "task/submit", "value": {"data": {"form": 3}}},
    {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"type": "Action.Execute"}}},
    {"type": "invoke", "name": "adaptiveCard/action", "value": None},
    {"type": "invoke", "name": "composeExtension/fetchTask", "value": {"commandId": "unknown"}},
    {"type": "invoke", "name": "fileConsent/invoke", "value": {"action": "accept", "context": {"document": "x"}}},
    {"type": "messageUpdate", "channelData": {"eventType": "editMessage"}},
    {"type": "messageDelete"},
    {"type": "conversationUpdate", "membersAdded": [{"id": "29:x"}]},
    {"type": "conversationUpdate", "membersAdded": None},
    {"type": "installationUpdate", "action": "remove"},
    {"type": "message", "text": None, "entities": "x", "attachments": {"a": 1}},
    {"type": "message", "from": None},
    {"type": 3},
]


async def test_what_the_bot_does_not_know_is_answered_and_nothing_is_done(world: OnTeams) -> None:
    for more in UNKNOWN:
        activity = world.hands.activity("message", world.id("pippa"), CHANNEL)
        answer = await world.hands.send(activity | _merged(activity, more))
        assert answer.status == 200, more
    await world.settle()
    assert not world.posts()


def _merged(activity: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    if isinstance(more.get("channelData"), dict):
        return more | {"channelData": activity["channelData"] | more["channelData"]}
    return more
