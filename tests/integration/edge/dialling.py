"""A call from a desk by dial token, seen from both ends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from .sip_peer import Message, SipPeer, contact_uri
from .world import AUDIO_OFFER, DOMAIN, SRTP_ANSWER, World

SRTP_OFFER = SRTP_ANSWER
REF = "c_dialled00000001"
TRUNK_ANSWER = AUDIO_OFFER.replace("96 9 8 0 101", "8 101")


def ready_trunk(world: World) -> SipPeer:
    """A trunk that the edge knows, because it has asked whether the edge is there."""
    trunk = world.trunk()
    trunk.request("OPTIONS", f"sip:{DOMAIN}", from_="<sip:pbx@x.example>;tag=1", to=f"<sip:{DOMAIN}>", call_id="ping")
    assert trunk.wait_reply("OPTIONS").status == 200
    return trunk


@dataclass
class DialledCall:
    """A call from a desk; `invite` is what the trunk got, once it did."""

    world: World
    desk: SipPeer
    agent: str
    uri: str
    call_id: str
    from_: str
    to: str
    branch: str
    cseq: int
    trunk: SipPeer | None = None
    invite: Message | None = None
    answer: Message | None = None

    @property
    def local_tag(self) -> str:
        """The desk's tag."""
        return self.from_.partition(";tag=")[2]

    @property
    def home_contact(self) -> str:
        """The desk's Contact header."""
        return f"Contact: <sip:{self.agent}@192.168.7.7:5061;transport=tls>"

    def refusal(self) -> Message:
        """The final answer, acknowledged."""
        reply = self.desk.wait(lambda m: m.method == "INVITE" and m.status >= 200 and m["Call-ID"] == self.call_id)
        self.desk.request(
            "ACK", self.uri, from_=self.from_, to=reply["To"], call_id=self.call_id, cseq=self.cseq, branch=self.branch
        )
        return reply

    def answered(self) -> None:
        """Wait for the answer and acknowledge it, where nobody at the trunk has to."""
        self.answer = self.desk.wait_reply("INVITE")
        assert self.answer.status == 200, self.answer.raw
        self.from_desk("ACK", cseq=self.cseq)

    def arrive(self, trunk: SipPeer) -> Message:
        """Wait for the INVITE at the trunk."""
        self.trunk = trunk
        self.invite = trunk.wait_request("INVITE")
        return self.invite

    def contact(self, user: str = "queue") -> str:
        assert self.trunk
        return f"Contact: <sip:{user}@{self.trunk.address};transport=tls>"

    def pick_up(self, tag: str = "far", body: str = TRUNK_ANSWER, headers: tuple[str, ...] = ()) -> Message:
        """Answer at the trunk, and let the ACK arrive."""
        assert self.trunk
        assert self.invite
        self.trunk.reply(self.invite, 200, tag=tag, headers=(self.contact(), *headers), body=body)
        self.answer = self.desk.wait_reply("INVITE")
        assert self.answer.status == 200, self.answer.raw
        self.from_desk("ACK", cseq=self.cseq)
        self.trunk.wait_request("ACK")
        return self.answer

    def from_desk(
        self,
        method: str,
        *,
        cseq: int | None = None,
        headers: tuple[str, ...] = (),
        body: str = "",
        early: Message | None = None,
        desk: SipPeer | None = None,
    ) -> None:
        """Send a request inside the call from the agent's side; `early` is a reply that the dialog comes from."""
        answer = early or self.answer
        assert answer
        if cseq is None:
            self.cseq += 1
        routes = tuple(f"Route: {route}" for route in reversed(answer.all("Record-Route")))
        (desk or self.desk).request(
            method, contact_uri(answer), from_=self.from_, to=answer["To"], call_id=self.call_id,
            cseq=cseq or self.cseq, headers=(*routes, *headers), body=body,
        )  # fmt: skip

    def from_trunk(
        self,
        method: str,
        *,
        cseq: int = 1,
        headers: tuple[str, ...] = (),
        body: str = "",
        tag: str = "far",
        trunk: SipPeer | None = None,
    ) -> None:
        """Send a request inside the call from the other side."""
        assert self.trunk
        assert self.invite
        routes = tuple(f"Route: {route}" for route in self.invite.all("Record-Route"))
        (trunk or self.trunk).request(
            method, contact_uri(self.invite), from_=f"{self.invite['To']};tag={tag}", to=self.invite["From"],
            call_id=self.invite["Call-ID"], cseq=cseq, headers=(*routes, *headers), body=body,
        )  # fmt: skip


def dial(
    world: World,
    desk: SipPeer,
    agent: str,
    user: str,
    *,
    body: str = SRTP_OFFER,
    headers: tuple[str, ...] = (),
    from_agent: str = "",
    credentials_of: str = "",
    call_id: str = "",
) -> DialledCall:
    """Send an INVITE from a desk and answer the challenge, if there is one."""
    uri = f"sip:{user}@{DOMAIN}"
    from_ = f'"{agent} at home" <sip:{from_agent or agent}@{DOMAIN}>;tag={secrets.token_hex(4)}'
    call_id = call_id or f"desk-{secrets.token_hex(8)}@home-pc"
    contact = f"Contact: <sip:{agent}@192.168.7.7:5061;transport=tls>"

    def send(cseq: int, more: tuple[str, ...]) -> str:
        return desk.request(
            "INVITE", uri, from_=from_, to=f"<{uri}>", call_id=call_id, cseq=cseq,
            headers=(contact, *headers, *more), body=body,
        )  # fmt: skip

    branch = send(1, ())
    call = DialledCall(world, desk, agent, uri, call_id, from_, f"<{uri}>", branch, 1)
    first = desk.wait(lambda m: m.method == "INVITE" and m.status >= 100 and m["Call-ID"] == call_id)
    if first.status != 407:
        # It is left for the test to look at.
        desk.put_back(first)
        return call
    desk.request("ACK", uri, from_=from_, to=first["To"], call_id=call_id, cseq=1, branch=branch)
    registration = world.registration(credentials_of or agent)
    proof = registration.authorization(first["Proxy-Authenticate"], "INVITE", uri)
    call.cseq = 2
    call.branch = send(2, (f"Proxy-Authorization: {proof}",))
    return call


def dialled(world: World, agent: str, target: str = "8001", *, caller: str = "", ref: str | None = REF) -> DialledCall:
    """A call that has arrived at the trunk."""
    trunk = ready_trunk(world)
    desk = world.desk(agent)
    call = dial(world, desk, agent, world.server.token(target, caller=caller, ref=ref))
    trunk.reply(call.arrive(trunk), 100, "Trying")
    return call
