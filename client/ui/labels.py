"""Words for the stable keys that snapshots carry. A key that this version does not know is shown as readable words."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.keys import KeyProfile
from client.core.telephony import RegistrationState
from client.ui.i18n import translate
from client.ui.theme.tokens import ThemeName
from client.ui.trust_reasons import reason_words
from client.ui.widgets.glyph import Glyph

_FIELDS: Final = {
    "name": QT_TRANSLATE_NOOP("fields", "Name"),
    "mobile": QT_TRANSLATE_NOOP("fields", "Mobile"),
    "phone": QT_TRANSLATE_NOOP("fields", "Phone"),
    "email": QT_TRANSLATE_NOOP("fields", "E-mail"),
    "id-card": QT_TRANSLATE_NOOP("fields", "ID card"),
    "passport": QT_TRANSLATE_NOOP("fields", "Passport"),
    "date-of-birth": QT_TRANSLATE_NOOP("fields", "Born"),
    "address": QT_TRANSLATE_NOOP("fields", "Address"),
    "billing-address": QT_TRANSLATE_NOOP("fields", "Billing address"),
    "card-number": QT_TRANSLATE_NOOP("fields", "Card number"),
    "bank-card": QT_TRANSLATE_NOOP("fields", "Bank card"),
    "account": QT_TRANSLATE_NOOP("fields", "Account"),
    "account-number": QT_TRANSLATE_NOOP("fields", "Account number"),
    "balance": QT_TRANSLATE_NOOP("fields", "Balance"),
    "available-credit": QT_TRANSLATE_NOOP("fields", "Available credit"),
    "credit-limit": QT_TRANSLATE_NOOP("fields", "Credit limit"),
    "statement": QT_TRANSLATE_NOOP("fields", "Statement"),
    "opened": QT_TRANSLATE_NOOP("fields", "Customer since"),
    "opened-on": QT_TRANSLATE_NOOP("fields", "Customer since"),
    "opening-date": QT_TRANSLATE_NOOP("fields", "Opening date"),
    "branch": QT_TRANSLATE_NOOP("fields", "Branch"),
    "product": QT_TRANSLATE_NOOP("fields", "Product"),
    "segment": QT_TRANSLATE_NOOP("fields", "Segment"),
    "score": QT_TRANSLATE_NOOP("fields", "Value score"),
    "value-score": QT_TRANSLATE_NOOP("fields", "Value score"),
    "plate": QT_TRANSLATE_NOOP("fields", "Number plate"),
    "language": QT_TRANSLATE_NOOP("fields", "Language"),
}

_WORK: Final = {
    "consultation": QT_TRANSLATE_NOOP("work", "Consultation"),
    "marketing": QT_TRANSLATE_NOOP("work", "Marketing"),
    "service": QT_TRANSLATE_NOOP("work", "Service"),
    "collections": QT_TRANSLATE_NOOP("work", "Collections"),
    "dispute": QT_TRANSLATE_NOOP("work", "Disputes"),
}

_KINDS: Final = {
    "colleague": QT_TRANSLATE_NOOP("directory", "Colleague"),
    "queue": QT_TRANSLATE_NOOP("directory", "Queue"),
    "service": QT_TRANSLATE_NOOP("directory", "Service"),
}

_CHANNELS: Final = {
    "phone": QT_TRANSLATE_NOOP("channels", "Phone"),
    "text": QT_TRANSLATE_NOOP("channels", "Text"),
    "branch": QT_TRANSLATE_NOOP("channels", "Branch visit"),
    "mail": QT_TRANSLATE_NOOP("channels", "Mail"),
}

_TRUST: Final = {
    0: QT_TRANSLATE_NOOP("trust", "No customer data"),
    1: QT_TRANSLATE_NOOP("trust", "Masked data only"),
    2: QT_TRANSLATE_NOOP("trust", "Masked data, can be revealed"),
    3: QT_TRANSLATE_NOOP("trust", "Masked data, can be revealed; key in hardware"),
}

_AGENT: Final[dict[AgentState, tuple[str, str, Glyph]]] = {
    AgentState.OFFLINE: (str(QT_TRANSLATE_NOOP("states", "Offline")), "dim", Glyph.RING),
    AgentState.NOT_READY: (str(QT_TRANSLATE_NOOP("states", "Not ready")), "dim", Glyph.PAUSE),
    AgentState.READY: (str(QT_TRANSLATE_NOOP("states", "Ready")), "ok", Glyph.CHECK),
    AgentState.RINGING: (str(QT_TRANSLATE_NOOP("states", "Ringing")), "brand", Glyph.PHONE),
    AgentState.ON_CALL: (str(QT_TRANSLATE_NOOP("states", "On a call")), "ok", Glyph.PHONE),
    AgentState.WRAP_UP: (str(QT_TRANSLATE_NOOP("states", "Wrap-up")), "warn", Glyph.PEN),
}

_CALL: Final[dict[CallState, tuple[str, str, Glyph]]] = {
    CallState.RINGING: (str(QT_TRANSLATE_NOOP("states", "Ringing")), "brand", Glyph.PHONE),
    CallState.ANSWERING: (str(QT_TRANSLATE_NOOP("states", "Connecting")), "brand", Glyph.PHONE),
    CallState.DIALLING: (str(QT_TRANSLATE_NOOP("states", "Calling")), "brand", Glyph.OUT),
    CallState.CALLING: (str(QT_TRANSLATE_NOOP("states", "Ringing there")), "brand", Glyph.OUT),
    CallState.TALKING: (str(QT_TRANSLATE_NOOP("states", "On a call")), "ok", Glyph.PHONE),
    CallState.HOLDING: (str(QT_TRANSLATE_NOOP("states", "On hold")), "warn", Glyph.PAUSE),
    CallState.TRANSFERRING: (str(QT_TRANSLATE_NOOP("states", "Passing on")), "brand", Glyph.OUT),
    CallState.TRANSFERRING_HELD: (str(QT_TRANSLATE_NOOP("states", "Passing on")), "brand", Glyph.OUT),
    CallState.ENDING: (str(QT_TRANSLATE_NOOP("states", "Ending")), "dim", Glyph.PHONE),
    CallState.ENDED: (str(QT_TRANSLATE_NOOP("states", "Ended")), "dim", Glyph.PHONE),
}

_LINE: Final[dict[RegistrationState, tuple[str, str, Glyph]]] = {
    RegistrationState.UNREGISTERED: (str(QT_TRANSLATE_NOOP("status", "Line not registered")), "dim", Glyph.RING),
    RegistrationState.REGISTERING: (str(QT_TRANSLATE_NOOP("status", "Registering")), "warn", Glyph.RING),
    RegistrationState.REGISTERED: (str(QT_TRANSLATE_NOOP("status", "Registered")), "ok", Glyph.DOT),
    RegistrationState.FAILED: (str(QT_TRANSLATE_NOOP("status", "Line down")), "bad", Glyph.CROSS),
}

_PROFILES: Final = {
    KeyProfile.STANDARD: QT_TRANSLATE_NOOP("profiles", "Standard keys"),
    KeyProfile.LEFT_HAND: QT_TRANSLATE_NOOP("profiles", "Left-hand keys"),
    KeyProfile.RIGHT_HAND: QT_TRANSLATE_NOOP("profiles", "Right-hand keys"),
}

_THEMES: Final = {
    ThemeName.SYSTEM: QT_TRANSLATE_NOOP("themes", "As the system"),
    ThemeName.LIGHT: QT_TRANSLATE_NOOP("themes", "Light"),
    ThemeName.DARK: QT_TRANSLATE_NOOP("themes", "Dark"),
    ThemeName.HIGH_CONTRAST: QT_TRANSLATE_NOOP("themes", "High contrast"),
}


def readable(key: str) -> str:
    """'loan-officer' as 'Loan officer': the best that can be done for a key without words."""
    words = key.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def field_label(name: str) -> str:
    """The label of a customer's field."""
    known = _FIELDS.get(name.replace("_", "-"))
    return translate("fields", str(known)) if known is not None else readable(name)


def work_label(work_type: str) -> str:
    """A kind of work."""
    return translate("work", str(_WORK[work_type])) if work_type in _WORK else readable(work_type)


def kind_label(kind: str) -> str:
    """A kind of entry in the directory."""
    return translate("directory", str(_KINDS[kind])) if kind in _KINDS else readable(kind)


def channel_label(channel: str) -> str:
    """A way of contact."""
    return translate("channels", str(_CHANNELS[channel])) if channel in _CHANNELS else readable(channel)


def trust_label(level: int | None) -> str:
    """What a trust level lets this desk show."""
    if level is None:
        return translate("trust", "Not known yet")
    return translate("trust", str(_TRUST[level])) if level in _TRUST else ""


def trust_reasons(reasons: tuple[str, ...], most: int | None = None) -> str:
    """Why the level is not higher; `most` reasons in words, and how many more there are."""
    said = [reason_words(reason) for reason in reasons[:most]]
    if more := len(reasons) - len(said):
        said.append(translate("trust", "and {count} more").format(count=more))
    return translate("trust", "; ").join(said)


def trust_words(level: int | None, reasons: tuple[str, ...], most: int | None = None) -> str:
    """The level's meaning, and why it is not higher, as `trust_reasons`."""
    colon = translate("trust", ": ")
    return trust_label(level) + (colon + trust_reasons(reasons, most) if reasons else "")


def agent_state(state: AgentState) -> tuple[str, str, Glyph]:
    """Words, tone and sign of what an agent does."""
    words, tone, glyph = _AGENT[state]
    return translate("states", words), tone, glyph


def call_state(state: CallState) -> tuple[str, str, Glyph]:
    """Words, tone and sign of a call's state."""
    words, tone, glyph = _CALL[state]
    return translate("states", words), tone, glyph


def line_state(state: RegistrationState) -> tuple[str, str, Glyph]:
    """Words, tone and sign of the telephone line."""
    words, tone, glyph = _LINE[state]
    return translate("status", words), tone, glyph


def profile_label(profile: KeyProfile) -> str:
    """A key profile."""
    return translate("profiles", str(_PROFILES[profile]))


def theme_label(theme: ThemeName) -> str:
    """A colour theme."""
    return translate("themes", str(_THEMES[theme]))
