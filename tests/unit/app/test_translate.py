"""Between the contract's bodies and the core's plain values: nothing is lost, and nothing is made up."""

from datetime import UTC, datetime, timedelta

import pytest

from client.app import translate
from client.core import snapshot as snap
from client.core.agent import AgentState
from provisioning import api
from provisioning.data_policy import DataPolicy, LeaseReason
from provisioning.local_text import LocalText
from provisioning.trust import DataClass, TrustDecision, TrustLevel, WorkType
from tests.unit.security.fakes import Organisation

NOW = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
TRUST = TrustDecision(level=TrustLevel.T1, reasons=("screen-capture-possible",))


def text(word: str) -> LocalText:
    return LocalText(en=word, zh=f"中{word}")


def test_a_manifest_gives_the_screen_its_codes_and_the_names_of_edges() -> None:
    ready = translate.device_ready(Organisation().manifest())
    assert ready.organisation == "Test Bank"
    assert ready.codes == (snap.WrapUpCodeSnapshot("answered", snap.Words("Answered", "已解答")),)
    assert ready.edges == (("127.0.0.1:5061", snap.Words("Edge", "边缘")),)


@pytest.mark.parametrize("typed", [True, False])
def test_a_manifest_gives_the_reasons_for_a_reveal(typed: bool) -> None:
    reasons = (LeaseReason(id="delivery", label=text("Delivery")),)
    data = DataPolicy(fields=(), reasons=reasons, typed_reason=typed)
    ready = translate.device_ready(Organisation().manifest().model_copy(update={"data": data}))
    assert ready.reveal_reasons == (snap.RevealReasonSnapshot("delivery", snap.Words("Delivery", "中Delivery")),)
    assert ready.may_type_reason is typed


@pytest.mark.parametrize(("role", "supervisor"), [(api.Role.AGENT, False), (api.Role.SUPERVISOR, True)])
def test_who_signed_in_and_how_far_they_are_trusted(role: api.Role, supervisor: bool) -> None:
    person = api.PersonView(name="lin", display_name="林月", role=role, team="cards", work_type=WorkType.SERVICE)
    event = translate.signed_in(api.SignInReply(token="t0ken", expires_at=NOW, person=person, trust=TRUST))
    assert event.person == snap.PersonSnapshot("lin", "林月", "cards", "service")
    assert event.supervisor is supervisor
    assert (event.trust, event.trust_reasons) == (1, ("screen-capture-possible",))
    # The session's token stays where it belongs.
    assert "t0ken" not in repr(event)


def test_a_card_keeps_what_is_masked_masked() -> None:
    card = api.CustomerCard(
        ref="c_reference1",
        customer_token="pseudonym",
        work_type=WorkType.SERVICE,
        trust=TRUST,
        fields=(
            api.CardField(name="id_card", data_class=DataClass.C2, visibility=api.Visibility.MASKED, value="1****X"),
            api.CardField(name="branch", data_class=DataClass.C1, visibility=api.Visibility.CLEAR, value="外滩支行"),
        ),
        contacts=(api.Contact(at=NOW, channel="phone", summary=text("asked")),),
        script=api.Script(
            title=text("Instalments"),
            steps=(
                api.ScriptStep(
                    title=text("Ask"), say=text("Shall we?"), answers=(api.ScriptAnswer(label=text("Yes"), goto=1),)
                ),
                api.ScriptStep(title=text("Thank"), say=text("Thank you.")),
            ),
        ),
    )
    event = translate.card_arrived(card)
    assert (event.ref, event.trust, event.trust_reasons) == ("c_reference1", 1, ("screen-capture-possible",))
    assert event.card.known
    # The screen's keys have dashes.
    assert [(field.name, field.data_class, field.masked, field.value) for field in event.card.fields] == [
        ("id_card", "C2", True, "1****X"),
        ("branch", "C1", False, "外滩支行"),
    ]
    assert event.card.contacts == (snap.ContactSnapshot(NOW.timestamp(), "phone", snap.Words("asked", "中asked")),)
    assert event.script is not None
    assert event.script.steps[0].answers == (snap.ScriptAnswerSnapshot(snap.Words("Yes", "中Yes"), 1),)
    assert event.script.step == 0
    assert "1****X" not in repr(event)


@pytest.mark.parametrize(
    ("visibility", "masked", "revealable"),
    [
        (api.Visibility.MASKED, True, False),
        (api.Visibility.REVEALABLE, True, True),
        (api.Visibility.CLEAR, False, False),
    ],
)
def test_what_may_be_revealed_is_still_masked(visibility: api.Visibility, masked: bool, revealable: bool) -> None:
    field = api.CardField(name="phone", data_class=DataClass.C2, visibility=visibility, value="138****5678")
    card = api.CustomerCard(
        ref="c_reference1", customer_token="pseudonym", work_type=WorkType.SERVICE, trust=TRUST, fields=(field,)
    )
    [shown] = translate.card_arrived(card).card.fields
    assert (shown.masked, shown.revealable) == (masked, revealable)


def test_a_caller_who_is_no_customer_has_an_empty_card() -> None:
    card = api.CustomerCard(ref="c_reference1", customer_token=None, work_type=WorkType.SERVICE, trust=TRUST)
    event = translate.card_arrived(card)
    assert event.card == snap.CardSnapshot(known=False)
    assert event.script is None


def test_the_history_counts_talking_time_only_where_somebody_talked() -> None:
    def call(ref: str, answered: timedelta | None, ended: timedelta | None) -> api.HistoryCall:
        return api.HistoryCall(
            ref=ref,
            offered_at=NOW,
            answered_at=None if answered is None else NOW + answered,
            ended_at=None if ended is None else NOW + ended,
            wrap_up_code="answered" if answered and ended else None,
            customer_label="张*",
        )

    event = translate.history_arrived(
        api.HistoryReply(
            calls=(
                call("c_talked0001", timedelta(seconds=5), timedelta(seconds=65)),
                call("c_missed0001", None, timedelta(seconds=20)),
                call("c_running001", timedelta(seconds=5), None),
            )
        )
    )
    assert [(entry.ref, entry.answered, entry.seconds, entry.code) for entry in event.calls] == [
        ("c_talked0001", True, 60.0, "answered"),
        ("c_missed0001", False, None, ""),
        ("c_running001", True, None, ""),
    ]
    assert {(entry.at, entry.customer) for entry in event.calls} == {(NOW.timestamp(), "张*")}


@pytest.mark.parametrize("presence", api.Presence)
def test_the_wall_knows_every_presence(presence: api.Presence) -> None:
    agent = api.AgentView(
        name="lin", display_name="林月", team="cards", presence=presence, since=NOW, call_ref="c_reference1", trust=1
    )
    (shown,) = translate.wall_arrived(api.WallChanged(agents=(agent,))).agents
    assert shown == snap.WallAgentSnapshot("lin", "林月", "cards", AgentState(presence), NOW.timestamp(), True, 1)


def test_moments_are_in_utc() -> None:
    assert translate.moment(NOW.timestamp()) == NOW
    assert translate.moment(0.0).tzinfo is UTC
