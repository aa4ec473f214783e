"""What the agent meant: for each kind of hook switch, and for everything that is no press."""

from hypothesis import given
from hypothesis import strategies as st

from client.core.commands import BY_ID
from client.sip.headset import reports
from client.sip.headset.descriptor import parse
from client.sip.headset.events import HeadsetCommand, HeadsetPhase, Lamps
from client.sip.headset.presses import Presses
from tests.unit.sip.headset import recorded

IDLE = Lamps()
RINGING = Lamps(ringing=True)
IN_CALL = Lamps(off_hook=True)
MUTED = Lamps(off_hook=True, muted=True)
WAITING = Lamps(ringing=True, off_hook=True)


class Rehearsal:
    """A headset's buttons with a clock that moves two seconds at a time, or as told."""

    def __init__(self, descriptor: bytes, lamps: Lamps = IDLE) -> None:
        self.layout = parse(descriptor)
        self.presses = Presses(IDLE)
        self.now = 100.0
        self.show(lamps)

    def show(self, lamps: Lamps, after: float = 2.0) -> None:
        self.now += after
        self.presses.show(lamps, self.now)

    def report(self, report: str, after: float = 2.0) -> list[HeadsetCommand]:
        self.now += after
        return self.presses.on_report(reports.read(self.layout, bytes.fromhex(report)), self.now)


def test_a_latched_hook_answers_and_hangs_up() -> None:
    headset = Rehearsal(recorded.GN_LAYOUT, RINGING)
    assert headset.report("020100") == [HeadsetCommand.ANSWER]
    headset.show(IN_CALL, after=0.2)
    assert headset.report("020000") == [HeadsetCommand.HANG_UP]


def test_a_latched_hook_that_follows_the_lamp_is_no_press() -> None:
    headset = Rehearsal(recorded.GN_LAYOUT, RINGING)
    # Answered on the screen: the headset goes off the hook because we lit its lamp, however long it takes.
    headset.show(IN_CALL)
    assert headset.report("020100", after=3.0) == []
    # Hung up on the screen.
    headset.show(IDLE)
    assert headset.report("020000", after=0.1) == []


def test_a_headset_that_gives_up_waiting_for_the_answer_does_not_hang_up() -> None:
    headset = Rehearsal(recorded.GN_LAYOUT, RINGING)
    assert headset.report("020100") == [HeadsetCommand.ANSWER]
    # No lamp in two seconds: back on the hook, just as the call comes about.
    headset.show(IN_CALL, after=1.95)
    assert headset.report("020000", after=0.05) == []


def test_a_relative_hook_says_pressed_each_time() -> None:
    relative = recorded.GN_LAYOUT.replace(bytes.fromhex("8122092f"), bytes.fromhex("8106092f"))
    headset = Rehearsal(relative, RINGING)
    assert headset.report("020100") == [HeadsetCommand.ANSWER]
    assert headset.report("020000", after=0.1) == []
    headset.show(IN_CALL, after=0.1)
    assert headset.report("020100") == [HeadsetCommand.HANG_UP]
    assert headset.report("020000", after=0.1) == []


def test_a_hook_that_comes_back_when_let_go_is_learnt() -> None:
    headset = Rehearsal(recorded.MOMENTARY, RINGING)
    assert headset.report("0101") == [HeadsetCommand.ANSWER]
    headset.show(IN_CALL, after=0.1)
    assert headset.report("0100", after=0.1) == []
    assert headset.report("0101") == [HeadsetCommand.HANG_UP]
    assert headset.report("0100", after=0.1) == []


def test_a_call_that_waits_is_answered_not_hung_up() -> None:
    headset = Rehearsal(recorded.GN_LAYOUT, RINGING)
    headset.report("020100")
    headset.show(IN_CALL, after=0.1)
    headset.show(WAITING)
    assert headset.report("020000") == [HeadsetCommand.ANSWER]
    assert headset.report("024000") == [HeadsetCommand.REJECT]


def test_reject() -> None:
    for descriptor, report in (
        (recorded.GN_LAYOUT, "024000"),
        (recorded.GN_LAYOUT, "020800"),
        (recorded.MOMENTARY, "0104"),
    ):
        headset = Rehearsal(descriptor, RINGING)
        assert headset.report(report) == [HeadsetCommand.REJECT]


def test_flash_and_drop_in_a_call() -> None:
    assert Rehearsal(recorded.GN_LAYOUT, IN_CALL).report("020800") == [HeadsetCommand.HOLD]
    assert Rehearsal(recorded.MOMENTARY, IN_CALL).report("0104") == [HeadsetCommand.HANG_UP]
    assert Rehearsal(recorded.GN_LAYOUT, IN_CALL).report("024000") == []


def test_mute_is_one_press_each_time() -> None:
    headset = Rehearsal(recorded.GN_LAYOUT, IN_CALL)
    assert headset.report("020400") == [HeadsetCommand.MUTE]
    headset.show(MUTED, after=0.02)
    assert headset.report("020000", after=0.1) == []
    # The agent wants to be heard again, a moment later.
    assert headset.report("020400", after=0.4) == [HeadsetCommand.MUTE]


def test_mute_that_only_repeats_our_lamp_is_no_press() -> None:
    headset = Rehearsal(recorded.GN_LAYOUT, IN_CALL)
    headset.show(MUTED)
    assert headset.report("020400", after=0.1) == []


def test_a_mute_switch_that_stays_where_it_is_put() -> None:
    # The same bit, now absolute and without a preferred state: a boom arm.
    boom = recorded.LOGITECH_MX_BRIO.replace(bytes.fromhex("8106"), bytes.fromhex("8122"))
    headset = Rehearsal(boom, IN_CALL)
    assert headset.report("0801") == [HeadsetCommand.MUTE]
    headset.show(MUTED, after=0.1)
    assert headset.report("0800") == [HeadsetCommand.MUTE]
    headset.show(IN_CALL, after=0.1)
    # Muted on the screen meanwhile: the arm going up asks for what is so already.
    headset.show(MUTED)
    assert headset.report("0801") == []


def test_without_a_call_no_button_means_anything() -> None:
    headset = Rehearsal(recorded.GN_LAYOUT, IDLE)
    assert headset.report("02ffff") == []
    assert headset.report("020000") == []


def test_ringing_means_nothing_to_mute() -> None:
    assert Rehearsal(recorded.GN_LAYOUT, RINGING).report("020400") == []


ALLOWED = {
    HeadsetPhase.IDLE: set(),
    HeadsetPhase.RINGING: {HeadsetCommand.ANSWER, HeadsetCommand.REJECT},
    HeadsetPhase.IN_CALL: {HeadsetCommand.HANG_UP, HeadsetCommand.MUTE, HeadsetCommand.HOLD},
    HeadsetPhase.WAITING: {HeadsetCommand.ANSWER, HeadsetCommand.REJECT, HeadsetCommand.MUTE},
}
LAMPS = st.builds(Lamps, st.booleans(), st.booleans(), st.booleans(), st.booleans())


@given(
    st.sampled_from((recorded.GN_LAYOUT, recorded.PLANTRONICS_BLACKWIRE_3220, recorded.MOMENTARY)),
    st.lists(st.tuples(st.floats(0.0, 3.0), st.one_of(LAMPS, st.binary(max_size=4))), max_size=40),
)
def test_whatever_a_device_sends_only_what_fits_is_asked_for(
    descriptor: bytes, steps: list[tuple[float, Lamps | bytes]]
) -> None:
    headset = Rehearsal(descriptor)
    lamps = IDLE
    for after, step in steps:
        if isinstance(step, Lamps):
            lamps = step
            headset.show(lamps, after)
        else:
            commands = headset.report((b"\x02" + step).hex(), after)
            assert len(commands) == len(set(commands))
            assert set(commands) <= ALLOWED[lamps.phase]


def test_every_command_is_one_that_the_desk_knows() -> None:
    assert {str(command) for command in HeadsetCommand} <= set(BY_ID)
