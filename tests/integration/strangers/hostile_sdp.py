"""Session descriptions that no telephone makes: oversized, malformed, and mutated at random, the same in each run."""

import random

from tests.integration.engine.test_calls import SECURE_SDP

PLAIN = SECURE_SDP.replace("RTP/SAVP", "RTP/AVP")
_MUTATIONS = 60
_MANY = 3_000
TOO_LONG = 3_500
"""What a description may have in characters so that its message is not dropped unread (PJSIP_MAX_PKT_LEN is 4000)."""


def _with(before: str, after: str, sdp: str = SECURE_SDP) -> str:
    assert before in sdp
    return sdp.replace(before, after)


def mutated(sdp: str, count: int = _MUTATIONS) -> list[str]:
    """Copies with some characters changed, doubled or lost, and lines in another order."""
    dice = random.Random(4475)  # noqa: S311 - the same messages in each run, and no secret.
    found = []
    for _ in range(count):
        lines = sdp.split("\r\n")
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(lines))
            line = lines[place]
            cut = dice.randrange(len(line) + 1)
            match dice.randrange(6):
                case 0:
                    lines[place] = line[:cut] + dice.choice("\0\x7f=: /-9éA\t") + line[cut:]
                case 1:
                    lines[place] = line[:cut]
                case 2:
                    lines.insert(dice.randrange(len(lines)), line)
                case 3:
                    del lines[place]
                    lines = lines or [""]
                case 4:
                    lines[place] = line[:cut] + "9" * dice.choice((5, 11, 21, 400)) + line[cut:]
                case 5:
                    dice.shuffle(lines)
        found.append("\r\n".join(lines))
    return found


def descriptions(sdp: str) -> dict[str, str]:
    """Each by a name that says what is wrong with it."""
    media = next(line for line in sdp.split("\r\n") if line.startswith("m="))
    kind = media.split()[2]
    hostile = {
        "empty lines": "\r\n" * 50,
        "one letter": "v",
        "no media": sdp.partition("m=")[0],
        "a NUL in the middle": _with("s=-", "s=-\0-", sdp),
        "only NULs": "\0" * 500,
        "line feeds alone": sdp.replace("\r\n", "\n"),
        "port zero": _with("m=audio 40000", "m=audio 0", sdp),
        "port out of range": _with("m=audio 40000", "m=audio 65536", sdp),
        "port beyond 32 bits": _with("m=audio 40000", "m=audio 4294967297", sdp),
        "port beyond 64 bits": _with("m=audio 40000", "m=audio 18446744073709551617", sdp),
        "negative port": _with("m=audio 40000", "m=audio -1", sdp),
        "many ports": _with("m=audio 40000", "m=audio 40000/999999999", sdp),
        "payload type out of range": _with(f"{kind} 96", f"{kind} 96 300 4294967296 -1", sdp),
        "a thousand formats": _with(f"{kind} 96", f"{kind} 96 " + " ".join(map(str, range(1000))), sdp),
        "clock rate of zero": _with("opus/48000/2", "opus/0/0", sdp),
        "huge clock rate": _with("opus/48000/2", "opus/99999999999999999999/99999999999", sdp),
        "no clock rate": _with("opus/48000/2", "opus", sdp),
        "an address that is none": _with("c=IN IP4 127.0.0.1", "c=IN IP4 999.1.2.3", sdp),
        "a name for an address": _with("c=IN IP4 127.0.0.1", "c=IN IP4 " + "a" * 300 + ".invalid", sdp),
        "another network": _with("c=IN IP4 127.0.0.1", "c=ATM NSAP 47.0091.8100.0000.0060", sdp),
        "multicast": _with("c=IN IP4 127.0.0.1", "c=IN IP4 224.2.1.1/127/3", sdp),
        "no address": _with("c=IN IP4 127.0.0.1\r\n", "", sdp),
        "a long line": sdp + "a=fmtp:96 " + "x" * 20_000 + "\r\n",
        "a long origin": _with("o=- 1 1", "o=" + "y" * 4_000 + " 99999999999999999999999 1", sdp),
        "thousands of attributes": sdp + "a=rtpmap:96 opus/48000/2\r\n" * _MANY,
        "hundreds of media": sdp + (media + "\r\n") * 300,
        "hundreds of kinds": sdp + "".join(f"m=kind{i} 9 {kind} 0\r\n" for i in range(200)),
        "a bandwidth beyond measure": _with("t=0 0", "b=AS:99999999999999999999\r\nt=0 0", sdp),
        "a packet time beyond measure": sdp + "a=ptime:4294967295\r\na=maxptime:0\r\n",
        "both directions at once": sdp + "a=sendonly\r\na=recvonly\r\na=inactive\r\n",
        "formats that are text": sdp.replace("96", "%n%s%x"),
    }
    if "a=crypto:" in sdp:
        key = sdp.partition("inline:")[2].partition("\r\n")[0]
        hostile |= {
            "a short key": sdp.replace(key, "AAAA"),
            "a key of nothing": sdp.replace(key, ""),
            "a key that is no base64": sdp.replace(key, "*" * 40),
            "an endless key": sdp.replace(key, key * 100),
            "a lifetime beyond measure": sdp.replace(key, key + "|2^999999|1:4"),
            "an unknown suite": sdp.replace("AES_CM_128_HMAC_SHA1_80", "ROT_13"),
            "no encryption": sdp.replace(key, key + " UNENCRYPTED_SRTP"),
            "hundreds of keys": sdp
            + "".join(f"a=crypto:{i} AES_CM_128_HMAC_SHA1_80 inline:{key}\r\n" for i in range(400)),
        }
    return hostile | {f"mutation {number}": text for number, text in enumerate(mutated(sdp))}
