"""What leaves the server of a customer, under the default policy, under any other, and when it changes."""

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.api import Contact, Role, Script, ScriptAnswer, ScriptStep, Visibility
from provisioning.data_policy import Access, CallState, Clearance, Context, DataPolicy, FieldRule
from provisioning.default_policy import TEXT, default_policy
from provisioning.local_text import LocalText
from provisioning.organisation import Organisation
from provisioning.policy_file import MASK_NAMES
from provisioning.policy_review import CONTEXTS
from provisioning.trust import DataClass, TrustDecision, TrustLevel, WorkType
from server.customers.interfaces import Customer
from server.customers.policy import known_values, visible_fields
from server.customers.published import NOTHING, PublishedPolicy
from server.customers.service import Cards, e164
from server.demo.load import CONTACTS
from server.demo.scripts import SCRIPTS
from server.masking.formats import MASKS
from server.masking.kinds import Kind
from server.people.sessions import SignedIn
from server.sealing import Digester
from tests.stage.organisation import harbour_bank
from tests.unit.provisioning.policies import STEADY, any_policy

VALUES = {
    "name": "张伟",
    "phone": "+8613812345678",
    "email": "zhang.wei@163.com",
    "id_card": "11010519491231002X",
    "billing_address": "上海市徐汇区漕溪北路 88 号",
    "card_number": "6225881234561230",
    "available_credit": "23456.78",
    "opening_date": "2019-04",
    "branch": "上海徐汇支行",
    "value_score": "87",
    "security_answer": "桂林王",
}
MARKED = {
    name: f"{name}-qzjx-{7310 + number}"
    for number, name in enumerate(("name", "phone", "email", "id_card", "card_number", "branch", "security_answer"))
} | {"cvv": "8841"}
"""Values that are found again in any text, and that no mask reads as what they should be."""
SERVICE = Context(TrustLevel.T2, Clearance.STANDARD, WorkType.SERVICE, CallState.CONNECTED)


def seen(context: Context = SERVICE, policy: DataPolicy | None = None) -> dict[str, tuple[Visibility, str]]:
    fields = visible_fields(VALUES, policy or default_policy(), context)
    return {field.name: (field.visibility, field.value) for field in fields}


def test_every_field_has_a_rule_and_every_rule_a_mask() -> None:
    assert {rule.name for rule in default_policy().fields} == set(VALUES)
    assert set(MASKS) == MASK_NAMES


def test_a_desk_that_may_reveal_is_told_of_what() -> None:
    assert seen() == {
        "name": (Visibility.REVEALABLE, "张*"),
        "phone": (Visibility.REVEALABLE, "138****5678"),
        "email": (Visibility.REVEALABLE, "z***@163.com"),
        "id_card": (Visibility.REVEALABLE, "1****************X"),
        "billing_address": (Visibility.REVEALABLE, "上海市***"),
        "card_number": (Visibility.MASKED, "622588******1230"),
        "available_credit": (Visibility.REVEALABLE, "￥ **,***"),
        "opening_date": (Visibility.CLEAR, "2019-04"),
        "branch": (Visibility.CLEAR, "上海徐汇支行"),
        "value_score": (Visibility.CLEAR, "87"),
    }


@pytest.mark.parametrize(
    "context",
    [
        replace(SERVICE, trust=TrustLevel.T1),
        replace(SERVICE, clearance=Clearance.BASIC),
        replace(SERVICE, call_state=CallState.RINGING),
        replace(SERVICE, call_state=CallState.WRAP_UP),
    ],
)
def test_with_less_to_go_by_the_same_fields_are_masked(context: Context) -> None:
    shown = seen(context)
    assert {name: value for name, (_, value) in shown.items()} == {name: value for name, (_, value) in seen().items()}
    assert Visibility.REVEALABLE not in {how for how, _ in shown.values()}


@pytest.mark.parametrize(("trust", "work"), list(itertools.product(TrustLevel, WorkType)))
def test_a_secret_is_never_there_and_an_identifying_value_never_clear(trust: TrustLevel, work: WorkType) -> None:
    for clearance, call in itertools.product(Clearance, CallState):
        fields = visible_fields(VALUES, default_policy(), Context(trust, clearance, work, call))
        assert "security_answer" not in {field.name for field in fields}
        assert trust > TrustLevel.T0 or not fields
        for field in fields:
            if field.data_class is DataClass.C2:
                assert field.visibility is not Visibility.CLEAR
                assert field.value != VALUES[field.name]


def test_what_no_rule_names_is_not_shown_and_an_empty_value_neither() -> None:
    assert visible_fields({"shoe_size": "43", "name": ""}, default_policy(), SERVICE) == ()


def test_a_mask_that_this_server_does_not_know_covers_everything() -> None:
    rule = FieldRule(name="name", data_class=DataClass.C2, mask="newer", work={WorkType.SERVICE: Access.MASKED})
    assert seen(policy=DataPolicy(fields=(rule,))) == {"name": (Visibility.MASKED, "***")}


@given(st.dictionaries(st.sampled_from(sorted(VALUES)), st.text(min_size=12, max_size=40)))
def test_whatever_a_crm_puts_into_a_field_a_masked_one_is_not_the_value(values: dict[str, str]) -> None:
    for field in visible_fields(values, default_policy(), SERVICE):
        if field.visibility is not Visibility.CLEAR:
            assert values[field.name] not in field.value


# --- A whole card -----------------------------------------------------------------------------------------------------


@dataclass
class Source:
    """A CRM with one customer, who is mentioned by name and number in everything that is written."""

    values: Mapping[str, str]
    words: str = ""

    async def find_by_phone(self, e164: str) -> str | None:
        return None

    async def get(self, ids: frozenset[str]) -> Mapping[str, Customer]:
        return {"1": Customer("1", self.values)} if "1" in ids else {}

    async def contacts(self, customer_id: str) -> tuple[Contact, ...]:
        return (Contact(at=datetime(2026, 11, 24, tzinfo=UTC), channel="phone", summary=self._text()),)

    async def script(self, work_type: WorkType) -> Script | None:
        step = ScriptStep(title=self._text(), say=self._text(), answers=(ScriptAnswer(label=self._text(), goto=0),))
        return Script(title=self._text(), steps=(step,))

    def _text(self) -> LocalText:
        return LocalText(en=self.words, zh=self.words)


class Fixed(PublishedPolicy):
    """A policy that is not on disk."""

    def __init__(self, policy: DataPolicy) -> None:
        self.policy = policy

    def now(self) -> DataPolicy:
        return self.policy


def signed_in(context: Context) -> SignedIn:
    return SignedIn(
        session_id="s",
        person="lina",
        display_name="李娜",
        role=Role.AGENT,
        team="cards",
        work_type=context.work_type,
        clearance=context.clearance,
        device_id="d",
        trust=TrustDecision(level=context.trust),
        expires_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


def card_text(source: Source, policy: DataPolicy, context: Context) -> str:
    cards = Cards(source, Fixed(policy), Digester(bytes(32), "customer token"))
    card = asyncio.run(cards.card("c_reference1", "1", signed_in(context), context.call_state))
    labels = asyncio.run(cards.labels(frozenset({"1"}), signed_in(context)))
    return card.model_dump_json() + "".join(labels.values())


@settings(STEADY, max_examples=50)
@given(any_policy(), st.sampled_from(CONTEXTS))
def test_no_policy_lets_a_secret_out_in_any_form_or_an_identifying_value_in_clear(
    policy: DataPolicy, context: Context
) -> None:
    source = Source(MARKED, " and ".join(f"their {name} is {value}" for name, value in MARKED.items()))
    text = card_text(source, policy, context)
    classes = {rule.name: rule.data_class for rule in policy.fields}
    for name, value in MARKED.items():
        if classes.get(name) is not DataClass.C1:
            # C2, C3 and what has no rule.
            assert value not in text
    for name in (name for name, data_class in classes.items() if data_class is DataClass.C3):
        assert f'"name":"{name}"' not in text
        # Its end is what masks of numbers would have kept.
        assert MARKED[name][-4:] not in text


@STEADY
@given(any_policy(), st.sampled_from(CONTEXTS), st.sampled_from(CONTEXTS))
def test_a_desk_that_proves_less_gets_no_field_that_a_better_one_does_not(
    policy: DataPolicy, first: Context, second: Context
) -> None:
    lower = replace(first, trust=min(first.trust, second.trust), clearance=min(first.clearance, second.clearance))
    higher = replace(first, trust=max(first.trust, second.trust), clearance=max(first.clearance, second.clearance))
    order = [Visibility.MASKED, Visibility.REVEALABLE, Visibility.CLEAR]
    better = {field.name: field.visibility for field in visible_fields(MARKED, policy, higher)}
    for field in visible_fields(MARKED, policy, lower):
        assert order.index(field.visibility) <= order.index(better[field.name])


def test_what_was_written_about_a_customer_is_masked_and_the_rest_stays() -> None:
    source = Source(
        VALUES, "张伟 (上海徐汇支行) 来电，卡号 6225881234561230，邮箱 zhang.wei@163.com，额度 23456.78，87 分"
    )
    text = card_text(source, default_policy(), SERVICE)
    masked = "张* (上海徐汇支行) 来电，卡号 622588******1230，邮箱 z***@163.com，额度 ***，87 分"
    assert text.count(masked) == 2 * (1 + 4)


def test_a_name_that_nothing_marks_as_one_is_found_by_knowing_it() -> None:
    known = known_values(VALUES, default_policy())
    assert (Kind.NAME, "张伟") in known
    assert (Kind.SECRET, "桂林王") in known
    assert not {"上海徐汇支行", "2019-04", "87"} & {value for _, value in known}
    cards = Cards(Source(VALUES), Fixed(default_policy()), Digester(bytes(32), "customer token"))
    assert asyncio.run(cards.masked("伟大的张伟先说桂林王", "1")) == "伟大的张*先说***"
    # About nobody we know, what looks like a value is still masked.
    assert asyncio.run(cards.masked("卡号 6225881234561230", None)) == "卡号 622588******1230"


def test_the_demos_scripts_and_contacts_lose_no_word() -> None:
    policy = default_policy()
    for script in SCRIPTS.values():
        for step in script.steps:
            source = Source(VALUES, step.say.zh)
            assert card_text(source, policy, SERVICE).count(step.say.zh) >= 8
    for _channel, english, chinese in CONTACTS:
        for words in (english, chinese):
            assert words in card_text(Source(VALUES, words), policy, SERVICE)


# --- The policy that holds --------------------------------------------------------------------------------------------


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    return harbour_bank(tmp_path / "org", "sip.example.com")


def republish(organisation: Organisation, version: int, before: str, after: str) -> None:
    text = TEXT.replace("version = 1\n", f"version = {version}\n").replace(before, after)
    (organisation.directory / "policy.toml").write_text(text, encoding="utf-8")
    organisation.publish_manifest()


def test_the_next_card_obeys_what_was_published_meanwhile(organisation: Organisation) -> None:
    published = PublishedPolicy(organisation)
    cards = Cards(Source(VALUES), published, Digester(bytes(32), "customer token"))

    def phone() -> Visibility | None:
        card = asyncio.run(cards.card("c_reference1", "1", signed_in(SERVICE), SERVICE.call_state))
        return next((field.visibility for field in card.fields if field.name == "phone"), None)

    assert phone() is Visibility.REVEALABLE
    rule = 'work = { marketing = "masked", service = "revealable", collections = "masked", dispute = "revealable" }'
    assert rule in TEXT
    republish(organisation, 2, rule, 'work = { service = "masked" }')
    assert phone() is Visibility.MASKED
    republish(organisation, 3, rule, "work = {}")
    assert phone() is None
    republish(organisation, 4, "", "")
    assert phone() is Visibility.REVEALABLE


def test_what_is_only_written_and_not_published_holds_nowhere(organisation: Organisation) -> None:
    published = PublishedPolicy(organisation)
    before = published.now()
    (organisation.directory / "policy.toml").write_text("version = 2\nfields = []\n", encoding="utf-8")
    assert published.now() is before


@pytest.mark.parametrize("damage", ["forged", "gone"])
def test_without_a_manifest_that_can_be_believed_nothing_is_shown(
    organisation: Organisation, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    published = PublishedPolicy(organisation)
    assert published.now() == default_policy()
    path = organisation.directory / "manifest.jws"
    kept = path.read_text()
    if damage == "gone":
        path.unlink()
    else:
        path.write_text(kept[:-8] + "AAAAAAAA")
    assert published.now() == NOTHING
    assert all(NOTHING.decide(rule.name, SERVICE).access is Access.ABSENT for rule in default_policy().fields)
    path.write_text(kept)
    assert published.now() == default_policy()


@pytest.mark.parametrize(
    ("caller", "number"),
    [
        ("13812345678", "+8613812345678"),
        ("+8613812345678", "+8613812345678"),
        ("sip:%2B8613812345678@trunk.example;user=phone", "+8613812345678"),
        ("<sip:008613812345678@trunk.example>", "+8613812345678"),
        ("tel:+442071838750", "+442071838750"),
        ("021-62345678", "+862162345678"),
        ("anonymous", None),
        ("sip:anonymous@anonymous.invalid", None),
        ("", None),
        ("1001", None),
        ("9" * 200, None),
    ],
)
def test_numbers_as_trunks_write_them(caller: str, number: str | None) -> None:
    assert e164(caller) == number
