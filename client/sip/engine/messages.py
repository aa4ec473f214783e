"""Voice messages that wait: the body of a NOTIFY (RFC 3842, section 5.2)."""

import re

from client.core.telephony import MessagesWaiting

_WAITING = re.compile(r"^Messages-Waiting[ \t]*:[ \t]*(yes|no)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_VOICE = re.compile(r"^Voice-Message[ \t]*:[ \t]*(\d{1,5})[ \t]*/[ \t]*(\d{1,5})", re.IGNORECASE | re.MULTILINE)


def waiting_messages(notification: str) -> MessagesWaiting | None:
    """Return what a NOTIFY says of the mailbox; None when it says nothing that can be understood.

    A mailbox that only says that there is something has one message.
    """
    _, _, body = notification.replace("\r\n", "\n").partition("\n\n")
    waiting, voice = _WAITING.search(body), _VOICE.search(body)
    if voice is not None:
        return MessagesWaiting(int(voice[1]), int(voice[2]))
    if waiting is not None:
        return MessagesWaiting(int(waiting[1].lower() == "yes"), 0)
    return None
