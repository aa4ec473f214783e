"""What a device signs when it asks for a lease, and the reason that its agent types."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from provisioning import lease_seal
from provisioning.api import LeaseAsk, ProblemType
from provisioning.data_policy import DataPolicy
from server.customers.interfaces import Customer
from server.customers.policy import known_values
from server.devices.keys import proven
from server.devices.service import KnownDevice
from server.masking.free_text import mask_text
from server.problems import Refused


@dataclass(frozen=True)
class Wish:
    """What is wanted, and why, after all that can be checked without the database."""

    ask: LeaseAsk
    reason: str
    """One of the policy's, or empty."""
    typed_reason: str
    """Masked."""


FRESH = timedelta(seconds=60)
"""How far a device's clock may be from the server's, to either side, with the ask's way included."""


def read_ask(device: KnownDevice, ref: str, signed: str, now: datetime) -> LeaseAsk:
    """Return what was asked, if this device signed it for this call, just now, with a key that can be sealed to.

    Raises:
        Refused: it did not (device-proof-wrong), or what it signed is no ask (invalid-request).
    """
    payload = proven(device, signed, "lease")
    try:
        ask = LeaseAsk.model_validate_json(payload)
        # Sealing nothing shows whether the key is one: some have the right form and still agree on no secret.
        lease_seal.seal(b"", lease_seal.read_key(ask.key), b"")
    except (ValidationError, lease_seal.BadLeaseKey):
        # Without the cause, which quotes what was sent.
        raise Refused(ProblemType.INVALID_REQUEST, "What was signed is no ask with a key to seal to.") from None
    if abs(ask.asked_at - now) > FRESH:
        raise Refused(
            ProblemType.DEVICE_PROOF_WRONG,
            "It was not signed just now. Check this machine's clock, and ask again.",
        )
    if ask.ref != ref:
        raise Refused(ProblemType.DEVICE_PROOF_WRONG, "It was signed for another call.")
    return ask


def key_hash(ask: LeaseAsk) -> str:
    """Return what a used key is remembered by. A key has one written form, see `lease_seal.read_key`."""
    return hashlib.sha256(ask.key.encode()).hexdigest()


def masked_reason(typed: str, customer: Customer | None, policy: DataPolicy) -> str:
    """Return a typed reason as it may be kept and read by others: on one line, without what it says of customers."""
    line = "".join(character if character.isprintable() else " " for character in typed)
    known = known_values(customer.values, policy) if customer is not None else ()
    return mask_text(" ".join(line.split()), known)
