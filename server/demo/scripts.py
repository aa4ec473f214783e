"""The demo's guided conversations."""

from provisioning.api import Script, ScriptAnswer, ScriptStep
from provisioning.local_text import LocalText
from provisioning.trust import WorkType


def _text(en: str, zh: str) -> LocalText:
    return LocalText(en=en, zh=zh)


_YES = _text("Agrees", "同意")
_LATER = _text("Wants to think", "再考虑")
_FEE = _text("Asks about the fee", "问手续费")
_BACK = _text("Back to the offer", "回到方案")

INSTALMENTS = Script(
    title=_text("Bill instalments", "账单分期"),
    steps=(
        ScriptStep(
            title=_text("Greeting", "问候"),
            say=_text(
                "Hello, this is the credit card service. Is now a good time to talk about your bill?",
                "您好，这里是信用卡服务中心。想和您说一下本期账单，现在方便吗？",
            ),
            answers=(
                ScriptAnswer(label=_text("Yes", "方便"), goto=1),
                ScriptAnswer(label=_text("Not now", "不方便"), goto=4),
            ),
        ),
        ScriptStep(
            title=_text("The offer", "分期方案"),
            say=_text(
                "You can pay this bill in 3, 6 or 12 instalments, and pay the rest early at any time. "
                "Which would suit you best?",
                "您本期账单可以分 3、6、12 期，随时可以提前还清。您看哪一种更合适？",
            ),
            answers=(
                ScriptAnswer(label=_YES, goto=3),
                ScriptAnswer(label=_FEE, goto=2),
                ScriptAnswer(label=_LATER, goto=4),
            ),
        ),
        ScriptStep(
            title=_text("The fee", "手续费说明"),
            say=_text(
                "The fee is 0.6% of the amount for each instalment and is part of each payment. "
                "There is nothing else to pay.",
                "手续费按每期 0.6% 计算，随每期一起入账，没有其他费用。",
            ),
            answers=(ScriptAnswer(label=_YES, goto=3), ScriptAnswer(label=_BACK, goto=1)),
        ),
        ScriptStep(
            title=_text("Confirmation", "确认办理"),
            say=_text(
                "Let me repeat: you would like to pay this bill in instalments, at 0.6% each. May I set it up for you?",
                "我和您确认一下：本期账单办理分期，每期手续费 0.6%。现在为您办理，可以吗？",
            ),
            answers=(ScriptAnswer(label=_YES, goto=5), ScriptAnswer(label=_LATER, goto=4)),
        ),
        ScriptStep(
            title=_text("Another time", "改日再谈"),
            say=_text(
                "Of course. The offer stays open until your bill is due; you can take it up in the app as well. "
                "Goodbye.",
                "好的，还款日之前都可以办理，您也可以在手机银行里自助办理。感谢接听，再见。",
            ),
        ),
        ScriptStep(
            title=_text("Goodbye", "结束"),
            say=_text(
                "It is set up; you will get a message to confirm it. Is there anything else? Thank you, goodbye.",
                "已经为您办好，稍后会收到确认短信。请问还有别的需要吗？感谢您的来电，再见。",
            ),
        ),
    ),
)

SCRIPTS = {WorkType.SERVICE: INSTALMENTS, WorkType.MARKETING: INSTALMENTS}
