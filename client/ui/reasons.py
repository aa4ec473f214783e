"""Why a command can't be done now, for the palette and for who presses its key all the same."""

from client.core.agent import AgentState
from client.core.snapshot import REVEALING_TRUST, DeskSnapshot, RevealStage
from client.ui import call_words
from client.ui.i18n import translate

_WHILE_SIGNED_IN = {"call", "work", "script", "choose", "focus", "sound", "customer"}


def reason(command: str, snapshot: DeskSnapshot) -> str:
    """The reason in a few words."""
    kind, _, what = command.partition(".")
    if snapshot.person is None and kind in _WHILE_SIGNED_IN and snapshot.call is None:
        return translate("reasons", "Sign in first")
    if kind == "work":
        return _work(what, snapshot)
    if kind == "call":
        return _call(what, snapshot)
    if kind == "customer":
        return _customer(what, snapshot)
    return {
        "script": translate("reasons", "Nothing to choose here now"),
        "choose": translate("reasons", "Nothing to choose here now"),
        "problem": translate("reasons", "There is no message"),
        "field": translate("reasons", "No text field has the focus"),
        "focus": translate("reasons", "Not on the screen now"),
        "sound": translate("reasons", "Not while a call is on"),
        "approval": translate("reasons", "Nobody asks for anything"),
    }.get(kind, translate("reasons", "Not possible now"))


def _call(what: str, snapshot: DeskSnapshot) -> str:
    nothing = translate("reasons", "No call is on")
    not_now = nothing if snapshot.call is None else translate("reasons", "Not in this call as it is now")
    one = translate("reasons", "There is only one call")
    only = not_now if snapshot.call is None or call_words.others(snapshot) else one
    away = translate("reasons", "Not while the line is away, nor without a right to call")
    out = away if snapshot.call is None else not_now
    return {
        "answer": translate("reasons", "No call is ringing"),
        "reject": translate("reasons", "No call is ringing"),
        "dial": out,
        "redial": translate("reasons", "You have called nobody yet") if snapshot.call is None else not_now,
        "voicemail": out if snapshot.messages else translate("reasons", "There are no messages"),
        "swap": only,
        "connect": only,
        "conference": only,
        "split": translate("reasons", "Nobody talks together"),
        "consult": not_now,
        "transfer": not_now,
        "keypad": not_now,
    }.get(what, nothing)


def _customer(what: str, snapshot: DeskSnapshot) -> str:
    if what == "reveal":
        if snapshot.reveal is not None:
            return translate("reasons", "One field at a time")
        if snapshot.call is None:
            return translate("reasons", "Only while you talk with the customer")
        if (snapshot.status.trust or 0) < REVEALING_TRUST:
            return translate("reasons", "This PC is not trusted enough for it")
        return translate("reasons", "There is nothing that may be shown in clear now")
    return {
        "hide": translate("reasons", "Nothing is in clear"),
        "speak": translate("reasons", "This PC cannot read it to you")
        if snapshot.reveal is not None and snapshot.reveal.stage is RevealStage.SHOWN
        else translate("reasons", "Nothing is in clear"),
        "digits": translate("reasons", "Only while you talk with the customer"),
        "digits-cancel": translate("reasons", "Nobody keys in a card now"),
    }.get(what, translate("reasons", "Not possible now"))


def _work(what: str, snapshot: DeskSnapshot) -> str:
    ready = (
        translate("reasons", "The telephone line is not registered")
        if snapshot.state is AgentState.NOT_READY
        else translate("reasons", "Only from a break")
    )
    if snapshot.wrap_up is None:
        save = translate("reasons", "No wrap-up is open")
    elif snapshot.call is not None:
        save = translate("reasons", "The call is still on")
    else:
        save = translate("reasons", "Choose a code first")
    return {
        "ready": ready,
        "pause": translate("reasons", "Only while you are ready"),
        "save": save,
        "sign-out": translate("reasons", "Finish the call and its wrap-up first"),
    }.get(what, translate("reasons", "Not possible now"))
