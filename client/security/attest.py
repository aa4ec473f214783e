"""Having the TPM prove to the server that it holds this device's key."""

import asyncio
import base64

from client.security.hardware import HardwareUnavailable, ProvableKey
from client.security.identity import Device, DeviceProfile
from client.security.link import Link
from client.security.trouble import Refused
from provisioning import api


async def attest(profile: DeviceProfile, device: Device, link: Link) -> bool:
    """Prove where the device's key is, once; returns whether that is proven now.

    What can't be proven is no error here: how much it counts, the server says at the sign-in.

    Raises:
        httpx2.TransportError: the server can't be reached.
    """
    if device.key_proven:
        return True
    if not isinstance(device.key, ProvableKey):
        return False
    try:
        certificate = await asyncio.to_thread(device.key.endorsement_certificate)
        if certificate is None:
            return False
        asked = api.AttestationRequest(ek_certificate=_encoded(certificate), key=_encoded(device.key.public_area))
        challenge = await link.attest(asked)
        answer = await asyncio.to_thread(
            device.key.activate, base64.b64decode(challenge.blob), base64.b64decode(challenge.secret)
        )
        reply = await link.attest(asked.model_copy(update={"answer": _encoded(answer)}))
    except (HardwareUnavailable, Refused):
        return False
    if reply.proven:
        await asyncio.to_thread(profile.proven)
    return reply.proven


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
