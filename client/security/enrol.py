"""Turning this PC into a device: the desk's side of the exchange in `provisioning.enrolment`."""

import asyncio
import base64
import platform
from dataclasses import dataclass

import httpx2
from pydantic import BaseModel

from client.security.identity import Device, DeviceProfile
from client.security.link import USER_AGENT, refusal
from client.security.renewal import sign_ask
from client.security.trouble import Refused
from provisioning import api, pki
from provisioning.base64url import encode
from provisioning.enrolment import (
    LINK_SCHEME,
    EnrolmentCode,
    EnrolmentLink,
    device_proof,
    new_nonce,
    parse_server,
    same_proof,
    server_proof,
)
from provisioning.manifest import open_manifest
from provisioning.pinned_tls import unverified_context
from provisioning.pins import certificate_pin

_TIMEOUT = httpx2.Timeout(15.0, connect=5.0)


@dataclass(frozen=True)
class Invitation:
    """Where to enrol, with which code."""

    host: str
    port: int
    code: EnrolmentCode

    @classmethod
    def read(cls, server: str, code: str) -> "Invitation":
        """Read what the person typed, or the whole link pasted in place of the code.

        Raises:
            BadEnrolmentCode: the code or the link is mistyped.
            BadServerAddress: the server's address is not one.
        """
        if code.strip().lower().startswith(f"{LINK_SCHEME}:"):
            link = EnrolmentLink.parse(code)
            return cls(link.host, link.port, link.code)
        parsed = EnrolmentCode.parse(code)
        try:
            host, port = parse_server(server)
        except ValueError as error:
            raise BadServerAddress(str(error)) from error
        return cls(host, port, parsed)


class BadServerAddress(ValueError):
    """The text is not a server's address."""


async def enrol(invitation: Invitation, profile: DeviceProfile) -> Device:
    """Enrol this PC and keep the device in `profile`.

    Nothing is trusted until the server has proven that it knows the code, over the very TLS key that it shows; the
    second request goes only to that key. The code itself is never sent.

    Raises:
        Refused: the server refused, or could not prove that it knows the code (ENROLMENT_PROOF_WRONG).
        httpx2.TransportError: the server can't be reached.
        KeyStoreUnavailable, HardwareUnavailable, DiskFull: the device can't be kept.
    """
    # The key store is tried first: a code is used up by enrolling, so nothing may fail after that which can fail now.
    profile.keys.get("device-key")
    made = await asyncio.to_thread(profile.new_device_key)
    device_key_pem = made.key.public_pem
    tls_key = pki.generate_key()
    csr_pem = pki.make_csr(tls_key, "device").decode()
    csr_der = pki.csr_der(csr_pem)
    seen: set[str] = set()
    context = unverified_context(lambda certificate: seen.add(certificate_pin(certificate)))
    host = f"[{invitation.host}]" if ":" in invitation.host else invitation.host
    async with httpx2.AsyncClient(
        base_url=f"https://{host}:{invitation.port}",
        verify=context,
        timeout=_TIMEOUT,
        headers={"User-Agent": USER_AGENT},
        trust_env=False,
    ) as client:
        secret = invitation.code.key()
        ours = new_nonce()
        hello = api.EnrolHello(code_id=invitation.code.id, device_nonce=encode(ours))
        greeting = api.EnrolHelloReply.model_validate_json(await _post(client, "/enrolment/hello", hello))
        theirs = _decode(greeting.server_nonce)
        pin = _only(seen)
        if not same_proof(server_proof(secret, pin, ours, theirs), _decode(greeting.proof)):
            raise _proof_wrong()
        redeem = api.EnrolRedeem(
            code_id=invitation.code.id,
            server_nonce=greeting.server_nonce,
            proof=encode(device_proof(secret, pin, ours, theirs, csr_der, device_key_pem=device_key_pem)),
            csr_pem=csr_pem,
            device_name=platform.node()[:80] or "PC",
            device_key_pem=device_key_pem,
            ask=await asyncio.to_thread(sign_ask, made.key, csr_der, greeting.server_nonce),
        )
        answer = await _post(client, "/enrolment/redeem", redeem)
        # A connection that was opened anew in between, to another key, would be another server.
        if _only(seen) != pin:
            raise _proof_wrong()
    reply = api.EnrolRedeemReply.model_validate_json(answer)
    manifest = open_manifest(reply.manifest, reply.signing_keys)
    if pin not in manifest.server.pins:
        raise _proof_wrong()
    return profile.keep(made, pki.key_pem(tls_key), reply)


async def _post(client: httpx2.AsyncClient, path: str, body: BaseModel) -> bytes:
    headers = {"Content-Type": "application/json"}
    response = await client.post(path, content=body.model_dump_json().encode(), headers=headers)
    if not response.is_success:
        raise refusal(response)
    return response.content


def _only(seen: set[str]) -> str:
    if len(seen) != 1:
        raise _proof_wrong()
    return next(iter(seen))


def _proof_wrong() -> Refused:
    kind = api.ProblemType.ENROLMENT_PROOF_WRONG
    return Refused(api.Problem(type=api.PROBLEM_PREFIX + kind, title="The server's proof is wrong.", status=0))


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
