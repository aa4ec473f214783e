"""The first call, told on real parts: provision, enrol, sign in, register, answer, see, wrap up, crash.

The end-to-end test and the demo tell the same story; the test looks at every step's outcome, the demo reports it.
"""

import contextlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.integration.engine.virtual_sound import RATE
from tests.stage.accessibility import Sight
from tests.stage.callers import Caller, CallPlan
from tests.stage.capture import Capture
from tests.stage.centre import Centre, Person
from tests.stage.customers import Customer, read_customers
from tests.stage.home_pc import HomePc
from tests.stage.leaks import Leak, search_bytes, search_files
from tests.stage.ports import free_port
from tests.stage.seat import Seat
from tests.stage.tones import read_wav, tone_share, write_tone

CUSTOMER_TONE = 620.0
"""Hz. What the customer says in the tests."""
AGENT_TONE = 1130.0
"""Hz. What the agent says; no harmonic of the other."""
HEARD = 0.6
"""The share of the power that has to be in the tone for it to count as heard."""
REGISTERED = {"zh": "已注册", "en": "Registered"}
NOTE = "Wants twelve instalments, asked about the fee."

MakeCaller = Callable[[Centre, CallPlan, Path], Caller]


@dataclass
class Outcome:
    """How a step went."""

    name: str
    ok: bool
    seconds: float
    detail: str


class Observer(Protocol):
    """Is told of each step as it ends."""

    def __call__(self, outcome: Outcome) -> None: ...


@dataclass
class Story:
    """One telling of the story.

    Args:
        directory: where everything of this telling goes.
        make_caller: makes the customer's telephone.
        language: the language of the desk, 'zh' or 'en'.
        pictures: where pictures of the screen go; none are taken without it.
        display: an X display to show the agent's desk on, instead of a virtual one.
    """

    directory: Path
    make_caller: MakeCaller
    language: str = "zh"
    pictures: Path | None = None
    display: str | None = None
    observer: Observer | None = None
    not_captured: str = ""
    """Packets that are not ours to answer for, as a pcap filter: a stranger's own telephone on its own side."""
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.centre = Centre(self.directory / "centre")
        self.pc = HomePc(self.directory / "agent-pc", display=self.display)
        self.supervisor_pc = HomePc(self.directory / "supervisor-pc")
        # A stranger's telephone is worked over a socket of the test's own, which is no part of the product.
        self._control_port = free_port()
        leave_out = f"tcp port {self._control_port}" + (f" or {self.not_captured}" if self.not_captured else "")
        self.capture = Capture(self.directory / "loopback.pcap", f"not ({leave_out})")
        self.seat = Seat(self.pc, self.pc.home / "desk")
        self.supervisor_seat = Seat(self.supervisor_pc, self.supervisor_pc.home / "desk")
        self.agent: Person | None = None
        self.supervisor: Person | None = None
        self.customer: Customer | None = None
        self.bystanders: list[Customer] = []
        self.caller: Caller | None = None
        self._enrolment_codes: list[str] = []
        self._seen: list[Sight] = []
        self._parts = contextlib.ExitStack()

    # --- Telling ------------------------------------------------------------------------------------------------------

    def tell(self) -> bool:
        """Tell the whole story, step by step, up to the first that fails. Returns whether all went well."""
        steps: list[tuple[str, Callable[[], str]]] = [
            ("provision", self.provision),
            ("enrol", self.enrol),
            ("sign in", self.sign_in),
            ("supervisor", self.supervise),
            ("register", self.register),
            ("ring", self.ring),
            ("answer", self.answer),
            ("see", self.see),
            ("wrap up", self.wrap_up),
            ("crash", self.crash),
            ("no leak", self.find_no_leak),
        ]
        return all(self._step(name, action) for name, action in steps)

    def end(self) -> None:
        """Put every part away."""
        self._parts.close()

    def keep_logs(self, target: Path) -> None:
        """Copy the logs of every part to a place that outlives the stage."""
        target.mkdir(parents=True, exist_ok=True)
        for log in self.directory.rglob("*.log"):
            shutil.copy(log, target / "-".join(log.relative_to(self.directory).parts))
        (target / "server.log").write_text("\n".join(self.centre.server.log))
        (target / "edge.log").write_text(self.centre.edge_log)

    def _step(self, name: str, action: Callable[[], str]) -> bool:
        begun = time.monotonic()
        try:
            detail, ok = action(), True
        except Exception as error:  # A step that fails is reported as such, whatever the reason.
            detail, ok = f"{type(error).__name__}: {error}", False
            self._picture(f"failed-{name}")
        outcome = Outcome(name, ok, round(time.monotonic() - begun, 3), detail)
        self.outcomes.append(outcome)
        if self.observer is not None:
            self.observer(outcome)
        return ok

    # --- The steps ----------------------------------------------------------------------------------------------------

    def provision(self) -> str:
        """IT makes an organisation, an agent, a supervisor; server, edge and home PCs come up."""
        self._parts.enter_context(self.capture)
        self._parts.enter_context(self.centre)
        for pc in (self.pc, self.supervisor_pc):
            pc.environment_extra["LANG"] = "zh_CN.UTF-8" if self.language == "zh" else "en_GB.UTF-8"
            self._parts.enter_context(pc)
        self.agent = self.centre.add_person("lin.yue", "林月")
        self.supervisor = self.centre.add_person("wang.min", "王敏", role="supervisor")
        customers = read_customers(self.centre.database_file)
        self.customer, self.bystanders = customers[3], customers[4:7]
        return f"{self.centre.organisation.manifest.organisation}, {len(customers)} synthetic customers"

    def enrol(self) -> str:
        """The agent types the code on the desk's first screen."""
        self._parts.callback(self.seat.close)
        self.seat.open()
        self._enrol_at(self.seat)
        (device,) = self.centre.devices()
        return f"device {device['id']}, certificate until {device['certificate_expires_at'][:10]}"

    def _enrol_at(self, seat: Seat) -> None:
        code = self.centre.new_code()
        self._enrolment_codes.append(code.code)
        seat.focuses("enrol.code")
        if seat is self.seat:
            self._picture("1-enrol")
        seat.types(code.code)
        seat.presses("Tab")
        seat.focuses("enrol.server")
        seat.types(self.centre.server_address)
        seat.presses("Return")
        seat.focuses("sign-in.name")

    def sign_in(self) -> str:
        """Name, password and six digits."""
        assert self.agent is not None
        self._sign_in_at(self.seat, self.agent)
        sight = self.seat.sees("screen.agent")
        self._seen.append(sight)
        return "signed in by key presses alone"

    def _sign_in_at(self, seat: Seat, person: Person) -> None:
        seat.fills_in_sign_in(person.name, person.password, person.code())
        if seat is self.seat:
            self._picture("2-sign-in")
        seat.presses("Return")

    def supervise(self) -> str:
        """The supervisor signs in on another PC and sees the agent on the wall."""
        assert self.supervisor is not None
        self._parts.callback(self.supervisor_seat.close)
        self.supervisor_seat.open()
        self._enrol_at(self.supervisor_seat)
        self._sign_in_at(self.supervisor_seat, self.supervisor)
        sight = self.supervisor_seat.waits("the agent on the wall", lambda seen: seen.says("林月"))
        self._seen.append(sight)
        return "the wall shows the agent"

    def register(self) -> str:
        """The line is there; the agent is ready with one key."""
        self.seat.can("work.ready")
        self._picture("3-not-ready")
        self.seat.does("work.ready")
        self.seat.can("work.pause")
        self._picture("4-ready")
        return "registered over TLS, ready"

    def ring(self) -> str:
        """The customer calls; the desk shows who, masked."""
        assert self.agent is not None
        assert self.customer is not None
        play = write_tone(self.directory / "customer-says.wav", CUSTOMER_TONE)
        speech = write_tone(self.directory / "agent-says.wav", AGENT_TONE, seconds=120)
        self._parts.enter_context(self.pc.sound.speaking(speech))
        plan = CallPlan(
            self.agent.name, self.customer.phone, play, self.directory / "customer-heard.wav", self._control_port
        )
        self.caller = self.make_caller(self.centre, plan, self.directory / "caller.log")
        self._parts.callback(self.caller.stop)
        self._seen.append(self.seat.can("call.answer"))
        self._picture("5-ringing")
        return "ringing"

    def answer(self) -> str:
        """One key answers; sound flows both ways."""
        assert self.caller is not None
        self.seat.does("call.answer")
        self._seen.append(self.seat.can("call.hang-up"))
        self.caller.wait("media")
        share = self._listen_for(CUSTOMER_TONE)
        return (
            f"the agent hears the customer's tone (share {share:.2f}); the other way is measured when the call is over"
        )

    def _listen_for(self, hertz: float) -> float:
        """Listen at the headset, a second at a time, until the tone is there."""
        share = 0.0
        for _ in range(15):
            with self.pc.sound.record_headset() as recording:
                time.sleep(1)
            share = tone_share(recording.samples / 32768, RATE, hertz)
            if share >= HEARD:
                return share
        raise AssertionError(f"the tone of {hertz:.0f} Hz is not in the headset: share {share:.3f}")

    def see(self) -> str:
        """The record, masked by the server."""
        assert self.customer is not None
        expected = {"value.name": f"{self.customer.name[0]}*", "value.phone": "****" + self.customer.phone[-4:]}
        for identifier, words in expected.items():
            self._seen.append(self.seat.sees(identifier, words))
        self._picture("6-talking")
        return "name and number are masked, the script is there"

    def wrap_up(self) -> str:
        """The customer hangs up; the agent writes, codes and saves, and is ready again."""
        assert self.caller is not None
        self.caller.hang_up()
        self.caller.wait("ended")
        self.caller.stop()
        share = tone_share(*read_wav(self.caller.recording), AGENT_TONE)
        if share < HEARD:
            raise AssertionError(f"the customer did not hear the agent: share {share:.3f}")
        self.seat.can("work.save")
        self.seat.does("focus.notes")
        self.seat.focuses("notes")
        self.seat.types(NOTE)
        self.seat.does("field.leave")
        self._picture("7-wrap-up")
        self.seat.does("choose.1")
        self.seat.does("work.save")
        self._seen.append(self.seat.can("work.pause"))
        self._seen.append(self.seat.waits("the call in the list", lambda seen: seen.by_id("history") is not None))
        self._picture("8-ready-again")
        return f"the customer heard the agent's tone (share {share:.2f}); saved, ready again"

    def crash(self) -> str:
        """The engine is killed in a call: the desk says so, and a new engine registers."""
        assert self.agent is not None
        assert self.customer is not None
        play = self.directory / "customer-says.wav"
        plan = CallPlan(
            self.agent.name, self.customer.phone, play, self.directory / "customer-heard-2.wav", self._control_port
        )
        caller = self.make_caller(self.centre, plan, self.directory / "caller-2.log")
        self._parts.callback(caller.stop)
        self.seat.can("call.answer")
        self.seat.does("call.answer")
        self.seat.can("call.hang-up")
        caller.wait("media")
        killed = time.monotonic()
        old = self.seat.kill_engine()
        self.seat.waits("that the call was cut off", lambda seen: seen.by_id("problem.happened") is not None)
        said = time.monotonic() - killed
        self._picture("9-call-cut-off")
        self.seat.waits("a new engine", lambda _: self.seat.has_other_engine(old), seconds=30)
        self.seat.sees("status.line", REGISTERED[self.language])
        back = time.monotonic() - killed
        caller.stop()
        self.seat.can("work.save")
        self.seat.does("choose.2")
        self.seat.does("work.save")
        self.seat.can("work.pause")
        return f"the desk said so after {said:.2f} s, a new engine was registered after {back:.2f} s"

    def find_no_leak(self) -> str:
        """No clear customer value, password or key in the capture, in the desk's files, or on the screen."""
        assert self.agent is not None
        assert self.supervisor is not None
        assert self.customer is not None
        self.seat.close()
        self.supervisor_seat.close()
        self.capture.stop()
        values = {f"customer.{name}": value for name, value in self.customer.secrets.items()}
        for number, bystander in enumerate(self.bystanders):
            values |= {f"bystander{number}.{name}": value for name, value in bystander.secrets.items()}
        for person in (self.agent, self.supervisor):
            values[f"{person.name}.password"] = person.password
            values[f"{person.name}.totp secret"] = person.totp_uri.partition("secret=")[2].partition("&")[0]
        for number, code in enumerate(self._enrolment_codes):
            values[f"enrolment code {number}"] = code
        values["SIP secret"] = self.centre.organisation.sip_secret
        values["a private key"] = "PRIVATE KEY-----"
        at_home = [self.pc.directory / "home", self.pc.directory / "logs", self.pc.directory / "run"]
        at_supervisors = [self.supervisor_pc.directory / name for name in ("home", "logs", "run")]
        # The note may be read on the agent's own screen, and nowhere else.
        leaks: list[Leak] = list(
            search_files([self.capture.path, *at_home, *at_supervisors], {**values, "the note": NOTE})
        )
        for sight in self._seen:
            leaks += search_bytes(sight.everything.encode(), "the accessibility tree", values)
        leaks += search_bytes("\n".join(self.centre.server.log).encode(), "the server's log", values)
        leaks += search_bytes(self.centre.edge_log.encode(), "the edge's log", values)
        if leaks:
            raise AssertionError("; ".join(f"{leak.what} in {leak.where} as {leak.form}" for leak in leaks))
        size = self.capture.path.stat().st_size
        return f"{len(values)} values in no form in {size / 1e6:.1f} MB of network capture, nor in any file or log"

    def _picture(self, name: str) -> None:
        if self.pictures is not None:
            self.pc.screenshot(self.pictures / f"{name}.png")
