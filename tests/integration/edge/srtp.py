"""RTP and SRTP by hand, packet by packet, so that a test sees what goes over the wire.

SRTP as in RFC 3711 with AES_CM_128_HMAC_SHA1_80 and the key in the description (RFC 4568), without a key derivation
rate and MKI, and for fewer packets than a sequence number has values.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import socket
import struct
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .sip_peer import WAIT_SECONDS

_SUITE = "AES_CM_128_HMAC_SHA1_80"
_TAG = 10
HEAD = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"


@dataclass(frozen=True)
class Packet:
    """One RTP packet without extensions (RFC 3550, 5.1)."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False

    def encode(self) -> bytes:
        second = self.payload_type | (0x80 if self.marker else 0)
        return struct.pack("!BBHII", 0x80, second, self.sequence, self.timestamp, self.ssrc) + self.payload

    @classmethod
    def decode(cls, data: bytes) -> Packet:
        first, second, sequence, timestamp, ssrc = struct.unpack("!BBHII", data[:12])
        assert first == 0x80, f"an RTP packet that begins with {first:#x}"
        return cls(second & 0x7F, sequence, timestamp, ssrc, data[12:], bool(second & 0x80))


class SrtpKey:
    """What protects one direction: 16 bytes of key and 14 of salt."""

    def __init__(self, master: bytes | None = None) -> None:
        self.master = master or secrets.token_bytes(30)
        self._cipher_key = self._derive(0, 16)
        self._auth_key = self._derive(1, 20)
        self._salt = self._derive(2, 14)

    @property
    def attribute(self) -> str:
        """The value of an a=crypto line."""
        return f"{_SUITE} inline:{base64.b64encode(self.master).decode()}"

    def protect(self, packet: Packet) -> bytes:
        data = packet.encode()
        sealed = data[:12] + self._crypt(packet, data[12:])
        return sealed + self._tag(sealed)

    def open(self, data: bytes) -> Packet:
        """Decrypt; fails the test when the packet was not made with this key."""
        sealed, tag = data[:-_TAG], data[-_TAG:]
        assert hmac.compare_digest(tag, self._tag(sealed)), "a packet that was not protected with the key agreed on"
        packet = Packet.decode(sealed)
        return Packet.decode(sealed[:12] + self._crypt(packet, sealed[12:]))

    def _derive(self, label: int, length: int) -> bytes:
        key, salt = self.master[:16], int.from_bytes(self.master[16:], "big")
        return _keystream(key, (salt ^ (label << 48)) << 16, length)

    def _crypt(self, packet: Packet, data: bytes) -> bytes:
        start = (int.from_bytes(self._salt, "big") << 16) ^ (packet.ssrc << 64) ^ (packet.sequence << 16)
        stream = _keystream(self._cipher_key, start, len(data))
        return bytes(a ^ b for a, b in zip(data, stream, strict=True))

    def _tag(self, sealed: bytes) -> bytes:
        # No sequence number wraps here, so the roll-over counter is 0.
        return hmac.new(self._auth_key, sealed + bytes(4), hashlib.sha1).digest()[:_TAG]


def _keystream(key: bytes, counter: int, length: int) -> bytes:
    encryptor = Cipher(algorithms.AES(key), modes.CTR(counter.to_bytes(16, "big"))).encryptor()
    return encryptor.update(bytes(length))


class RtpPeer:
    """One stream of one telephone, in plain RTP."""

    def __init__(self, media: str = "audio", payload_type: int = 8) -> None:
        self.media = media
        self.payload_type = payload_type
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._udp.settimeout(WAIT_SECONDS)
        self.port = int(self._udp.getsockname()[1])
        self._to = ("127.0.0.1", 0)
        self._ssrc = secrets.randbits(32)
        self._sequence = secrets.randbelow(1000)

    def take_answer(self, body: str) -> None:
        """Learn from the other side's description where to send to."""
        found = re.search(rf"^m={self.media} (\d+) ", body, re.MULTILINE)
        assert found, body
        self._to = ("127.0.0.1", int(found[1]))

    def send(self, payload: bytes, payload_type: int | None = None, timestamp: int | None = None) -> None:
        self._sequence += 1
        stamp = self._sequence * 160 if timestamp is None else timestamp
        kind = self.payload_type if payload_type is None else payload_type
        self._udp.sendto(self._seal(Packet(kind, self._sequence, stamp, self._ssrc, payload)), self._to)

    def receive(self) -> Packet:
        """The next packet."""
        return self._open(self._udp.recv(2048))

    def close(self) -> None:
        self._udp.close()

    def _seal(self, packet: Packet) -> bytes:
        return packet.encode()

    def _open(self, data: bytes) -> Packet:
        return Packet.decode(data)

    def section(self, *attributes: str) -> str:
        """This stream's part of a description."""
        lines = [f"m={self.media} {self.port} RTP/AVP {self.payload_type}", *attributes]
        return "".join(line + "\r\n" for line in lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class SrtpPeer(RtpPeer):
    """One stream of one telephone, in SRTP."""

    def __init__(self, media: str = "audio", payload_type: int = 8) -> None:
        super().__init__(media, payload_type)
        self._own = SrtpKey()
        self._crypto_tag = "1"
        self._other: SrtpKey | None = None

    def section(self, *attributes: str) -> str:
        """This stream's part of a description."""
        first, rest = super().section(*attributes).split("\r\n", 1)
        secure = first.replace("RTP/AVP", "RTP/SAVP")
        return f"{secure}\r\na=crypto:{self._crypto_tag} {self._own.attribute}\r\n{rest}"

    def offer(self) -> str:
        """A whole description with this stream alone."""
        return HEAD + self.section("a=rtpmap:8 PCMA/8000", "a=sendrecv")

    def take_answer(self, body: str) -> None:
        """As for any stream, and learn the key; after an offer, the own description answers that line of it."""
        super().take_answer(body)
        section = body[body.index(f"m={self.media}") :].partition("\r\nm=")[0]
        found = re.search(rf"^a=crypto:(\d+) {_SUITE} inline:([A-Za-z0-9+/=]+)", section, re.MULTILINE)
        assert found, section
        self._crypto_tag = found[1]
        self._other = SrtpKey(base64.b64decode(found[2]))

    def _seal(self, packet: Packet) -> bytes:
        return self._own.protect(packet)

    def _open(self, data: bytes) -> Packet:
        assert self._other
        return self._other.open(data)
