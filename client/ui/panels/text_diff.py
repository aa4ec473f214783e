"""Real-time text, as it is typed: what to send so that the other side sees what the box holds now (T.140).

The other side's line can only be added to at its end, so a change in the middle takes back all behind it and writes it
again. U+0008 takes back one character, U+2028 begins a new line; what stands before a new line is said for good.
"""

ERASE, NEW_LINE = "\b", "\u2028"


def difference(sent: str, now: str) -> str:
    """Return what turns `sent` into `now`, both without new lines but for `now`, whose new lines are U+000A."""
    common = 0
    for before, after in zip(sent, now, strict=False):
        if before != after:
            break
        common += 1
    return ERASE * (len(sent) - common) + now[common:].replace("\n", NEW_LINE)


def remainder(now: str) -> str:
    """What of the box is still being written: all behind its last new line."""
    return now.rpartition("\n")[2]
