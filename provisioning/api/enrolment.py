"""Enrolment, and the certificate that renews itself."""

from typing import Annotated

from pydantic import Field

from provisioning.api.common import LINE, Body

Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,86}$")]
"""Unpadded base64url of a nonce or a proof."""


class EnrolHello(Body):
    """POST /enrolment/hello: which code the device holds, and its nonce."""

    code_id: str = Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}$")
    device_nonce: Base64


class EnrolHelloReply(Body):
    """The server's nonce, and its proof that it knows the code and owns the TLS key."""

    server_nonce: Base64
    proof: Base64


class EnrolRedeem(Body):
    """POST /enrolment/redeem: the device's proof and its certificate request."""

    code_id: str = Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}$")
    server_nonce: Base64
    proof: Base64
    csr_pem: str = Field(max_length=4096)
    device_name: str = Field(min_length=1, max_length=80, pattern=LINE)
    device_key_pem: str = Field(default="", max_length=512)
    """The public key by which the device will prove what it states; empty where that is the request's own key."""
    ask: str = Field(default="", max_length=4096)
    """A `CertificateAsk` under the server's nonce, signed with the device key; empty without one."""


class EnrolRedeemReply(Body):
    """A device's identity, and the manifest with the key that signs it."""

    device_id: str
    certificate_pem: str
    ca_pem: str
    manifest: str
    signing_keys: tuple[str, ...]


class CertificateAsk(Body):
    """What the device signs (`device_proof`, purpose `renewal`) when it asks for a certificate for its TLS key."""

    csr: Base64
    """SHA-256 of the request (DER)."""
    under: Base64
    """What the ask is good for alone: the thumbprint of the certificate that TLS shows, or, when the device enrols, the
    server's nonce."""


class RenewRequest(Body):
    """POST /devices/renew: a new request under the current certificate, which may be over for some days."""

    csr_pem: str = Field(max_length=4096)
    ask: str = Field(default="", max_length=4096)
    """A `CertificateAsk`, signed with the device key. Devices of before, whose certificate's key is their device key,
    may leave it out as long as they keep that key."""


class RenewReply(Body):
    """The next certificate."""

    certificate_pem: str


class AttestationRequest(Body):
    """POST /devices/attestation: what a TPM shows of itself (base64), and in the second round what it answered."""

    ek_certificate: str = Field(max_length=8192)
    """The certificate that the TPM's maker gave its endorsement key (DER)."""
    chain: tuple[Annotated[str, Field(max_length=8192)], ...] = Field(default=(), max_length=3)
    """Certificates between that one and the maker's on the organisation's list, where the PC has any."""
    key: str = Field(max_length=1024)
    """The device key's public area (TPMT_PUBLIC)."""
    answer: str = Field(default="", max_length=64, repr=False)
    """What the TPM found in the challenge; empty in the first round."""


class AttestationReply(Body):
    """A challenge (base64), or that the proof holds."""

    blob: str = ""
    """TPM2B_ID_OBJECT."""
    secret: str = Field(default="", repr=False)
    """TPM2B_ENCRYPTED_SECRET."""
    proven: bool = False


class ManifestReply(Body):
    """GET /manifest: the newest signed manifest."""

    manifest: str
