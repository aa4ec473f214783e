"""The engine's parts that need no PJSIP at work."""

import ssl
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.sip.engine.invite import call_reference, srtp_suite
from client.sip.engine.line import LONGEST_RETRY_SECONDS, retry_delay
from client.sip.engine.log_lines import LONGEST, scrub
from client.sip.engine.pins import is_pinned, pin_of
from client.sip.engine.timers import Timers
from provisioning.pins import certificate_pin
from tests.integration.engine.authority import Authority

INVITE = "INVITE sip:agent@example.invalid SIP/2.0\r\nVia: SIP/2.0/TLS x\r\n{}Content-Length: 0\r\n\r\n{}"


@pytest.mark.parametrize(
    ("header", "reference"),
    [
        ("X-Hearthline-Call: c_12345678\r\n", "c_12345678"),
        ("x-HEARTHLINE-call :\t c_12345678 \r\n", "c_12345678"),
        ("X-Hearthline-Call: c_1234567\r\n", ""),
        ("X-Hearthline-Call: c_" + "x" * 41 + "\r\n", ""),
        ("X-Hearthline-Call: c_12345678\r\nX-Hearthline-Call: c_12345678\r\n", ""),
        ("X-Hearthline-Call: c_1234 5678\r\n", ""),
        ("X-Hearthline-Call: c_１２３４５６７８\r\n", ""),
        ("Y-X-Hearthline-Call: c_12345678\r\n", ""),
        ("", ""),
    ],
)
def test_the_reference_is_taken_only_in_its_form(header: str, reference: str) -> None:
    assert call_reference(INVITE.format(header, "")) == reference


def test_a_reference_in_the_body_does_not_count() -> None:
    assert call_reference(INVITE.format("", "X-Hearthline-Call: c_12345678\r\n")) == ""


@given(st.text())
def test_no_message_breaks_the_reference(message: str) -> None:
    assert isinstance(call_reference(message), str)


def test_the_suite_is_read_only_from_an_active_srtp_line() -> None:
    assert srtp_suite("  #0 audio\n     SRTP status: Active Crypto-suite: AEAD_AES_256_GCM\n") == "AEAD_AES_256_GCM"
    assert srtp_suite("     SRTP status: Not active Crypto-suite: AEAD_AES_256_GCM\n") == ""
    assert srtp_suite("[CONFIRMED] To: sip:x@SRTP status: Active Crypto-suite: AEAD_AES_256_GCM\n") == ""
    assert srtp_suite("") == ""


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("Call from <sip:+8613812345678@edge.example.invalid> failed", "13812345678"),
        ("sip:+8613812345678@edge.example.invalid: error", "13812345678"),
        ('From "Zhang San" <sip:x@y>', "Zhang"),
        ('Digest username="1:agent", response="0123"', "agent"),
        ("agent@example.invalid: registration failed", "agent"),
        ("number 138 1234 5678 called", "1234"),
        ("key d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj used", "d0Rm"),
        ("first line\nINVITE sip:someone SIP/2.0", "someone"),
    ],
)
def test_the_log_keeps_nothing_private(line: str, secret: str) -> None:
    assert secret not in scrub(line)


@given(st.text())
def test_a_log_line_is_one_short_line(text: str) -> None:
    assert len(scrub(text)) <= LONGEST
    assert "\n" not in scrub(text)


def test_pins_are_those_of_the_manifest() -> None:
    authority = Authority()
    identity = authority.issue("localhost")
    der_pin = certificate_pin(_der(identity.certificate_pem))
    assert pin_of(identity.certificate_pem) == der_pin
    assert is_pinned(identity.certificate_pem, ("other", der_pin))
    assert not is_pinned(identity.certificate_pem, ("other",))
    assert not is_pinned(identity.certificate_pem, ())


@pytest.mark.parametrize(
    "pem", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_not_pinned(pem: str) -> None:
    assert not is_pinned(pem, ("", "x"))


def _der(pem: str) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem)


def test_the_first_retry_is_quick_and_later_ones_spread_to_two_minutes() -> None:
    def largest(_low: float, high: float) -> float:
        return high

    def smallest(low: float, _high: float) -> float:
        return low

    assert retry_delay(0, largest) <= 1.0
    bounds = [retry_delay(rounds, largest) for rounds in range(1, 10)]
    assert bounds == sorted(bounds)
    assert bounds[-1] == LONGEST_RETRY_SECONDS == 120.0
    assert retry_delay(9, smallest) <= 1.0


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_timers_run_in_order_once_and_not_when_cancelled() -> None:
    clock = Clock()
    timers = Timers(clock)
    done: list[str] = []

    def note(name: str) -> Callable[[], None]:
        return lambda: done.append(name)

    timers.after(2.0, note("second"))
    timers.after(1.0, note("first"))
    timers.after(1.5, note("never")).cancel()
    timers.after(9.0, note("later"))
    timers.run_due()
    assert done == []
    clock.now = 2.0
    timers.run_due()
    timers.run_due()
    assert done == ["first", "second"]


def test_a_timer_set_by_a_timer_waits_for_the_next_turn() -> None:
    timers = Timers(Clock())
    done: list[int] = []

    def again() -> None:
        done.append(1)
        timers.after(0.0, again)

    timers.after(0.0, again)
    timers.run_due()
    assert done == [1]
