"""Who answered in the place of the server or an edge with another key: kept sealed, and told when the way is good.

The connection was refused inside its handshake and nothing was sent over it. What is noted of it is where it was, when,
and the pin of the key that was shown; nothing else of who was there.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from pydantic import ValidationError

from client.security.files import DiskFull
from client.security.link import Link
from client.security.vault import Vault, VaultDamaged
from provisioning.api import PinFailure, PinReport
from provisioning.device_proof import DeviceKey, prove

_PREFIX = "pin-"
_MOST = 40
"""Different places and keys that are kept: whoever shows a new key at each attempt must not fill the disk."""
_MOST_TIMES = 1_000_000


class PinReports:
    """The failures that the server does not know of yet. Every method may be called in any thread.

    Args:
        vault: where they are sealed.
        clock: this PC's.
    """

    def __init__(self, vault: Vault, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._vault = vault
        self._clock = clock

    def note(self, kind: Literal["https", "websocket", "sip"], host: str, port: int, seen: str) -> None:
        """Keep a failure. Never raises: that the connection was refused does not depend on this.

        Args:
            kind: what was to be spoken.
            host: where, as the manifest says.
            port: as well.
            seen: the pin of the key that was shown.
        """
        name = _PREFIX + hashlib.sha256(f"{kind} {host} {port} {seen}".encode()).hexdigest()[:32]
        now = self._clock()
        with contextlib.suppress(DiskFull, OSError, ValidationError):
            before = self._open(name)
            if before is None and len(self._vault.names(_PREFIX)) >= _MOST:
                return
            failure = PinFailure(
                kind=kind,
                host=host,
                port=port,
                seen=seen,
                first_at=before.first_at if before else now,
                last_at=now,
                times=min(before.times + 1, _MOST_TIMES) if before else 1,
            )
            self._vault.put(name, failure.model_dump_json().encode())

    async def send(self, link: Link, key: DeviceKey) -> None:
        """Tell the server, over a link whose own pins held; what it has taken is forgotten here.

        Raises:
            Refused, httpx2.TransportError: it does not take them now; they are kept.
            HardwareUnavailable: they can't be signed; they are kept.
        """
        kept = await asyncio.to_thread(self._all)
        if not kept:
            return
        report = PinReport(failures=tuple(kept.values()))
        statement = await asyncio.to_thread(prove, key, "pin-report", report.model_dump_json().encode())
        await link.report_pins(statement)
        await asyncio.to_thread(self._forget, kept)

    def _all(self) -> dict[str, PinFailure]:
        opened = {name: self._open(name) for name in self._vault.names(_PREFIX)[:_MOST]}
        return {name: failure for name, failure in opened.items() if failure is not None}

    def _forget(self, told: dict[str, PinFailure]) -> None:
        for name, failure in told.items():
            # One that happened again meanwhile is told again.
            if self._open(name) == failure:
                self._vault.delete(name)

    def _open(self, name: str) -> PinFailure | None:
        try:
            content = self._vault.get(name)
            return PinFailure.model_validate_json(content) if content is not None else None
        except (VaultDamaged, ValidationError):
            return None
