"""PJSIP's call, with its callbacks as plain functions, and the parameters that our requests carry."""

from collections.abc import Callable

import pjsua2 as pj

from client.sip.engine.line import LineAccount

RINGING = 180
OK = 200
BAD_REQUEST = 400
TEMPORARILY_UNAVAILABLE = 480
BUSY_HERE = 486
REQUEST_TERMINATED = 487
NOT_ACCEPTABLE_HERE = 488
DECLINED = 603


def _nothing(*_: object) -> None:
    """What is done when nobody listens."""


class NativeCall(pj.Call):  # type: ignore[misc]
    """PJSIP's call; hands its callbacks to the switchboard, on the engine's main loop."""

    def __init__(self, account: LineAccount, call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, call_id)
        self.forget()

    def forget(self) -> None:
        """Let go of whoever listens.

        To be called before the last reference goes: PJSIP's call must be destroyed there and then, on the main loop.
        In a circle of references it would wait for Python's garbage collector, which may run on any thread.
        """
        self.on_state: Callable[[], None] = _nothing
        self.on_media: Callable[[], None] = _nothing
        self.on_signalling: Callable[[], None] = _nothing
        self.on_digit: Callable[[str], None] = _nothing
        self.on_text: Callable[[str], None] = _nothing
        self.on_transfer: Callable[[int, bool], None] = _nothing

    def onCallState(self, _prm: pj.OnCallStateParam) -> None:  # noqa: N802
        """Called by PJSIP when the INVITE session changes its state."""
        self.on_state()

    def onCallMediaState(self, _prm: pj.OnCallMediaStateParam) -> None:  # noqa: N802
        """Called by PJSIP when the negotiated media change."""
        self.on_media()

    def onCallTsxState(self, _prm: pj.OnCallTsxStateParam) -> None:  # noqa: N802
        """Called by PJSIP when any transaction of the call moves: the other side's signalling lives."""
        self.on_signalling()

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:  # noqa: N802
        """Called by PJSIP when the other side presses a key."""
        self.on_digit(str(prm.digit))

    def onCallRxText(self, prm: pj.OnCallRxTextParam) -> None:  # noqa: N802
        """Called by PJSIP when real-time text arrives. U+FEFF is none: some send it to keep a silent stream alive."""
        if text := str(prm.text).replace("\ufeff", ""):
            self.on_text(text)

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:  # noqa: N802
        """Called by PJSIP when the other side tells how a transfer of ours goes on."""
        self.on_transfer(int(prm.statusCode), bool(prm.finalNotify))

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:  # noqa: N802
        """Called by PJSIP for a REFER. It is refused: nobody else decides whom this desk calls."""
        prm.statusCode = DECLINED

    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:  # noqa: N802
        """Called by PJSIP for an INVITE that would take a call's place. It is refused: the agent would be talking to
        somebody else without knowing it."""
        prm.statusCode = DECLINED


def parameters(*, text: bool = False) -> pj.CallOpParam:
    """One audio stream, real-time text where it is wanted, and nothing else."""
    prm = pj.CallOpParam(True)
    prm.opt.audioCount = 1
    prm.opt.videoCount = 0
    prm.opt.textCount = 0
    if text:
        prm.opt.textCount = 1
    return prm


def with_status(status: int, *, text: bool = False) -> pj.CallOpParam:
    """Parameters of an answer with a SIP status."""
    prm = parameters(text=text)
    prm.statusCode = status
    return prm
