"""The device key in a TPM 2.0 (TCG TPM 2.0 Library, parts 1 to 3), through tpm2-tss and its Python binding.

The key is made by the TPM and cannot leave it: fixedTPM, fixedParent, sensitiveDataOrigin. What the profile keeps is a
blob that this TPM alone can load again, under the storage key that it derives from its own seed; so nothing takes one
of its few persistent places, and a blob on a stolen disk is worth nothing. Signing needs a secret too, which is in the
OS key store: another user of this PC, who may use the same TPM, can't sign with a copied profile. The secret never
crosses the bus to the chip in clear: sessions are salted and encrypt.

Each use opens the TPM anew, because a key that was loaded before the PC slept may not be there any more.
"""

import base64
import binascii
import contextlib
import os
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cryptography.hazmat.primitives.hashes import SHA256, Hash

from client.security.hardware import HardwareUnavailable

if TYPE_CHECKING:
    from tpm2_pytss import ESAPI

_PREFIX = "tpm2:"
_DEVICE = "/dev/tpmrm0"
_COORDINATE_BYTES = 32
_STORAGE_KEY = "ecc256:aes128cfb"
"""What TCG's EK Credential Profile and most systems take for a storage key (SRK)."""
_SIGNING_ATTRIBUTES = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|sign"
"""noDA: the secret has 256 random bits, so nobody guesses it, and wrong attempts must not lock the whole TPM."""


def resource_manager() -> "Tpm | None":
    """Return this PC's TPM, through the kernel's resource manager; None where there is none, or none for this person.

    On Debian, those who may use it are in the group `tss`.
    """
    return Tpm(f"device:{_DEVICE}") if os.access(Path(_DEVICE), os.R_OK | os.W_OK) else None


class Tpm:
    """A TPM; see `Hardware`.

    Args:
        tcti: how to reach it, as tpm2-tss says it: `device:/dev/tpmrm0`, or `swtpm:host=...,port=...` in tests.
    """

    def __init__(self, tcti: str) -> None:
        self._tcti = tcti
        self._one_at_a_time = threading.Lock()

    def create(self, secret: bytes) -> "TpmDeviceKey":
        """See Hardware."""
        with self.open() as (esys, parent), _session(esys, parent) as session:
            sensitive = _types().TPM2B_SENSITIVE_CREATE(
                _types().TPMS_SENSITIVE_CREATE(userAuth=_types().TPM2B_AUTH(secret))
            )
            template = _types().TPM2B_PUBLIC.parse("ecc256:ecdsa-sha256:null", objectAttributes=_SIGNING_ATTRIBUTES)
            private, public, *_ = esys.create(parent, sensitive, template, session1=session)
            blob = private.marshal() + public.marshal()
        return TpmDeviceKey(self, _PREFIX + base64.b64encode(blob).decode(), secret)

    def find(self, handle: str, secret: bytes) -> "TpmDeviceKey":
        """See Hardware."""
        return TpmDeviceKey(self, handle, secret)

    def forget(self, handle: str) -> None:
        """See Hardware. The TPM keeps nothing: without the blob there is no key."""

    @contextlib.contextmanager
    def open(self) -> "Iterator[tuple[ESAPI, Any]]":
        """Reach the TPM, and make its storage key; yields both.

        Raises:
            HardwareUnavailable: there is no TPM, it is locked, or it refused.
        """
        # Its complaints on standard error would only repeat what is raised.
        os.environ.setdefault("TSS2_LOG", "all+none")
        with self._one_at_a_time, _translated():
            import tpm2_pytss  # noqa: PLC0415 -- needs the system's tpm2-tss, which not every PC has

            with tpm2_pytss.ESAPI(self._tcti) as esys:
                parent, *_ = esys.create_primary(None, _STORAGE_KEY)
                try:
                    yield esys, parent
                finally:
                    esys.flush_context(parent)


class TpmDeviceKey:
    """A device key in a TPM; see `HardwareKey`."""

    def __init__(self, tpm: Tpm, handle: str, secret: bytes) -> None:
        self._tpm = tpm
        self._handle = handle
        self._secret = secret

    @property
    def handle(self) -> str:
        """See HardwareKey."""
        return self._handle

    @property
    def storage(self) -> Literal["os-key-store", "hardware"]:
        """See DeviceKey."""
        return "hardware"

    @property
    def public_pem(self) -> str:
        """See DeviceKey."""
        with _translated():
            return str(self._blob[1].to_pem().decode())

    def sign(self, message: bytes) -> bytes:
        """See DeviceKey. Takes up to a second in a real TPM.

        Raises:
            HardwareUnavailable: the TPM is not the one that made the key, was cleared, is locked, or is not there.
        """
        digest = Hash(SHA256())
        digest.update(message)
        with self._tpm.open() as (esys, parent):
            private, public = self._blob
            key = esys.load(parent, private, public)
            try:
                esys.tr_set_auth(key, self._secret)
                scheme = _types().TPMT_SIG_SCHEME(scheme=_constants().TPM2_ALG.NULL)
                with _session(esys, parent) as session:
                    signature = esys.sign(key, digest.finalize(), scheme, session1=session)
            finally:
                esys.flush_context(key)
            # The halves are views into the whole, and good for as long as that is held.
            halves = bytes(signature.signature.ecdsa.signatureR), bytes(signature.signature.ecdsa.signatureS)
        # A TPM may leave leading zeros out.
        return b"".join(half.rjust(_COORDINATE_BYTES, b"\0") for half in halves)

    @property
    def public_area(self) -> bytes:
        """See ProvableKey."""
        with _translated():
            return bytes(self._blob[1].publicArea.marshal())

    def endorsement_certificate(self) -> bytes | None:
        """See ProvableKey: that of the RSA endorsement key, which every TPM 2.0 of a PC has."""
        with self._tpm.open() as (esys, _):
            certificate, _ = _endorsement(esys)
        return certificate

    def activate(self, blob: bytes, encrypted_secret: bytes) -> bytes:
        """See ProvableKey."""
        types, constants = _types(), _constants()
        with self._tpm.open() as (esys, parent):
            private, public = self._blob
            _, template = _endorsement(esys)
            endorsement, *_ = esys.create_primary(None, template, primary_handle=constants.ESYS_TR.ENDORSEMENT)
            key = esys.load(parent, private, public)
            policy = esys.start_auth_session(
                constants.ESYS_TR.NONE,
                constants.ESYS_TR.NONE,
                constants.TPM2_SE.POLICY,
                types.TPMT_SYM_DEF(algorithm=constants.TPM2_ALG.NULL),
                constants.TPM2_ALG.SHA256,
            )
            try:
                esys.tr_set_auth(key, self._secret)
                esys.policy_secret(constants.ESYS_TR.ENDORSEMENT, policy, b"", b"", b"", 0)
                with _session(esys, parent) as session:
                    found = esys.activate_credential(
                        key,
                        endorsement,
                        types.TPM2B_ID_OBJECT.unmarshal(blob)[0],
                        types.TPM2B_ENCRYPTED_SECRET.unmarshal(encrypted_secret)[0],
                        session1=session,
                        session2=policy,
                    )
                return bytes(found)
            finally:
                for handle in (policy, key, endorsement):
                    esys.flush_context(handle)

    @cached_property
    def _blob(self) -> tuple[Any, Any]:
        try:
            raw = base64.b64decode(self._handle.removeprefix(_PREFIX), validate=True)
        except binascii.Error as error:
            raise HardwareUnavailable("what was kept of the key makes no sense") from error
        private, read = _types().TPM2B_PRIVATE.unmarshal(raw)
        public, _ = _types().TPM2B_PUBLIC.unmarshal(raw[read:])
        return private, public


def _endorsement(esys: "ESAPI") -> tuple[bytes | None, Any]:
    """Return certificate and template of the RSA endorsement key (EK Credential Profile, 2.2)."""
    import tpm2_pytss.utils  # noqa: PLC0415 -- as above

    found: tuple[bytes | None, Any] = tpm2_pytss.utils.create_ek_template("EK-RSA2048", tpm2_pytss.utils.NVReadEK(esys))
    return found


@contextlib.contextmanager
def _session(esys: "ESAPI", parent: Any) -> Iterator[Any]:
    """Open a session for one command, salted with the storage key; what it carries is encrypted both ways."""
    constants = _constants()
    symmetric = _types().TPMT_SYM_DEF(
        algorithm=constants.TPM2_ALG.AES,
        keyBits=_types().TPMU_SYM_KEY_BITS(sym=128),
        mode=_types().TPMU_SYM_MODE(sym=constants.TPM2_ALG.CFB),
    )
    session = esys.start_auth_session(
        parent, constants.ESYS_TR.NONE, constants.TPM2_SE.HMAC, symmetric, constants.TPM2_ALG.SHA256
    )
    encrypts = constants.TPMA_SESSION.DECRYPT | constants.TPMA_SESSION.CONTINUESESSION
    esys.trsess_set_attributes(session, encrypts)
    try:
        yield session
    finally:
        esys.flush_context(session)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except HardwareUnavailable:
        raise
    except ImportError as error:
        raise HardwareUnavailable("tpm2-tss is not installed on this PC") from error
    except Exception as error:
        # The binding raises its own errors and many of Python's; whatever it is, this key can't be used now.
        raise HardwareUnavailable(f"the TPM answered with {error}") from error


def _types() -> Any:
    import tpm2_pytss.types  # noqa: PLC0415 -- as above

    return tpm2_pytss.types


def _constants() -> Any:
    import tpm2_pytss.constants  # noqa: PLC0415 -- as above

    return tpm2_pytss.constants
