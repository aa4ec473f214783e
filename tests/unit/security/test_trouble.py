"""Every trouble with the server has a word, and every word has a text."""

import ssl

import httpx2
import pytest

from client.core.problems import PROBLEMS
from client.security.enrol import BadServerAddress, Invitation
from client.security.files import DiskFull
from client.security.identity import CertificateExpired
from client.security.keystore import KeyStoreUnavailable
from client.security.trouble import Refused, problem_code
from provisioning.api import PROBLEM_PREFIX, Problem, ProblemType
from provisioning.enrolment import BadEnrolmentCode, EnrolmentCode, EnrolmentLink
from provisioning.pinned_tls import PinMismatch


def verification_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code = code
    return error


def wrapped(cause: BaseException) -> httpx2.ConnectError:
    """As the HTTP library raises it."""
    error = httpx2.ConnectError("failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (wrapped(PinMismatch("other key")), "server-pin-mismatch"),
        (wrapped(verification_error(10)), "server-certificate-expired"),
        (wrapped(verification_error(62)), "server-certificate-host"),
        (wrapped(verification_error(64)), "server-certificate-host"),
        (wrapped(verification_error(20)), "server-certificate-untrusted"),
        (wrapped(ConnectionRefusedError()), "server-unreachable"),
        (httpx2.ReadTimeout("slow"), "server-unreachable"),
        (TimeoutError(), "server-unreachable"),
        (CertificateExpired(), "certificate-expired"),
        (KeyStoreUnavailable(), "key-store-locked"),
        (DiskFull(), "disk-full"),
        (ZeroDivisionError(), "internal"),
        (Refused(Problem(type=PROBLEM_PREFIX + "device-revoked", title="", status=403)), "device-revoked"),
        (Refused(Problem(type="urn:other", title="", status=500)), "internal"),
    ],
)
def test_each_trouble_has_its_word(error: BaseException, code: str) -> None:
    assert problem_code(error) == code
    assert code in PROBLEMS


@pytest.mark.parametrize("kind", ProblemType)
def test_the_desk_has_words_for_every_refusal(kind: ProblemType) -> None:
    assert kind.value in PROBLEMS


def test_an_invitation_is_read_from_a_form_or_a_link() -> None:
    code = EnrolmentCode.generate()
    typed = Invitation.read("desks.example.com:8443", str(code).lower())
    assert (typed.host, typed.port, typed.code) == ("desks.example.com", 8443, code)
    pasted = Invitation.read("", f"  {EnrolmentLink('desks.example.com', 8443, code)}\n")
    assert pasted == typed


def test_a_mistyped_invitation_is_told_apart() -> None:
    code = EnrolmentCode.generate()
    wrong = str(code)[:-1] + ("0" if str(code)[-1] != "0" else "1")
    with pytest.raises(BadEnrolmentCode):
        Invitation.read("desks.example.com", wrong)
    with pytest.raises(BadServerAddress):
        Invitation.read("not a host / at all", str(code))


def test_the_code_does_not_show_when_an_invitation_is_printed() -> None:
    code = EnrolmentCode.generate()
    assert code.text not in repr(Invitation.read("desks.example.com", str(code)))
