"""Why a command can't be done now, for the palette and for who presses its key all the same."""

from client.core.agent import AgentState
from client.core.snapshot import DeskSnapshot
from client.ui import call_words
from client.ui.i18n import translate

_WHILE_SIGNED_IN = {"call", "work", "script", "choose", "focus", "sound"}


def reason(command: str, snapshot: DeskSnapshot) -> str:
    """The reason in a few words."""
    kind, _, what = command.partition(".")
    if snapshot.person is None and kind in _WHILE_SIGNED_IN and snapshot.call is None:
        return translate("reasons", "Sign in first")
    if kind == "work":
        return _work(what, snapshot)
    if kind == "call":
        return _call(what, snapshot)
    return {
        "script": translate("reasons", "Nothing to choose here now"),
        "choose": translate("reasons", "Nothing to choose here now"),
        "problem": translate("reasons", "There is no message"),
        "field": translate("reasons", "No text field has the focus"),
        "focus": translate("reasons", "Not on the screen now"),
        "sound": translate("reasons", "Not while a call is on"),
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
