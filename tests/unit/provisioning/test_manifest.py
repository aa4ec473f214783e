"""A manifest is obeyed only if the organisation signed it and no newer one was obeyed before."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from provisioning import signing
from provisioning.local_text import LocalText
from provisioning.manifest import (
    BadManifest,
    EdgeSection,
    Manifest,
    PolicySection,
    ServerSection,
    SipSection,
    StaleManifest,
    WrapUpCode,
    open_manifest,
    sign_manifest,
)
from provisioning.signing import BadSignature, generate_signing_key, public_pem

KEY = generate_signing_key()
TRUSTED = (public_pem(KEY),)
PINS = ("p" * 43, "q" * 43)


def manifest(version: int = 3) -> Manifest:
    text = LocalText(en="Answered", zh="已解答")
    return Manifest(
        organisation="Harbour Bank",
        version=version,
        issued_at=datetime(2026, 11, 24, tzinfo=UTC),
        server=ServerSection(host="localhost", port=8443, pins=PINS, ca_pem="pem"),
        sip=SipSection(
            domain="sip.example.com",
            edges=(EdgeSection(name=text, host="127.0.0.1", port=5061, pins=PINS),),
            ca_pem="pem",
        ),
        policy=PolicySection(wrap_up_codes=(WrapUpCode(id="answered", label=text),)),
        signing_keys=TRUSTED,
    )


def test_what_was_signed_is_what_is_read() -> None:
    assert open_manifest(sign_manifest(manifest(), KEY), TRUSTED, newest_version=3) == manifest()


def test_a_second_trusted_key_is_as_good() -> None:
    other = generate_signing_key()
    assert open_manifest(sign_manifest(manifest(), KEY), (public_pem(other), *TRUSTED)) == manifest()


def test_an_older_version_is_refused() -> None:
    with pytest.raises(StaleManifest, match="version 3 is older than version 4"):
        open_manifest(sign_manifest(manifest(), KEY), TRUSTED, newest_version=4)


def test_another_key_is_refused() -> None:
    with pytest.raises(BadSignature):
        open_manifest(sign_manifest(manifest(), generate_signing_key()), TRUSTED)


def test_nothing_is_good_without_trusted_keys() -> None:
    with pytest.raises(BadSignature):
        open_manifest(sign_manifest(manifest(), KEY), ())


@given(st.data())
def test_a_changed_character_is_found(data: st.DataObject) -> None:
    token = sign_manifest(manifest(), KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    changed = token[:place] + data.draw(st.characters(codec="ascii")) + token[place + 1 :]
    try:
        assert open_manifest(changed, TRUSTED) == manifest()
    except BadSignature:
        assert changed != token
    else:
        # Base64 has spare bits at its end, so another character can stand for the same bytes; nothing more may pass.
        assert changed.split(".")[:2] == token.split(".")[:2]


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "Ed25519"}, {"alg": "Ed25519", "typ": "JWT"}]
)
def test_another_algorithm_or_type_is_refused(header: dict[str, str]) -> None:
    def encode(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    head, body = encode(json.dumps(header).encode()), encode(manifest().model_dump_json().encode())
    signature = b"" if header["alg"] == "none" else KEY.sign(f"{head}.{body}".encode())
    with pytest.raises(BadSignature):
        open_manifest(f"{head}.{body}.{encode(signature)}", TRUSTED)


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b'{"version": 0}', b"\xff"])
def test_a_signed_nonsense_is_no_manifest(payload: bytes) -> None:
    with pytest.raises(BadManifest, match="make no sense"):
        open_manifest(signing.sign(payload, KEY), TRUSTED)


def test_an_older_desk_obeys_a_newer_server() -> None:
    newer = json.loads(manifest().model_dump_json()) | {"invented_later": True}
    assert open_manifest(signing.sign(json.dumps(newer).encode(), KEY), TRUSTED) == manifest()


def test_a_garbled_token_is_refused() -> None:
    for token in ("", ".", "..", "a.b.c", "x"):
        with pytest.raises(BadSignature):
            open_manifest(token, TRUSTED)


def test_the_key_is_ed25519() -> None:
    assert isinstance(KEY, Ed25519PrivateKey)
