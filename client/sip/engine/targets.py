"""What may be called: user parts, and nothing that could lead anywhere else."""

import re

_USER_PART = re.compile(r"[A-Za-z0-9\-_.~*#+]{1,128}")


def target_uri(target: str, domain: str) -> str:
    """Return the SIP URI of a user part at the line's domain.

    Raises:
        ValueError: it is no user part of the permitted form. The text does not repeat it.
    """
    if not _USER_PART.fullmatch(target):
        raise ValueError("what should be called is no user part of the permitted form")
    # RFC 3261, section 25.1: a number sign in a user part is escaped.
    return f"sip:{target.replace('#', '%23')}@{domain};transport=tls"
