"""Whoever asks for a certificate chooses every byte of the request. It is signed, or it is refused as such."""

import base64
import contextlib
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.pki import Authority, BadRequest, Role, csr_der, generate_key, make_csr

AUTHORITY = Authority.create("Harbour Bank")
DER = csr_der(make_csr(generate_key(), "desk").decode())
CHANGES = st.lists(st.tuples(st.integers(0, len(DER) - 1), st.integers(0, 255)), min_size=1, max_size=4)


def pem(der: bytes) -> str:
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(CHANGES)
def test_a_request_with_other_bytes_is_signed_or_refused(changes: list[tuple[int, int]]) -> None:
    der = bytearray(DER)
    for place, byte in changes:
        der[place] = byte
    for read in (lambda text: AUTHORITY.sign_csr(text, Role.DEVICE, "d1", timedelta(days=1)), csr_der):
        with contextlib.suppress(BadRequest):
            read(pem(bytes(der)))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_text_that_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        AUTHORITY.sign_csr(text, Role.DEVICE, "d1", timedelta(days=1))
