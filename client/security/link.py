"""The link to the server: pinned TLS 1.3 with the device's certificate, and every question a desk asks over it."""

import functools
import platform
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from client.security.identity import Device
from client.security.trouble import Refused
from provisioning import api
from provisioning.pinned_tls import load_identity, pinned_context, repin

_Reply = TypeVar("_Reply", bound=BaseModel)
_Kind = Literal["https", "websocket"]
_KINDS: tuple[_Kind, _Kind] = ("https", "websocket")
Mismatch = Callable[[_Kind, str, int, str], None]
"""Takes what was to be spoken, host, port, and the pin of the key that was shown there in place of a pinned one."""
_TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
USER_AGENT = f"hearthline-desk ({platform.system()})"


class Link:
    """Questions to the server, as one device and, once signed in, as one person.

    Every method raises `Refused` where the server answers with a problem, and httpx2.TransportError where there is no
    answer; `client.security.trouble.problem_code` has the word for each.

    Args:
        device: whose certificate and pins are used.
        on_mismatch: is told of whoever answers in the server's place with another key.
    """

    def __init__(self, device: Device, on_mismatch: Mismatch | None = None) -> None:
        device.check_certificate()
        server = device.manifest.server
        self._told = {
            kind: functools.partial(on_mismatch, kind, server.host, server.port) if on_mismatch is not None else None
            for kind in _KINDS
        }
        # One for each, so that it is known what was to be spoken with whom it was not.
        self._https, self.context = (
            pinned_context(server.ca_pem, server.pins, device.client_cert, self._told[kind]) for kind in _KINDS
        )
        self._token = ""
        self._authority = f"{_bracketed(server.host)}:{server.port}"
        self._client = self._new_client()
        self.websocket_url = f"wss://{self._authority}/desk"

    def _new_client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            base_url=f"https://{self._authority}",
            verify=self._https,
            timeout=_TIMEOUT,
            headers={"User-Agent": USER_AGENT},
            # A proxy of this PC's environment would see, and could change, where we connect.
            trust_env=False,
        )

    async def identify_as(self, device: Device) -> None:
        """Use the device's next certificate from now on; connections with the old one are closed."""
        for context in (self._https, self.context):
            load_identity(context, *device.client_cert)
        old, self._client = self._client, self._new_client()
        await old.aclose()

    def obey(self, device: Device) -> None:
        """Take the pins of the device's newest manifest from the next connection on."""
        for kind, context in zip(_KINDS, (self._https, self.context), strict=True):
            repin(context, device.manifest.server.pins, self._told[kind])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    @property
    def authorization(self) -> dict[str, str]:
        """The header that carries the session's token (RFC 6750)."""
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    @property
    def signed_in(self) -> bool:
        """Whether there is a session."""
        return bool(self._token)

    def drop_session(self) -> None:
        """Forget the token; the session is over or will be."""
        self._token = ""

    async def sign_in(self, request: api.SignInRequest) -> api.SignInReply:
        """Open a session; later questions are asked in its name."""
        reply = await self._ask("POST", "/session", api.SignInReply, request)
        self._token = reply.token
        return reply

    async def sign_out(self) -> None:
        """Close the session."""
        try:
            await self._tell("DELETE", "/session")
        finally:
            self.drop_session()

    async def sip_credentials(self) -> api.SipCredentialsReply:
        """Fetch ephemeral credentials for the edge."""
        return await self._ask("POST", "/sip/credentials", api.SipCredentialsReply)

    async def customer(self, ref: str) -> api.CustomerCard:
        """Fetch the masked card of the customer of a call."""
        return await self._ask("GET", f"/calls/{ref}/customer", api.CustomerCard)

    async def wrap_up(self, ref: str, request: api.WrapUpRequest) -> None:
        """Save a wrap-up. Saving the same again is no error."""
        await self._tell("PUT", f"/calls/{ref}/wrap-up", request)

    async def history(self) -> api.HistoryReply:
        """Fetch this agent's calls, newest first."""
        return await self._ask("GET", "/calls", api.HistoryReply)

    async def directory(self) -> api.DirectoryReply:
        """Fetch whom this person may call."""
        return await self._ask("GET", "/directory", api.DirectoryReply)

    async def dial(self, request: api.DialRequest) -> api.DialReply:
        """Fetch a token to dial: it works once, for this person, and not for long."""
        return await self._ask("POST", "/dial-tokens", api.DialReply, request)

    async def quality(self, ref: str, record: api.QualityRecord) -> None:
        """Report how a call sounded. Reporting the same again is no error."""
        await self._tell("PUT", f"/calls/{ref}/quality", record)

    async def call_quality(self, ref: str) -> api.QualityReply:
        """Fetch how a call of one's team sounded; for supervisors."""
        return await self._ask("GET", f"/calls/{ref}/quality", api.QualityReply)

    async def ask_lease(self, ref: str, request: api.LeaseRequest) -> api.LeaseView:
        """Ask to reveal one field of a call's customer."""
        return await self._ask("POST", f"/calls/{ref}/leases", api.LeaseView, request)

    async def end_lease(self, ref: str, lease: str, request: api.LeaseEndRequest) -> None:
        """Tell that a lease is over, and why. Telling the same again is no error."""
        await self._tell("PUT", f"/calls/{ref}/leases/{lease}/end", request)

    async def decide_lease(self, lease: str, decision: api.LeaseDecision) -> None:
        """Agree to an agent's reveal, or refuse it; for supervisors."""
        await self._tell("PUT", f"/leases/{lease}/decision", decision)

    async def report_posture(self, statement: str) -> api.PostureReply:
        """Report this PC's state, signed by its device key."""
        return await self._ask("PUT", "/session/posture", api.PostureReply, api.PostureUpdate(posture=statement))

    async def ask_digits(self, ref: str, request: api.DigitsRequest) -> api.DigitsView:
        """Let the customer of a connected call key in a card."""
        return await self._ask("POST", f"/calls/{ref}/digits", api.DigitsView, request)

    async def cancel_digits(self, ref: str, digits: str) -> None:
        """Stop that. Stopping it again is no error."""
        await self._tell("DELETE", f"/calls/{ref}/digits/{digits}")

    async def manifest(self) -> str:
        """Fetch the newest signed manifest."""
        return (await self._ask("GET", "/manifest", api.ManifestReply)).manifest

    async def attest(self, request: api.AttestationRequest) -> api.AttestationReply:
        """Show the server what this PC's TPM says of itself; see `client.security.attest`."""
        return await self._ask("POST", "/devices/attestation", api.AttestationReply, request)

    async def report_pins(self, statement: str) -> None:
        """Report who answered in the server's place or an edge's; a `PinReport`, signed by the device key."""
        await self._tell("POST", "/devices/pin-reports", api.PinReportRequest(report=statement))

    async def renew(self, csr_pem: str, ask: str) -> str:
        """Fetch the next certificate; see `client.security.renewal`."""
        request = api.RenewRequest(csr_pem=csr_pem, ask=ask)
        return (await self._ask("POST", "/devices/renew", api.RenewReply, request)).certificate_pem

    async def _ask(self, method: str, path: str, reply: type[_Reply], body: BaseModel | None = None) -> _Reply:
        response = await self._send(method, path, body)
        try:
            return reply.model_validate_json(response.content)
        except ValidationError:
            # What the server sent is not repeated: it may be a customer's.
            raise _senseless(response.status_code) from None

    async def _tell(self, method: str, path: str, body: BaseModel | None = None) -> None:
        await self._send(method, path, body)

    async def _send(self, method: str, path: str, body: BaseModel | None) -> httpx2.Response:
        headers = dict(self.authorization)
        content = None
        if body is not None:
            content = body.model_dump_json().encode()
            headers["Content-Type"] = "application/json"
        response = await self._client.request(method, path, content=content, headers=headers)
        if not response.is_success:
            raise refusal(response)
        return response


def refusal(response: httpx2.Response) -> Refused:
    """Read the problem that an answer carries; one that carries none is the server's mistake."""
    try:
        return Refused(api.Problem.model_validate_json(response.content))
    except ValidationError:
        return _senseless(response.status_code)


def _senseless(status: int) -> Refused:
    kind = api.ProblemType.UNAVAILABLE if status in {502, 503, 504} else api.ProblemType.INTERNAL
    return Refused(api.Problem(type=api.PROBLEM_PREFIX + kind, title="The answer makes no sense.", status=status))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
