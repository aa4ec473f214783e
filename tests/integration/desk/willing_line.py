"""An engine and a line that do at once whatever the desk orders, for tests in which something else goes wrong."""

import asyncio
from collections.abc import Awaitable, Callable

from client.core import telephony as tel

OUTGOING = 100
"""A call of the agent's own has this number, and that of its request added."""


class WillingLine:
    """Stands where `EngineSupervisor` does."""

    def __init__(
        self, on_report: Callable[[tel.Report], None], _credentials: Callable[[], Awaitable[tel.Register | None]]
    ) -> None:
        self._on_report = on_report

    def start(self) -> None:
        """Report an engine."""
        self._report(tel.EngineStarted(pid=1, core_version="2.17", tls="OpenSSL 3", codecs=("opus/48000",)))

    def send(self, order: tel.Order, /) -> None:
        """Do it, as the network would: a moment later."""
        match order:
            case tel.Register():
                self._report(tel.RegistrationChanged(tel.RegistrationState.REGISTERED, status=200))
            case tel.AnswerCall(call):
                self._report(tel.CallConfirmed(call))
            case tel.MakeCall(request):
                self._report(tel.CallOutgoing(OUTGOING + request, request))
                self._report(tel.CallConfirmed(OUTGOING + request))
            case tel.HangUp(call):
                self._report(tel.CallEnded(call, tel.CallEnd.LOCAL))
            case tel.RejectCall(call):
                self._report(tel.CallEnded(call, tel.CallEnd.REJECTED))

    async def stop(self) -> None:
        """End at once."""

    def _report(self, report: tel.Report) -> None:
        asyncio.get_running_loop().call_soon(self._on_report, report)
