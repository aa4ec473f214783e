"""SIPp scenarios, written as steps. https://sipp.readthedocs.io/en/v3.6.1/scenarios/sections.html

A scenario is a list of steps, in the order in which they happen. `uac` calls an agent, `uas` waits to be called.
"""

from tests.integration.edge.world import DOMAIN

SDP = """v=0
o=stranger 1 [session] IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a={direction}
"""
"""A description in which [session] stands for its version."""

SRTP_KEY = {
    "AES_CM_128_HMAC_SHA1_80": "inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",
    "AEAD_AES_256_GCM": "inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis=",
}


def sdp(direction: str = "sendrecv", version: int = 1, *, suite: str = "") -> str:
    """One audio stream, PCMA and telephone events; with a suite, as SRTP."""
    text = SDP.replace("{direction}", direction).replace("[session]", str(version))
    if suite:
        text = text.replace("RTP/AVP", "RTP/SAVP") + f"a=crypto:1 {suite} {SRTP_KEY[suite]}\n"
    return text


def send(text: str, body: str = "", *, kind: str = "application/sdp") -> str:
    """Send a message; Content-Type and Content-Length are added."""
    extra = f"Content-Type: {kind}\n" if body else ""
    return f"<send><![CDATA[\n\n{text.strip()}\n{extra}Content-Length: [len]\n\n{body}\n]]></send>"


def recv(what: int | str, *, optional: bool = False, routes: bool = False) -> str:
    """Wait for a request by its method, or for an answer by its status."""
    key = "request" if isinstance(what, str) else "response"
    flags = (' optional="true"' if optional else "") + (' rrs="true"' if routes else "")
    return f'<recv {key}="{what}"{flags}/>'


def pause(milliseconds: int) -> str:
    """Let time pass, as people do."""
    return f'<pause milliseconds="{milliseconds}"/>'


def scenario(*steps: str) -> str:
    """The whole scenario as XML."""
    body = "\n".join(steps)
    known = '<Reference variables="caller,called"/>' if "assign_to" in body else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="stranger">\n{body}\n{known}</scenario>\n'


# --- A stranger that calls --------------------------------------------------------------------------------------------


def uac_request(method: str, cseq: int, *headers: str, body: str = "", kind: str = "application/sdp") -> str:
    """A request of the caller's within its call, or the INVITE that begins it."""
    begins = method == "INVITE" and cseq == 1
    uri = f"sip:[service]@{DOMAIN}" if begins else "[next_url]"
    to = f"<sip:[service]@{DOMAIN}>" + ("" if begins else "[peer_tag_param]")
    lines = [
        f"{method} {uri} SIP/2.0",
        "Via: SIP/2.0/TLS [local_ip]:[local_port];branch=[branch]",
        *([] if begins else ["[routes]"]),
        f'From: "Customer" <sip:13812345678@{DOMAIN}>;tag=[pid]sipp[call_number]',
        f"To: {to}",
        "Call-ID: [call_id]",
        f"CSeq: {cseq} {method}",
        "Contact: <sip:13812345678@[local_ip]:[local_port];transport=tls>",
        "Max-Forwards: 70",
        "Subject: stranger",
        *headers,
    ]
    return send("\n".join(lines), body, kind=kind)


def calls(*headers: str, body: str | None = None) -> list[str]:
    """INVITE to ACK, with an offer in the INVITE."""
    return [
        uac_request("INVITE", 1, *headers, body=sdp() if body is None else body),
        recv(100, optional=True),
        recv(180, optional=True, routes=True),
        recv(183, optional=True, routes=True),
        recv(200, routes=True),
        uac_request("ACK", 1),
    ]


def renews(cseq: int, body: str, *headers: str) -> list[str]:
    """A re-INVITE that is accepted."""
    return [
        uac_request("INVITE", cseq, *headers, body=body),
        recv(100, optional=True),
        recv(200),
        uac_request("ACK", cseq),
    ]


def asks(method: str, cseq: int, *headers: str, answer: int = 200, body: str = "", kind: str = "") -> list[str]:
    """Another request within the call, and its answer."""
    return [uac_request(method, cseq, *headers, body=body, kind=kind), recv(answer)]


# --- A stranger that is called ----------------------------------------------------------------------------------------


def answer(status: int, reason: str, *headers: str, body: str = "", tag: str = "[pid]sipp[call_number]") -> str:
    """Answer the last request."""
    lines = [
        f"SIP/2.0 {status} {reason}",
        "[last_Via:]",
        "[last_Record-Route:]",
        "[last_From:]",
        f"[last_To:]{';tag=' + tag if tag else ''}",
        "[last_Call-ID:]",
        "[last_CSeq:]",
        "Contact: <sip:queue@[local_ip]:[local_port];transport=tls>",
        *headers,
    ]
    return send("\n".join(lines), body)


def within(status: int = 200, reason: str = "OK", *headers: str, body: str = "") -> str:
    """Answer a request within a call, whose To has its tag already."""
    return answer(status, reason, *headers, body=body, tag="")


def begins() -> str:
    """Wait for the ACK of the call, and remember who is who in it."""
    names = "".join(
        f'<ereg regexp="<.*" search_in="hdr" header="{header}:" assign_to="{name}"/>'.replace("<.*", "&lt;.*")
        for header, name in (("From", "caller"), ("To", "called"))
    )
    return f'<recv request="ACK"><action>{names}</action></recv>'


def asks_back(
    method: str, cseq: int, *headers: str, body: str = "", kind: str = "application/sdp", ack: bool = False
) -> list[str]:
    """A request of whoever was called, in the call, that is answered with 200; an INVITE needs its ACK."""

    def request(name: str, text: str) -> str:
        lines = [
            f"{name} [next_url] SIP/2.0",
            "Via: SIP/2.0/TLS [local_ip]:[local_port];branch=[branch]",
            "[routes]",
            "From: [$called]",
            "To: [$caller]",
            "Call-ID: [call_id]",
            f"CSeq: {cseq} {name}",
            "Contact: <sip:queue@[local_ip]:[local_port];transport=tls>",
            "Max-Forwards: 70",
            *(headers if name == method else ()),
        ]
        return send("\n".join(lines), text, kind=kind)

    steps = [request(method, body), recv(100, optional=True), recv(200)]
    return [*steps, request("ACK", "")] if ack else steps
