"""Talking to the server as IT: mutual TLS with the admin certificate, the server's key pinned."""

import ssl
from types import TracebackType
from typing import Self, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from provisioning.api import Problem
from provisioning.organisation import Organisation
from provisioning.pinned_tls import PinMismatch, pinned_context

_TIMEOUT_SECONDS = 20
_Reply = TypeVar("_Reply", bound=BaseModel)


class ServerRefused(Exception):
    """The server did not do it; the text says why."""


class ServerUnreachable(Exception):
    """No answer that could be trusted came back; the text says why and what to do."""


class AdminClient:
    """A connection to the organisation's server. Use as a context manager."""

    def __init__(self, organisation: Organisation) -> None:
        server = organisation.file.server
        self._where = f"{server.host}:{server.port}"
        host = f"[{server.host}]" if ":" in server.host else server.host
        context = pinned_context(organisation.ca_pem, organisation.server_pins, organisation.admin.pair)
        # No proxy from the environment: the pin is for this server, and a proxy could only be in the way.
        self._client = httpx2.Client(
            base_url=f"https://{host}:{server.port}", verify=context, timeout=_TIMEOUT_SECONDS, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, path: str, reply: type[_Reply]) -> _Reply:
        """Ask for something.

        Raises:
            ServerRefused, ServerUnreachable.
        """
        return self._read(self._send("GET", path, None), reply)

    def post(self, path: str, body: BaseModel | None, reply: type[_Reply]) -> _Reply:
        """Have something done that has an answer.

        Raises:
            ServerRefused, ServerUnreachable.
        """
        return self._read(self._send("POST", path, body), reply)

    def put(self, path: str, body: BaseModel) -> None:
        """Put a body to a route that answers nothing.

        Raises:
            ServerRefused, ServerUnreachable.
        """
        self._send("PUT", path, body)

    def do(self, path: str) -> None:
        """Have something done that has no answer.

        Raises:
            ServerRefused, ServerUnreachable.
        """
        self._send("POST", path, None)

    def _send(self, method: str, path: str, body: BaseModel | None) -> httpx2.Response:
        try:
            content = body.model_dump_json() if body is not None else None
            headers = {"Content-Type": "application/json"} if content is not None else {}
            response = self._client.request(method, path, content=content, headers=headers)
        except httpx2.TransportError as error:
            raise ServerUnreachable(self._why(error)) from error
        if response.is_success:
            return response
        try:
            problem = Problem.model_validate_json(response.content)
        except ValidationError:
            raise ServerRefused(f"the server at {self._where} answered {response.status_code}, and not why") from None
        raise ServerRefused(f"{problem.title}. {problem.detail}".strip())

    def _read(self, response: httpx2.Response, reply: type[_Reply]) -> _Reply:
        try:
            return reply.model_validate_json(response.content)
        except ValidationError:
            raise ServerRefused(
                f"the server at {self._where} answered in a way that this version does not understand; update both"
            ) from None

    def _why(self, error: BaseException) -> str:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, PinMismatch):
                return (
                    f"what answers at {self._where} does not hold this organisation's server key; nothing was sent. "
                    "Check the address in organisation.toml and that the server runs with this directory"
                )
            if isinstance(cause, ssl.SSLCertVerificationError):
                return f"the certificate of {self._where} is not good: {cause.verify_message}"
            if isinstance(cause, ssl.SSLError) and "ALERT" in str(cause).upper():
                return f"the server at {self._where} refused the admin certificate; is it expired?"
            cause = cause.__cause__ or cause.__context__
        return f"there is no server at {self._where}; start it with hearthline-server serve"
