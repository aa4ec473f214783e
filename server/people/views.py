"""People over HTTP."""

from fastapi import APIRouter

from provisioning.admin.bodies import PeopleReply
from provisioning.api import Name, NewClearance, NewPerson, NewPersonReply, ProblemType, SignInReply, SignInRequest
from server.identity import DEVICE_PROBLEMS, PEER_PROBLEMS, SESSION_PROBLEMS, Address, Admin, Device, Parts, Session
from server.problems import declare

router = APIRouter(tags=["people"])


@router.post(
    "/session",
    status_code=201,
    responses=declare(
        *DEVICE_PROBLEMS, ProblemType.SIGN_IN_WRONG, ProblemType.SIGN_IN_TOO_OFTEN, ProblemType.HARDWARE_NOT_PROVEN
    ),
)
async def sign_in(body: SignInRequest, device: Device, parts: Parts, address: Address) -> SignInReply:
    """Sign in; the token works with this device's certificate only."""
    parts.devices.check_hardware(device)
    return await parts.people.sign_in(body, device, address)


@router.delete("/session", status_code=204, responses=declare(*SESSION_PROBLEMS))
async def sign_out(signed_in: Session, parts: Parts) -> None:
    """Sign out."""
    await parts.people.sign_out(signed_in)


@router.post("/admin/people", status_code=201, responses=declare(*PEER_PROBLEMS, ProblemType.CONFLICT))
async def add(new: NewPerson, who: Admin, parts: Parts) -> NewPersonReply:
    """Add a person and return their first credentials, once."""
    return await parts.people.add(new, who.actor)


@router.get("/admin/people", responses=declare(*PEER_PROBLEMS))
async def people(_who: Admin, parts: Parts) -> PeopleReply:
    """Return everybody."""
    return PeopleReply(people=await parts.people.list_all())


@router.put("/admin/people/{name}/clearance", status_code=204, responses=declare(*PEER_PROBLEMS, ProblemType.NOT_FOUND))
async def set_clearance(name: Name, new: NewClearance, who: Admin, parts: Parts) -> None:
    """Trust a person more or less with customers' data from now on."""
    await parts.people.set_clearance(name, new.clearance, who.actor)


@router.post("/admin/people/{name}/disable", status_code=204, responses=declare(*PEER_PROBLEMS, ProblemType.NOT_FOUND))
async def disable(name: Name, who: Admin, parts: Parts) -> None:
    """Let a person sign in no more; their sessions end at once."""
    await parts.people.disable(name, who.actor)
