"""Between the contract's bodies and the core's plain values."""

from dataclasses import asdict
from datetime import UTC, datetime

from client.core import events
from client.core import snapshot as snap
from client.core.agent import AgentState
from client.core.quality_watch import QualitySummary
from provisioning import api
from provisioning.local_text import LocalText
from provisioning.manifest import Manifest


def words(text: LocalText) -> snap.Words:
    """A text in both languages."""
    return snap.Words(text.en, text.zh)


def moment(seconds: float) -> datetime:
    """Seconds since the epoch as a time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def device_ready(manifest: Manifest, device: str = "") -> events.DeviceReady:
    """What the core needs of a manifest, and the device's id where it is known."""
    return events.DeviceReady(
        organisation=manifest.organisation,
        codes=tuple(snap.WrapUpCodeSnapshot(code.id, words(code.label)) for code in manifest.policy.wrap_up_codes),
        edges=tuple((f"{edge.host}:{edge.port}", words(edge.name)) for edge in manifest.sip.edges),
        defaults=snap.ScreenDefaults(
            key_profile=manifest.accessibility.key_profile,
            theme=manifest.accessibility.theme,
            language=manifest.accessibility.language,
        ),
        auto_answer_seconds=manifest.policy.auto_answer_seconds,
        second_call_waits=manifest.policy.second_call == "wait",
        screen=snap.ScreenPolicy(device, manifest.screen.watermark, manifest.screen.blank_when_unfocused),
        reveal_reasons=tuple(
            snap.RevealReasonSnapshot(reason.id, words(reason.label)) for reason in manifest.data.reasons
        ),
        may_type_reason=manifest.data.typed_reason,
    )


def signed_in(reply: api.SignInReply) -> events.SignedIn:
    """Who is signed in, and how far the server trusts this desk."""
    person = reply.person
    return events.SignedIn(
        person=snap.PersonSnapshot(person.name, person.display_name, person.team, person.work_type.value),
        supervisor=person.role is api.Role.SUPERVISOR,
        trust=int(reply.trust.level),
        trust_reasons=reply.trust.reasons,
    )


def card_arrived(card: api.CustomerCard) -> events.CardArrived:
    """The customer of a call."""
    return events.CardArrived(
        ref=card.ref,
        card=snap.CardSnapshot(
            known=card.customer_token is not None,
            fields=tuple(
                snap.CardFieldSnapshot(
                    name=entry.name,
                    data_class=entry.data_class.value,
                    masked=entry.visibility is not api.Visibility.CLEAR,
                    value=entry.value,
                    revealable=entry.visibility is api.Visibility.REVEALABLE,
                )
                for entry in card.fields
            ),
            contacts=tuple(
                snap.ContactSnapshot(contact.at.timestamp(), contact.channel, words(contact.summary))
                for contact in card.contacts
            ),
        ),
        script=_script(card.script) if card.script else None,
        trust=int(card.trust.level),
        trust_reasons=card.trust.reasons,
    )


def trust_changed(message: api.TrustChanged) -> events.TrustChanged:
    """How far the server trusts this desk from now on."""
    return events.TrustChanged(int(message.trust.level), message.trust.reasons)


def approval_arrived(message: api.ApprovalAsked) -> events.ApprovalArrived:
    """An agent who asks a supervisor."""
    return events.ApprovalArrived(
        snap.ApprovalSnapshot(
            lease=message.lease,
            agent=message.agent,
            display_name=message.display_name,
            name=message.field,
            reason=message.reason,
            ends_at=message.expires_at.timestamp(),
            typed_reason=message.typed_reason,
        )
    )


def _script(script: api.Script) -> snap.ScriptSnapshot:
    steps = tuple(
        snap.ScriptStepSnapshot(
            title=words(step.title),
            say=words(step.say),
            answers=tuple(snap.ScriptAnswerSnapshot(words(answer.label), answer.goto) for answer in step.answers),
        )
        for step in script.steps
    )
    return snap.ScriptSnapshot(title=words(script.title), steps=steps)


def history_arrived(reply: api.HistoryReply) -> events.HistoryArrived:
    """This agent's calls."""
    return events.HistoryArrived(
        tuple(
            snap.HistorySnapshot(
                ref=call.ref,
                at=call.offered_at.timestamp(),
                seconds=(call.ended_at - call.answered_at).total_seconds()
                if call.answered_at and call.ended_at
                else None,
                answered=call.answered_at is not None,
                customer=call.customer_label,
                code=call.wrap_up_code or "",
                direction=snap.Direction(call.direction),
            )
            for call in reply.calls
        )
    )


def directory_arrived(reply: api.DirectoryReply) -> events.DirectoryArrived:
    """Whom this person may call."""
    return events.DirectoryArrived(
        tuple(snap.DirectoryEntrySnapshot(entry.id, entry.kind, words(entry.label)) for entry in reply.entries),
        reply.numbers,
    )


def quality_record(summary: QualitySummary) -> api.QualityRecord:
    """How a call sounded, for the server."""
    return api.QualityRecord(**{field: _rounded(value) for field, value in asdict(summary).items()})


def _rounded(value: str | float) -> str | float:
    return value if isinstance(value, str) else round(value, 2)


def wall_arrived(message: api.WallChanged) -> events.WallArrived:
    """Agents of a supervisor's teams."""
    return events.WallArrived(
        tuple(
            snap.WallAgentSnapshot(
                name=agent.name,
                display_name=agent.display_name,
                team=agent.team,
                presence=AgentState(agent.presence.value),
                since=agent.since.timestamp(),
                on_call=agent.call_ref is not None,
                trust=agent.trust,
            )
            for agent in message.agents
        )
    )
