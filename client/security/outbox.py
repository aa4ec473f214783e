"""Wrap-ups, drafts and quality records in the vault: sealed before they are sent, freed when the server has them."""

from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from client.security.vault import Vault, VaultDamaged
from provisioning.api import QualityRecord

_OUTBOX = "outbox-"
_REFUSED = "refused-"
_DRAFT = "draft-"
_QUALITY = "quality-"


class Kept(BaseModel):
    """Something about a call, with whose it is, so that it is sent in nobody else's name."""

    model_config = ConfigDict(frozen=True)

    person: str
    ref: str


class KeptWrapUp(Kept):
    """A wrap-up, or the draft of one."""

    code: str
    notes: str = Field(repr=False)
    written_at: datetime


class KeptQuality(Kept):
    """How a call sounded."""

    record: QualityRecord


Entry = TypeVar("Entry", bound=Kept)


class Outbox:
    """What waits for the server.

    Every writing method raises `DiskFull` where there is no room.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def keep(self, entry: KeptWrapUp) -> None:
        """Seal a finished wrap-up; its draft is no longer needed."""
        self._vault.put(_OUTBOX + entry.ref, entry.model_dump_json().encode())
        self._vault.delete(_DRAFT + entry.ref)

    def keep_draft(self, entry: KeptWrapUp) -> None:
        """Seal a note as it is now."""
        self._vault.put(_DRAFT + entry.ref, entry.model_dump_json().encode())

    def waiting(self, person: str) -> list[KeptWrapUp]:
        """What this person has not got through to the server yet, oldest first.

        Raises:
            VaultDamaged: an entry does not open; it was set aside, and the next call goes on without it.
        """
        return self._of(person, _OUTBOX, KeptWrapUp)

    def drafts(self, person: str) -> list[KeptWrapUp]:
        """Notes of this person that were being written when the desk last ended, oldest first.

        Raises:
            VaultDamaged: as above.
        """
        return self._of(person, _DRAFT, KeptWrapUp)

    def keep_quality(self, entry: KeptQuality) -> None:
        """Seal how a call sounded."""
        self._vault.put(_QUALITY + entry.ref, entry.model_dump_json().encode())

    def qualities(self, person: str) -> list[KeptQuality]:
        """What this person's calls sounded like that the server does not know yet, oldest first.

        Raises:
            VaultDamaged: as above.
        """
        return self._of(person, _QUALITY, KeptQuality)

    def quality_sent(self, ref: str) -> None:
        """The server has it, or will never take it."""
        self._vault.delete(_QUALITY + ref)

    def sent(self, ref: str) -> None:
        """The server has it."""
        self._vault.delete(_OUTBOX + ref)

    def refused(self, entry: KeptWrapUp) -> None:
        """The server will never take it: it is kept aside, for nothing that a person wrote is thrown away."""
        self._vault.put(_REFUSED + entry.ref, entry.model_dump_json().encode())
        self._vault.delete(_OUTBOX + entry.ref)

    def _of(self, person: str, prefix: str, kind: type[Entry]) -> list[Entry]:
        found = []
        for name in self._vault.names(prefix):
            content = self._vault.get(name)
            if content is None:
                continue
            try:
                entry = kind.model_validate_json(content)
            except ValidationError:
                self._vault.set_aside(name)
                raise VaultDamaged(f"the entry {name} makes no sense") from None
            if entry.person == person:
                found.append(entry)
        return found
