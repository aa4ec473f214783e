"""Devices over HTTP: renewal and the manifest for them, list and revocation for IT."""

from fastapi import APIRouter

from provisioning.admin.bodies import PublishedReply
from provisioning.api import (
    DevicesReply,
    ManifestChanged,
    ManifestReply,
    ProblemType,
    RenewReply,
    RenewRequest,
)
from server.audit.service import Action
from server.identity import DEVICE_PROBLEMS, PEER_PROBLEMS, Admin, Device, Parts
from server.people.models import Session
from server.problems import declare

router = APIRouter(tags=["devices"])


@router.post("/devices/renew", responses=declare(*DEVICE_PROBLEMS, ProblemType.CSR_REFUSED))
async def renew(request: RenewRequest, device: Device, parts: Parts) -> RenewReply:
    """Issue the next certificate; whoever is signed in on the device stays so."""
    async with parts.database.write() as session:
        certificate_pem, thumbprint = await parts.devices.renew(session, device, request.csr_pem)
        await parts.sessions.rebind(session, device, thumbprint)
    return RenewReply(certificate_pem=certificate_pem)


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
async def revoke(device_id: str, who: Admin, parts: Parts) -> None:
    """Revoke a device; its sessions end and its sockets close at once."""
    async with parts.database.write() as session:
        await parts.devices.revoke(session, device_id, who.actor)
        ended = await parts.sessions.end_in(session, "device-revoked", Session.device_id == device_id)
    for session_id in ended:
        parts.hub.end_session(session_id, "device-revoked")


@router.post("/admin/manifest/published", responses=declare(*PEER_PROBLEMS))
async def published(who: Admin, parts: Parts) -> PublishedReply:
    """Tell all desks that hearthline-admin put a newer manifest into the organisation's directory."""
    version = parts.organisation.manifest.version
    await parts.audit.record(who.actor, Action.MANIFEST_PUBLISHED, f"manifest:{version}")
    parts.hub.broadcast(ManifestChanged(version=version))
    return PublishedReply(version=version)
