"""The wall: a supervisor's view of their own team, pushed as it changes."""

from sqlalchemy import select

from provisioning.api import AgentView, Presence, Role, WallChanged
from server.clock import Clock
from server.database import Database
from server.people.models import Person
from server.people.sessions import SignedIn
from server.push.hub import Hub
from server.supervision.presence import PresenceBoard, PresenceState


class Wall:
    """Turns presence into what supervisors see."""

    def __init__(self, database: Database, clock: Clock, hub: Hub, board: PresenceBoard) -> None:
        self._database = database
        self._clock = clock
        self._hub = hub
        self._board = board

    def report(self, signed_in: SignedIn, state: PresenceState) -> None:
        """Remember what a person does, and show it to the supervisors of their team."""
        # A clock at home may be wrong; nobody has been anything since tomorrow.
        since = min(state.since, self._clock())
        bounded = PresenceState(state.presence, since, state.call_ref, int(signed_in.trust.level))
        self._board.put(signed_in.person, bounded)
        if signed_in.role is Role.AGENT:
            view = _view(signed_in.person, signed_in.display_name, signed_in.team, bounded)
            self._hub.send_to_supervisors(signed_in.team, WallChanged(agents=(view,)))

    def trusted(self, signed_in: SignedIn) -> None:
        """Show that a desk is trusted more or less than before, if it is here."""
        state = self._board.all().get(signed_in.person)
        if state is not None and state.presence is not Presence.OFFLINE:
            self.report(signed_in, state)

    def gone(self, signed_in: SignedIn) -> None:
        """Show that a desk's socket closed."""
        self.report(signed_in, PresenceState(Presence.OFFLINE, self._clock()))

    async def whole(self, team: str) -> WallChanged:
        """Return all agents of a team, those who are not here too."""
        query = select(Person).where(Person.team == team, Person.role == Role.AGENT, Person.disabled_at.is_(None))
        async with self._database.read() as session:
            people = (await session.execute(query.order_by(Person.name))).scalars().all()
        states = self._board.all()
        return WallChanged(
            agents=tuple(
                _view(
                    person.name,
                    person.display_name,
                    person.team,
                    states.get(person.name, PresenceState(Presence.OFFLINE, person.added_at)),
                )
                for person in people
            )
        )


def _view(name: str, display_name: str, team: str, state: PresenceState) -> AgentView:
    return AgentView(
        name=name,
        display_name=display_name,
        team=team,
        presence=state.presence,
        since=state.since,
        call_ref=state.call_ref,
        # A desk that is not here has no trust to speak of.
        trust=None if state.presence is Presence.OFFLINE else state.trust,
    )
