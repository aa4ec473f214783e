"""The link to the server: pinned TLS 1.3 with the device's certificate, and every question a desk asks over it."""

import platform
from types import TracebackType
from typing import Self, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from client.security.identity import Device
from client.security.trouble import Refused
from provisioning import api
from provisioning.pinned_tls import load_identity, pinned_context

_Reply = TypeVar("_Reply", bound=BaseModel)
_TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
USER_AGENT = f"hearthline-desk ({platform.system()})"


class Link:
    """Questions to the server, as one device and, once signed in, as one person.

    Every method raises `Refused` where the server answers with a problem, and httpx2.TransportError where there is no
    answer; `client.security.trouble.problem_code` has the word for each.
    """

    def __init__(self, device: Device) -> None:
        device.check_certificate()
        server = device.manifest.server
        self.context = pinned_context(server.ca_pem, server.pins, device.client_cert)
        self._token = ""
        self._authority = f"{_bracketed(server.host)}:{server.port}"
        self._client = self._new_client()
        self.websocket_url = f"wss://{self._authority}/desk"

    def _new_client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            base_url=f"https://{self._authority}",
            verify=self.context,
            timeout=_TIMEOUT,
            headers={"User-Agent": USER_AGENT},
            # A proxy of this PC's environment would see, and could change, where we connect.
            trust_env=False,
        )

    async def identify_as(self, device: Device) -> None:
        """Use the device's next certificate from now on; connections with the old one are closed."""
        load_identity(self.context, *device.client_cert)
        old, self._client = self._client, self._new_client()
        await old.aclose()

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

    async def manifest(self) -> str:
        """Fetch the newest signed manifest."""
        return (await self._ask("GET", "/manifest", api.ManifestReply)).manifest

    async def renew(self, csr_pem: str) -> str:
        """Fetch the next certificate."""
        request = api.RenewRequest(csr_pem=csr_pem)
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
