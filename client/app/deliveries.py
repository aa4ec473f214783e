"""What a person writes, and how their calls sounded: sealed here first, then sent, now or when the server is back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from client.app import translate
from client.core import events
from client.core import intents as want
from client.core.events import Event
from client.security.link import Link
from client.security.outbox import Kept, KeptQuality, KeptWrapUp, Outbox
from client.security.trouble import is_passing, problem_code
from client.security.vault import VaultDamaged
from provisioning import api

Entry = TypeVar("Entry", bound=Kept)
_log = logging.getLogger("hearthline.desk")
_DRAFT_PAUSE = 0.4
"""A note is sealed this long after the last keystroke; a crash costs no more typing than that."""
_RETRY_SECONDS = 5.0

SESSION_ENDERS = frozenset({"session-required", "token-not-bound", "device-revoked", "certificate-expired"})
"""Answers after which nothing can be sent before somebody signs in again."""


class Deliveries:
    """One person's outbox and what empties it."""

    def __init__(self, link: Link, person: str, outbox: Outbox, emit: Callable[[Event], None]) -> None:
        self._link = link
        self._person = person
        self._outbox = outbox
        self._emit = emit
        self._work = asyncio.Event()
        self._draft: tuple[asyncio.TimerHandle, KeptWrapUp] | None = None

    def take_up(self) -> None:
        """Bring back what an earlier session left."""
        for draft in self._undamaged(self._outbox.drafts):
            self._emit(events.DraftFound(draft.ref, draft.notes, draft.code))
        self._changed()

    def nudge(self) -> None:
        """The server is back: try now."""
        self._work.set()

    def flush(self) -> None:
        """Seal the draft that waits for a pause in the typing."""
        if self._draft is None:
            return
        timer, entry = self._draft
        timer.cancel()
        self._draft = None
        try:
            self._outbox.keep_draft(entry)
            self._emit(events.Mended("disk-full"))
        except Exception as error:  # Any trouble with the disk becomes a problem in words.
            self._emit(events.Failed(problem_code(error)))

    # --- Keeping ------------------------------------------------------------------------------------------------------

    def keep_draft(self, wish: want.KeepDraft, now: datetime) -> None:
        """Seal a note soon."""
        entry = KeptWrapUp(person=self._person, ref=wish.ref, code=wish.code, notes=wish.notes, written_at=now)
        if self._draft and self._draft[1].ref != wish.ref:
            # Another call's note: what was typed in the first must not wait for a pause in this one.
            self.flush()
        if self._draft:
            self._draft[0].cancel()
        self._draft = (asyncio.get_running_loop().call_later(_DRAFT_PAUSE, self.flush), entry)

    def save_wrap_up(self, wish: want.SaveWrapUp, now: datetime) -> None:
        """Seal a finished wrap-up, then send it."""
        if self._draft and self._draft[1].ref == wish.ref:
            self._draft[0].cancel()
            self._draft = None
        entry = KeptWrapUp(person=self._person, ref=wish.ref, code=wish.code, notes=wish.notes, written_at=now)
        try:
            self._outbox.keep(entry)
        except Exception as error:  # Any trouble with the disk becomes a problem in words.
            self._emit(events.Failed(problem_code(error)))
            return
        self._emit(events.Mended("disk-full"))
        self._emit(events.WrapUpKept(entry.ref))
        self._changed()

    def keep_quality(self, wish: want.KeepQuality) -> None:
        """Seal how a call sounded, then send it."""
        entry = KeptQuality(person=self._person, ref=wish.ref, record=translate.quality_record(wish.record))
        try:
            self._outbox.keep_quality(entry)
        except Exception as error:  # The call and its note matter more; the log is enough.
            _log.info("quality record not kept: %s", problem_code(error))
            return
        self._work.set()

    # --- Sending ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Send what waits, whenever there is something, for as long as the session lasts."""
        while True:
            await self._work.wait()
            self._work.clear()
            if not await self._send_all():
                await asyncio.sleep(_RETRY_SECONDS)
                self._work.set()

    async def _send_all(self) -> bool:
        """Send what waits, oldest first; False where it should be tried again."""
        try:
            for entry in self._undamaged(self._outbox.waiting):
                request = api.WrapUpRequest(code=entry.code, notes=entry.notes, written_at=entry.written_at)
                code = await _outcome(self._link.wrap_up(entry.ref, request))
                if code is None:
                    self._outbox.sent(entry.ref)
                elif is_passing(code) or code in SESSION_ENDERS:
                    return False
                else:
                    self._outbox.refused(entry)
                    self._emit(events.Failed(code))
                self._emit(events.OutboxChanged(self._waiting_refs()))
            for measured in self._undamaged(self._outbox.qualities):
                code = await _outcome(self._link.quality(measured.ref, measured.record))
                if code is not None and (is_passing(code) or code in SESSION_ENDERS):
                    return False
                if code is not None:
                    _log.info("quality record refused: %s", code)
                self._outbox.quality_sent(measured.ref)
        except Exception as error:  # Trouble with the vault or the disk.
            self._emit(events.Failed(problem_code(error)))
            return False
        return True

    def _changed(self) -> None:
        self._emit(events.OutboxChanged(self._waiting_refs()))
        self._work.set()

    def _waiting_refs(self) -> tuple[str, ...]:
        return tuple(entry.ref for entry in self._undamaged(self._outbox.waiting))

    def _undamaged(self, read: Callable[[str], list[Entry]]) -> list[Entry]:
        """What this person has there. A damaged entry is told once, for it is set aside, and the rest goes on."""
        while True:
            try:
                return read(self._person)
            except VaultDamaged as error:
                self._emit(events.Failed(problem_code(error)))
            except OSError as error:  # The files are there, and can't be read now.
                self._emit(events.Failed(problem_code(error)))
                return []


async def _outcome(sending: Awaitable[None]) -> str | None:
    """The problem that sending met with; None when it is done."""
    try:
        await sending
    except Exception as error:  # Sorted by its code.
        return problem_code(error)
    return None
