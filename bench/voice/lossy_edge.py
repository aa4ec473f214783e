"""The tests' small edge, with a bad network between it and the desk: media go through a relay that harms them."""

import re
import ssl

from bench.voice.impairment import Relay
from tests.integration.engine.small_edge import Connection, SipMessage, SmallEdge

_PORT = re.compile(r"^(m=audio )(\d+)", re.MULTILINE)


class LossyEdge(SmallEdge):
    """Puts a relay into each call's session descriptions. One call at a time."""

    def __init__(self, context: ssl.SSLContext, username: str, password: str, relay: Relay) -> None:
        super().__init__(context, username, password)
        self._relay = relay

    def _receive(self, connection: Connection, message: SipMessage) -> None:
        if found := _PORT.search(message.body):
            port = int(found[2])
            from_desk = connection is self.desk
            if from_desk:
                self._relay.near_is_at(port)
            else:
                self._relay.far_is_at(port)
            message.body = through(message.body, self._relay.far if from_desk else self._relay.near)
        super()._receive(connection, message)


def through(sdp: str, port: int) -> str:
    """A session description (RFC 4566) whose sound goes to a port of this machine."""
    sdp = re.sub(r"^a=(rtcp|candidate|ice-[a-z]+):.*\r?\n", "", sdp, flags=re.MULTILINE)
    sdp = re.sub(r"^c=IN IP[46] \S+", "c=IN IP4 127.0.0.1", sdp, flags=re.MULTILINE)
    return _PORT.sub(rf"\g<1>{port}", sdp)
