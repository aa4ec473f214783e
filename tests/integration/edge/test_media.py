"""Media go through rtpengine, and to the desk only as SRTP with SDES keys."""

from __future__ import annotations

import re

import pytest

from .world import AUDIO_OFFER, SRTP_ANSWER, TEXT_OFFER, World, place

PLAIN_ANSWER = "\r\n".join(
    line.replace("RTP/SAVP", "RTP/AVP") for line in SRTP_ANSWER.split("\r\n") if not line.startswith("a=crypto")
)


def suites(body: str) -> list[str]:
    return re.findall(r"^a=crypto:\d+ (\S+)", body, re.MULTILINE)


def test_the_desk_is_offered_srtp_with_the_strongest_suite_first(world: World) -> None:
    call = place(world, world.desk("m.offer"), "m.offer")
    assert "m=audio" in call.invite.body
    assert " RTP/SAVP " in call.invite.body
    assert suites(call.invite.body) == [
        "AEAD_AES_256_GCM", "AEAD_AES_128_GCM", "AES_256_CM_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_80",
    ]  # fmt: skip
    assert "fingerprint" not in call.invite.body
    assert "candidate" not in call.invite.body


def test_media_go_through_the_relay(world: World) -> None:
    call = place(world, world.desk("m.relay"), "m.relay")
    call.pick_up()
    media = world.edge.settings.media
    assert call.answer
    for body in (call.invite.body, call.answer.body):
        port = int(re.findall(r"^m=audio (\d+)", body, re.MULTILINE)[0])
        assert media.port_min <= port <= media.port_max
        assert f"c=IN IP4 {media.address}" in body
    assert "40012" not in call.answer.body
    assert " RTP/AVP " in call.answer.body
    assert "crypto" not in call.answer.body


def test_every_codec_of_the_desk_passes(world: World) -> None:
    call = place(world, world.desk("m.codec"), "m.codec")
    for codec in ("opus/48000/2", "G722/8000", "PCMA/8000", "PCMU/8000", "telephone-event/8000"):
        assert codec in call.invite.body


def test_real_time_text_passes(world: World) -> None:
    call = place(world, world.desk("m.text"), "m.text", body=AUDIO_OFFER + TEXT_OFFER)
    assert re.search(r"^m=text \d+ RTP/SAVP 98 99\r$", call.invite.body, re.MULTILINE)
    assert "t140/1000" in call.invite.body
    assert "a=fmtp:99 98/98/98" in call.invite.body
    text = TEXT_OFFER.replace("RTP/AVP", "RTP/SAVP").replace("40006", "40016")
    key = next(line for line in SRTP_ANSWER.split("\r\n") if line.startswith("a=crypto"))
    call.pick_up(SRTP_ANSWER + text + key + "\r\n")
    assert call.answer
    assert re.search(r"^m=text [1-9]\d* RTP/AVP 98 99\r$", call.answer.body, re.MULTILINE)


def test_a_trunk_with_srtp_is_answered_with_srtp(world: World) -> None:
    offer = AUDIO_OFFER.replace("RTP/AVP", "RTP/SAVP") + (
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n"
    )
    call = place(world, world.desk("m.srtp"), "m.srtp", body=offer)
    assert "AEAD_AES_256_GCM" in suites(call.invite.body)
    call.pick_up()
    assert call.answer
    assert " RTP/SAVP " in call.answer.body
    assert suites(call.answer.body) == ["AES_CM_128_HMAC_SHA1_80"]


def test_a_call_without_an_offer_gets_one_for_the_trunk(world: World) -> None:
    call = place(world, world.desk("m.late"), "m.late", body="")
    contact = "Contact: <sip:m.late@192.0.2.7:9;transport=tls>"
    call.desk.reply(call.invite, 200, tag="desk", headers=(contact,), body=SRTP_ANSWER)
    call.answer = call.trunk.wait_reply("INVITE")
    assert " RTP/AVP " in call.answer.body
    call.to = call.answer["To"]
    answer = AUDIO_OFFER.replace("96 9 8 0 101", "8 101")
    call.from_trunk("ACK", cseq=1, body=answer)
    assert " RTP/SAVP " in call.desk.wait_request("ACK").body


WITHOUT_KEY = "\r\n".join(line for line in SRTP_ANSWER.split("\r\n") if not line.startswith("a=crypto"))
NULL_CIPHER = SRTP_ANSWER.replace("AES_CM_128_HMAC_SHA1_80", "NULL_HMAC_SHA1_80")
UNENCRYPTED = SRTP_ANSWER.replace("CnVubGVz\r", "CnVubGVz UNENCRYPTED_SRTP\r")
DTLS = SRTP_ANSWER.replace("RTP/SAVP", "UDP/TLS/RTP/SAVP")
SECOND_STREAM_PLAIN = SRTP_ANSWER + "m=text 40016 RTP/AVP 98\r\na=rtpmap:98 t140/1000\r\n"
SECOND_STREAM_KEYLESS = SRTP_ANSWER + "m=text 40016 RTP/SAVP 98\r\na=rtpmap:98 t140/1000\r\n"
BAD_ANSWERS = {
    "plain": PLAIN_ANSWER,
    "keyless": WITHOUT_KEY,
    "null": NULL_CIPHER,
    "unencrypted": UNENCRYPTED,
    "dtls": DTLS,
    "plain second stream": SECOND_STREAM_PLAIN,
    "keyless second stream": SECOND_STREAM_KEYLESS,
}


@pytest.mark.parametrize("kind", BAD_ANSWERS)
def test_an_answer_without_srtp_is_refused(world: World, kind: str) -> None:
    world.expect_log("the desk answered without SRTP")
    call = place(world, world.desk("m.plain"), "m.plain", body=AUDIO_OFFER + TEXT_OFFER)
    contact = "Contact: <sip:m.plain@192.0.2.7:9;transport=tls>"
    call.desk.reply(call.invite, 200, tag="desk", headers=(contact,), body=BAD_ANSWERS[kind])
    refusal = call.trunk.wait_reply("INVITE")
    assert refusal.status == 488
    bye = call.desk.wait_request("BYE")
    assert bye["Call-ID"] == call.invite["Call-ID"]
    assert (bye.tag("From"), bye.tag("To"), bye["CSeq"]) == (call.invite.tag("From"), "desk", "2 BYE")
    call.desk.reply(bye, 200)
    assert call.invite["Call-ID"] not in world.edge.relayed_calls()
    assert world.server.wait_for_end(call.ref) == {"reason": "failed", "code": 488}


def test_early_media_without_srtp_are_not_heard(world: World) -> None:
    world.expect_log("early media without SRTP")
    call = place(world, world.desk("m.early"), "m.early")
    contact = "Contact: <sip:m.early@192.0.2.7:9;transport=tls>"
    call.desk.reply(call.invite, 183, "Session Progress", tag="desk", headers=(contact,), body=PLAIN_ANSWER)
    progress = call.trunk.wait(lambda m: m.status == 183)
    assert progress.body == ""
    call.pick_up()


def test_an_offer_without_srtp_from_the_desk_is_refused_and_the_call_stays(world: World) -> None:
    world.expect_log("the desk offered media without SRTP")
    call = place(world, world.desk("m.reoffer"), "m.reoffer")
    call.pick_up()
    contact = "Contact: <sip:m.reoffer@192.0.2.7:9;transport=tls>"
    call.from_desk("INVITE", body=PLAIN_ANSWER, headers=(contact,))
    assert call.desk.wait_reply("INVITE").status == 488
    call.from_desk("INVITE", cseq=2, headers=(contact,))
    assert call.desk.wait_reply("INVITE").status == 488
    assert call.invite["Call-ID"] in world.edge.relayed_calls()
    call.from_desk("BYE", cseq=3)
    call.trunk.reply(call.trunk.wait_request("BYE"), 200)
    assert call.desk.wait_reply("BYE").status == 200
