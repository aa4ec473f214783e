"""Whole telephones at the agent's seat: start, answer, delay, cost. Each is measured in turn, in the same way."""

import contextlib
import functools
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import typer

from bench.report import Row, not_measured
from bench.taken import OURS, Taken, cpu_of_each, pss
from bench.voice.peers import Agent, BaresipAgent, LinphoneAgent, LinphoneDesktop, PjsuaAgent, build_pjsua
from bench.voice.signals import RATE, chirp_train, delays, tone_begins
from bench.voice.stage import OurAgent, VoiceStage
from bench.voice.wire import BLOCK_MS
from tests.stage.process import StageError
from tests.stage.tones import read_wav, write_tone, write_wav

GROUP = "voice"
CALLER_HZ, AGENT_HZ = 1_870.0, 2_310.0
"""Where no telephone rings."""
_CHIRPS, _CHIRP_EVERY, _LONGEST = 6, 0.8, 0.75
"""Further apart than any delay that is looked for, so that no chirp is taken for the next one."""
_HEAR_SECONDS = 1.0
_SETTLE_SECONDS = 3.0
_STEADY_SECONDS = 6.0
_WARM_STARTS = 3
_CACHES = Path("/proc/sys/vm/drop_caches")

COLD, WARM = "start to registered, cold", "start to registered, warm"
TO_CALLER, TO_AGENT = "answer key to caller hears agent", "answer key to agent hears caller"
INWARD, OUTWARD = "caller's mouth to agent's ear", "agent's mouth to caller's ear"
IDLE_MEMORY, MEMORY, CPU = "memory idle (PSS)", "memory in call (PSS)", "CPU in call"
ENGINE_MEMORY, ENGINE_CPU = "engine memory in call (PSS)", "engine CPU in call"


class Whole:
    """The measurements, and what they took."""

    def __init__(self, stage: VoiceStage, runs: int) -> None:
        self._stage = stage
        self._runs = runs
        self._train = write_wav(stage.directory / "chirps.wav", chirp_train(_CHIRPS, _CHIRP_EVERY), RATE)
        self._tones = {
            "caller": write_tone(stage.directory / "caller.wav", CALLER_HZ, seconds=120),
            "agent": write_tone(stage.directory / "agent.wav", AGENT_HZ, seconds=120),
        }
        self._silence = write_wav(stage.directory / "silence.wav", np.zeros(RATE), RATE)
        self._pjsua: Path | None = None
        self.taken = Taken()
        self.troubles: list[Row] = []

    def measure_all(self) -> None:
        """Measure ours and every peer; one that fails does not stop the others."""
        stage = self._stage
        # A compiler that runs beside a measurement would spoil it.
        self._attempt("building pjsua", self._build)
        self._attempt(OURS, self._measure_ours)
        self._attempt("baresip", lambda: self._measure(BaresipAgent(stage.place("baresip.agent"))))
        self._attempt("linphonec", lambda: self._measure(LinphoneAgent(stage.place("linphonec.agent"))))
        self._attempt("pjsua", lambda: self._measure_pjsua(tuned=False))
        self._attempt("pjsua tuned as ours", lambda: self._measure_pjsua(tuned=True))
        self._attempt("linphone-desktop", self._measure_desktop)

    def _attempt(self, name: str, measure: Callable[[], None]) -> None:
        typer.echo(f"voice: measuring {name}", err=True)
        try:
            measure()
        except Exception as error:
            self._note_trouble(name, error)

    def _attempt_part(self, agent: Agent, part: str, measure: Callable[[], None]) -> None:
        try:
            measure()
        except Exception as error:
            self._note_trouble(f"{agent.name}, {part}", error)

    def _note_trouble(self, what: str, error: Exception) -> None:
        row = not_measured(GROUP, what, str(error) or type(error).__name__)
        typer.echo(f"voice: {what}: {row.note}", err=True)
        self.troubles.append(row)

    # --- Subjects -----------------------------------------------------------------------------------------------------

    def _measure_ours(self) -> None:
        ours = OurAgent(self._stage)
        ours.enrol()

        def prepare() -> None:
            ours.seat.can("call.answer")

        self._measure(ours, be_ready=ours.be_ready, before_answer=prepare, after_call=ours.wrap_up)

    def _build(self) -> None:
        self._pjsua = build_pjsua(lambda words: typer.echo(words, err=True))

    def _measure_pjsua(self, *, tuned: bool) -> None:
        if self._pjsua is None:
            raise StageError("it could not be built")
        self._measure(PjsuaAgent(self._stage.place("pjsua.agent"), self._pjsua, tuned=tuned))

    def _measure_desktop(self) -> None:
        agent = LinphoneDesktop(self._stage.place("desktop.agent"))
        self._starts(agent)
        with self._stage.registered(agent):
            time.sleep(_SETTLE_SECONDS)
            self.taken.add(IDLE_MEMORY, agent.name, pss(agent.processes))

    def _measure(
        self,
        agent: Agent,
        be_ready: Callable[[], None] = lambda: None,
        before_answer: Callable[[], None] = lambda: time.sleep(0.5),
        after_call: Callable[[], None] = lambda: None,
    ) -> None:
        self._attempt_part(agent, "start", lambda: self._starts(agent))
        with self._stage.registered(agent):
            be_ready()
            self.taken.add(IDLE_MEMORY, agent.name, pss(agent.processes))
            self._attempt_part(agent, "answer", lambda: self._answers(agent, before_answer, after_call))
            with self._stage.ringing(agent) as caller:
                before_answer()
                agent.answer()
                caller.wait("confirmed")
                self._in_call(agent)
            after_call()

    # --- Start --------------------------------------------------------------------------------------------------------

    def _starts(self, agent: Agent) -> None:
        if drop_caches():
            self.taken.add(COLD, agent.name, self._start(agent))
        for _ in range(min(self._runs, _WARM_STARTS)):
            self.taken.add(WARM, agent.name, self._start(agent))

    def _start(self, agent: Agent) -> float:
        registered: list[float] = []
        before = self._stage.registrations(agent.user)

        def watch() -> None:
            with contextlib.suppress(StageError):
                registered.append(self._stage.wait_registered(agent.user, before))

        watcher = threading.Thread(target=watch)
        begun = time.monotonic()
        watcher.start()
        try:
            agent.start()
            # People type at a sign-in form, so its time is not the program's; and the wait for a fresh code is before.
            begun = agent.started_at + agent.typing if isinstance(agent, OurAgent) else begun
            watcher.join()
        finally:
            agent.stop()
        if not registered:
            raise StageError(f"{agent.name} did not register")
        return registered[0] - begun

    # --- Answer -------------------------------------------------------------------------------------------------------

    def _answers(self, agent: Agent, before_answer: Callable[[], None], after_call: Callable[[], None]) -> None:
        """Answer some calls. In turn only the caller speaks, or only the agent.

        Of two lasting tones at once, an echo canceller takes one for the other's echo; people greet one after another.
        """
        for run in range(self._runs + self._runs % 2):
            (self._caller_is_heard if run % 2 else self._agent_is_heard)(agent, before_answer)
            after_call()

    def _agent_is_heard(self, agent: Agent, before_answer: Callable[[], None]) -> None:
        with (
            self._stage.wire.speaking("agent", self._tones["agent"]),
            self._stage.light_call(agent, self._silence) as caller,
        ):
            before_answer()
            pressed = time.monotonic()
            agent.answer()
            media = caller.wait("media")
            time.sleep(_HEAR_SECONDS)
        heard, rate = read_wav(caller.recording)
        begins = tone_begins(heard, AGENT_HZ, rate)
        if begins is None:
            raise StageError("the caller heard nothing after the answer")
        # The caller's recording begins when its media do.
        self.taken.add(TO_CALLER, agent.name, 1000 * (media - pressed + begins))

    def _caller_is_heard(self, agent: Agent, before_answer: Callable[[], None]) -> None:
        with self._stage.light_call(agent, self._tones["caller"]) as caller:
            before_answer()
            with self._stage.wire.recording() as recording:
                pressed = time.monotonic()
                agent.answer()
                caller.wait("media")
                time.sleep(_HEAR_SECONDS)
        # The caller speaks as soon as its media are there.
        begins = tone_begins(recording.channel("agent.ear")[recording.frame_at(pressed) :], CALLER_HZ)
        if begins is None:
            raise StageError("the agent heard nothing after the answer")
        self.taken.add(TO_AGENT, agent.name, 1000 * begins)

    @contextlib.contextmanager
    def _tones_spoken(self) -> Iterator[None]:
        wire = self._stage.wire
        with wire.speaking("caller", self._tones["caller"]), wire.speaking("agent", self._tones["agent"]):
            yield

    # --- In the call --------------------------------------------------------------------------------------------------

    def _in_call(self, agent: Agent) -> None:
        time.sleep(_SETTLE_SECONDS)
        for figure, mouth, ear in ((INWARD, "caller", "agent"), (OUTWARD, "agent", "caller")):
            self._attempt_part(agent, figure, functools.partial(self._delay, agent, figure, mouth, ear))
        with self._tones_spoken():
            self._cost(agent)

    def _delay(self, agent: Agent, figure: str, mouth: str, ear: str) -> None:
        with self._stage.wire.recording() as recording, self._stage.wire.speaking(mouth, self._train):
            time.sleep(1.5 + _CHIRPS * _CHIRP_EVERY)
        found = delays(recording.channel(f"{mouth}.mouth"), recording.channel(f"{ear}.ear"), longest=_LONGEST)
        if len(found) < _CHIRPS // 2:
            raise StageError(f"only {len(found)} of {_CHIRPS} chirps came through")
        self.taken.add(figure, agent.name, 1000 * statistics.median(found))

    def _cost(self, agent: Agent) -> None:
        processes = list(agent.processes)
        spent = cpu_of_each(processes, _STEADY_SECONDS)
        self.taken.add(CPU, agent.name, sum(spent))
        self.taken.add(MEMORY, agent.name, pss(processes))
        # Ours is the desk and then its engine; of the others, all of it is the telephone.
        first = 1 if isinstance(agent, OurAgent) else 0
        self.taken.add(ENGINE_CPU, agent.name, sum(spent[first:]))
        self.taken.add(ENGINE_MEMORY, agent.name, pss(processes[first:]))

    # --- Rows ---------------------------------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """What was found."""
        medians = self.taken.medians
        start_note = "cold: the page cache was dropped before; ours: without the typing at the sign-in form"
        aim = "under 100 ms and not above baresip"
        answer_note = "the caller has no sound card, so its own buffers are not in here; ours: with xdotool's key press"
        shares = endpoint_shares(medians(INWARD), medians(OUTWARD))
        share_aim = min(80.0, shares["baresip"]) if "baresip" in shares else 80.0
        rows = [
            self._row(TO_CALLER, "ms", aim, _least(100.0, medians(TO_CALLER)), answer_note),
            self._row(TO_AGENT, "ms", aim, _least(100.0, medians(TO_AGENT)), answer_note),
            self._row(INWARD, "ms", note="Opus at 48 kHz in 20 ms packets, SRTP, through the edge's relay"),
            self._row(OUTWARD, "ms", note="the caller is baresip for everybody, and its sound buffers are in here"),
            Row(
                GROUP,
                "endpoint's share, mouth and ear",
                "ms",
                shares.pop(OURS, None),
                shares,
                "at most 80 ms and not above baresip",
                share_aim,
                note="both ways together, less baresip's own share as the caller, which is half of baresip's both; "
                f"the virtual card moves sound every {BLOCK_MS} ms and is in here, with the "
                "buffers that each asks it for (ours: client/sip/engine/settings.py; the others: their defaults)",
            ),
            self._ratio_row(CPU, "% of a core"),
            self._row(ENGINE_CPU, "% of a core"),
            self._ratio_row(MEMORY, "MB"),
            self._row(ENGINE_MEMORY, "MB"),
            self._row(IDLE_MEMORY, "MB"),
        ]
        for figure in (COLD, WARM):
            limit = medians(figure).get("linphone-desktop")
            rows.append(self._row(figure, "s", "faster than linphone-desktop", limit, note=start_note))
        return [*rows, *self.troubles]

    def _row(self, figure: str, unit: str, aim: str = "", limit: float | None = None, note: str = "") -> Row:
        values = self.taken.medians(figure)
        ours = values.pop(OURS, None)
        reason = "not measured: see below" if ours is None else note
        return Row(GROUP, figure, unit, ours, values, aim, limit, note=reason)

    def _ratio_row(self, figure: str, unit: str) -> Row:
        bare = self.taken.medians(figure).get("pjsua")
        limit = None if bare is None else 1.5 * bare
        return self._row(figure, unit, "desk and engine at most 1.5 times a bare pjsua", limit)


def endpoint_shares(inward: dict[str, float], outward: dict[str, float]) -> dict[str, float]:
    """The part of mouth to ear that is the agent's telephone's: its way in and its way out together.

    The caller is baresip. With baresip as the agent too, both ways together pass each half of it twice, so half of that
    is the caller's part, and what is left of the others' is theirs.
    """
    if "baresip" not in inward or "baresip" not in outward:
        return {}
    caller = (inward["baresip"] + outward["baresip"]) / 2
    return {name: inward[name] + outward[name] - caller for name in inward if name in outward}


def _least(limit: float, medians: dict[str, float]) -> float:
    return min(limit, medians.get("baresip", limit))


def drop_caches() -> bool:
    """Let the kernel forget every file that it has read; False where this user may not."""
    if not os.access(_CACHES, os.W_OK):
        return False
    os.sync()
    _CACHES.write_text("3\n")
    return True
