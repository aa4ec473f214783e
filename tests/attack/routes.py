"""Every route of the server: whose door it is, and how a stranger would reach through it for what is another's.

A route that is not in this table fails the test. To add one: say whose it is; and where its path, query or body names
something that belongs to somebody, give a `Reach`, else say in `why` what makes a reach impossible.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from tests.integration.server.leasing import LeaseDesk

Json = dict[str, Any]


class Door(Enum):
    """Who may come in at all."""

    ANYBODY = "anybody"
    DEVICE = "device"
    PERSON = "person"
    EDGE = "edge"
    ADMIN = "admin"


@dataclass(frozen=True)
class Things:
    """What belongs to somebody. Each is used as it is, and as one of the same form that does not exist."""

    ref: str
    device_id: str
    name: str
    lease: str
    digits: str = "d_AAAAAAAAAAAAAAAAAAAAAA"
    """Nobody keys in a card here; tests/integration/server/test_digits.py has one who does, and a colleague."""

    def fill(self, pattern: str) -> str:
        """Return a route's path with these things in it."""
        return pattern.format(**asdict(self))


ABSENT = Things(ref="c_AAAAAAAAAAAAAAAA", device_id="0123456789abcdef", name="nobody", lease="l_AAAAAAAAAAAAAAAAAAAAAA")


@dataclass(frozen=True)
class Reach:
    """How a person asks for something of another's."""

    body: Callable[[LeaseDesk, Things], Json | None] = lambda _desk, _things: None
    owner: frozenset[int] = frozenset({200})
    """What its owner is answered, at the end: a reach that nobody can make would prove nothing."""
    by_supervisor: bool = False
    """It is meant for supervisors of the owner's team, so they are its owners here."""
    absent_is_new: bool = False
    """What does not exist is begun by asking (a desk reports a call that the server never heard of). So a stranger can
    tell another's reference from one that does not exist; references have 96 random bits, so there is none to find."""


@dataclass(frozen=True)
class Route:
    """One entry."""

    door: Door
    reach: Reach | None = None
    why: str = ""


def _wrap_up(_desk: LeaseDesk, _things: Things) -> Json:
    return {"code": "answered", "notes": "全程文字。", "written_at": "2026-11-30T12:00:00Z"}


def _quality(_desk: LeaseDesk, _things: Things) -> Json:
    return {
        "codec": "opus/48000", "srtp": "AEAD_AES_256_GCM", "seconds": 12.5, "mos_mean": 4.2, "mos_worst": 3.9,
        "loss_mean": 0.5, "loss_worst": 2.0, "jitter_mean": 3.0, "jitter_worst": 9.0, "round_trip_mean": 20.0,
        "round_trip_worst": 40.0, "sent_loss_mean": 0.0, "sent_loss_worst": 1.0, "ended": "remote",
    }  # fmt: skip


def _lease(desk: LeaseDesk, things: Things) -> Json:
    """An ask that this desk's own device signed: right in all but whose call it is."""
    return {"ask": desk.sign_ask(things.ref, "phone").signed, "reason": "identity-check"}


_OWN_SESSION = "it says nothing but what is the session's own"
_OWN_DEVICE = "it says nothing but what is the device's own, or every device's"
_SERVICE = "one organisation has one such role, and all of it is its business"

ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/healthz"): Route(Door.ANYBODY, why="it says that the server lives"),
    ("GET", "/readyz"): Route(Door.ANYBODY, why="it says that the database lives"),
    ("POST", "/enrolment/hello"): Route(Door.ANYBODY, why="the code is the key; see test_replay.py"),
    ("POST", "/enrolment/redeem"): Route(Door.ANYBODY, why="the code is the key; see test_replay.py"),
    ("POST", "/devices/renew"): Route(Door.DEVICE, why=_OWN_DEVICE),
    ("POST", "/devices/attestation"): Route(Door.DEVICE, why="the TPM's key proves it; see tests/integration/tpm"),
    ("POST", "/devices/pin-reports"): Route(Door.DEVICE, why=_OWN_DEVICE),
    ("PUT", "/session/posture"): Route(Door.PERSON, why="another device's report is in test_replay.py"),
    ("GET", "/manifest"): Route(Door.DEVICE, why=_OWN_DEVICE),
    ("POST", "/session"): Route(Door.DEVICE, why="the password is the key; see test_sign_in.py"),
    ("DELETE", "/session"): Route(Door.PERSON, why=_OWN_SESSION),
    ("POST", "/sip/credentials"): Route(Door.PERSON, why=_OWN_SESSION),
    ("GET", "/calls"): Route(Door.PERSON, why="it lists one's own; see test_no_list_holds_anothers"),
    ("GET", "/calls/{ref}/customer"): Route(Door.PERSON, Reach()),
    ("PUT", "/calls/{ref}/wrap-up"): Route(
        Door.PERSON, Reach(body=_wrap_up, owner=frozenset({204}), absent_is_new=True)
    ),
    ("PUT", "/calls/{ref}/quality"): Route(
        Door.PERSON, Reach(body=_quality, owner=frozenset({204}), absent_is_new=True)
    ),
    ("GET", "/calls/{ref}/quality"): Route(Door.PERSON, Reach(by_supervisor=True)),
    ("POST", "/calls/{ref}/leases"): Route(Door.PERSON, Reach(body=_lease, owner=frozenset({201}))),
    ("GET", "/calls/{ref}/leases/{lease}"): Route(Door.PERSON, Reach()),
    ("PUT", "/calls/{ref}/leases/{lease}/end"): Route(
        Door.PERSON, Reach(body=lambda _desk, _things: {"reason": "hidden"}, owner=frozenset({204}))
    ),
    # It was over before anybody decided: a conflict is what only those are told who may know of it.
    ("PUT", "/leases/{lease}/decision"): Route(
        Door.PERSON,
        Reach(body=lambda _desk, _things: {"approved": True}, owner=frozenset({409}), by_supervisor=True),
    ),
    # There is no payment service here, which is said to the call's own agent alone.
    ("POST", "/calls/{ref}/digits"): Route(Door.PERSON, Reach(body=lambda _desk, _things: {}, owner=frozenset({503}))),
    ("DELETE", "/calls/{ref}/digits/{digits}"): Route(Door.PERSON, Reach(owner=frozenset({204}))),
    ("GET", "/directory"): Route(Door.PERSON, why="it names colleagues, and no number"),
    ("POST", "/dial-tokens"): Route(
        Door.PERSON, Reach(body=lambda _desk, things: {"call": things.ref}, owner=frozenset({201}))
    ),
    ("POST", "/edge/calls"): Route(Door.EDGE, why=_SERVICE),
    ("POST", "/edge/calls/{ref}/ended"): Route(Door.EDGE, why=_SERVICE),
    ("POST", "/edge/dial"): Route(Door.EDGE, why=_SERVICE),
    ("GET", "/edge/withdrawn"): Route(Door.EDGE, why=_SERVICE),
    ("POST", "/edge/digits/{digits}/tones"): Route(Door.EDGE, why=_SERVICE),
    ("WEBSOCKET", "/edge/control"): Route(Door.EDGE, why=_SERVICE),
    ("POST", "/admin/enrolment-codes"): Route(Door.ADMIN, why=_SERVICE),
    ("GET", "/admin/devices"): Route(Door.ADMIN, why=_SERVICE),
    ("POST", "/admin/devices/{device_id}/revoke"): Route(Door.ADMIN, why=_SERVICE),
    ("POST", "/admin/manifest/published"): Route(Door.ADMIN, why=_SERVICE),
    ("POST", "/admin/people"): Route(Door.ADMIN, why=_SERVICE),
    ("GET", "/admin/people"): Route(Door.ADMIN, why=_SERVICE),
    ("PUT", "/admin/people/{name}/clearance"): Route(Door.ADMIN, why=_SERVICE),
    ("POST", "/admin/people/{name}/disable"): Route(Door.ADMIN, why=_SERVICE),
    ("GET", "/admin/audit/verification"): Route(Door.ADMIN, why=_SERVICE),
    ("GET", "/admin/audit/head"): Route(Door.ADMIN, why=_SERVICE),
    ("GET", "/admin/audit/entries"): Route(Door.ADMIN, why=_SERVICE),
    ("GET", "/admin/audit/checkpoints"): Route(Door.ADMIN, why=_SERVICE),
    ("POST", "/admin/audit/checkpoints"): Route(Door.ADMIN, why=_SERVICE),
    ("POST", "/admin/audit/checkpoint-key"): Route(Door.ADMIN, why=_SERVICE),
    ("WEBSOCKET", "/desk"): Route(Door.PERSON, why="what can be said over it is in test_http.py"),
    ("GET", "/openapi.json"): Route(Door.ANYBODY, why="it describes the server, as the source does"),
}
"""By method and pattern."""
