"""What the agent does with calls: answer, hold, swap, dial, consult, transfer, confer, and what goes with it."""

from client.core import intents
from client.core import telephony as tel
from client.core.calling import Calling
from client.core.calls import Ask, CallState, Fact
from client.core.conversation import Conversation
from client.core.events import DialGranted, DialRefused
from client.core.intents import Intent
from client.core.snapshot import Screen, Sheet, Words
from client.core.state import DeskState

_DECLINE = 603
_DIGITS = frozenset("0123456789*#ABCD")
_DIALLED = frozenset("+0123456789*#")
"""What of a typed number is dialled; spaces, hyphens and brackets are for the eye."""
_PUT_ASIDE = frozenset({CallState.TALKING, CallState.HOLDING, CallState.TRANSFERRING_HELD, CallState.ENDING})
"""States of other calls in which the agent's ear is free for one more."""


class Handset:
    """Each action comes with the question whether it can be done now; done anyway, it does nothing."""

    def __init__(self, state: DeskState, calling: Calling) -> None:
        self._state = state
        self._calling = calling
        self._requests = 0
        self._transfers: dict[int, Conversation] = {}
        """Transfers for which a token has been asked."""
        self._last: tuple[str, str, str] | None = None
        """Whom the agent called last: entry, call, number."""

    # --- One call -----------------------------------------------------------------------------------------------------

    @property
    def _current(self) -> Conversation | None:
        return self._state.board.current

    @property
    def in_talk(self) -> bool:
        """Whether the current call is answered."""
        return self._current is not None and self._current.is_answered

    def can(self, ask: Ask) -> bool:
        """Whether the current call takes this request."""
        return self._current is not None and self._current.machine.can(ask)

    @property
    def can_answer(self) -> bool:
        """Whether a call rings, and the agent's ear is free for it."""
        ringing = self._state.board.ringing
        others = [talk for talk in self._state.board.live if talk is not ringing]
        return ringing is not None and all(talk.state in _PUT_ASIDE for talk in others)

    def answer(self) -> list[Intent]:
        """Answer the call that rings; the one under way is put on hold."""
        ringing = self._state.board.ringing
        if ringing is None or ringing.call is None or not ringing.machine.ask(Ask.ANSWER):
            return []
        wanted = self._put_aside()
        self._state.board.choose(ringing)
        return [*wanted, tel.AnswerCall(ringing.call)]

    @property
    def can_reject(self) -> bool:
        """Whether a call rings."""
        return self._state.board.ringing is not None

    def reject(self) -> list[Intent]:
        """Refuse the call that rings."""
        ringing = self._state.board.ringing
        if ringing is None or ringing.call is None or not ringing.machine.ask(Ask.REJECT):
            return []
        return [tel.RejectCall(ringing.call, _DECLINE)]

    @property
    def can_hang_up(self) -> bool:
        """Whether the current call can be ended, and is not ending already."""
        return self.can(Ask.HANG_UP) and self._current is not None and self._current.state is not CallState.ENDING

    def hang_up(self) -> list[Intent]:
        """End the current call."""
        talk = self._current
        if talk is None or not talk.machine.ask(Ask.HANG_UP):
            return []
        if talk.call is None:
            # The engine has not begun it. Should it do so still, `CallOutgoing` finds nobody and hangs up.
            return self._calling.over(talk, tel.CallEnd.LOCAL)
        return [tel.HangUp(talk.call)]

    def mute(self) -> list[Intent]:
        """Stop or resume sending the microphone to the current call."""
        talk = self._current
        if talk is None or talk.call is None:
            return []
        talk.muted = not talk.muted
        return [tel.SetMute(talk.call, talk.muted)]

    @property
    def can_hold(self) -> bool:
        """Whether the current call can be held or resumed."""
        return self.can(Ask.HOLD) or self.can(Ask.RESUME)

    def hold(self) -> list[Intent]:
        """Hold the current call, or resume it, and hold any other that is heard."""
        talk = self._current
        if talk is None or talk.call is None:
            return []
        if talk.machine.ask(Ask.RESUME):
            return [*self._put_aside(talk), *self._turn_to(talk)]
        if not talk.machine.ask(Ask.HOLD):
            return []
        talk.hold_wanted = True
        return [tel.SetHold(talk.call, held=True)]

    def press(self, digits: str) -> list[Intent]:
        """Send digits in the current call."""
        talk = self._current
        allowed = "".join(digit for digit in digits.upper() if digit in _DIGITS)
        if talk is None or talk.call is None or not talk.is_answered or not allowed:
            return []
        talk.digits_sent += len(allowed)
        return [tel.SendDigits(talk.call, allowed)]

    def write(self, text: str) -> list[Intent]:
        """Send real-time text in the current call."""
        talk = self._current
        if talk is None or talk.call is None or not talk.can_text or not text:
            return []
        talk.text.write(text, ours=True)
        return [tel.SendText(talk.call, text)]

    # --- Several calls ------------------------------------------------------------------------------------------------

    @property
    def _other(self) -> Conversation | None:
        """The answered call after the current one."""
        current = self._current
        return next(iter(self._state.board.others(current)), None) if current is not None else None

    @property
    def can_swap(self) -> bool:
        """Whether there is another answered call to go to."""
        return self.in_talk and self._other is not None

    def swap(self) -> list[Intent]:
        """Go to the next call."""
        other = self._other
        return self.go_to(other) if other is not None and self.in_talk else []

    def go_to(self, talk: Conversation) -> list[Intent]:
        """Talk with this call; hold the one that was talked with, unless they are in a conference together."""
        board = self._state.board
        if not talk.is_answered or talk is self._current or talk.call is None:
            return []
        if board.in_conference(talk):
            board.choose(talk)
            return []
        board.choose(talk)
        return [*self._put_aside(talk), *self._turn_to(talk)]

    @staticmethod
    def _turn_to(talk: Conversation) -> list[Intent]:
        """Take a call back from hold."""
        held = talk.hold_wanted or talk.state in {CallState.HOLDING, CallState.TRANSFERRING_HELD}
        talk.hold_wanted = False
        return [tel.SetHold(talk.call, held=False)] if held and talk.call is not None else []

    def _put_aside(self, for_whom: Conversation | None = None) -> list[Intent]:
        """Hold every call that is heard, but the one that the agent turns to and those in conference with it."""
        board = self._state.board
        together = board.conference if for_whom is not None and board.in_conference(for_whom) else frozenset()
        wanted: list[Intent] = []
        for talk in board.live:
            heard = talk.is_answered and not talk.hold_wanted
            if heard and talk is not for_whom and talk.call is not None and talk.call not in together:
                talk.hold_wanted = True
                wanted.append(tel.SetHold(talk.call, held=True))
        return wanted

    @property
    def can_connect(self) -> bool:
        """Whether there are two calls to connect with each other."""
        return self._pair is not None

    @property
    def _pair(self) -> tuple[Conversation, Conversation] | None:
        """The call to send on, and the one to send it to: the customer's, and the one that is talked with."""
        current, other = self._current, self._other
        if current is None or other is None:
            return None
        pair = (current, other) if current.on_record and not other.on_record else (other, current)
        settled = {CallState.TALKING, CallState.HOLDING}
        return pair if all(talk.state in settled and talk.call is not None for talk in pair) else None

    def connect(self) -> list[Intent]:
        """Connect the two with each other, and leave them (attended transfer)."""
        pair = self._pair
        if pair is None:
            return []
        call, target = pair
        if call.call is None or target.call is None or not call.machine.ask(Ask.TRANSFER):
            return []
        return [tel.TransferToCall(call.call, target.call)]

    @property
    def can_confer(self) -> bool:
        """Whether there are calls that could hear each other and do not."""
        board = self._state.board
        answered = [talk for talk in board.live if talk.state in {CallState.TALKING, CallState.HOLDING}]
        return self.in_talk and len(answered) > 1 and not all(board.in_conference(talk) for talk in answered)

    def confer(self) -> list[Intent]:
        """Let everybody hear each other; those on hold are taken back."""
        if not self.can_confer:
            return []
        answered = [talk for talk in self._state.board.live if talk.state in {CallState.TALKING, CallState.HOLDING}]
        together = tuple(talk.call for talk in answered if talk.call is not None)
        return [tel.SetConference(together), *(intent for talk in answered for intent in self._turn_to(talk))]

    @property
    def can_split(self) -> bool:
        """Whether the current call is in a conference."""
        return self._current is not None and self._state.board.in_conference(self._current)

    def split(self) -> list[Intent]:
        """End the conference: go on with the current call, and hold the others."""
        if not self.can_split:
            return []
        self._state.board.conference = frozenset()
        return [tel.SetConference(()), *self._put_aside(self._current)]

    # --- Calls of our own ---------------------------------------------------------------------------------------------

    @property
    def can_dial(self) -> bool:
        """Whether a call of our own can begin."""
        state = self._state
        beginning = any(talk.state not in _PUT_ASIDE for talk in state.board.live)
        checking = state.check is not None and state.check.running
        return state.screen is Screen.AGENT and state.registered and not beginning and not checking

    @property
    def can_call(self) -> bool:
        """Whether the agent is free to call somebody."""
        return self.can_dial and not self._state.board.live

    @property
    def can_consult(self) -> bool:
        """Whether the agent may ask somebody about the call under way."""
        return self.can_dial and self.in_talk and len(self._state.board.live) < 3

    @property
    def can_transfer(self) -> bool:
        """Whether the current call can be sent on."""
        return self.can(Ask.TRANSFER) and self._state.registered

    @property
    def can_redial(self) -> bool:
        """Whether somebody has been called who could be called again."""
        return self._last is not None and self.can_call

    def redial(self) -> list[Intent]:
        """Call the last one again."""
        return self._dial(*self._last) if self._last is not None and self.can_redial else []

    def submit(self, entry: str, number: str) -> list[Intent]:
        """Call, consult or transfer to whom the agent chose, as the open sheet says."""
        sheet, self._state.sheet = self._state.sheet, None
        number = "".join(sign for sign in number if sign in _DIALLED)
        if bool(entry) == bool(number):
            return []
        if sheet is Sheet.TRANSFER:
            return self._transfer(entry, number)
        possible = {Sheet.DIAL: self.can_call, Sheet.CONSULT: self.can_consult}
        return self._dial(entry, "", number) if sheet is not None and possible.get(sheet, False) else []

    def call_back(self, ref: str) -> list[Intent]:
        """Call the customer of an earlier call."""
        if self.can_call:
            return self._dial("", ref, "")
        self._state.problems.show("call-back-later")
        return []

    def call_entry(self, entry: str) -> list[Intent]:
        """Call an entry of the directory."""
        return self._dial(entry, "", "") if self.can_call else []

    def next_request(self) -> int:
        """Return a number for an order that the engine answers."""
        self._requests += 1
        return self._requests

    def _dial(self, entry: str, call: str, number: str) -> list[Intent]:
        state = self._state
        request = self.next_request()
        wanted = self._put_aside()
        talk = Conversation(
            state.new_ref(), state.clock, request=request, label=self._label(entry, call, number), on_record=False
        )
        state.board.add(talk, current=True)
        self._last = (entry, call, number)
        return [*wanted, intents.FetchDialToken(request, entry, call, number)]

    def _transfer(self, entry: str, number: str) -> list[Intent]:
        talk = self._current
        if talk is None or not self.can_transfer or not talk.machine.ask(Ask.TRANSFER):
            return []
        request = self.next_request()
        self._transfers[request] = talk
        return [intents.FetchDialToken(request, entry, "", number)]

    def granted(self, event: DialGranted) -> list[Intent]:
        """The server has given a token."""
        transferred = self._transfers.pop(event.request, None)
        if transferred is not None:
            gone = transferred.is_over or transferred.call is None
            return [] if gone or transferred.call is None else [tel.TransferCall(transferred.call, event.token)]
        talk = self._state.board.by_request(event.request)
        if talk is None:
            # The agent has hung up meanwhile; the token expires unused.
            return []
        wanted: list[Intent] = [tel.MakeCall(event.request, event.token)]
        if event.ref:
            talk.ref, talk.on_record = event.ref, True
            self._state.notes.begin(talk.ref)
            wanted.append(intents.FetchCard(talk.ref))
        return wanted

    def refused(self, event: DialRefused) -> list[Intent]:
        """The server has given none."""
        transferred = self._transfers.pop(event.request, None)
        talk = self._state.board.by_request(event.request)
        if transferred is None and talk is None:
            return []
        self._state.problems.show(event.code)
        if transferred is not None:
            transferred.machine.report(Fact.TRANSFER_FAILED)
            return []
        return self._calling.over(talk, tel.CallEnd.LOCAL) if talk is not None else []

    def _label(self, entry: str, call: str, number: str) -> Words | None:
        if number:
            return Words(number, number)
        if call:
            earlier = self._state.history.find(call)
            return Words(earlier.customer, earlier.customer) if earlier is not None and earlier.customer else None
        return next((known.label for known in self._state.directory if known.id == entry), Words(entry, entry))
