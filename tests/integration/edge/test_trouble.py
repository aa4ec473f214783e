"""Speech stays open: whatever happens to the server, to a worker's TLS, or to the edge itself."""

from __future__ import annotations

import contextlib
import socket
import threading

from .dialling import REF, dial, ready_trunk
from .hearthline_server import Mood
from .sip_peer import contact_uri
from .world import AUDIO_OFFER, DOMAIN, HOST, SRTP_ANSWER, World, place


def test_a_server_that_is_down_does_not_cut_the_call(own_world: World) -> None:
    own_world.expect_log("goes on without a reference|failed to connect")
    desk = own_world.desk("s.down")
    own_world.server.stop()
    call = place(own_world, desk, "s.down")
    assert not call.invite.all("X-Hearthline-Call")
    call.pick_up()
    call.from_trunk("BYE")
    call.desk.reply(call.desk.wait_request("BYE"), 200)
    assert call.trunk.wait_reply("BYE").status == 200


def test_a_slow_server_delays_one_call_and_no_other(own_world: World) -> None:
    own_world.expect_log("goes on without a reference|timed out")
    first, second = own_world.desk("s.slow"), own_world.desk("s.next")
    own_world.server.mood = Mood.SLOW
    place(own_world, first, "s.slow")
    call = place(own_world, second, "s.next")
    assert not call.invite.all("X-Hearthline-Call")
    assert len(own_world.server.told) == 1
    assert "the server was slow just now" in own_world.log


def test_a_server_that_gives_no_proof_of_itself_is_not_asked(own_world: World) -> None:
    """The number must not go to whoever listens on the server's port."""
    own_world.expect_log("goes on without a reference|TLS|failed to perform curl")
    desk = own_world.desk("s.false")
    port = own_world.server.port
    own_world.server.stop()
    with socket.create_server((HOST, port)) as thief:
        heard = bytearray()

        def listen() -> None:
            connection, _ = thief.accept()
            with connection, contextlib.suppress(OSError):
                heard.extend(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=listen)
        thread.start()
        place(own_world, desk, "s.false", caller="13812345678")
        thread.join()
    assert heard
    assert b"13812345678" not in heard


def test_a_customer_who_gives_up_while_the_server_thinks(own_world: World) -> None:
    desk = own_world.desk("s.early")
    own_world.server.mood = Mood.SLOW
    trunk = own_world.trunk()
    from_, to = "<sip:1@pbx.example.net>;tag=1", f"<sip:s.early@{DOMAIN}>"
    contact = f"Contact: <sip:1@{trunk.address};transport=tls>"
    branch = trunk.request(
        "INVITE", f"sip:s.early@{DOMAIN}", from_=from_, to=to, call_id="early", headers=(contact,), body=AUDIO_OFFER
    )
    own_world.server.wait_for(lambda told: told.path == "/edge/calls")
    trunk.request("CANCEL", f"sip:s.early@{DOMAIN}", from_=from_, to=to, call_id="early", branch=branch)
    assert trunk.wait_reply("CANCEL").status == 200
    assert trunk.wait_reply("INVITE").status == 487
    own_world.server.wake()
    told = own_world.server.wait_for(lambda told: told.path.endswith("/ended"))
    assert told.body == {"reason": "cancel", "code": 487}
    assert not [m for m in desk.messages if m.method == "INVITE"]
    assert own_world.edge.relayed_calls() == []


def test_a_desk_that_goes_away_while_the_server_thinks(own_world: World) -> None:
    desk = own_world.desk("s.left")
    own_world.server.mood = Mood.SLOW
    trunk = own_world.trunk()
    trunk.request(
        "INVITE", f"sip:s.left@{DOMAIN}", from_="<sip:1@pbx.example.net>;tag=1", to=f"<sip:s.left@{DOMAIN}>",
        call_id="left", headers=(f"Contact: <sip:1@{trunk.address};transport=tls>",), body=AUDIO_OFFER,
    )  # fmt: skip
    own_world.server.wait_for(lambda told: told.path == "/edge/calls")
    desk.close()
    own_world.expect_log("sending request on branch 1 failed|t_forward_noack failed")
    own_world.server.wake()
    assert trunk.wait_reply("INVITE").status == 480
    told = own_world.server.wait_for(lambda told: told.path.endswith("/ended"))
    assert told.body == {"reason": "failed", "code": 480}
    assert own_world.edge.relayed_calls() == []
    own_world.server.mood = Mood.HELPFUL
    assert place(own_world, own_world.desk("s.left"), "s.left").invite


def test_without_rtpengine_nobody_learns_where_the_other_is(own_world: World) -> None:
    own_world.expect_log("rtpengine|RTPEngine")
    desk = own_world.desk("s.norelay")
    trunk = ready_trunk(own_world)
    call = place(own_world, desk, "s.norelay", trunk=trunk)
    own_world.edge.stop_relay()
    contact = "Contact: <sip:s.norelay@192.0.2.7:9;transport=tls>"
    desk.reply(call.invite, 200, tag="desk", headers=(contact,), body=SRTP_ANSWER)
    assert trunk.wait_reply("INVITE").body == ""
    second = dial(own_world, desk, "s.norelay", own_world.server.token("8001", ref=REF))
    assert second.refusal().first == "SIP/2.0 503 No Media Relay"
    assert own_world.server.wait_for_end(REF) == {"reason": "failed", "code": 503}
    trunk.request(
        "INVITE", f"sip:s.norelay@{DOMAIN}", from_="<sip:1@x>;tag=2", to=f"<sip:s.norelay@{DOMAIN}>", call_id="third",
        headers=(f"Contact: <sip:1@{trunk.address};transport=tls>",), body=AUDIO_OFFER,
    )  # fmt: skip
    assert trunk.wait(lambda m: m.status >= 200 and m["Call-ID"] == "third").first == "SIP/2.0 503 No Media Relay"
    assert len([m for m in desk.messages if m.is_request]) == 1
    assert not [m for m in trunk.messages if m.is_request]


def test_desks_register_again_after_the_edge_was_restarted(own_world: World) -> None:
    own_world.desk("s.again").close()
    own_world.edge.stop()
    own_world.edge.start()
    own_world.restart_log()
    call = place(own_world, own_world.desk("s.again"), "s.again")
    assert call.invite.all("X-Hearthline-Call")


def test_many_calls_at_once_all_find_their_way(own_world: World) -> None:
    """Without the wait that the preloaded library gives SQLite, some would find the call store locked."""
    trunk = own_world.trunk()
    desks = {f"s.many{number}": own_world.desk(f"s.many{number}") for number in range(40)}
    for agent in desks:
        trunk.request(
            "INVITE", f"sip:{agent}@{DOMAIN}", from_="<sip:1@pbx.example.net>;tag=1", to=f"<sip:{agent}@{DOMAIN}>",
            call_id=agent, headers=(f"Contact: <sip:1@{trunk.address};transport=tls>",), body=AUDIO_OFFER,
        )  # fmt: skip
    invites = [desk.wait_request("INVITE") for desk in desks.values()]
    for (agent, desk), invite in zip(desks.items(), invites, strict=True):
        contact = f"Contact: <sip:{agent}@192.0.2.7:9;transport=tls>"
        desk.reply(invite, 200, tag="desk", headers=(contact,), body=SRTP_ANSWER)
    answers = [trunk.wait_reply("INVITE") for _ in desks]
    assert {answer["Call-ID"] for answer in answers} == set(desks)
    for answer in answers:
        trunk.request(
            "BYE", contact_uri(answer), from_=answer["From"], to=answer["To"], call_id=answer["Call-ID"], cseq=2
        )
    for desk in desks.values():
        desk.reply(desk.wait_request("BYE"), 200)
    assert [trunk.wait_reply("BYE").status for _ in desks] == [200] * len(desks)
    assert own_world.edge.relayed_calls() == []
    # The edge tells of the ends one after another; the server must not go while it does.
    for ref in [reply.all("X-Hearthline-Call")[0] for reply in invites]:
        own_world.server.wait_for_end(ref)


def test_broken_connections_do_not_break_the_workers(own_world: World) -> None:
    """Without the fork guard Kamailio 5.6 mixes up the workers' TLS errors, and dies of it (see fork_guard.c)."""
    own_world.expect_log("tls")
    settings = own_world.edge.settings

    def annoy(port: int) -> None:
        for _ in range(150):
            with contextlib.suppress(OSError), socket.create_connection((HOST, port)) as plain:
                plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
                plain.recv(100)

    threads = [
        threading.Thread(target=annoy, args=(listen.port,))
        for listen in (settings.home_listen, settings.trunk_listen) * 2
    ]
    for thread in threads:
        thread.start()
    for _ in range(30):
        desk = own_world.desk("s.steady")
        call = place(own_world, desk, "s.steady")
        call.pick_up()
        call.from_trunk("BYE")
        desk.reply(desk.wait_request("BYE"), 200)
        assert call.trunk.wait_reply("BYE").status == 200
        desk.close()
        call.trunk.close()
    for thread in threads:
        thread.join()
    assert "BUG" not in own_world.log
    assert "exited by a signal" not in own_world.log
