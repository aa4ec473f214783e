"""The engine's log: short warnings on standard error, without anything of a call in them."""

import contextlib
import re
import sys

LONGEST = 160
FAULT = "an action failed:"
"""What a line about a mistake of our own begins with; the desk logs it as an error."""

_PRIVATE = re.compile(
    r"""
    <[^>\n]*>                        # an address in brackets
    | \bsips?:[^\s;>,"]+             # an address without
    | "[^"\n]*"                      # a display name, or a parameter's value
    | [\w.+-]+@[\w.-]+               # user@host
    | \+?\d[\d\ -]{5,}\d             # what may be a telephone or card number
    | [A-Za-z0-9+/_=-]{24,}          # what may be a key or a token
    """,
    re.VERBOSE,
)


def scrub(text: str) -> str:
    """Return the first line of a native log message, shortened, with addresses, numbers and keys taken out."""
    first = next(iter(text.strip().splitlines()), "")
    return _PRIVATE.sub("…", first)[:LONGEST]


def warn(text: str) -> None:
    """Write one line to standard error. The text is ours: it must not be built from what came over the network."""
    write_line(f"engine: {text}")


def write_line(line: str) -> None:
    """Write to standard error. The desk that reads it may be gone: an engine outlives its desk, and its log may not."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(line + "\n")
