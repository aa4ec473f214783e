"""Reading one report: who signed it, whether it is newer than the last, and what it is worth."""

import json
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import ProblemType
from provisioning.organisation import Organisation
from provisioning.posture import Posture, PosturePolicy, clock_skew, decide_trust
from provisioning.trust import TrustDecision
from server.clock import Clock
from server.devices.keys import proven
from server.devices.models import Device
from server.devices.service import KnownDevice
from server.problems import Refused
from server.published import PublishedManifest


@dataclass(frozen=True)
class Report:
    """A report that the device signed."""

    posture: Posture
    trust: TrustDecision
    trust_until: datetime
    """When the next report is overdue, and this one is worth nothing any more."""
    next_seconds: int

    @property
    def stored(self) -> dict[str, object]:
        """What the session's row keeps of it."""
        content: dict[str, object] = json.loads(self.posture.model_dump_json())
        return content


class Reports:
    """Reads reports by the policy of the newest manifest."""

    def __init__(self, clock: Clock, organisation: Organisation) -> None:
        self._clock = clock
        self._manifest = PublishedManifest(organisation, "no posture policy can be read, the last one stays")
        self._policy = PosturePolicy()

    @property
    def policy(self) -> PosturePolicy:
        """The organisation's policy.

        While there is no manifest that can be believed, the policy stays as it was: the usual one after a start.
        """
        if (manifest := self._manifest.now()) is not None:
            self._policy = manifest.posture
        return self._policy

    def read(self, device: KnownDevice, statement: str) -> Report:
        """Read what a device stated, and decide what it is worth.

        Raises:
            Refused: this device did not sign it (device-proof-wrong), or it makes no sense (invalid-request).
        """
        content = proven(device, statement, "posture")
        try:
            posture = Posture.model_validate_json(content)
        except ValidationError:
            # What was sent is not repeated; and the cause would quote it.
            raise Refused(ProblemType.INVALID_REQUEST, "What this device signed is no posture report.") from None
        if not device.key_in_hardware:
            # Where a key is, is proven at enrolment; what a report claims beyond that counts for nothing.
            posture = posture.model_copy(update={"key_storage": "os-key-store"})
        now, policy = self._clock(), self.policy
        return Report(
            posture=posture,
            trust=decide_trust(posture, policy, skew=clock_skew(posture, now)),
            trust_until=now + policy.overdue_after,
            next_seconds=policy.check_seconds,
        )

    async def accept(self, session: AsyncSession, device: KnownDevice, report: Report) -> None:
        """Take a report as the device's newest, in the caller's transaction.

        Who locks a device and a session locks the device first.

        Raises:
            Refused: it is not newer than one that we have: somebody shows an old one again.
        """
        number = report.posture.sequence
        query = update(Device).where(Device.id == device.id, Device.posture_sequence < number)
        taken = await session.execute(query.values(posture_sequence=number))
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            raise Refused(ProblemType.DEVICE_PROOF_WRONG, "This report is not newer than the last one. Make a new one.")
