"""The state of what is always in view: engine, line, server, trust, sound. And which problem each of them means."""

from dataclasses import replace

from client.core import telephony as tel
from client.core.snapshot import StatusSnapshot, Words

_FAULTS: dict[tel.LineFault, str] = {
    tel.LineFault.UNREACHABLE: "edge-unreachable",
    tel.LineFault.PIN_MISMATCH: "edge-pin-mismatch",
    tel.LineFault.CERTIFICATE: "edge-certificate",
    tel.LineFault.CREDENTIALS: "edge-credentials",
    tel.LineFault.REFUSED: "edge-refused",
}
_SOUND: dict[tel.SoundFault, str] = {
    tel.SoundFault.NO_MICROPHONE: "no-microphone",
    tel.SoundFault.NO_SPEAKER: "no-speaker",
}
_WELL_WHEN_REGISTERED = (*_FAULTS.values(), "engine-stopped")

Reflection = tuple[tuple[str, ...], tuple[str, ...]]
"""Codes of problems that appeared, and codes of problems that are over."""


class Line:
    """Collects reports into a `StatusSnapshot`."""

    def __init__(self) -> None:
        self.status = StatusSnapshot()
        self.edges: dict[str, Words] = {}
        self._unfit = False

    def trusted(self, level: int | None, reasons: tuple[str, ...]) -> None:
        """The server told how far it trusts this desk."""
        self.status = replace(self.status, trust=level, trust_reasons=reasons)

    def linked(self, *, connected: bool) -> None:
        """The connection to the server came up or went down."""
        self.status = replace(self.status, server_connected=connected)

    def take(
        self,
        report: tel.EngineStarted | tel.EngineUnfit | tel.EngineStopped | tel.RegistrationChanged | tel.SoundChanged,
    ) -> Reflection:
        """Take a report, and say which problems it brings and which it ends."""
        match report:
            case tel.EngineStarted():
                self._unfit = False
                self.status = replace(self.status, engine_running=True)
                return (), ("engine-unfit",)
            case tel.EngineUnfit():
                self._unfit = True
                self._down()
                return ("engine-unfit",), ("engine-stopped",)
            case tel.EngineStopped():
                self._down()
                # An engine that was refused ends as well; the reason for it is what the person should read.
                return () if self._unfit else ("engine-stopped",), ()
            case tel.RegistrationChanged():
                return self._registration(report)
            case tel.SoundChanged():
                self.status = replace(self.status, sound_faults=report.faults)
                wrong = tuple(_SOUND[fault] for fault in report.faults)
                return wrong, tuple(code for code in _SOUND.values() if code not in wrong)

    def _down(self) -> None:
        unregistered = tel.RegistrationState.UNREGISTERED
        self.status = replace(self.status, engine_running=False, registration=unregistered, edge=None)

    def _registration(self, report: tel.RegistrationChanged) -> Reflection:
        name = self.edges.get(report.edge, Words(report.edge, report.edge)) if report.edge else None
        self.status = replace(self.status, registration=report.state, edge=name)
        if report.state is tel.RegistrationState.REGISTERED:
            return (), _WELL_WHEN_REGISTERED
        code = _FAULTS.get(report.fault)
        if code is None:
            return (), ()
        # One cause at a time: what was wrong before is replaced by what is wrong now.
        return (code,), tuple(other for other in _FAULTS.values() if other != code)
