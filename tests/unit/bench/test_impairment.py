"""The bad network: decided by a seed, in order, and put into the session description."""

import itertools
import socket

import pytest

from bench.voice.impairment import Impairment, Relay, fates
from bench.voice.lossy_edge import through

SDP = (
    "v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/SAVP 96\r\na=rtcp:4001 IN IP4 192.0.2.7\r\n"
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\na=rtcp-mux\r\n"
)


def taken(impairment: Impairment, seed: int, count: int = 20_000) -> list[float | None]:
    return list(itertools.islice(fates(impairment, seed), count))


@pytest.mark.parametrize("percent", [0, 1, 5, 20, 100])
def test_as_many_packets_are_lost_as_was_asked(percent: float) -> None:
    found = taken(Impairment(percent), 1)
    assert 100 * found.count(None) / len(found) == pytest.approx(percent, abs=1)
    assert set(found) <= {None, 0.0}


def test_everybody_meets_the_same_network() -> None:
    assert taken(Impairment(10, 50), 3) == taken(Impairment(10, 50), 3)
    assert taken(Impairment(10, 50), 3) != taken(Impairment(10, 50), 4)


def test_the_same_packets_wait_as_long_whatever_is_lost_beside_them() -> None:
    for lossy, whole in zip(taken(Impairment(20, 50), 1), taken(Impairment(0, 50), 1), strict=True):
        assert lossy in (None, whole)


def test_jitter_is_spread_evenly() -> None:
    found = [one for one in taken(Impairment(jitter_ms=50), 1) if one is not None]
    assert (min(found), max(found)) == pytest.approx((0, 0.05), abs=0.001)
    assert sum(found) / len(found) == pytest.approx(0.025, abs=0.001)


def test_the_description_leads_to_the_relay_and_keeps_the_keys() -> None:
    changed = through(SDP, 5_000)
    assert "m=audio 5000 RTP/SAVP 96" in changed
    assert "c=IN IP4 127.0.0.1" in changed
    assert "192.0.2.7" not in changed
    assert "a=crypto:1" in changed
    assert "a=rtcp-mux" in changed


def test_packets_come_through_in_order_and_both_ways() -> None:
    with Relay(Impairment(jitter_ms=5), 1) as relay, udp() as near, udp() as far:
        relay.near_is_at(near.getsockname()[1])
        relay.far_is_at(far.getsockname()[1])
        for number in range(50):
            near.sendto(bytes([number]), ("127.0.0.1", relay.near))
        assert [far.recv(10)[0] for _ in range(50)] == list(range(50))
        far.sendto(b"back", ("127.0.0.1", relay.far))
        assert near.recv(10) == b"back"


def test_a_packet_that_is_lost_does_not_come() -> None:
    with Relay(Impairment(100), 1) as relay, udp() as near, udp() as far, udp_at(far.getsockname()[1] + 1) as control:
        relay.far_is_at(far.getsockname()[1])
        near.sendto(b"sound", ("127.0.0.1", relay.near))
        # RTCP is not harmed; once it is here, the sound that was sent before would be too.
        near.sendto(b"report", ("127.0.0.1", relay.near + 1))
        assert control.recv(10) == b"report"
        far.setblocking(False)
        with pytest.raises(BlockingIOError):
            far.recv(10)


def udp() -> socket.socket:
    return udp_at(0)


def udp_at(port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.settimeout(10)
    found.bind(("127.0.0.1", port))
    return found
