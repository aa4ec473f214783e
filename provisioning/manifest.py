"""The manifest: the signed, versioned bundle that a device obeys."""

from datetime import datetime
from typing import Annotated, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioning import signing
from provisioning.data_policy import DataPolicy
from provisioning.default_policy import default_policy
from provisioning.local_text import LocalText
from provisioning.posture import PosturePolicy

Pin = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ServerSection(_Part):
    """Where the server is and which keys it may show: at least a primary and a backup pin."""

    host: str
    port: int = Field(ge=1, le=65535)
    pins: tuple[Pin, ...] = Field(min_length=2)
    ca_pem: str


class EdgeSection(_Part):
    """One edge: its address, name for people, and the keys it may show."""

    name: LocalText
    host: str
    port: int = Field(ge=1, le=65535)
    pins: tuple[Pin, ...] = Field(min_length=2)


class SipSection(_Part):
    """How the desk registers and speaks."""

    domain: str
    edges: tuple[EdgeSection, ...] = Field(min_length=1)
    ca_pem: str
    srtp: Literal["mandatory"] = "mandatory"
    codecs: tuple[str, ...] = ("opus/48000", "G722/16000", "PCMA/8000", "PCMU/8000")
    register_seconds: int = Field(default=300, ge=60, le=3600)
    real_time_text: bool = True
    message_waiting: bool = False
    ice: bool = False
    """Whether desks also try STUN and TURN (RFC 8445) for media; needed only where a network lets no plain UDP out."""
    stun: tuple[str, ...] = ()
    """host:port"""
    turn: str = ""
    """host:port of the organisation's TURN server, which takes the same ephemeral credentials as the edge."""
    noise_suppression: bool = False
    gain_control: bool = False


class WrapUpCode(_Part):
    """One way a call can end, as the organisation counts it."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    label: LocalText


class PolicySection(_Part):
    """What the organisation asks of desks."""

    certificate_days: int = Field(default=1, ge=1, le=90)
    absence_days: int = Field(default=90, ge=1, le=400)
    """For how long after its certificate's end a device may still prove itself by its device key, and get the next."""
    device_key: Literal["any", "hardware"] = "any"
    """Whether a device may keep its key in the OS key store, or must have it in a TPM or the like."""
    wrap_up_codes: tuple[WrapUpCode, ...] = Field(min_length=1)
    auto_answer_seconds: float | None = Field(default=None, ge=0, le=30)
    """Seconds after which a ready agent's call is answered by itself, after a warning tone; None for never."""
    second_call: Literal["wait", "refuse"] = "wait"
    """What happens to a call for an agent who is in one."""


class AccessibilitySection(_Part):
    """Defaults that a person may always change for themselves."""

    key_profile: Literal["standard", "left-hand", "right-hand"] = "standard"
    theme: Literal["system", "light", "dark", "high-contrast"] = "system"
    language: Literal["system", "en", "zh"] = "system"


class ScreenSection(_Part):
    """What the desk does about eyes and cameras. A locked screen is always covered, whatever stands here."""

    watermark: Literal["visible", "invisible", "both", "none"] = "invisible"
    """What is drawn over the desk's window: agent, device and time in words, the same as a pattern, or nothing."""
    blank_when_unfocused: bool = True
    """Whether customers' data is covered while another program has the focus."""


class Manifest(_Part):
    """The whole bundle. Unknown members are ignored, so that an older desk can obey a newer server."""

    organisation: str
    version: int = Field(ge=1)
    issued_at: datetime
    server: ServerSection
    sip: SipSection
    policy: PolicySection
    accessibility: AccessibilitySection = AccessibilitySection()
    screen: ScreenSection = ScreenSection()
    posture: PosturePolicy = PosturePolicy()
    """What a PC must show of itself, and what of it costs how much trust."""
    data: DataPolicy = Field(default_factory=default_policy)
    """What may be seen of customers. A manifest from before there was a policy in it means the default one."""
    signing_keys: tuple[str, ...] = Field(min_length=1)
    """PEM public keys that may sign the next manifest: this one's key, and the next while keys are being rotated."""


class BadManifest(Exception):
    """The manifest was signed but makes no sense."""


class StaleManifest(Exception):
    """The manifest is older than the one the device already obeys; accepting it would be a rollback."""


def sign_manifest(manifest: Manifest, key: Ed25519PrivateKey) -> str:
    """Return the manifest as a compact JWS."""
    return signing.sign(manifest.model_dump_json().encode(), key)


def open_manifest(token: str, trusted_keys_pem: tuple[str, ...], *, newest_version: int = 0) -> Manifest:
    """Verify and parse a signed manifest.

    Args:
        token: the compact JWS.
        trusted_keys_pem: keys from the manifest that the device obeys now, or from enrolment.
        newest_version: the version that the device obeys now; the same version may be read again.

    Raises:
        signing.BadSignature: no trusted key signed it.
        BadManifest: the content is not a manifest.
        StaleManifest: its version is below `newest_version`.
    """
    payload = signing.verify(token, trusted_keys_pem)
    try:
        manifest = Manifest.model_validate_json(payload)
    except ValidationError as error:
        raise BadManifest(f"the signed manifest has {error.error_count()} members that make no sense") from error
    if manifest.version < newest_version:
        raise StaleManifest(f"version {manifest.version} is older than version {newest_version}")
    return manifest
