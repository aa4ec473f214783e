"""What a customer keys in: number, expiry, security code, one after the other. Decides, and does nothing else.

`#` ends what is being keyed, `*` takes it back to be keyed again. The digits are in one bytearray, which `wipe` clears;
CPython's own one-digit strings, which they pass through for the checks, are gone with the call that made them.
"""

from collections.abc import Callable
from datetime import date

from provisioning.api import DigitsStage
from server.digits import cards

TRIES = 3
"""How often one thing may be keyed wrongly before it ends."""

_LIMITS = {
    DigitsStage.NUMBER: cards.LONGEST_NUMBER,
    DigitsStage.EXPIRY: cards.EXPIRY_LENGTH,
    DigitsStage.CODE: cards.LONGEST_CODE,
}
_NEXT = {
    DigitsStage.NUMBER: DigitsStage.EXPIRY,
    DigitsStage.EXPIRY: DigitsStage.CODE,
    DigitsStage.CODE: DigitsStage.CHECKING,
}
_WRONG = {
    DigitsStage.NUMBER: "wrong-number",
    DigitsStage.EXPIRY: "wrong-expiry",
    DigitsStage.CODE: "wrong-code",
}
_OVER = frozenset({DigitsStage.ACCEPTED, DigitsStage.DECLINED, DigitsStage.CANCELLED, DigitsStage.FAILED})


class Entry:
    """One customer's keying.

    Args:
        today: the day by which a card's month is over.
    """

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._digits = bytearray(sum(_LIMITS.values()))
        self._start = 0
        """Where what is being keyed now begins."""
        self._end = 0
        self._too_many = False
        self._ends: list[int] = []
        self._tries = 0
        self.stage = DigitsStage.NUMBER
        self.outcome = ""
        self.rejected = False
        """Whether what was keyed last was wrong, and is to be keyed again."""
        self.counts: tuple[int, ...] = ()
        """How many digits each part has that was taken; for the audit log."""

    def __repr__(self) -> str:
        return f"Entry({self.stage})"

    @property
    def over(self) -> bool:
        """Whether nothing more can happen."""
        return self.stage in _OVER

    @property
    def received(self) -> int:
        """How many digits of what is being keyed have come."""
        return self._end - self._start

    @property
    def expected(self) -> int:
        """How many it should be; 0 while that is not known, or when nothing is keyed."""
        match self.stage:
            case DigitsStage.NUMBER:
                return cards.expected_length(self._current)
            case DigitsStage.EXPIRY:
                return cards.EXPIRY_LENGTH
            case DigitsStage.CODE:
                return self._code_length
            case _:
                return 0

    @property
    def valid(self) -> bool | None:
        """Whether what is being keyed is right as it stands; None while it is not complete and nothing was wrong."""
        if self.stage not in _LIMITS:
            return None
        if self._too_many:
            return False
        if self._is_right():
            return True
        if self.received == 0:
            return False if self.rejected else None
        return False if self.expected and self.received >= self.expected else None

    def key(self, tone: str) -> None:
        """Take one key: a digit, `*` or `#`. Keys that come when nothing is asked for are ignored."""
        if self.stage not in _LIMITS or len(tone) != 1 or tone not in "0123456789*#":
            return
        if tone == "*":
            self._again()
        elif tone == "#":
            self._finish()
        elif self.received < _LIMITS[self.stage]:
            self.rejected = False
            self._digits[self._end] = ord(tone)
            self._end += 1
        else:
            self._too_many = True

    def parts(self) -> tuple[memoryview, memoryview, memoryview]:
        """Return number, expiry and code, as views that `wipe` clears.

        Raises:
            ValueError: they were not all keyed.
        """
        if len(self._ends) != len(_LIMITS):
            raise ValueError("the card is not complete")
        whole = memoryview(self._digits)
        first, second, third = self._ends
        return whole[:first], whole[first:second], whole[second:third]

    def accept(self) -> None:
        """The payment service took the card."""
        self._close(DigitsStage.ACCEPTED, "accepted")

    def decline(self, outcome: str) -> None:
        """The payment service did not take it."""
        self._close(DigitsStage.DECLINED, outcome)

    def cancel(self) -> None:
        """The agent stopped it."""
        self._close(DigitsStage.CANCELLED, "cancelled")

    def fail(self, outcome: str) -> None:
        """Something ended it; `outcome` is a slug."""
        self._close(DigitsStage.FAILED, outcome)

    def wipe(self) -> None:
        """Overwrite every digit."""
        for index in range(len(self._digits)):
            self._digits[index] = 0

    # --- inside -------------------------------------------------------------------------------------------------------

    @property
    def _current(self) -> str:
        return self._digits[self._start : self._end].decode("ascii")

    @property
    def _code_length(self) -> int:
        return cards.scheme_of(self._digits[: self._ends[0]].decode("ascii")).code

    def _is_right(self) -> bool:
        match self.stage:
            case DigitsStage.NUMBER:
                return cards.number_is_valid(self._current)
            case DigitsStage.EXPIRY:
                return cards.expiry_is_valid(self._current, self._today())
            case _:
                return self.received == self._code_length

    def _again(self) -> None:
        for index in range(self._start, self._end):
            self._digits[index] = 0
        self._end, self._too_many, self.rejected = self._start, False, False

    def _finish(self) -> None:
        if self.received == 0 and not self._too_many:
            # Pressed once more than needed, or before anything else.
            return
        if self._is_right() and not self._too_many:
            self.counts = (*self.counts, self.received)
            self._ends.append(self._end)
            self._start = self._end
            self._tries = 0
            self.stage = _NEXT[self.stage]
            return
        self._tries += 1
        wrong = _WRONG[self.stage]
        self._again()
        if self._tries >= TRIES:
            self.fail(wrong)
        else:
            self.rejected = True

    def _close(self, stage: DigitsStage, outcome: str) -> None:
        if self.over:
            return
        self.wipe()
        self._start = self._end = 0
        self._too_many = self.rejected = False
        self.stage, self.outcome = stage, outcome
