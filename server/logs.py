"""Logs: one JSON object a line on stderr, and nothing in it that is not on a list.

A log is read by more people than the customer's data is. So what may be logged is listed by name, and everything else
is dropped and only its name kept; a record of a library is reduced to its template, whose arguments nobody has vetted.
"""

import json
import logging
import sys
import traceback
from collections.abc import Callable
from typing import TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

ALLOWED = frozenset(
    {
        "event", "level", "at", "logger",
        "request_id", "method", "route", "status", "ms", "bytes",
        "error_id", "error_type", "where",
        "device", "person", "role", "ref", "reason", "trust",
        "host", "port", "database", "organisation", "manifest_version", "count", "seq", "code",
    }
)  # fmt: skip
"""Names of what may stand in a log. None of them ever holds a customer's value."""

_LONGEST = 200


def only_allowed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop what is not on the list, and say which names were dropped."""
    kept: EventDict = {}
    for name, value in event.items():
        if name not in ALLOWED:
            continue
        kept[name] = value if isinstance(value, int | float | bool | None) else str(value)[:_LONGEST]
    if dropped := sorted(event.keys() - ALLOWED):
        kept["dropped"] = dropped
    return kept


def describe(error: BaseException) -> tuple[str, str]:
    """Return an error's type and the place that raised it; never its text, which may quote a customer."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
    return type(error).__name__, where


class _Foreign(logging.Handler):
    """Brings the records of libraries into our form."""

    def emit(self, record: logging.LogRecord) -> None:
        facts: dict[str, str] = {"logger": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            facts["error_type"], facts["where"] = describe(record.exc_info[1])
        template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        get_logger().log(record.levelno, template, **facts)


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    first = {name: event[name] for name in ("at", "level", "event") if name in event}
    return json.dumps({**first, **event}, ensure_ascii=False, default=str)


def configure(stream: TextIO | None = None) -> Callable[[], None]:
    """Send all logs of this process to `stream` (stderr unless told), ours and those of libraries.

    Returns what undoes it.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            only_allowed,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    handler, level = _Foreign(), root.level
    root.addHandler(handler)
    root.setLevel(logging.WARNING)

    def undo() -> None:
        root.removeHandler(handler)
        root.setLevel(level)
        structlog.reset_defaults()

    return undo


def get_logger() -> FilteringBoundLogger:
    """Return the log."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger
