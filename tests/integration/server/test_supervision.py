"""What a supervisor's wall shows, and of whom."""

from datetime import timedelta

from provisioning.api import CLOSE_SESSION_ENDED, Presence, PresenceChanged, SessionEnded, WallChanged
from tests.integration.server.people import Desk, It, Socket, TheEdge
from tests.integration.server.running import RunningServer


async def next_wall(socket: Socket) -> WallChanged:
    message = await socket.next()
    assert isinstance(message, WallChanged)
    return message


async def new_desk(server: RunningServer, it: It) -> Desk:
    made = Desk(server)
    await made.enrol(await it.code())
    return made


async def test_the_wall_has_the_supervisors_own_team_and_follows_it(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, customer: dict[str, str]
) -> None:
    await it.add("absent")
    await it.add("stranger", team="loans")
    lina = await it.add("lina")
    supervisor, strangers_desk = await new_desk(server, it), await new_desk(server, it)
    await supervisor.sign_in(await it.add("wang", role="supervisor"))
    await desk.sign_in(lina)
    await strangers_desk.sign_in(await it.add("qian", team="loans"))

    async with supervisor.socket() as wall:
        first = await next_wall(wall)
        assert [(agent.name, agent.presence) for agent in first.agents] == [
            ("absent", Presence.OFFLINE),
            ("lina", Presence.OFFLINE),
        ]
        # What another team does comes before what this team does, and is not heard.
        async with strangers_desk.socket() as stranger:
            await stranger.finish()
            async with desk.socket() as socket:
                [agent] = (await next_wall(wall)).agents
                assert (agent.name, agent.presence, agent.trust) == ("lina", Presence.NOT_READY, 1)

                ref = await edge.call("lina", customer["phone"])
                tomorrow = server.clock() + timedelta(days=1)
                await socket.say(PresenceChanged(presence=Presence.ON_CALL, since=tomorrow, call_ref=ref))
                [agent] = (await next_wall(wall)).agents
                assert (agent.presence, agent.call_ref) == (Presence.ON_CALL, ref)
                assert agent.since <= server.clock()
            [agent] = (await next_wall(wall)).agents
            assert (agent.name, agent.presence, agent.call_ref, agent.trust) == ("lina", Presence.OFFLINE, None, None)


async def test_a_call_that_is_not_theirs_is_not_shown_as_theirs(
    server: RunningServer, it: It, edge: TheEdge, desk: Desk, customer: dict[str, str]
) -> None:
    await it.add("zhao")
    await desk.sign_in(await it.add("lina"))
    supervisor = await new_desk(server, it)
    await supervisor.sign_in(await it.add("wang", role="supervisor"))
    others = await edge.call("zhao", customer["phone"])
    async with supervisor.socket() as wall:
        await next_wall(wall)
        async with desk.socket() as socket:
            await next_wall(wall)
            await socket.say(PresenceChanged(presence=Presence.ON_CALL, since=server.clock(), call_ref=others))
            [agent] = (await next_wall(wall)).agents
            assert (agent.presence, agent.call_ref) == (Presence.ON_CALL, None)


async def test_an_agent_gets_no_wall(server: RunningServer, it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    other = await new_desk(server, it)
    await other.sign_in(await it.add("zhao"))
    async with desk.socket() as socket:
        async with other.socket() as others:
            await others.finish()
        # The next thing that this desk hears is the end that it asked for, and no wall before it.
        await desk.send("DELETE", "/session")
        assert await socket.next() == SessionEnded(reason="signed-out")
        assert await socket.closed() == CLOSE_SESSION_ENDED


async def test_a_message_that_is_none_ends_the_socket(it: It, desk: Desk) -> None:
    await desk.sign_in(await it.add("lina"))
    for nonsense in (
        "{}",
        "not json",
        b"\x00\xff",
        '{"type": "presence.changed", "presence": "asleep"}',
        '{"type": "wall.changed"}',
    ):
        async with desk.socket() as socket:
            await socket.websocket.send(nonsense)
            assert await socket.closed() == 1008
