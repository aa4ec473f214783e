"""Covering customers' data while nobody should see it: what a snapshot becomes, and why it is covered.

The data leaves the widgets, so it is neither in the pixels nor in what assistive technology is told. What remains is
what a call is handled with: its state, its times, the buttons, the script.
"""

from dataclasses import replace
from enum import StrEnum

from client.core.snapshot import CallSnapshot, CardSnapshot, DeskSnapshot, Words
from client.ui.i18n import translate

CALLER = Words("Caller", "来电者")
"""Stands for whoever is spoken with."""
COVERED = "•••"


class Hidden(StrEnum):
    """Why customers' data is covered; of several reasons the first here is told."""

    LOCKED = "locked"
    CAPTURE = "capture"
    """The window lost its protection from capture, or never was asked for."""
    UNFOCUSED = "unfocused"


def words(hidden: Hidden) -> str:
    """Why, in words for the person."""
    return {
        Hidden.LOCKED: translate("covering", "Hidden while this PC is locked."),
        Hidden.CAPTURE: translate(
            "covering", "Hidden: other programs could capture this window now. It comes back when it is protected."
        ),
        Hidden.UNFOCUSED: translate("covering", "Hidden while you are in another program. It comes back by itself."),
    }[hidden]


def covered(snapshot: DeskSnapshot) -> DeskSnapshot:
    """The same without anything of a customer."""
    return replace(
        snapshot,
        call=_call(snapshot.call) if snapshot.call is not None else None,
        calls=tuple(_call(call) for call in snapshot.calls),
        card=_card(snapshot.card) if snapshot.card is not None else None,
        history=tuple(replace(call, customer=COVERED if call.customer else "") for call in snapshot.history),
        reveal=None,
        approvals=tuple(replace(approval, typed_reason="") for approval in snapshot.approvals),
    )


def _call(call: CallSnapshot) -> CallSnapshot:
    # The agent's own open line goes into the box, which covers itself; without it the box would be begun anew.
    own = tuple(line for line in call.text if line.ours and line.open)
    return replace(call, label=CALLER if call.label is not None else None, text=own)


def _card(card: CardSnapshot) -> CardSnapshot:
    return CardSnapshot(known=card.known)
