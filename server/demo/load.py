"""Making the customers and putting them into our tables."""

import functools
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from faker import Faker
from sqlalchemy import func, select

from server.customers.models import ContactRow, CustomerRow, ScriptRow
from server.customers.source import phone_digester
from server.database import Database, DatabaseError
from server.demo import numbers
from server.demo.scripts import SCRIPTS

_CHINESE_SHARE = 0.9
_BRANCHES = (
    "上海徐汇支行",
    "上海浦东支行",
    "北京朝阳支行",
    "深圳南山支行",
    "杭州西湖支行",
    "成都武侯支行",
    "武汉江汉支行",
)
_MAIL = ("163.com", "qq.com", "126.com", "example.com")
# Words that name nobody and no number.
CONTACTS = (
    ("phone", "Asked about bill instalments, wants to think", "咨询账单分期，答应再想想"),
    ("text", "Changed the billing address", "改账单地址，已办"),
    ("phone", "Asked for a higher limit, declined for now", "申请提升额度，暂未通过"),
    ("branch", "Replaced a damaged card", "更换损坏卡片"),
    ("phone", "Reported a missing statement, sent again", "反映未收到账单，已补寄"),
    ("mail", "Complained about waiting time, answered", "投诉等待时间过长，已回复"),
    ("text", "Looked at the instalment page four times this week", "近 7 天看过分期页 4 次"),
)


class AlreadyFilled(DatabaseError):
    """There are customers already, and real ones must not be mixed with invented ones."""


async def load(database: Database, data_key: bytes, *, count: int, seed: int) -> None:
    """Make `count` customers, their contacts, and the scripts.

    Raises:
        AlreadyFilled: the table has customers.
    """
    chance = random.Random(seed)  # noqa: S311
    chinese, english = _faker("zh_CN"), _faker("en_US")
    chinese.seed_instance(seed)
    english.seed_instance(seed)
    digester = phone_digester(data_key)
    async with database.write() as session:
        if (await session.execute(select(func.count()).select_from(CustomerRow))).scalar_one():
            raise AlreadyFilled("there are customers in the database already; nothing was changed")
        phones: set[str] = set()
        for index in range(count):
            while (phone := numbers.mobile(chance)) in phones:
                pass
            phones.add(phone)
            fake = chinese if chance.random() < _CHINESE_SHARE else english
            customer = _customer(f"{index + 1:06d}", phone, fake, chance)
            session.add(CustomerRow(**customer, phone_digest=digester.digest(phone)))
            await session.flush()
            session.add_all(_contacts(customer["id"], chance))
        for work_type, script in SCRIPTS.items():
            session.add(ScriptRow(work_type=work_type, script=script.model_dump(mode="json")))


@functools.cache
def _faker(locale: str) -> Any:
    # Making one takes longer than all that it is then asked for.
    return Faker(locale)


def _customer(customer_id: str, phone: str, fake: Any, chance: random.Random) -> dict[str, str]:
    opened = date(2008, 1, 1) + timedelta(days=chance.randrange(6500))
    return {
        "id": customer_id,
        "name": fake.name(),
        "phone": phone,
        "email": f"{fake.user_name()}@{chance.choice(_MAIL)}",
        "id_card": numbers.id_card(chance),
        "billing_address": fake.address().replace("\n", ", "),
        "card_number": numbers.card_number(chance),
        "available_credit": f"{chance.randrange(100, 99_999)}.{chance.randrange(100):02d}",
        "opening_date": f"{opened:%Y-%m}",
        "branch": chance.choice(_BRANCHES),
        "value_score": str(chance.randrange(30, 100)),
        "security_answer": fake.city() + fake.last_name(),
    }


def _contacts(customer_id: str, chance: random.Random) -> list[ContactRow]:
    # A fixed day, so that the same seed makes the same customers on any day.
    newest = datetime(2026, 11, 20, 9, tzinfo=UTC)
    rows = []
    for channel, en, zh in chance.sample(CONTACTS, k=chance.randrange(1, 5)):
        at = newest - timedelta(minutes=chance.randrange(60 * 24 * 180))
        rows.append(ContactRow(customer_id=customer_id, at=at, channel=channel, summary_en=en, summary_zh=zh))
    return rows
