"""Lines for whoever runs the bot: what happened to which event. Never a word people wrote, at any level."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog

_SLACK_LOGGERS = ("slack_bolt", "slack_sdk", "asyncio", "apscheduler", "aiohttp")


def set_up(level: str = "INFO") -> None:
    """Plain lines with time, level and names. Slack's libraries may only say that something went wrong."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _FirstLine()
    for name in _SLACK_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.ERROR)


class _FirstLine(logging.Handler):
    """Other people's log records: where they come from and their level. Their words could hold a payload."""

    def emit(self, record: logging.LogRecord) -> None:
        log("library").warning("trouble", source=record.name, at=f"{record.module}:{record.lineno}")


def log(room: str) -> Any:
    """The log of one part of the program."""
    return structlog.get_logger(room=room)


def where(error: BaseException) -> str:
    """The kind of an error and the last places it passed. Its message is left out: it can quote what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    path = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} {path}"
