"""Words for a card that a customer keys in: where they are, what they are to press, and how it ended."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from client.core.snapshot import DigitsSnapshot
from client.ui.i18n import translate

STEPS: Final = ("number", "expiry", "code")

_STEPS: Final = {
    "number": QT_TRANSLATE_NOOP("digits", "Card number"),
    "expiry": QT_TRANSLATE_NOOP("digits", "Valid until"),
    "code": QT_TRANSLATE_NOOP("digits", "Security code"),
}
_SAY: Final = {
    "number": QT_TRANSLATE_NOOP("digits", "Ask for the card number, then the hash key (#). Star (*) starts it again."),
    "expiry": QT_TRANSLATE_NOOP("digits", "Ask for month and year, two digits each, such as 0 9 2 8, then hash (#)."),
    "code": QT_TRANSLATE_NOOP("digits", "Ask for the security code on the card, then hash (#)."),
}
_WRONG: Final = {
    "number": QT_TRANSLATE_NOOP("digits", "That number is not right. Ask for it once more, from the first digit."),
    "expiry": QT_TRANSLATE_NOOP("digits", "That month is over, or is none. Ask for it once more, such as 0 9 2 8."),
    "code": QT_TRANSLATE_NOOP("digits", "That code is too short or too long. Ask for it once more."),
}
_DECLINED: Final = QT_TRANSLATE_NOOP("digits", "The card was declined. Nothing was charged.")
_FAILED: Final = QT_TRANSLATE_NOOP("digits", "It did not work. Nothing was charged; you can try again.")
_OUTCOMES: Final = {
    "accepted": QT_TRANSLATE_NOOP("digits", "Paid. The card was accepted."),
    "cancelled": QT_TRANSLATE_NOOP("digits", "Stopped. Nothing was charged."),
    "insufficient-funds": QT_TRANSLATE_NOOP("digits", "Declined: there is not enough money on the card."),
    "expired-card": QT_TRANSLATE_NOOP("digits", "Declined: the card is over."),
    "wrong-number": QT_TRANSLATE_NOOP("digits", "Three card numbers were not right. Nothing was charged."),
    "wrong-expiry": QT_TRANSLATE_NOOP("digits", "Three months were not right. Nothing was charged."),
    "wrong-code": QT_TRANSLATE_NOOP("digits", "Three security codes were not right. Nothing was charged."),
    "timeout": QT_TRANSLATE_NOOP("digits", "No key came for too long. Nothing was charged; you can try again."),
    "call-ended": QT_TRANSLATE_NOOP("digits", "The call ended before the card was complete. Nothing was charged."),
    "no-events": QT_TRANSLATE_NOOP(
        "digits", "This caller's line sends its keys as sound, which can't be kept from you. Offer another way to pay."
    ),
    "no-call": QT_TRANSLATE_NOOP("digits", "The telephone edge does not know this call. Offer another way to pay."),
    "edge-lost": QT_TRANSLATE_NOOP(
        "digits",
        "The edge was lost. Nothing was charged. You still hear no key; talk on, and try again or pay another way.",
    ),
    "payment-unknown": QT_TRANSLATE_NOOP(
        "digits", "The payment service did not answer: it may have charged. Don't try again before you have checked."
    ),
}


def step_label(step: str) -> str:
    """One of the three things that are keyed."""
    return translate("digits", str(_STEPS[step]))


def is_over(view: DigitsSnapshot) -> bool:
    """Whether nothing more will come."""
    return view.stage in {"accepted", "declined", "cancelled", "failed"}


def count(view: DigitsSnapshot) -> str:
    """'12 of 16', '16 of 16, valid', or '4 digits' while nobody can know how many there will be."""
    if view.expected:
        text = translate("digits", "{received} of {expected}").format(received=view.received, expected=view.expected)
    else:
        text = translate("digits", "{received} digits").format(received=view.received)
    if view.received and view.valid is not None:
        text += translate("digits", ", valid") if view.valid else translate("digits", ", not right")
    return text


def guidance(view: DigitsSnapshot) -> str:
    """What the agent does now, or how it ended."""
    if is_over(view):
        return outcome(view)
    if view.stage == "asking":
        return translate("digits", "The line is being made safe. One moment.")
    if view.stage == "checking":
        return translate("digits", "The payment service has the card. One moment.")
    words = _WRONG if view.valid is False and not view.received else _SAY
    return translate("digits", str(words[view.stage]))


def outcome(view: DigitsSnapshot) -> str:
    """How it ended."""
    known = _OUTCOMES.get(view.outcome, _DECLINED if view.stage == "declined" else _FAILED)
    return translate("digits", str(known))


def tone(view: DigitsSnapshot) -> str:
    """The colour of `guidance`."""
    if view.stage == "accepted":
        return "ok"
    if view.stage in {"declined", "failed"}:
        return "bad"
    return "warn" if view.valid is False else ""
