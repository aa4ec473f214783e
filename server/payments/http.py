"""A payment service over HTTPS: one POST a charge, JSON both ways, mutual TLS or a bearer token.

    POST URL   {"number": "...", "expiry": "MMYY", "code": "...", "reference": "d_...", "amount": "12.50",
                "currency": "CNY"}
    200        {"outcome": "accepted"}
    200, 402   {"outcome": "declined", "reason": "insufficient-funds"}

The body is put together in a bytearray that is wiped. The copies that HTTP and TLS make of it while they send are
theirs and go when the request does; Python cannot reach them.
"""

import re
import ssl
from pathlib import Path
from typing import Literal

import httpx2
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from server.payments.interfaces import Outcome, PaymentUnavailable
from server.settings import Settings

_TIMEOUT = httpx2.Timeout(20.0, connect=5.0)
"""A bank behind the service may take its time; the customer is on the line."""
_REASON = re.compile(r"[a-z]+(?:-[a-z]+)*\Z")
_LONGEST_REASON = 40
_PAYMENT_REQUIRED = 402


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    outcome: Literal["accepted", "declined"]
    reason: str = ""


def payments_of(settings: Settings) -> "HttpPayments | None":
    """Return the payment service of these settings; None where there is none.

    Raises:
        OSError: a file cannot be read (ssl.SSLError: it holds no certificate or key).
    """
    if not settings.payment_url:
        return None
    pair = (settings.payment_certificate, settings.payment_key)
    identity = (pair[0], pair[1]) if pair[0] is not None and pair[1] is not None else None
    return HttpPayments(settings.payment_url, ca=settings.payment_ca, identity=identity, token=settings.payment_token)


class HttpPayments:
    """A PaymentService over HTTPS.

    Args:
        url: where to POST.
        ca: who signs its certificate; None for the machine's own authorities.
        identity: a client certificate and its key, where the service wants one.
        token: a bearer token, where the service wants one.
    """

    def __init__(
        self,
        url: str,
        *,
        ca: Path | None = None,
        identity: tuple[Path, Path] | None = None,
        token: SecretStr | None = None,
    ) -> None:
        context = ssl.create_default_context(cafile=ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if identity is not None:
            context.load_cert_chain(*identity)
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token.get_secret_value()}"
        self._url = url
        # No proxy of the environment may see a card.
        self._client = httpx2.AsyncClient(verify=context, timeout=_TIMEOUT, headers=headers, trust_env=False)

    async def charge(
        self,
        card: memoryview,
        expiry: memoryview,
        code: memoryview,
        *,
        amount: str,
        currency: str,
        reference: str,
    ) -> Outcome:
        """See PaymentService."""
        body = bytearray(b"{")
        for name, value in ((b"number", card), (b"expiry", expiry), (b"code", code)):
            body += b'"' + name + b'":"'
            body += value
            body += b'",'
        body += f'"reference":"{reference}","amount":"{amount}","currency":"{currency}"}}'.encode()
        try:
            # Not with `json=`: what cannot be encoded would be quoted in an error.
            response = await self._client.post(self._url, content=bytes(body))
        except httpx2.HTTPError as error:
            # Its text and its request stay behind: the request holds the card.
            raise PaymentUnavailable(type(error).__name__) from None
        finally:
            body[:] = bytes(len(body))
        return _read(response)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _read(response: httpx2.Response) -> Outcome:
    if response.status_code not in (httpx2.codes.OK, _PAYMENT_REQUIRED):
        raise PaymentUnavailable(f"status {response.status_code}")
    try:
        answer = _Answer.model_validate_json(response.content)
    except ValidationError:
        raise PaymentUnavailable("an answer that makes no sense") from None
    if answer.outcome == "accepted" and response.status_code == httpx2.codes.OK:
        return Outcome(accepted=True, reason="accepted")
    # A slug and nothing else: no service can put a number on a screen or into the log by way of its reason.
    known = _REASON.match(answer.reason) is not None and len(answer.reason) <= _LONGEST_REASON
    return Outcome(accepted=False, reason=answer.reason if known else "declined")
