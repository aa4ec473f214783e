"""One lease's key: what is asked is signed, what is answered opens once, for this alone, and leaves no copy."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from client.security.clear_value import Safe
from client.security.device_key import SoftwareDeviceKey
from client.security.reveal import Ask, NotOpened, make_ask, open_into
from provisioning import api, lease_seal, pki
from provisioning.device_proof import BadProof, open_proof
from tests.unit.security.memory import Needle, found_in_memory
from tests.unit.security.test_clear_value import linux

REF = "c_reference1"
LEASE = "l_0123456789abcdef"
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


@pytest.fixture
def key() -> SoftwareDeviceKey:
    return SoftwareDeviceKey(pki.key_pem(pki.generate_key()))


def read(ask: Ask, key: SoftwareDeviceKey) -> api.LeaseAsk:
    """What the server reads of an ask."""
    public = load_pem_public_key(key.public_pem.encode())
    return api.LeaseAsk.model_validate_json(open_proof(ask.signed, "lease", public))  # type: ignore[arg-type]


def answer(
    ask: api.LeaseAsk, value: bytes, *, lease: str = LEASE, ref: str = REF, field: str = "phone"
) -> api.LeaseView:
    """What the server answers: sealed for `lease`, `ref` and `field`, told for the ask's own."""
    sealed = lease_seal.seal(value, lease_seal.read_key(ask.key), lease_seal.bound(lease, ref, field))
    return api.LeaseView(
        lease=LEASE,
        ref=ask.ref,
        field=ask.field,
        state=api.LeaseState.GRANTED,
        seconds=20,
        expires_at=NOW + timedelta(seconds=30),
        sealed=sealed,
    )


def test_the_ask_is_signed_for_this_call_field_and_moment_with_a_key_of_its_own(key: SoftwareDeviceKey) -> None:
    first, second = make_ask(key, REF, "phone", NOW), make_ask(key, REF, "phone", NOW)
    asked = read(first, key)
    assert (asked.ref, asked.field, asked.asked_at) == (REF, "phone", NOW)
    assert asked.key != read(second, key).key
    with pytest.raises(BadProof):
        open_proof(first.signed, "posture", load_pem_public_key(key.public_pem.encode()))  # type: ignore[arg-type]


def test_a_value_opens_into_the_safe(key: SoftwareDeviceKey) -> None:
    safe, ask = Safe(), make_ask(key, REF, "phone")
    open_into(safe, ask, answer(read(ask, key), "张三 138".encode()))
    value = safe.get(LEASE)
    assert value is not None
    assert list(value.characters()) == list("张三 138")
    safe.wipe_all()


@pytest.mark.parametrize(
    "other",
    [{"lease": "l_another0123456789"}, {"ref": "c_another1"}, {"field": "email"}],
    ids=lambda other: next(iter(other)),
)
def test_what_was_sealed_for_another_does_not_open(key: SoftwareDeviceKey, other: dict[str, str]) -> None:
    safe, ask = Safe(), make_ask(key, REF, "phone")
    with pytest.raises(NotOpened):
        open_into(safe, ask, answer(read(ask, key), b"13812345678", **other))
    assert safe.get(LEASE) is None


def test_what_was_sealed_for_another_key_does_not_open(key: SoftwareDeviceKey) -> None:
    safe, ask = Safe(), make_ask(key, REF, "phone")
    with pytest.raises(NotOpened):
        open_into(safe, ask, answer(read(make_ask(key, REF, "phone"), key), b"13812345678"))


def test_a_lease_for_another_field_is_not_opened(key: SoftwareDeviceKey) -> None:
    safe, ask = Safe(), make_ask(key, REF, "phone")
    view = answer(read(ask, key), b"x@example.com", field="email").model_copy(update={"field": "email"})
    with pytest.raises(NotOpened):
        open_into(safe, ask, view)


def test_what_is_no_text_is_told_without_quoting_it(key: SoftwareDeviceKey) -> None:
    safe, ask = Safe(), make_ask(key, REF, "phone")
    with pytest.raises(NotOpened) as told:
        open_into(safe, ask, answer(read(ask, key), b"1381234\xff678"))
    assert told.value.__cause__ is None
    assert "138" not in repr(told.value)


def test_nothing_secret_is_in_a_repr(key: SoftwareDeviceKey) -> None:
    ask = make_ask(key, REF, "phone")
    assert ask.signed not in repr(ask)
    assert "key" not in repr(ask)


@linux
def test_opening_leaves_one_copy_and_wiping_none(key: SoftwareDeviceKey) -> None:
    """The library returns a `bytes`; no other copy of it may be left anywhere in this process."""
    needle, safe = Needle(), Safe()
    ask = make_ask(key, REF, "phone")
    value = needle.value()
    view = answer(read(ask, key), value)
    _forget(value)
    assert found_in_memory(needle) == []
    open_into(safe, ask, view)
    assert len(found_in_memory(needle)) == 1
    safe.wipe(LEASE)
    assert found_in_memory(needle) == []


def _forget(value: bytes) -> None:
    from client.security.clear_value import wipe_bytes  # noqa: PLC0415 - only here

    wipe_bytes(value)
