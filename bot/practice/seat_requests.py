"""A seat's request and what it is answered, as JSON."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.practice.slack.limits import Json
from bot.practice.slack.refusal import SeatRefusal

Answer = Callable[[Json], Awaitable[Json]]


def part_of(posted: Json, name: str) -> Json:
    """An object inside the request; refused where it is missing."""
    part = posted.get(name)
    if not isinstance(part, dict):
        raise SeatRefusal("invalid_request", f"The request has no {name}.")
    return part


def values_of(state: Any) -> dict[str, dict[str, Json]]:
    """What was filled in, by block and action; refused in any other shape."""
    values = state.get("values", {}) if isinstance(state, dict) else {}
    shaped = isinstance(values, dict) and all(
        isinstance(block, dict) and all(isinstance(entry, dict) for entry in block.values())
        for block in values.values()
    )
    if not shaped:
        raise SeatRefusal("invalid_request", "The values are not shaped by block and action.")
    return values


def number_of(asked: Json, name: str) -> int:
    """A whole number of the request, 0 where it is missing; refused where it is none."""
    try:
        return int(asked.get(name, 0))
    except ValueError as error:
        raise SeatRefusal("invalid_request", f"{name} is not a number.") from error


def posted(answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A POST address: its JSON body answered, a refusal as a sentence."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return _refused(SeatRefusal("invalid_request", "The request is not a JSON object."))
        return await _answered(answer, body)

    return handle


def asked(answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A GET address: its query answered, a refusal as a sentence."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await _answered(answer, dict(request.query))

    return handle


async def _answered(answer: Answer, given: Json) -> web.StreamResponse:
    try:
        return web.json_response(await answer(given))
    except SeatRefusal as refusal:
        return _refused(refusal)


def _refused(refusal: SeatRefusal) -> web.Response:
    return web.json_response({"error": refusal.code, "message": refusal.sentence}, status=refusal.status)
