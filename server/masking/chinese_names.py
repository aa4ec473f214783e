"""Chinese names in free text.

There are no spaces and no capital letters to go by, and given names are ordinary words, so a name has to stand where
names stand: after 我叫 or 客户, before 先生 or 来电, or alone between marks.
It errs towards masking a character too many.
"""

import re
from collections.abc import Iterator

from server.masking.kinds import Kind, Span
from server.masking.surnames import COMPOUND_SURNAMES, NOT_NAMES, SURNAMES

_HAN = re.compile(r"[\u4e00-\u9fff]{1,3}")
_INTRODUCED = re.compile(
    r"(?:我叫|名叫|叫做|叫|姓名|名字|我是|我们?这边是|(?:来电|[借贷投联担保办代收付申请受委托监护当事紧急].{0,2}|客户|用户)人|客户|顾客|用户|会员|向|持卡人|联系人|收件人|收货人|收款人|付款人|户名|户主|开户人|申请人|投保人|被保险人"
    r"|被保人|受益人|借款人|担保人|机主|车主|业主|本人|代办人|经办人|监护人|紧急联系人|称呼|同事|转给|转接|转接给|通知|联系|回访|告知|请找|父亲|母亲|丈夫|妻子|儿子|女儿|配偶|爱人|老公|老婆)"
    r"(?:的?(?:姓名|名字))?[是为叫:]?\s?[\"“「]?\Z"
)
_BEFORE = re.compile(r"(?:[于和跟与给找请帮替向由让为是对把转联系通知回访核实致电同及叫呼]|^|[^\u4e00-\u9fff])\Z")
_AFTER = re.compile(
    r"\s?(?:先生|女士|小姐|太太|老师|经理|主任|医生|师傅|阿姨|叔叔|大爷|大妈|同志|总(?![额共计行])|来电|来信|致电|反映|反馈|解释|说明|介绍|发送|提供|补|道歉|核实|核对|跟进|处理|投诉|申请|咨询|要求|表示"
    r"|本人|称|说|已|于|的(?!话)|确认|希望|想|提出|要|要求|办理|联系|名下|在|今天|昨天|刚|需|回电|您好|你好|收|,?身份证|,?电话|,?手机|,?男|,?女)"
)
_TITLE = re.compile(r"(?:先生|女士|小姐|太太|老师|经理|主任|医生|师傅|阿姨|叔叔|大爷|大妈|同志)")
_AFTER_ALONE = re.compile(r"\Z|[^\u4e00-\u9fff]")
# Seldom in a given name, frequent right after one.
_NOT_GIVEN = frozenset(
    "的是在说想要了和与有已我你您他她它先女来打把被给让问吗呢吧啊就也都还不没"
    "投咨询办查今昨需这那可会能请为从到于很再又称致反表确"
)


# The second character is a family name elsewhere.
_ENDINGS = """
对方 双方 官方 我方 各方 地方 多方 警方 甲方 乙方 校方 院方 后方 前方 北方 南方 西方 处方 回车 停车 开车 汽车
火车 货车 坐车 同时 及时 随时 当时 临时 小时 何时 届时 按时 准时 平时 暂时 有时 公司 上司 联系 满意 通常 正常
非常 经常 日常 异常 平常 如何 任何 为何 简单 账单 订单 工单 保单 名单 菜单 清单 需要 主管 尽管 不管 资金 现金
奖金 基金 租金 押金 佣金 本金 薪金 安全 完全 时候 问候 公元 美元 单元 百万 千万 十万 祝您 庆祝 介绍 包含 钱包
红包 黑白 明白 空白 大于 小于 等于 由于 关于 对于 属于 至于 在于 过于 终于 提高 最高 很高 更高 太高 较高 上海
大海 沿海 道路 公路 网路 线路 高温 体温 请求 方便 国家 管家 温和 柔和 总和 中和 清楚 痛苦 辛苦 水平 公平 年龄
手游 旅游 解释 压强 加强 增强 原因 结束 约束 特许 允许 也许 或许 准许
"""
_WORDS_THAT_END_SO = frozenset(_ENDINGS.split())


def chinese_names(text: str) -> Iterator[Span]:
    """Yield the Chinese names in a folded text."""
    free_from = 0
    for start, character in enumerate(text):
        if (
            start < free_from
            or text[max(0, start - 1) : start + 1] in _WORDS_THAT_END_SO
            or not (character in SURNAMES or text[start : start + 2] in COMPOUND_SURNAMES)
        ):
            continue
        end = _end_of_name(text, start)
        if end:
            yield Span(Kind.NAME, start, end)
            free_from = end


def _end_of_name(text: str, start: int) -> int | None:
    surname = 2 if text[start : start + 2] in COMPOUND_SURNAMES else 1
    before = text[max(0, start - 12) : start]
    introduced = _INTRODUCED.search(before) is not None
    placed = introduced or _BEFORE.search(before) is not None
    for given in (2, 1):
        end = start + surname + given
        name = text[start:end]
        if (
            len(name) < surname + given
            or not _HAN.fullmatch(name[surname:])
            or name in NOT_NAMES
            or name[:2] in NOT_NAMES
        ):
            continue
        after = text[end : end + 6]
        closed = given == 1 and (_TITLE.match(after) or _AFTER_ALONE.match(after))
        if not closed and any(character in _NOT_GIVEN for character in name[surname:]):
            continue
        if _TITLE.match(after) or (placed and _AFTER.match(after)):
            return end
        if placed and _AFTER_ALONE.match(after) and (introduced or surname + given > 2 or _alone(before)):
            return end
    if not introduced:
        return None
    # Someone is introduced and the sentence just goes on: take two characters unless the second can't be of a name.
    for given in (2, 1):
        name = text[start : start + surname + given]
        usable = len(name) == surname + given and _HAN.fullmatch(name[surname:])
        if usable and name[:2] not in NOT_NAMES and not any(character in _NOT_GIVEN for character in name[surname:]):
            return start + surname + given
    return None


def _alone(before: str) -> bool:
    return not before or not ("\u4e00" <= before[-1] <= "\u9fff")
