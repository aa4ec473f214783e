"""What changed between two snapshots, in words for who cannot see it."""

from client.core.calls import CallState
from client.core.snapshot import CallSnapshot, DeskSnapshot
from client.ui.i18n import translate
from client.ui.keynames import spoken
from client.ui.kit import Kit
from client.ui.labels import agent_state, call_state, line_state, trust_label
from client.ui.panels.problem import spoken as problem_words


def changes(kit: Kit, old: DeskSnapshot, new: DeskSnapshot) -> list[tuple[str, bool]]:
    """The texts to announce, each with whether it may interrupt."""
    said: list[tuple[str, bool]] = []
    if new.problem is not None and new.problem != old.problem:
        said.append((problem_words(new.problem), True))
    said += _call(kit, old.call, new)
    if new.call is None and new.state is not old.state and new.person is not None:
        said.append((agent_state(new.state)[0], False))
    if old.wrap_up is not None and old.wrap_up.saving and new.wrap_up is None:
        said.append((translate("narrator", "The wrap-up is saved."), False))
    said += _script(kit, old, new)
    said += _status(old, new)
    return said


def _call(kit: Kit, old: CallSnapshot | None, new: DeskSnapshot) -> list[tuple[str, bool]]:
    call = new.call
    if call is None:
        return []
    fresh = old is None or old.ref != call.ref
    if call.state is CallState.RINGING:
        if not fresh:
            return []
        name = new.card.value("name") if new.card else ""
        text = translate("narrator", "Incoming call. {name} Answer: {key}.")
        return [(text.format(name=f"{name}." if name else "", key=spoken(kit.key("call.answer"))), True)]
    said: list[tuple[str, bool]] = []
    if fresh or (old is not None and old.state is not call.state):
        said.append((call_state(call.state)[0], False))
    if old is not None and not fresh and old.muted is not call.muted:
        muted = translate("narrator", "Muted: the customer does not hear you.")
        said.append((muted if call.muted else translate("narrator", "Not muted any more."), False))
    return said


def _script(kit: Kit, old: DeskSnapshot, new: DeskSnapshot) -> list[tuple[str, bool]]:
    if old.script is None or new.script is None or old.script.step == new.script.step:
        return []
    step = new.script.steps[new.script.step]
    return [(f"{kit.words(step.title)}. {kit.words(step.say)}", False)]


def _status(old: DeskSnapshot, new: DeskSnapshot) -> list[tuple[str, bool]]:
    said: list[tuple[str, bool]] = []
    before, after = old.status, new.status
    if new.person is None or old.person is None:
        return []
    if before.registration is not after.registration:
        said.append((line_state(after.registration)[0], False))
    if before.trust != after.trust and after.trust is not None:
        said.append((f"T{after.trust}: {trust_label(after.trust)}", False))
    if before.watchers != after.watchers:
        names = translate("status", ", ").join(after.watchers)
        text = translate("narrator", "Listening now: {names}").format(names=names)
        said.append((text if names else translate("narrator", "Nobody listens any more."), False))
    if before.recording is not after.recording:
        on, off = translate("narrator", "Recording has begun."), translate("narrator", "Recording has ended.")
        said.append((on if after.recording else off, False))
    return said
