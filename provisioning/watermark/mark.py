"""What the watermark carries: 70 bits that mean something only to who has the lists of devices and people.

No name and no id is in it. A device is 20 bits of a hash of its id, a person 20 bits of a hash of their name that
is keyed with the device's id, so who does not know the ids of the organisation's devices can't try names against a
picture. Who can is IT: with the lists of the server. In 50,000 devices two share their bits with a given one about
once in twenty; the person's bits, and the audit log of sign-ins, tell them apart.
"""

import binascii
import hashlib
from dataclasses import dataclass

DEVICE_BITS, PERSON_BITS, HOUR_BITS, CHECK_BITS = 20, 20, 14, 16
PAYLOAD_BITS = DEVICE_BITS + PERSON_BITS + HOUR_BITS + CHECK_BITS
HOURS = 1 << HOUR_BITS
"""The hour is told modulo this many, which is 682 days."""


@dataclass(frozen=True)
class Mark:
    """One device, one person, one hour (since the epoch, modulo `HOURS`)."""

    device: int
    person: int
    hour: int

    @classmethod
    def of(cls, device: str, person: str, seconds: float) -> "Mark":
        """The mark of a device's id and a person's name at a time in seconds since the epoch."""
        return cls(device_code(device), person_code(device, person), int(seconds // 3600) % HOURS)

    @property
    def payload(self) -> int:
        """The bits, the check last."""
        body = (self.device << PERSON_BITS | self.person) << HOUR_BITS | self.hour
        return body << CHECK_BITS | _check(body)

    @classmethod
    def read(cls, payload: int) -> "Mark | None":
        """The mark of these bits, or None where the check does not fit."""
        body, check = payload >> CHECK_BITS, payload & (1 << CHECK_BITS) - 1
        if _check(body) != check:
            return None
        rest, hour = body >> HOUR_BITS, body & HOURS - 1
        return cls(rest >> PERSON_BITS, rest & (1 << PERSON_BITS) - 1, hour)

    def latest_hour(self, before: float) -> float:
        """The last time before `before` whose hour this is; both in seconds since the epoch."""
        now = int(before // 3600)
        return (now - (now - self.hour) % HOURS) * 3600.0


def device_code(device: str) -> int:
    """What stands for a device."""
    return _bits(b"device", b"", device, DEVICE_BITS)


def person_code(device: str, person: str) -> int:
    """What stands for a person at a device."""
    return _bits(b"person", hashlib.sha256(device.encode()).digest(), person, PERSON_BITS)


def _bits(kind: bytes, key: bytes, text: str, count: int) -> int:
    found = hashlib.blake2b(text.encode(), key=key, person=b"hearthline" + kind, digest_size=8).digest()
    return int.from_bytes(found) >> 64 - count


def _check(body: int) -> int:
    return binascii.crc_hqx(body.to_bytes(7), 0xFFFF)
