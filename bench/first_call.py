"""Group first-call: start to registered, answer key to sound, screen pop, memory and CPU. Peer: baresip as an agent.

The peer stands where the desk stands: behind the same edge, with the same kind of credentials, on a virtual sound card
of the same kind, called by the same caller.
"""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import typer

from bench.options import Options
from bench.report import Row
from bench.taken import OURS, Taken, cpu, pss
from bench.voice.signals import Signal, tone_begins
from provisioning.edge.credentials import ephemeral_credentials
from tests.integration.engine.virtual_sound import RATE, VirtualSound
from tests.stage.baresip import Baresip
from tests.stage.callers import CallPlan, OwnCaller
from tests.stage.centre import DOMAIN, Centre, Person
from tests.stage.customers import read_customers
from tests.stage.home_pc import HomePc
from tests.stage.ports import HOST
from tests.stage.process import StageError
from tests.stage.seat import Seat
from tests.stage.tones import read_wav, write_tone

GROUP = "first-call"
CUSTOMER_HZ, AGENT_HZ = 1_870.0, 2_310.0
_STEADY_SECONDS = 8.0


def run(options: Options) -> list[Row]:
    """Measure the group."""
    runs = options.runs
    taken = Taken()
    with tempfile.TemporaryDirectory(prefix="hearthline-bench-") as directory, _Bench(Path(directory)) as bench:
        bench.enrol()
        for number in range(runs):
            typer.echo(f"first-call: run {number + 1} of {runs}", err=True)
            bench.measure_desk(taken)
            bench.measure_baresip(taken)
    return _rows(taken)


def _rows(taken: Taken) -> list[Row]:
    def row(figure: str, unit: str, aim: str = "", limit: float | None = None) -> Row:
        peers = taken.medians(figure)
        return Row(GROUP, figure, unit, peers.pop(OURS), peers, aim, limit)

    return [
        row("desk start to first screen", "s"),
        row("sign-in to registered", "s"),
        row("start to registered", "s"),
        row("call offered to card on screen", "s"),
        row("answer key to caller hears agent", "ms", "under 100 ms", 100.0),
        row("answer key to agent hears caller", "ms", "under 100 ms", 100.0),
        row("memory idle (PSS)", "MB"),
        row("memory in call (PSS)", "MB"),
        row("engine memory in call (PSS)", "MB"),
        row("CPU idle", "% of a core"),
        row("CPU in call", "% of a core"),
        row("engine CPU in call", "% of a core"),
    ]


class _Bench:
    """The stage of this group."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._centre = Centre(directory / "centre", digest="MD5")
        self._pc = HomePc(directory / "pc")
        self._seat = Seat(self._pc, self._pc.home / "desk")
        self._parts = contextlib.ExitStack()
        self._number = 0

    def __enter__(self) -> "_Bench":
        with contextlib.ExitStack() as starting:
            starting.enter_context(self._centre)
            starting.enter_context(self._pc)
            self._agent: Person = self._centre.add_person("lin.yue", "林月")
            self._peer = "baresip.agent"
            self._customer = read_customers(self._centre.database_file)[3]
            self._says = write_tone(self._directory / "customer.wav", CUSTOMER_HZ)
            speech = write_tone(self._directory / "agent.wav", AGENT_HZ, seconds=600)
            starting.enter_context(self._pc.sound.speaking(speech))
            self._peer_sound = starting.enter_context(VirtualSound())
            starting.enter_context(self._peer_sound.speaking(speech))
            self._parts = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._seat.close()
        self._parts.close()

    def enrol(self) -> None:
        """Enrol the desk, once."""
        self._seat.open()
        self._seat.focuses("enrol.code")
        self._seat.types(self._centre.new_code().link)
        self._seat.presses("Return")
        self._seat.focuses("sign-in.name")
        self._seat.close()

    # --- Ours ---------------------------------------------------------------------------------------------------------

    def measure_desk(self, taken: Taken) -> None:
        """One run of the desk: start, sign in, a call, wrap up, close."""
        seat = self._seat
        begun = time.monotonic()
        seat.open()
        seat.waits("the sign-in screen", lambda sight: sight.by_id("sign-in.totp") is not None)
        shown = time.monotonic()
        # A code works once, and each run takes one; the next step of 30 s brings the next.
        seat.fills_in_sign_in(self._agent.name, self._agent.password, self._agent.fresh_code())
        submitted = time.monotonic()
        seat.presses("Return")
        seat.can("work.ready")
        registered = time.monotonic()
        taken.add("desk start to first screen", "ours", shown - begun)
        taken.add("sign-in to registered", "ours", registered - submitted)
        taken.add("start to registered", "ours", shown - begun + registered - submitted)
        seat.does("work.ready")
        seat.can("work.pause")
        processes = [psutil.Process(seat.pid), psutil.Process(seat.engine_pid())]
        _usage(taken, "idle", "ours", processes)
        with self._call(self._agent.name) as caller:
            called = caller.wait("calling")
            seat.sees("value.name")
            taken.add("call offered to card on screen", "ours", time.monotonic() - called)
            seat.can("call.answer")
            self._answer(taken, "ours", caller, self._pc.sound, lambda: seat.does("call.answer"))
            _usage(taken, "in call", "ours", processes)
            _engine_usage(taken, "ours", processes[1:])
        self._hear_start_of(taken, "ours", caller)
        seat.can("work.save")
        seat.does("choose.1")
        seat.does("work.save")
        seat.can("work.pause")
        seat.close()

    # --- The peer -----------------------------------------------------------------------------------------------------

    def measure_baresip(self, taken: Taken) -> None:
        """One run of baresip as an agent."""
        expires = datetime.now(UTC) + timedelta(hours=1)
        credentials = ephemeral_credentials(self._peer, self._centre.organisation.sip_secret, expires)
        proxy = f"sip:{HOST}:{self._centre.edge_port};transport=tls"
        self._number += 1
        before = self._registrations()
        baresip = Baresip(
            self._directory / f"peer-{self._number}",
            self._centre,
            self._directory / f"peer-{self._number}.log",
            account=f"<sip:{self._peer}@{DOMAIN};transport=tls>;regint=300;auth_user={credentials.username}"
            f';auth_pass={credentials.password};outbound="{proxy}";mediaenc=srtp-mand;audio_codecs=opus/48000/2',
            more="module alsa.so\naudio_source alsa,default\naudio_player alsa,default\naudio_alert alsa,default",
            environment={**self._pc.environment, **self._peer_sound.environment},
        )
        try:
            # It registers before its control socket can be listened to, so the edge is asked and not baresip.
            end = time.monotonic() + 20
            while self._registrations() == before and time.monotonic() < end:
                time.sleep(0.002)
            taken.add("start to registered", "baresip", time.monotonic() - baresip.started_at)
            processes = [psutil.Process(baresip.pid)]
            _usage(taken, "idle", "baresip", processes)
            with self._call(self._peer) as caller:
                baresip.wait("incoming")
                self._answer(taken, "baresip", caller, self._peer_sound, lambda: baresip.order("accept"))
                _usage(taken, "in call", "baresip", processes)
                _engine_usage(taken, "baresip", processes)
            self._hear_start_of(taken, "baresip", caller)
        finally:
            baresip.stop()

    def _registrations(self) -> int:
        return self._centre.edge_log.count(f"agent {self._peer} registered")

    # --- Both ---------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _call(self, agent: str) -> Iterator[OwnCaller]:
        self._number += 1
        plan = CallPlan(agent, self._customer.phone, self._says, self._directory / f"heard-{self._number}.wav")
        caller = OwnCaller(self._centre, plan, self._directory / f"caller-{self._number}.log")
        try:
            yield caller
            caller.hang_up()
            caller.wait("ended")
        finally:
            caller.stop()

    def _answer(
        self, taken: Taken, subject: str, caller: OwnCaller, sound: VirtualSound, press: Callable[[], None]
    ) -> None:
        with sound.record_headset() as recording:
            # Wait until the recorder runs, and take its clock: its length now is the moment of the key.
            while recording.length() < RATE // 10:
                time.sleep(0.005)
            before, self._pressed = recording.length(), time.monotonic()
            press()
            self._media = caller.wait("media")
            time.sleep(1.5)
        heard = _tone_begins(recording.samples[before:] / 32768, RATE, CUSTOMER_HZ)
        taken.add("answer key to agent hears caller", subject, 1000 * heard)

    def _hear_start_of(self, taken: Taken, subject: str, caller: OwnCaller) -> None:
        # The caller's recording begins when its media do.
        begins = _tone_begins(*read_wav(caller.recording), AGENT_HZ)
        taken.add("answer key to caller hears agent", subject, 1000 * (self._media - self._pressed + begins))


def _tone_begins(samples: Signal, rate: int, hertz: float) -> float:
    """Seconds until the tone begins."""
    begins = tone_begins(samples, hertz, rate)
    if begins is None:
        raise StageError(f"the tone of {hertz:.0f} Hz is not in the recording")
    return begins


def _usage(taken: Taken, when: str, subject: str, processes: list[psutil.Process]) -> None:
    taken.add(f"memory {when} (PSS)", subject, pss(processes))
    taken.add(f"CPU {when}", subject, cpu(processes, _STEADY_SECONDS))


def _engine_usage(taken: Taken, subject: str, processes: list[psutil.Process]) -> None:
    taken.add("engine memory in call (PSS)", subject, pss(processes))
    taken.add("engine CPU in call", subject, cpu(processes, _STEADY_SECONDS))
