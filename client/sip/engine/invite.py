"""What the engine reads in the text of an INVITE."""

import re

_REFERENCE = re.compile(r"c_[A-Za-z0-9_-]{8,40}")
_HEADER = re.compile(r"^X-Hearthline-Call[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


def call_reference(message: str) -> str:
    """Return the server's reference for a call from the header `X-Hearthline-Call`.

    Empty when the header is missing, repeated, or not of the reference's form: it came over the network.
    """
    head, _, _ = message.replace("\r\n", "\n").partition("\n\n")
    values = _HEADER.findall(head)
    if len(values) != 1 or not _REFERENCE.fullmatch(values[0]):
        return ""
    return str(values[0])


_SUITE = re.compile(r"^[ \t]*SRTP status: Active Crypto-suite: (\S+)$", re.MULTILINE)


def srtp_suite(dump: str) -> str:
    """Return the SRTP suite in use from PJSIP's description of a call; empty when the media is not protected."""
    found = _SUITE.search(dump)
    return "" if found is None else found[1]
