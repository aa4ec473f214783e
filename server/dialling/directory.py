"""The directory: queues and services of the organisation's file, and colleagues."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from provisioning.api import DirectoryEntry, DirectoryReply
from provisioning.local_text import LocalText
from provisioning.organisation import Organisation
from server.people.models import Person


@dataclass(frozen=True)
class Destination:
    """Where an entry leads."""

    target: str = field(repr=False)
    caller: str
    """The number to show there; empty for the trunk's own choice."""


class Directory:
    """Whom somebody may call. Read anew each time, so that what was published holds at once."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation

    async def list_for(self, session: AsyncSession, person: str) -> DirectoryReply:
        """Return the entries for one person: all but themselves."""
        dialling = self._organisation.dialling
        entries = [DirectoryEntry(id=found.id, kind=found.kind, label=found.label) for found in dialling.directory]
        taken = {entry.id for entry in entries}
        query = select(Person.name, Person.display_name).where(Person.disabled_at.is_(None), Person.name != person)
        for name, display_name in (await session.execute(query.order_by(Person.name))).all():
            # An id means one thing: where a queue has a colleague's name, the name is the queue's.
            if name not in taken:
                label = LocalText(en=display_name, zh=display_name)
                entries.append(DirectoryEntry(id=name, kind="colleague", label=label))
        return DirectoryReply(entries=tuple(entries), numbers=dialling.manual_dialling)

    async def find(self, session: AsyncSession, entry: str, person: str) -> Destination | None:
        """Return where an entry leads, or None when this person's directory has no such entry."""
        dialling = self._organisation.dialling
        for found in dialling.directory:
            if found.id == entry:
                caller = dialling.caller_number if found.kind == "service" else ""
                return Destination(found.target, caller)
        colleague = await session.get(Person, entry)
        if colleague is None or colleague.disabled_at is not None or colleague.name == person:
            return None
        return Destination(colleague.name, "")

    @property
    def numbers(self) -> bool:
        """Whether people may type numbers."""
        return self._organisation.dialling.manual_dialling

    @property
    def caller_number(self) -> str:
        """What customers see when they are called."""
        return self._organisation.dialling.caller_number
