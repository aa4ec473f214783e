"""The device's next certificate: for a TLS key made for it alone, asked for with the device key."""

import asyncio
import hashlib

from client.security.identity import Device, DeviceProfile
from client.security.link import Link
from provisioning import api, pki
from provisioning.base64url import encode
from provisioning.device_proof import DeviceKey, prove


def sign_ask(key: DeviceKey, csr_der: bytes, under: str) -> str:
    """Ask for a certificate for this request, in the device's name.

    Args:
        key: the device key.
        csr_der: the request.
        under: what the ask is good for; see `CertificateAsk`.

    Raises:
        HardwareUnavailable: the hardware that holds the key does not sign.
    """
    digest = encode(hashlib.sha256(csr_der).digest())
    return prove(key, "renewal", api.CertificateAsk(csr=digest, under=under).model_dump_json().encode())


async def renew(profile: DeviceProfile, link: Link) -> Device:
    """Fetch the next certificate over `link`, keep it, and use it from now on.

    Raises:
        Refused: the server gives none.
        httpx2.TransportError: the server can't be reached.
        KeyStoreUnavailable, HardwareUnavailable, DiskFull: it can't be asked for, or not be kept.
    """
    device = await asyncio.to_thread(profile.load)
    tls_key = pki.generate_key()
    csr_pem = pki.make_csr(tls_key, "device").decode()
    ask = await asyncio.to_thread(sign_ask, device.key, pki.csr_der(csr_pem), device.thumbprint)
    certificate_pem = await link.renew(csr_pem, ask)
    renewed = await asyncio.to_thread(profile.renew, certificate_pem, pki.key_pem(tls_key))
    await link.identify_as(renewed)
    return renewed
