"""What changed between two snapshots, in words for who cannot see it."""

from client.core.calls import CallState
from client.core.quality_watch import Advice
from client.core.snapshot import CallSnapshot, DeskSnapshot, RevealStage
from client.ui import call_words, digits_words
from client.ui.i18n import translate
from client.ui.keynames import spoken
from client.ui.kit import Kit
from client.ui.labels import agent_state, field_label, line_state, trust_words
from client.ui.panels.approval import asks, because
from client.ui.panels.problem import spoken as problem_words

Said = list[tuple[str, bool]]


def changes(kit: Kit, old: DeskSnapshot, new: DeskSnapshot) -> Said:
    """The texts to announce, each with whether it may interrupt."""
    said: Said = []
    if new.problem is not None and new.problem != old.problem:
        said.append((problem_words(new.problem), True))
    said += _call(kit, old, new)
    said += _others(kit, old, new)
    said += _work(old, new)
    said += _script(kit, old, new)
    said += _reveal(kit, old, new)
    said += _digits(old, new)
    said += _status(old, new)
    return said


def _rings(kit: Kit, call: CallSnapshot, new: DeskSnapshot, *, second: bool) -> str:
    """An incoming call, in words; the present one, if there is one, is put on hold by answering."""
    known = kit.words(call.label) if call.label is not None else ""
    name = known or (new.card.value("name") if new.card and not second else "")
    text = (
        translate("narrator", "A second call waits. {name} Answer: {key}. That puts your present call on hold.")
        if second
        else translate("narrator", "Incoming call. {name} Answer: {key}.")
    )
    return text.format(name=f"{name}." if name else "", key=spoken(kit.key("call.answer")))


def _call(kit: Kit, before: DeskSnapshot, new: DeskSnapshot) -> Said:
    call, old = new.call, before.call
    if call is None:
        return []
    fresh = old is None or old.ref != call.ref
    if call.state is CallState.RINGING:
        return [(_rings(kit, call, new, second=False), True)] if fresh else []
    said: Said = []
    words = call_words.state(call, current=True)[0]
    if fresh and old is not None:
        said.append((f"{call_words.label(kit, call)}: {words}", False))
    elif old is None or call_words.state(old, current=True)[0] != words:
        said.append((words, False))
    if old is None or fresh:
        return said
    if old.muted is not call.muted:
        muted = translate("narrator", "Muted: the customer does not hear you.")
        said.append((muted if call.muted else translate("narrator", "Not muted any more."), False))
    if call.held_there and not old.held_there:
        said.append((call_words.notice(call)[0], False))
    said += _advice(old, call) + _text(old, call)
    return said


def _advice(old: CallSnapshot, new: CallSnapshot) -> Said:
    """What spoils the call, once when it begins or becomes another thing."""

    def told(call: CallSnapshot) -> str:
        if call.held_there:
            return ""
        return Advice.SILENT if call.silent else call.quality.advice if call.quality is not None else ""

    now = told(new)
    if now == told(old):
        return []
    if now:
        return [(call_words.advice(now, new.quality), False)]
    return [(translate("narrator", "The sound is well again."), False)] if not new.held_there else []


def _text(old: CallSnapshot, new: CallSnapshot) -> Said:
    """The lines that the other side has finished, each once."""

    def finished(call: CallSnapshot) -> list[str]:
        return [line.text for line in call.text if not line.ours and not line.open and line.text]

    lines = finished(new)[len(finished(old)) :]
    return [(translate("narrator", "They write: {text}").format(text=text), False) for text in lines]


def _others(kit: Kit, old: DeskSnapshot, new: DeskSnapshot) -> Said:
    """The calls beside the current one: those that come, change, and go."""
    said: Said = []
    before = {call.ref: call for call in (*old.calls, *((old.call,) if old.call is not None else ()))}
    for call in call_words.others(new):
        known = before.get(call.ref)
        words = call_words.state(call, current=False)[0]
        if call.state is CallState.RINGING:
            if known is None:
                second = new.call is not None and new.call.state is not CallState.RINGING
                said.append((_rings(kit, call, new, second=second), True))
        elif known is None or call_words.state(known, current=False)[0] != words:
            said.append((f"{call_words.label(kit, call)}: {words}", False))
    if new.call is None:
        return said
    there = {call.ref for call in (*call_words.others(new), new.call)}
    for ref, call in before.items():
        if ref not in there and call.state is not CallState.ENDED:
            ended = translate("narrator", "{name}: the call is over.")
            said.append((ended.format(name=call_words.label(kit, call)), False))
    return said


def _work(old: DeskSnapshot, new: DeskSnapshot) -> Said:
    if new.person is None or old.person is None:
        undisturbed = asked = False
    else:
        undisturbed = new.do_not_disturb is not old.do_not_disturb
        asked = new.break_next is not old.break_next
    said: Said = []
    if undisturbed:
        on, off = translate("narrator", "Do not disturb."), translate("narrator", "You can be disturbed again.")
        said.append((on if new.do_not_disturb else off, False))
    elif new.call is None and new.state is not old.state and new.person is not None:
        said.append((agent_state(new.state)[0], False))
    if asked and new.call is not None:
        on, off = translate("narrator", "Break after this call."), translate("narrator", "No break after this call.")
        said.append((on if new.break_next else off, False))
    if old.wrap_up is not None and old.wrap_up.saving and (new.wrap_up is None or new.wrap_up.ref != old.wrap_up.ref):
        said.append((translate("narrator", "The wrap-up is saved."), False))
    if new.messages > old.messages and new.person is not None:
        said.append((translate("status", "Messages: {count}").format(count=new.messages), False))
    return said


def _script(kit: Kit, old: DeskSnapshot, new: DeskSnapshot) -> Said:
    if old.script is None or new.script is None or old.script.step == new.script.step:
        return []
    if old.call is not None and new.call is not None and old.call.ref != new.call.ref:
        return []
    step = new.script.steps[new.script.step]
    return [(f"{kit.words(step.title)}. {kit.words(step.say)}", False)]


def _reveal(kit: Kit, old: DeskSnapshot, new: DeskSnapshot) -> Said:
    """How far a field in clear is, and who asks a supervisor. Never the value."""
    said: Said = []
    before, now = old.reveal, new.reveal
    if now is None and before is not None and before.stage is RevealStage.SHOWN:
        said.append((translate("narrator", "Covered again."), False))
    elif now is not None and (before is None or before.stage is not now.stage):
        if now.stage is RevealStage.WAITING:
            said.append((translate("narrator", "Your supervisor is asked to agree."), False))
        elif now.stage is RevealStage.SHOWN:
            text = (
                translate(
                    "narrator",
                    "{field} is in clear on the screen. To have it read to you: {speak}. To cover it: {hide}.",
                )
                if "customer.speak" in new.enabled
                else translate("narrator", "{field} is in clear on the screen. To cover it: {hide}.")
            )
            keys = {"speak": spoken(kit.key("customer.speak")), "hide": spoken(kit.key("customer.hide"))}
            said.append((text.format(field=field_label(now.name), **keys), True))
    asked = next(iter(new.approvals), None)
    if asked is not None and asked.lease not in {known.lease for known in old.approvals[:1]}:
        yes, no = spoken(kit.key("approval.approve")), spoken(kit.key("approval.refuse"))
        how = translate("narrator", "Agree: {yes}. Refuse: {no}.").format(yes=yes, no=no)
        said.append((f"{asks(asked)}. {because(kit, asked, new)}. {how}", True))
    return said


def _digits(old: DeskSnapshot, new: DeskSnapshot) -> Said:
    """How far a customer is with keying: each step, what was wrong, the end. Not each digit: the agent is talking."""
    before, now = old.digits, new.digits
    if now is None or now == before:
        return []
    if before is None or before.stage != now.stage:
        return [(digits_words.guidance(now), digits_words.is_over(now))]
    if now.valid is not before.valid and now.valid is not None:
        return [(digits_words.count(now) if now.received else digits_words.guidance(now), now.valid is False)]
    return []


def _status(old: DeskSnapshot, new: DeskSnapshot) -> Said:
    said: Said = []
    before, after = old.status, new.status
    if new.person is None or old.person is None:
        return []
    if before.registration is not after.registration:
        said.append((line_state(after.registration)[0], False))
    if before.trust != after.trust and after.trust is not None:
        said.append((f"T{after.trust}: {trust_words(after.trust, after.trust_reasons, most=2)}", False))
    if before.watchers != after.watchers:
        names = translate("status", ", ").join(after.watchers)
        text = translate("narrator", "Listening now: {names}").format(names=names)
        said.append((text if names else translate("narrator", "Nobody listens any more."), False))
    if before.recording is not after.recording:
        on, off = translate("narrator", "Recording has begun."), translate("narrator", "Recording has ended.")
        said.append((on if after.recording else off, False))
    return said
