"""Speech through a bad network: ours and baresip, at the same time, each through its own relay with the same seed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import typer

from bench.report import Row, not_measured
from bench.voice.impairment import Impairment, Relay
from bench.voice.lossy_edge import LossyEdge
from bench.voice.peers import baresip_sound
from bench.voice.scoring import Score, score
from bench.voice.signals import RATE, Signal
from bench.voice.speech import Speech, speak
from bench.voice.wire import Wire
from client.core.telephony import AnswerCall, CallIncoming, CallMedia, EdgeAddress, RegistrationChanged
from tests.integration.engine.authority import Authority, Identity
from tests.integration.engine.parts import (
    USERNAME,
    Customer,
    Desk,
    calling,
    configuration,
    credentials,
    running_desk,
)
from tests.integration.engine.small_edge import REALM
from tests.stage.baresip import Baresip
from tests.stage.centre import Centre
from tests.stage.ports import HOST
from tests.stage.tones import write_wav

GROUP = "voice"
CONDITIONS = (
    Impairment(),
    Impairment(1),
    Impairment(5),
    Impairment(10),
    Impairment(20),
    Impairment(jitter_ms=50),
)
_PASSWORD = "sesame"  # noqa: S105 -- of a registrar that lives for this measurement. baresip takes none with a space.
_SEED = 2026
_SEATS = {"ours": "agent", "baresip": "caller"}
"""The card has two seats, and each of the two that are compared sits at one."""
_TAIL_SECONDS = 1.5

Scores = dict[str, dict[str, Score]]
"""By direction and subject."""


def measure(directory: Path) -> list[Row]:
    """Measure every condition."""
    speech = speak()
    rows: list[Row] = []
    with Wire() as wire:
        for number, condition in enumerate(CONDITIONS):
            typer.echo(f"voice: speech through {condition}", err=True)
            place = directory / f"loss-{number}"
            try:
                scores = asyncio.run(_Condition(wire, place, speech, condition).measure())
            except Exception as error:
                rows.append(not_measured(GROUP, f"speech, {condition}", str(error) or type(error).__name__))
            else:
                rows += _rows(condition, scores)
    return rows


def _rows(condition: Impairment, scores: Scores) -> list[Row]:
    rows: list[Row] = []
    for direction, found in scores.items():
        figures: list[tuple[str, Callable[[Score], float]]] = [
            ("PESQ-WB", lambda one: one.pesq),
            ("STOI", lambda one: one.stoi),
        ]
        for figure, pick in figures:
            ours, peer = pick(found["ours"]), pick(found["baresip"])
            name = f"speech to {direction}, {condition}"
            aim = "not below baresip"
            note = (
                "loss by a seeded relay of ours, not by netem: the same packets for both; two sentences each, en and zh"
            )
            rows.append(Row(GROUP, name, figure, ours, {"baresip": peer}, aim, peer, True, "" if rows else note))
    return rows


class _Condition:
    """Both subjects through one kind of network."""

    def __init__(self, wire: Wire, directory: Path, speech: Speech, impairment: Impairment) -> None:
        self._wire = wire
        self._directory = directory
        self._speech = speech
        self._impairment = impairment
        self._authority = Authority()

    async def measure(self) -> Scores:
        """Let the customer speak and then the agent; return the scores."""
        gap, length = np.zeros, len(self._speech.samples)
        self._directory.mkdir(parents=True)
        # The customer speaks, then the agent: the two at once would be double talk. The customer's file plays again
        # and again from the answer, so it is silent for long enough; the agent waits a little longer than it takes.
        customer = np.concatenate([self._speech.samples, gap(length + 4 * RATE)])
        agent = np.concatenate([gap(length + 2 * RATE), self._speech.samples])
        said = write_wav(self._directory / "agent.wav", agent, RATE)
        async with contextlib.AsyncExitStack() as running:
            calls = [
                await running.enter_async_context(self._answered(name, customer, opening))
                for name, opening in (("ours", self._ours), ("baresip", self._baresip))
            ]
            with self._wire.recording() as recording, contextlib.ExitStack() as speaking:
                for seat in _SEATS.values():
                    speaking.enter_context(self._wire.speaking(seat, said))
                await asyncio.sleep(len(agent) / RATE + _TAIL_SECONDS)
            for call in calls:
                await call.hang_up()
        scores: Scores = {"the agent": {}, "the caller": {}}
        for name, call in zip(_SEATS, calls, strict=True):
            ear: Signal = recording.channel(f"{_SEATS[name]}.ear")
            scores["the agent"][name] = score(self._speech, ear)
            scores["the caller"][name] = score(self._speech, call.heard().astype(np.float64) / 32768)
        return scores

    @contextlib.asynccontextmanager
    async def _answered(
        self,
        name: str,
        customer: Signal,
        opening: Callable[[LossyEdge, Identity, Path], contextlib.AbstractAsyncContextManager["_Agent"]],
    ) -> AsyncIterator[Customer]:
        place = self._directory / name
        place.mkdir()
        identity = self._authority.issue("localhost", "127.0.0.1")
        with Relay(self._impairment, _SEED) as relay:
            edge = LossyEdge(identity.server_context(place), USERNAME, _PASSWORD, relay)
            await edge.start()
            try:
                samples = (np.clip(customer, -1, 1) * 32767).astype(np.int16)
                async with (
                    opening(edge, identity, place) as agent,
                    calling(edge, self._authority, place, samples) as call,
                ):
                    await agent.answer()
                    await call.event("media")
                    yield call
            finally:
                await edge.stop()

    @contextlib.asynccontextmanager
    async def _ours(self, edge: LossyEdge, identity: Identity, place: Path) -> AsyncIterator["_Agent"]:
        address = EdgeAddress("localhost", edge.port, (identity.pin,))
        async with running_desk(place, self._wire.environment(_SEATS["ours"])) as desk:
            desk.send(configuration(self._authority, address), credentials(_PASSWORD))
            await desk.next(RegistrationChanged, lambda report: report.state == "registered")
            yield _OurEngine(desk)

    @contextlib.asynccontextmanager
    async def _baresip(self, edge: LossyEdge, _identity: Identity, place: Path) -> AsyncIterator["_Agent"]:
        # It takes the authority's certificate from the folder of a contact centre, of which nothing else is there.
        centre = Centre(place)
        centre.organisation_directory.mkdir()
        (centre.organisation_directory / "ca.crt").write_text(self._authority.pem)
        proxy = f"sip:{HOST}:{edge.port};transport=tls"

        def start() -> Baresip:
            return Baresip(
                place / "baresip",
                centre,
                place / "baresip.log",
                account=f"<sip:agent@{REALM};transport=tls>;regint=300;auth_user={USERNAME};auth_pass={_PASSWORD}"
                f';outbound="{proxy}";mediaenc=srtp-mand;audio_codecs=opus/48000/2',
                more=baresip_sound(),
                environment={"PATH": "/usr/bin:/bin", **self._wire.environment(_SEATS["baresip"])},
            )

        baresip = await asyncio.to_thread(start)
        try:
            async with asyncio.timeout(20):
                await edge.desk_is_there.wait()
            yield _StrangeAgent(baresip)
        finally:
            await asyncio.to_thread(baresip.stop)


class _Agent:
    """Somebody at the agent's seat."""

    async def answer(self) -> None:
        """Answer the next call."""
        raise NotImplementedError


class _OurEngine(_Agent):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self) -> None:
        self._desk.send(AnswerCall((await self._desk.next(CallIncoming)).call))
        await self._desk.next(CallMedia, lambda report: report.active)


class _StrangeAgent(_Agent):
    def __init__(self, baresip: Baresip) -> None:
        self._baresip = baresip

    async def answer(self) -> None:
        await asyncio.to_thread(self._baresip.wait, "incoming")
        await asyncio.to_thread(self._baresip.order, "accept")
