"""Why a command can't be done now, for the palette and for who presses its key all the same."""

from client.core.agent import AgentState
from client.core.snapshot import DeskSnapshot
from client.ui.i18n import translate

_WHILE_SIGNED_IN = {"call", "work", "script", "choose", "focus"}


def reason(command: str, snapshot: DeskSnapshot) -> str:
    """The reason in a few words."""
    kind, _, what = command.partition(".")
    if snapshot.person is None and kind in _WHILE_SIGNED_IN:
        return translate("reasons", "Sign in first")
    if kind == "work":
        return _work(what, snapshot)
    if kind == "call":
        ringing = what in {"answer", "reject"}
        return translate("reasons", "No call is ringing") if ringing else translate("reasons", "No call is on")
    return {
        "script": translate("reasons", "Nothing to choose here now"),
        "choose": translate("reasons", "Nothing to choose here now"),
        "problem": translate("reasons", "There is no message"),
        "field": translate("reasons", "No text field has the focus"),
        "focus": translate("reasons", "Not on the screen now"),
    }.get(kind, translate("reasons", "Not possible now"))


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
