"""A value that is sealed opens with its own key, for its own lease, and for nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.lease_seal import BadLeaseKey, SealedForOther, bound, generate, open_sealed, read_key, seal

PRIVATE, PUBLIC = generate()
LEASE = bound("l_AAAAAAAAAAAAAAAA", "c_12345678", "phone")


@settings(max_examples=50)
@given(st.binary(max_size=1200))
def test_what_is_sealed_opens(value: bytes) -> None:
    sealed = seal(value, read_key(PUBLIC), LEASE)
    assert open_sealed(sealed, PRIVATE, LEASE) == value
    assert len(sealed) <= 8192


def test_no_two_are_alike() -> None:
    assert seal(b"13800138000", read_key(PUBLIC), LEASE) != seal(b"13800138000", read_key(PUBLIC), LEASE)
    assert generate()[1] != generate()[1]


@pytest.mark.parametrize(
    "other",
    [
        bound("l_AAAAAAAAAAAAAAAB", "c_12345678", "phone"),
        bound("l_AAAAAAAAAAAAAAAA", "c_12345679", "phone"),
        bound("l_AAAAAAAAAAAAAAAA", "c_12345678", "email"),
        b"",
    ],
)
def test_it_opens_for_no_other_lease_call_or_field(other: bytes) -> None:
    with pytest.raises(SealedForOther):
        open_sealed(seal(b"13800138000", read_key(PUBLIC), LEASE), PRIVATE, other)


def test_it_opens_with_no_other_key() -> None:
    with pytest.raises(SealedForOther):
        open_sealed(seal(b"13800138000", read_key(PUBLIC), LEASE), generate()[0], LEASE)


@settings(max_examples=50)
@given(st.data())
def test_it_opens_no_more_once_a_character_is_another(data: st.DataObject) -> None:
    sealed = seal(b"13800138000", read_key(PUBLIC), LEASE)
    place = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(st.sampled_from("ABCDEFabcdef0123456789-_").filter(lambda new: new != sealed[place]))
    with pytest.raises(SealedForOther):
        open_sealed(sealed[:place] + letter + sealed[place + 1 :], PRIVATE, LEASE)


@given(st.text(max_size=60))
def test_what_is_no_sealed_value_is_said_to_be_none(text: str) -> None:
    with pytest.raises(SealedForOther):
        open_sealed(text, PRIVATE, LEASE)


@given(st.text(max_size=60) | st.text("ABCDabcd0123-_", min_size=1600, max_size=1640))
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadLeaseKey):
        seal(b"", read_key(text), LEASE)
