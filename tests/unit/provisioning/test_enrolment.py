"""Codes that people type, links, and the proofs of both sides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.enrolment import (
    ALPHABET,
    BadEnrolmentCode,
    EnrolmentCode,
    EnrolmentLink,
    device_proof,
    new_nonce,
    parse_server,
    same_proof,
    server_proof,
)

CODES = st.builds(EnrolmentCode.generate)


@given(CODES)
def test_a_code_is_read_as_it_is_printed(code: EnrolmentCode) -> None:
    assert EnrolmentCode.parse(str(code)) == code
    assert EnrolmentCode.parse(str(code).lower().replace("-", " ")) == code
    assert EnrolmentCode.parse(f"\t{code.text}\n") == code


@given(CODES)
def test_lookalikes_are_read_as_what_was_meant(code: EnrolmentCode) -> None:
    typed = code.text.replace("1", "l").replace("0", "O")
    assert EnrolmentCode.parse(typed) == code


@given(CODES, st.integers(0, 23), st.sampled_from(ALPHABET))
def test_a_mistyped_code_is_another_code_or_none(code: EnrolmentCode, place: int, typed: str) -> None:
    """The check symbol catches 31 of 32 mistakes; what it misses still names another secret."""
    text = code.text[:place] + typed + code.text[place + 1 :]
    try:
        parsed = EnrolmentCode.parse(text)
    except BadEnrolmentCode:
        assert text != code.text
    else:
        assert (parsed == code) is (text == code.text)
        assert (parsed.key() == code.key()) is (text == code.text)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("", "has 0"), ("ABCD", "has 4"), ("U" * 24, "has no U"), ("!" * 24, "has no !"), ("0" * 23 + "1", "mistyped")],
)
def test_what_is_no_code_is_said_to_be_none(typed: str, reason: str) -> None:
    with pytest.raises(BadEnrolmentCode, match=reason):
        EnrolmentCode.parse(typed)


def test_a_code_does_not_show_in_a_repr() -> None:
    code = EnrolmentCode.generate()
    assert code.text not in repr(code)
    assert code.text not in repr(EnrolmentLink("localhost", 8443, code))


@given(CODES, st.sampled_from(["desks.example.com", "127.0.0.1", "[::1]"]), st.integers(1, 65535))
def test_a_link_is_read_as_it_is_written(code: EnrolmentCode, host: str, port: int) -> None:
    link = EnrolmentLink(host, port, code)
    assert EnrolmentLink.parse(str(link)) == EnrolmentLink(host.strip("[]"), port, code)


@pytest.mark.parametrize("text", ["https://enrol?server=a&code=b", "hearthline://other", "hearthline://enrol", ""])
def test_what_is_no_link_is_refused(text: str) -> None:
    with pytest.raises(BadEnrolmentCode):
        EnrolmentLink.parse(text)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("desks.example.com", ("desks.example.com", 443)),
        ("a:8443", ("a", 8443)),
        ("[::1]:1", ("::1", 1)),
        ("192.0.2.1", ("192.0.2.1", 443)),
        ("数据.example.", ("数据.example.", 443)),
    ],
)
def test_servers(text: str, server: tuple[str, int]) -> None:
    assert parse_server(text) == server


@pytest.mark.parametrize("text", ["", "a b:c", "a:99999", "user@a", "a/path", "a b", "-a", "a..b", "。"])
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(BadEnrolmentCode):
        parse_server(text)


def test_a_proof_covers_key_pin_nonces_request_and_side() -> None:
    code, pin, here, there, csr = EnrolmentCode.generate(), "p" * 43, new_nonce(), new_nonce(), b"csr"
    good = device_proof(code.key(), pin, here, there, csr)
    others = [
        device_proof(EnrolmentCode.generate().key(), pin, here, there, csr),
        device_proof(code.key(), "q" * 43, here, there, csr),
        device_proof(code.key(), pin, there, here, csr),
        device_proof(code.key(), pin, here, there, b"other"),
        server_proof(code.key(), pin, here, there),
    ]
    assert same_proof(good, device_proof(code.key(), pin, here, there, csr))
    assert not any(same_proof(good, other) for other in others)


@given(st.binary(max_size=40), st.integers(0, 40))
def test_what_is_between_two_parts_cannot_be_moved(joined: bytes, cut: int) -> None:
    left, right = joined[:cut], joined[cut:]
    moved = server_proof(b"k", "p", left + right[:1], right[1:])
    assert same_proof(server_proof(b"k", "p", left, right), moved) is (right == b"")
