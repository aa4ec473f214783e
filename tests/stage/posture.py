"""Reports of PCs that do not exist, and a policy under which an ordinary PC is trusted."""

import itertools
import time
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from client.security.device_key import SoftwareDeviceKey
from provisioning.device_proof import prove
from provisioning.pki import key_pem
from provisioning.posture import Finding, Posture, PosturePolicy
from provisioning.trust import TrustLevel

_numbers = itertools.count(time.time_ns() // 1_000_000)


def kept_well(**changes: Any) -> Posture:
    """A PC with which nothing is wrong: T3. It is a new report each time."""
    report = {
        "sequence": next(_numbers),
        "reported_at": datetime.now(UTC),
        "os": "windows",
        "os_version": "11",
        "os_build": "26100.1",
        "patch_age_days": 3,
        "disk_encryption": "on",
        "firewall": "on",
        "antivirus": "on",
        "screen_lock": "on",
        "screen_lock_seconds": 300,
        "virtual_machine": "off",
        "remote_session": "off",
        "programs": (),
        "virtual_microphone": "off",
        "monitors": 1,
        "remote_monitor": "off",
        "integrity": "whole",
        "display": "windows",
        "capture_protection": "verified",
        "key_storage": "hardware",
    }
    return Posture.model_validate(report | changes)


def signed(posture: Posture, key: ec.EllipticCurvePrivateKey) -> str:
    """The report, signed as the device does."""
    return prove(SoftwareDeviceKey(key_pem(key)), "posture", posture.model_dump_json().encode())


def easy_policy(**changes: Any) -> PosturePolicy:
    """A policy that minds remote control alone, so that the PC that the tests run on can have any trust."""
    minds = {Finding.REMOTE_CONTROL, Finding.NO_POSTURE, Finding.POSTURE_OVERDUE}
    free = {finding: TrustLevel.T3 for finding in Finding if finding not in minds}
    return PosturePolicy.model_validate({"at_most": free, **changes})


def easy_table() -> str:
    """The same as lines that stand behind [posture] in organisation.toml."""
    limits = ", ".join(f'"{finding}" = "{level.name}"' for finding, level in easy_policy().at_most.items())
    return f"at_most = {{ {limits} }}\n"
