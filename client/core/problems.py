"""What can go wrong, in words: what happened, what it means, and what to do.

The words are English; `client.ui` translates them. A code that the server can answer with has the server's name for it
(`provisioning.api.ProblemType`), so no table is needed between the two; a test compares them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters now."""

    ERROR = "error"
    """Something that the person needs does not work."""
    WARNING = "warning"
    """It works, and not as it should."""
    NOTICE = "notice"
    """Good to know."""


@dataclass(frozen=True)
class Problem:
    """A problem in words for the person at the desk."""

    code: str
    happened: str
    means: str
    do: str
    severity: Severity = Severity.ERROR


_ALL = (
    # Enrolment
    Problem(
        "enrolment-code-mistyped",
        "This is not a valid enrolment code.",
        "A character is missing or mistyped. Nothing was sent.",
        "Compare the code with the one you were given, four characters at a time.",
    ),
    Problem(
        "enrolment-server-wrong",
        "This is not a server address.",
        "The address should look like desks.example.com or desks.example.com:8443.",
        "Copy the address from the message that brought your code.",
    ),
    Problem(
        "enrolment-code-unknown",
        "The server does not know this enrolment code.",
        "The code may be for another organisation.",
        "Check the server address, then ask IT for a new code.",
    ),
    Problem(
        "enrolment-code-used",
        "This enrolment code has been used.",
        "A code works once. If it was not you who used it, somebody else may have.",
        "Ask IT for a new code, and tell them if you did not use this one.",
    ),
    Problem(
        "enrolment-code-expired",
        "This enrolment code has expired.",
        "Codes are short-lived, so that a lost one is worth nothing.",
        "Ask IT for a new code.",
    ),
    Problem(
        "enrolment-proof-wrong",
        "The server could not prove that it knows your code.",
        "Somebody may be listening between this PC and the server, or the address is wrong. Nothing was given away.",
        "Check the server address. If it is right, try another network and tell IT.",
    ),
    Problem(
        "csr-refused",
        "The server refused this PC's certificate request.",
        "The program may be too old for this server.",
        "Update the program, then enrol again.",
    ),
    # The server
    Problem(
        "server-unreachable",
        "The server cannot be reached.",
        "Calls go on. Customer data and saving wait until the connection is back.",
        "Check your internet connection. The desk keeps trying by itself.",
    ),
    Problem(
        "server-pin-mismatch",
        "The server showed a key that is not one of your organisation's.",
        "Somebody may be between this PC and the server. The desk sent nothing and will not connect.",
        "Try another network. If this stays, tell IT the words 'server pin'.",
    ),
    Problem(
        "server-certificate-expired",
        "The server's certificate has expired.",
        "The desk cannot be sure whom it would talk to, so it did not connect.",
        "Check this PC's date and time. If they are right, tell IT.",
    ),
    Problem(
        "server-certificate-host",
        "The server's certificate is for another host.",
        "The desk cannot be sure whom it would talk to, so it did not connect.",
        "Tell IT the words 'server certificate host'.",
    ),
    Problem(
        "server-certificate-untrusted",
        "The server's certificate was not issued by your organisation.",
        "Somebody may be between this PC and the server. The desk sent nothing.",
        "Try another network. If this stays, tell IT the words 'server certificate'.",
    ),
    Problem(
        "certificate-required",
        "The server did not see this PC's certificate.",
        "A proxy or a security program may be opening the connection.",
        "Switch such a program off for this server, or tell IT.",
    ),
    Problem(
        "certificate-expired",
        "This PC's certificate has expired.",
        "It renews itself while the desk is used; this PC was away for too long.",
        "Ask IT for a new enrolment code.",
    ),
    Problem(
        "device-revoked",
        "This PC is no longer enrolled.",
        "IT has withdrawn its certificate.",
        "Ask IT why, and for a new enrolment code if you should go on.",
    ),
    # Signing in
    Problem(
        "sign-in-wrong",
        "Name, password or code is wrong.",
        "Nobody is signed in.",
        "Try again. The six digits change every 30 seconds and work once.",
    ),
    Problem(
        "sign-in-too-often",
        "Too many attempts to sign in.",
        "Further attempts are refused for a while, to keep guessers out.",
        "Wait a few minutes. If you forgot your password, ask your supervisor.",
    ),
    Problem(
        "session-required",
        "Your session is over.",
        "You were signed out. A call goes on until it ends.",
        "Sign in again.",
    ),
    Problem(
        "token-not-bound",
        "Your session belongs to another PC.",
        "A session works only on the PC where you signed in.",
        "Sign in again on this PC.",
    ),
    Problem(
        "signed-in-elsewhere",
        "You have signed in on another PC.",
        "A person works at one desk at a time, so this one signed out.",
        "Sign in here again to come back. If it was not you, tell IT now.",
    ),
    Problem(
        "person-disabled",
        "Your account was switched off.",
        "You were signed out.",
        "Ask your supervisor.",
    ),
    Problem("forbidden", "You may not do this.", "Your role does not include it.", "Ask your supervisor."),
    Problem("not-found", "The server does not have this.", "It may be over, or not yours.", "Go on with your work."),
    Problem(
        "conflict",
        "This was saved before with other content.",
        "What was saved first stays; your text is still here.",
        "Copy what is missing into the next note, or tell your supervisor.",
    ),
    Problem(
        "too-many-requests",
        "The desk asked too often.",
        "The server takes a short break from this desk.",
        "Wait a moment; the desk tries again by itself.",
    ),
    Problem(
        "body-too-large",
        "The text is too long for the server.",
        "It was not saved yet; it is still here.",
        "Shorten it and save again.",
    ),
    Problem(
        "invalid-request",
        "The server did not understand the desk.",
        "The program may be too old or too new for this server.",
        "Update the program. If it is new, tell IT.",
    ),
    Problem(
        "unavailable",
        "The server is busy or being serviced.",
        "Calls go on. What you save is kept here, sealed, and sent later.",
        "Go on with your work.",
    ),
    Problem(
        "internal",
        "The server made a mistake.",
        "Calls go on. What you save is kept here, sealed, and sent later.",
        "Go on with your work. If it happens again, tell IT the time.",
    ),
    Problem(
        "wrap-up-code-missing",
        "Choose how the call ended.",
        "The note is not saved yet; a code is needed with it.",
        "Press a digit to choose a code, then save.",
    ),
    # A field in clear
    Problem(
        "trust-too-low",
        "This PC cannot prove enough about itself to show this.",
        "What the customer told you stays covered. The call goes on.",
        "Open the sign at the foot of the screen to see why, or work with the covered value.",
        Severity.WARNING,
    ),
    Problem(
        "reveal-refused",
        "This cannot be shown in clear now.",
        "Your organisation's rules do not allow it in this call, for this work, or to you.",
        "Work with the covered value, or pass the customer on to somebody who may.",
        Severity.WARNING,
    ),
    Problem(
        "reveal-too-often",
        "You have shown too much in clear within an hour.",
        "The limit protects customers; it is the same for everybody.",
        "Work with the covered value, or ask your supervisor.",
        Severity.WARNING,
    ),
    Problem(
        "reveal-running",
        "Another field is still in clear, or waits for your supervisor.",
        "One field can be shown at a time.",
        "Cover the other one first, then ask again.",
        Severity.NOTICE,
    ),
    Problem(
        "reveal-not-approved",
        "Your supervisor did not agree, or nobody answered in time.",
        "The field stays covered.",
        "Go on with the covered value, or ask again with another reason.",
        Severity.NOTICE,
    ),
    Problem(
        "reveal-not-shown",
        "This PC could not open what the server sent.",
        "The field stays covered, and nothing was given away.",
        "Ask for it again. If it happens again, tell IT.",
        Severity.WARNING,
    ),
    Problem(
        "reveal-not-spoken",
        "This PC cannot read it to you in private.",
        "Others in the room could have heard it, so nothing was said.",
        "Read it from the screen, or work with the covered value.",
        Severity.NOTICE,
    ),
    Problem(
        "reveal-not-private",
        "This PC does not know that only you would hear it.",
        "No headset is chosen for speech, it is away, or calls ring at the same device. Nothing was said.",
        "Open the sound devices, choose your headset for speech and another device to ring at. Then ask again.",
        Severity.NOTICE,
    ),
    Problem(
        "approval-too-late",
        "Your answer came too late.",
        "Somebody else answered first, or the agent no longer needs it.",
        "Nothing to do.",
        Severity.NOTICE,
    ),
    Problem(
        "digits-running",
        "The customer is keying in a card already.",
        "One card can be keyed in at a time in a call.",
        "Open it again to see how far it is, or stop it first.",
        Severity.NOTICE,
    ),
    Problem(
        "digits-unavailable",
        "No card can be keyed in now.",
        "The server has no payment service, or no connection to the telephone edge. Nothing was asked of the customer.",
        "Try again in a moment. If it stays so, offer another way to pay, and tell IT.",
        Severity.WARNING,
    ),
    Problem(
        "digits-not-now",
        "A card can be keyed in during a connected call only.",
        "For the server, this call is not connected, or it began while the server was away.",
        "Try again in a moment. If it stays so, ring the customer back.",
        Severity.NOTICE,
    ),
    Problem(
        "device-proof-wrong",
        "The server does not accept this PC's signature.",
        "It could not be sure that the question came from your PC. Nothing was shown.",
        "Check this PC's date and time, then try again. If it stays, tell IT the words 'device proof'.",
    ),
    # The line
    Problem(
        "edge-unreachable",
        "The telephone line cannot be reached.",
        "Calls cannot come in until it is back.",
        "Check your internet connection. The desk keeps trying by itself.",
    ),
    Problem(
        "edge-pin-mismatch",
        "The telephone line showed a key that is not one of your organisation's.",
        "Somebody may be between this PC and the line. The desk did not register.",
        "Try another network. If this stays, tell IT the words 'edge pin'.",
    ),
    Problem(
        "edge-certificate",
        "The telephone line's certificate is not valid.",
        "The desk cannot be sure whom it would talk to, so it did not register.",
        "Check this PC's date and time. If they are right, tell IT the words 'edge certificate'.",
    ),
    Problem(
        "edge-credentials",
        "The telephone line refused this desk's password.",
        "It may have expired; the desk asks the server for a new one by itself.",
        "Wait a moment. If this stays, sign out and in again.",
    ),
    Problem(
        "edge-refused",
        "The telephone line refused this desk.",
        "Calls cannot come in.",
        "The desk tries again by itself. If this stays, tell IT.",
    ),
    Problem(
        "call-not-secure",
        "A call was refused because it was not encrypted.",
        "Nobody could have been sure who listens.",
        "Nothing to do. If it happens again, tell IT.",
    ),
    Problem(
        "edge-lost",
        "The telephone line is away; your call goes on.",
        "You and the customer still hear each other. New calls cannot come in.",
        "Go on talking. The desk is looking for another way by itself.",
        Severity.NOTICE,
    ),
    # Calls of the agent's own
    Problem(
        "dial-refused",
        "The server does not allow this call.",
        "Nobody was called.",
        "Choose somebody from the list, or ask your supervisor.",
        Severity.WARNING,
    ),
    Problem(
        "call-back-later",
        "You cannot call anybody back now.",
        "Another call is under way, or the telephone line is away.",
        "End the call or wait for the line, then choose the entry again.",
        Severity.NOTICE,
    ),
    Problem(
        "call-failed-busy",
        "The line is busy.",
        "The other side is in another call.",
        "Try again later.",
        Severity.NOTICE,
    ),
    Problem(
        "call-failed-no-answer",
        "Nobody answered.",
        "It rang at the other side.",
        "Try again later.",
        Severity.NOTICE,
    ),
    Problem(
        "call-failed-unknown",
        "This number or name cannot be called.",
        "It does not exist, or it may not be called from here.",
        "Check it, or choose somebody else from the list.",
        Severity.WARNING,
    ),
    Problem(
        "call-failed",
        "The call did not come about.",
        "The other side or the way to it refused it.",
        "Try again. If it stays so, tell IT.",
        Severity.WARNING,
    ),
    Problem(
        "transfer-failed",
        "The transfer did not work.",
        "The call is still yours; the customer has not been cut off.",
        "Take the customer back from hold, or transfer to somebody else.",
        Severity.WARNING,
    ),
    # The engine and sound
    Problem(
        "sound-device-lost",
        "Your headset or speaker is gone.",
        "The sound has moved to the best device that is left.",
        "Plug it in again; the desk takes it back by itself.",
        Severity.WARNING,
    ),
    Problem(
        "engine-stopped",
        "The sound engine stopped.",
        "Calls cannot come in for a moment. A new engine is starting by itself.",
        "Nothing to do. If it happens again and again, tell IT.",
    ),
    Problem(
        "call-cut-off",
        "The sound engine stopped, and your call was cut off.",
        "The customer heard the call end. A new engine is starting by itself.",
        "Write in the note that the call was cut off, so that somebody calls back, and save it.",
    ),
    Problem(
        "engine-unfit",
        "This PC's media core lacks TLS 1.2 or SRTP.",
        "The desk refuses to telephone without encryption.",
        "Install the program again from your organisation's package.",
    ),
    Problem(
        "no-microphone",
        "There is no microphone.",
        "Customers will not hear you.",
        "Plug your headset in, or switch its microphone on. The desk notices by itself.",
    ),
    Problem(
        "no-speaker",
        "There is no headphone or speaker.",
        "You will not hear customers.",
        "Plug your headset in. The desk notices by itself.",
    ),
    # This PC
    Problem(
        "key-store-locked",
        "This PC's key store is locked or missing.",
        "The desk keeps its keys there and cannot work without them.",
        "Unlock it (on Linux: the login keyring), then try again.",
    ),
    Problem(
        "hardware-key-gone",
        "This PC's security chip (TPM) does not answer.",
        "The device's key is in the chip, so the desk can't prove which PC this is.",
        "Restart the PC and try again. If it stays so, or the chip was cleared, ask IT for a new enrolment code.",
    ),
    Problem(
        "hardware-not-proven",
        "This PC's key was not proven to be in a security chip (TPM).",
        "Your organisation lets people sign in only at PCs whose key can't be copied.",
        "Ask IT: the PC needs a TPM 2.0 that you may use, of a maker on your organisation's list.",
    ),
    Problem(
        "profile-damaged",
        "This PC's enrolment is damaged.",
        "Its files or its key were changed or lost, so the desk can't prove who it is.",
        "Ask IT for a new enrolment code and enrol again.",
    ),
    Problem(
        "vault-damaged",
        "Some of what this desk had kept cannot be opened.",
        "It was changed, or sealed with another key. It was set aside, not deleted.",
        "Tell IT; drafts from before may be missing.",
    ),
    Problem(
        "disk-full",
        "This PC's disk is full.",
        "The desk cannot keep a copy of your text. It is still on the screen.",
        "Free some space now, before you close the desk.",
    ),
    Problem(
        "desk-already-open",
        "The desk is open already.",
        "Two of them on one PC would take calls from each other.",
        "Go to the window that is open. If there is none, sign out of this PC and in again.",
    ),
    Problem(
        "manifest-bad-signature",
        "The server sent settings that your organisation did not sign.",
        "The desk did not take them and goes on with the ones it has.",
        "Tell IT the words 'manifest signature'.",
    ),
    Problem(
        "manifest-stale",
        "The server sent settings older than the ones in use.",
        "The desk did not take them and goes on with the ones it has.",
        "Tell IT the words 'old manifest'.",
    ),
    Problem(
        "clock-wrong",
        "This PC's clock is wrong.",
        "Certificates and sign-in codes depend on it.",
        "Set the date and time to automatic, then try again.",
    ),
)

PROBLEMS: dict[str, Problem] = {problem.code: problem for problem in _ALL}


def problem(code: str) -> Problem:
    """Return the words for a code; a code that this version does not know is the server's mistake."""
    return PROBLEMS.get(code, PROBLEMS["internal"])


class Problems:
    """The problems on the screen; the newest is in front."""

    def __init__(self) -> None:
        self._shown: dict[str, Problem] = {}

    def __bool__(self) -> bool:
        return bool(self._shown)

    def show(self, code: str) -> None:
        """Put a problem on the screen, in front."""
        self._shown.pop(code, None)
        self._shown[code] = problem(code)

    def mend(self, *codes: str) -> None:
        """Take problems off the screen."""
        for code in codes:
            self._shown.pop(code, None)

    def dismiss(self) -> None:
        """Take the front problem off the screen."""
        if self._shown:
            self._shown.popitem()

    def clear(self) -> None:
        """Take all of them off the screen."""
        self._shown.clear()

    def reflect(self, wrong: tuple[str, ...], well: tuple[str, ...]) -> None:
        """Show what appeared, and take away what is over."""
        self.mend(*well)
        for code in wrong:
            self.show(code)

    @property
    def front(self) -> Problem | None:
        """The one that matters now."""
        return next(reversed(self._shown.values()), None)
