"""Words for calls: whose call it is, how it stands, and what the agent should know about it now."""

from client.core.calls import CallState
from client.core.quality import Verdict
from client.core.quality_watch import Advice
from client.core.snapshot import CallSnapshot, CardSnapshot, DeskSnapshot, QualitySnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import call_state
from client.ui.widgets.glyph import Glyph

_GOING_ON = {CallState.TRANSFERRING, CallState.TRANSFERRING_HELD}


def others(snapshot: DeskSnapshot) -> tuple[CallSnapshot, ...]:
    """The calls beside the current one, those that ring first."""
    current = snapshot.call.ref if snapshot.call is not None else ""
    rest = [call for call in snapshot.calls if call.ref != current and call.state is not CallState.ENDED]
    return tuple(sorted(rest, key=lambda call: call.state is not CallState.RINGING))


def ringing(snapshot: DeskSnapshot) -> CallSnapshot | None:
    """The call that would be answered now, or None."""
    calls = (*((snapshot.call,) if snapshot.call is not None else ()), *others(snapshot))
    return next((call for call in calls if call.state is CallState.RINGING), None)


def is_of(card: CardSnapshot, call: CallSnapshot) -> bool:
    """Whether the card is of whom the call is with, and not of a customer who waits meanwhile."""
    return call.label is None or card.value("name") in {call.label.en, call.label.zh}


def label(kit: Kit, call: CallSnapshot) -> str:
    """Who it is, as far as the desk knows."""
    return kit.words(call.label) if call.label is not None else translate("call-bar", "Unknown caller")


def state(call: CallSnapshot, *, current: bool) -> tuple[str, str, Glyph]:
    """Words, tone and sign of how a call stands; a call beside the current one waits where that one rings."""
    if call.state is CallState.RINGING and not current:
        return translate("states", "Waiting"), "brand", Glyph.PHONE
    if call.state is CallState.TALKING and call.held_there:
        return translate("states", "You are on hold"), "warn", Glyph.PAUSE
    if call.state is CallState.TALKING and call.in_conference:
        return translate("states", "Talking together"), "ok", Glyph.TOGETHER
    return call_state(call.state)


def notice(call: CallSnapshot) -> tuple[str, str]:
    """What the agent should know about the call now, and its tone; empty where all is as usual."""
    if call.held_there:
        return translate("call-notice", "The other side has put you on hold. They do not hear you."), "warn"
    if call.silent:
        return advice(Advice.SILENT), "warn"
    if call.state in _GOING_ON:
        text = translate("call-notice", "The customer is being passed on. Until that has worked, the call is yours.")
        return text, "dim"
    if call.early_media:
        text = translate("call-notice", "Nobody has answered yet: what you hear is a tone or an announcement.")
        return text, "dim"
    if call.quality is not None and call.quality.advice:
        return advice(call.quality.advice, call.quality), "warn"
    return "", "dim"


def advice(name: str, quality: QualitySnapshot | None = None) -> str:
    """What spoils a call and what to do about it, with the figures of `quality`."""
    figures = quality or QualitySnapshot(1.0, Verdict.POOR)
    numbers = {
        Advice.LOSS: figures.loss_percent,
        Advice.SENT_LOSS: figures.sent_loss_percent,
        Advice.JITTER: figures.jitter_ms,
        Advice.DELAY: figures.round_trip_ms,
    }
    texts = {
        Advice.SILENT: translate(
            "advice", "Nothing arrives from the other side. Ask whether they hear you; if not, hang up and call again."
        ),
        Advice.LOSS: translate(
            "advice",
            "Your network loses {number}% of what you should hear. "
            "Use a cable instead of Wi-Fi, or move closer to the router.",
        ),
        Advice.SENT_LOSS: translate(
            "advice",
            "Your network loses {number}% of what you say. Use a cable instead of Wi-Fi, or move closer to the router.",
        ),
        Advice.JITTER: translate(
            "advice",
            "The sound comes unevenly ({number} ms). Stop downloads and videos at home, or use a cable.",
        ),
        Advice.DELAY: translate(
            "advice",
            "The sound takes {number} ms there and back. Let the other side finish, "
            "and switch off what slows your line.",
        ),
    }
    if name not in set(texts):
        return ""
    chosen = Advice(name)
    return texts[chosen].format(number=f"{numbers.get(chosen, 0.0):.0f}")
