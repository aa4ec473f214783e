"""Devices over HTTP: renewal and the manifest for them, list and revocation for IT."""

from typing import Annotated

from fastapi import APIRouter, Path

from provisioning.admin.bodies import PublishedReply
from provisioning.api import (
    AttestationReply,
    AttestationRequest,
    DevicesReply,
    ManifestChanged,
    ManifestReply,
    PinReportRequest,
    ProblemType,
    RenewReply,
    RenewRequest,
)
from server.audit.service import Action
from server.devices.keys import check_ask, read_pin_report
from server.identity import DEVICE_PROBLEMS, PEER_PROBLEMS, Admin, Device, Parts, Renewing
from server.people.models import Session
from server.problems import declare

router = APIRouter(tags=["devices"])
_DeviceId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


@router.post(
    "/devices/renew", responses=declare(*DEVICE_PROBLEMS, ProblemType.CSR_REFUSED, ProblemType.DEVICE_PROOF_WRONG)
)
async def renew(request: RenewRequest, renewing: Renewing, parts: Parts) -> RenewReply:
    """Issue the next certificate; whoever is signed in on the device stays so."""
    device = renewing.device
    check_ask(device, request, over=renewing.over)
    async with parts.database.write() as session:
        certificate_pem, thumbprint = await parts.devices.renew(session, device, request.csr_pem)
        await parts.sessions.rebind(session, device, thumbprint)
    return RenewReply(certificate_pem=certificate_pem)


@router.post(
    "/devices/attestation",
    responses=declare(*DEVICE_PROBLEMS, ProblemType.HARDWARE_NOT_PROVEN, ProblemType.TOO_MANY_REQUESTS),
)
async def attest(request: AttestationRequest, device: Device, parts: Parts) -> AttestationReply:
    """Have a TPM prove, in two rounds, that it holds the device's key."""
    return await parts.attestation.prove(device, request)


@router.post(
    "/devices/pin-reports",
    status_code=204,
    responses=declare(*DEVICE_PROBLEMS, ProblemType.DEVICE_PROOF_WRONG, ProblemType.TOO_MANY_REQUESTS),
)
async def pin_reports(request: PinReportRequest, device: Device, parts: Parts) -> None:
    """Take note of servers and edges that were not ours, and that a device refused."""
    await parts.devices.note_pin_failures(device, read_pin_report(device, request.report))


@router.get("/manifest", responses=declare(*DEVICE_PROBLEMS))
async def manifest(_device: Device, parts: Parts) -> ManifestReply:
    """Return the newest signed manifest."""
    return ManifestReply(manifest=parts.organisation.manifest_token)


@router.get("/admin/devices", responses=declare(*PEER_PROBLEMS))
async def devices(_who: Admin, parts: Parts) -> DevicesReply:
    """Return all devices."""
    return DevicesReply(devices=await parts.devices.list_all())


@router.post(
    "/admin/devices/{device_id}/revoke",
    status_code=204,
    responses=declare(*PEER_PROBLEMS, ProblemType.NOT_FOUND),
)
async def revoke(device_id: _DeviceId, who: Admin, parts: Parts) -> None:
    """Revoke a device; its sessions end and its sockets close at once."""
    async with parts.database.write() as session:
        # Before the audit log's end is locked, which is the last lock of all (server.leases.standing).
        ended = await parts.sessions.end_in(session, "device-revoked", Session.device_id == device_id)
        await parts.devices.revoke(session, device_id, who.actor)
    for session_id in ended:
        parts.hub.end_session(session_id, "device-revoked")


@router.post("/admin/manifest/published", responses=declare(*PEER_PROBLEMS))
async def published(who: Admin, parts: Parts) -> PublishedReply:
    """Tell all desks that hearthline-admin put a newer manifest into the organisation's directory."""
    version = parts.organisation.manifest.version
    await parts.audit.record(who.actor, Action.MANIFEST_PUBLISHED, f"manifest:{version}")
    parts.hub.broadcast(ManifestChanged(version=version))
    return PublishedReply(version=version)
