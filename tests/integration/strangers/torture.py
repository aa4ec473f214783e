"""Reads the torture messages of RFC 4475 from their file, in the notation of that RFC's section 2."""

import re
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parent / "messages" / "rfc4475.txt"


@dataclass(frozen=True)
class Torture:
    """One message."""

    section: str
    name: str
    data: bytes
    is_valid: bool
    """Whether the RFC counts it among what an element must understand."""
    swallows: bool
    """Whether its Content-Length takes in what comes behind it on a stream."""

    @property
    def method(self) -> str:
        """Its first word."""
        return self.data.split(maxsplit=1)[0].decode()

    def aimed_at(self, uri: str) -> bytes:
        """The same message for an address that exists, where the address is not what the message is about, and with
        sound as its only medium, so that nothing but its oddity stands in its way."""
        first, rest = self.data.split(b"\r\n", 1)
        first = re.sub(rb"sip:user@(example|company)\.(com|org)(?=[ ;?>])", uri.encode(), first)
        head, _, body = rest.partition(b"\r\n\r\n")
        sound = re.sub(rb"m=video.*?\r\na=rtpmap:31 LPC\r\n", b"", body)
        shorter, truthful = re.subn(rb"(?<=[: ])%d(?=\r\n|$)" % len(body), b"%d" % len(sound), head)
        if truthful:
            return first + b"\r\n" + shorter + b"\r\n\r\n" + sound
        return first + b"\r\n" + rest


def torture_messages() -> list[Torture]:
    """All of them, in the RFC's order."""
    _, *blocks = re.split(r"^=== ", _FILE.read_text(), flags=re.MULTILINE)
    return [_read(block) for block in blocks]


def _read(block: str) -> Torture:
    title, _, text = block.partition("\n")
    section, name, verdict, *more = title.split()
    text = re.sub(
        r"<allOneLine>\n(.*?)\n</allOneLine>", lambda found: found[1].replace("\n", ""), text, flags=re.DOTALL
    )
    text = re.sub(r"<repeat count=(\d+)>(.*?)</repeat>", lambda found: found[2] * int(found[1]), text)
    data = text.replace("\n", "\r\n").encode()
    data = re.sub(rb"<hex>([0-9A-F]*)</hex>", lambda found: bytes.fromhex(found[1].decode()), data)
    _, _, body = data.partition(b"\r\n\r\n")
    data = data.replace(b"{length}", str(len(body)).encode())
    return Torture(section, name, data, verdict == "valid", "swallows" in more)
