"""What the server needs of a payment service."""

from dataclasses import dataclass
from typing import Protocol


class PaymentUnavailable(Exception):
    """The payment service cannot be reached, or its answer makes no sense. Nobody knows whether it charged."""


@dataclass(frozen=True)
class Outcome:
    """What became of a charge; `reason` is a slug, for a person to read."""

    accepted: bool
    reason: str


class PaymentService(Protocol):
    """Takes a card and an amount."""

    async def charge(
        self,
        card: memoryview,
        expiry: memoryview,
        code: memoryview,
        *,
        amount: str,
        currency: str,
        reference: str,
    ) -> Outcome:
        """Charge `amount` (such as 12.50; empty where the service knows it) to a card. Digits are ASCII.

        `reference` is the same when the same charge is asked again: the service charges it once.

        Raises:
            PaymentUnavailable: there is no usable answer.
        """
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...
