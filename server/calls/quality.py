"""How calls sounded: each desk measures its own, and supervisors look at those of their team."""

from datetime import timedelta

from provisioning.api import ProblemType, QualityFinding, QualityRecord, QualityReply, Role
from server.calls.models import Call, CallQuality
from server.calls.service import Calls
from server.clock import Clock
from server.database import Database
from server.people.models import Person
from server.people.sessions import SignedIn
from server.problems import Refused

_GOOD_MOS, _FAIR_MOS = 4.024, 3.597
"""R 80 and R 70 as scores (G.107, annex B): above the first most people are satisfied, below the other many are not
(G.109)."""
_LOSS_PERCENT = 3.0
"""Where concealment begins to be heard; 5% is what G.711 with concealment bears in G.113's planning values."""
_JITTER_MS = 30.0
_ROUND_TRIP_MS = 300.0
"""150 ms one way, mouth to ear, is the most at which talk is still easy (G.114)."""
_LONGEST_SECONDS = 86_400.0
_CUT_OFF = ("lost", "engine-lost")


def findings(record: QualityRecord) -> tuple[QualityFinding, ...]:
    """Return what was wrong with a call over its whole length, the worst news first."""
    wrong = (
        (QualityFinding.CUT_OFF, record.ended in _CUT_OFF),
        (QualityFinding.SCORE, record.mos_mean < _FAIR_MOS),
        (QualityFinding.LOSS, record.loss_mean >= _LOSS_PERCENT),
        (QualityFinding.SENT_LOSS, record.sent_loss_mean >= _LOSS_PERCENT),
        (QualityFinding.JITTER, record.jitter_mean >= _JITTER_MS),
        (QualityFinding.DELAY, record.round_trip_mean >= _ROUND_TRIP_MS),
    )
    return tuple(finding for finding, found in wrong if found)


def verdict(record: QualityRecord) -> str:
    """Put a call's mean score into a word, by the bounds that desks use."""
    if record.mos_mean >= _GOOD_MOS:
        return "good"
    return "fair" if record.mos_mean >= _FAIR_MOS else "poor"


class Qualities:
    """All quality records."""

    def __init__(self, database: Database, clock: Clock, calls: Calls) -> None:
        self._database = database
        self._clock = clock
        self._calls = calls

    async def put(self, signed_in: SignedIn, ref: str, record: QualityRecord) -> None:
        """Keep a call's record. Another one for the same call replaces it: a desk that came back has measured longer.

        Raises:
            Refused: it is another's call.
        """
        now = self._clock()
        begun = now - timedelta(seconds=min(record.seconds, _LONGEST_SECONDS))
        async with self._database.write() as session:
            await self._calls.own_or_reported(session, signed_in, ref, begun)
            await session.merge(CallQuality(ref=ref, reported_at=now, **record.model_dump()))

    async def get(self, signed_in: SignedIn, ref: str) -> QualityReply:
        """Return a record, and what was wrong.

        Raises:
            Refused: the asker is no supervisor (forbidden), or there is no record of a call of their team (not-found).
        """
        if signed_in.role is not Role.SUPERVISOR:
            raise Refused(ProblemType.FORBIDDEN, "This is for supervisors.")
        async with self._database.read() as session:
            row, call = await session.get(CallQuality, ref), await session.get(Call, ref)
            agent = await session.get(Person, call.agent) if call is not None else None
        # Another team's call is answered as one that does not exist.
        if row is None or agent is None or agent.team != signed_in.team:
            raise Refused(ProblemType.NOT_FOUND, "There is no such record of your team.")
        record = QualityRecord.model_validate({name: getattr(row, name) for name in QualityRecord.model_fields})
        return QualityReply(
            ref=ref,
            agent=agent.name,
            reported_at=row.reported_at,
            verdict=verdict(record),
            findings=findings(record),
            record=record,
        )
