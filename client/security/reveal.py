"""A lease's key, the signed ask for it, and the opening of what comes sealed to it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from client.security.clear_value import ClearValue, Safe
from provisioning import api, lease_seal
from provisioning.device_proof import DeviceKey, prove


class NotOpened(Exception):
    """What the server sent does not open with this lease's key, or is no text."""


@dataclass(frozen=True)
class Ask:
    """One ask, and the private key that its answer is sealed to."""

    ref: str
    name: str
    signed: str = field(repr=False)
    key: lease_seal.PrivateKey = field(repr=False)


def make_ask(device_key: DeviceKey, ref: str, name: str, now: datetime | None = None) -> Ask:
    """Make a key pair for one lease, and sign the ask for it. May block for as long as a TPM takes to sign.

    Raises:
        ValueError: call or field is not one that can be asked for.
    """
    private, public = lease_seal.generate()
    statement = api.LeaseAsk(ref=ref, field=name, key=public, asked_at=now or datetime.now(UTC))
    return Ask(ref, name, prove(device_key, "lease", statement.model_dump_json().encode()), private)


def open_into(safe: Safe, ask: Ask, view: api.LeaseView) -> None:
    """Open a granted lease's value into the safe, and leave no other copy of it.

    Raises:
        NotOpened: it was sealed for another lease, call, field or key, or is no text.
    """
    if (view.ref, view.field) != (ask.ref, ask.name):
        raise NotOpened("the lease is for something that was not asked for")
    try:
        raw = lease_seal.open_sealed(view.sealed, ask.key, lease_seal.bound(view.lease, view.ref, view.field))
        safe.put(view.lease, ClearValue(raw))
    except ValueError:
        # Without the cause: nothing of what was sealed may be quoted.
        raise NotOpened("what the server sealed can't be opened or shown") from None
