"""An engine and an edge for the core's tests: orders in, the reports that a real engine would give out."""

from dataclasses import dataclass, field

from client.core import telephony as tel
from client.core.intents import Intent


@dataclass
class Line:
    """One call as the exchange knows it."""

    number: int
    ours: bool
    confirmed: bool = False
    held: bool = False


@dataclass
class FakeExchange:
    """Obeys at once; what the other sides do is up to the test."""

    lines: dict[int, Line] = field(default_factory=dict)
    last: int = 100
    conference: tuple[int, ...] = ()

    def new_call(self) -> tel.CallIncoming:
        """Somebody calls."""
        self.last += 1
        self.lines[self.last] = Line(self.last, ours=False)
        return tel.CallIncoming(self.last, f"c_reference{self.last}")

    def obey(self, order: Intent) -> list[tel.Report]:  # noqa: PLR0911 - one line an order
        """Carry out an order, and report."""
        match order:
            case tel.MakeCall(request, _):
                self.last += 1
                self.lines[self.last] = Line(self.last, ours=True)
                return [tel.CallOutgoing(self.last, request)]
            case tel.AnswerCall(number) if (line := self.lines.get(number)) and not line.ours:
                return self.confirm(line)
            case tel.RejectCall(number, status) if (line := self.lines.get(number)) and not line.confirmed:
                del self.lines[number]
                return [tel.CallEnded(number, tel.CallEnd.REJECTED, status)]
            case tel.HangUp(number) if number in self.lines:
                del self.lines[number]
                return [tel.CallEnded(number, tel.CallEnd.LOCAL)]
            case tel.SetHold(number, held) if (line := self.lines.get(number)) and line.confirmed:
                line.held = held
                return [tel.CallMedia(number, active=not held, held_locally=held, held_remotely=False)]
            case tel.SetConference(calls):
                self.conference = tuple(call for call in calls if call in self.lines)
                return [tel.ConferenceChanged(self.conference)]
            case _:
                return []

    def confirm(self, line: Line) -> list[tel.Report]:
        """Both sides are there."""
        if line.confirmed:
            return []
        line.confirmed = True
        media = tel.CallMedia(
            line.number, active=True, held_locally=False, held_remotely=False, codec="opus", text=True
        )
        return [tel.CallConfirmed(line.number), media]

    def end(self, number: int, end: tel.CallEnd = tel.CallEnd.REMOTE, status: int = 0) -> list[tel.Report]:
        """The other side goes."""
        if self.lines.pop(number, None) is None:
            return []
        return [tel.CallEnded(number, end, status)]

    @property
    def heard(self) -> set[int]:
        """The calls that the agent hears and is heard in."""
        return {line.number for line in self.lines.values() if line.confirmed and not line.held}
