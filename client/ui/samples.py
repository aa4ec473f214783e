"""Made-up snapshots for the gallery: masked values, invented people, every state that a person can see."""

from dataclasses import replace

from client.core.agent import AgentState
from client.core.calls import CallState
from client.core.check import Finding
from client.core.commands import COMMANDS
from client.core.problems import problem
from client.core.quality import Verdict
from client.core.quality_watch import Advice
from client.core.snapshot import (
    ApprovalSnapshot,
    CallSnapshot,
    CardFieldSnapshot,
    CardSnapshot,
    CheckSnapshot,
    CheckStage,
    ContactSnapshot,
    DeskSnapshot,
    DigitsSnapshot,
    Direction,
    DirectoryEntrySnapshot,
    HistorySnapshot,
    PersonSnapshot,
    QualitySnapshot,
    RevealReasonSnapshot,
    RevealSnapshot,
    RevealStage,
    Screen,
    ScriptAnswerSnapshot,
    ScriptSnapshot,
    ScriptStepSnapshot,
    Sheet,
    SoundSnapshot,
    StatusSnapshot,
    TextLineSnapshot,
    WallAgentSnapshot,
    Words,
    WrapUpCodeSnapshot,
    WrapUpSnapshot,
)
from client.core.telephony import RegistrationState

NOW = 1_795_500_131.0
"""The gallery's clock stands still, so that its pictures change only when the screens do."""

_LOCAL = frozenset(command.id for command in COMMANDS if command.local)
_DIGITS = frozenset(f"choose.{digit}" for digit in range(1, 10))

STATUS = StatusSnapshot(
    registration=RegistrationState.REGISTERED,
    edge=Words("Shanghai 1", "上海一号"),
    server_connected=True,
    engine_running=True,
    trust=1,
    trust_reasons=("screen-capture-possible",),
)

CODES = tuple(
    WrapUpCodeSnapshot(code, Words(en, zh))
    for code, en, zh in (
        ("instalment", "Instalment set up", "已办分期"),
        ("call-back", "Call back later", "再联系"),
        ("answered", "Question answered", "已解答"),
        ("expert", "Passed to an expert", "转人工专家"),
        ("complaint", "Complaint", "投诉"),
        ("wrong-number", "Wrong number", "打错电话"),
    )
)

CARD = CardSnapshot(
    known=True,
    fields=tuple(
        CardFieldSnapshot(name, data_class, masked, value)
        for name, data_class, masked, value in (
            ("name", "C2", True, "张*"),
            ("mobile", "C2", True, "138****1234"),
            ("id-card", "C2", True, "1****************4"),
            ("address", "C2", True, "上海市徐汇区******"),
            ("card-number", "C2", True, "622588******1234"),
            ("available-credit", "C2", True, "¥ **,***"),
            ("opening-date", "C1", False, "2019-04"),
            ("branch", "C1", False, "徐家汇支行"),
        )
    ),
    contacts=(
        ContactSnapshot(
            NOW - 5 * 86400,
            "phone",
            Words("Asked about instalments for the bill, wanted to think it over", "咨询账单分期，答应再想想"),
        ),
        ContactSnapshot(NOW - 12 * 86400, "text", Words("Changed the billing address, done", "改账单地址，已办")),
    ),
)

SCRIPT = ScriptSnapshot(
    title=Words("Paying by instalments", "账单分期"),
    steps=(
        ScriptStepSnapshot(Words("Greeting", "问候"), Words("Good morning.", "您好。")),
        ScriptStepSnapshot(Words("Need", "了解需求"), Words("How can I help?", "请问有什么可以帮您？")),
        ScriptStepSnapshot(
            Words("Offer the terms", "介绍期数"),
            Words(
                "This month's bill can be paid in 3, 6 or 12 instalments. With 12, each is about four hundred yuan, "
                "and you can pay off the rest at any time. Which would suit you best?",
                "您本期账单可以分 3、6、12 期。分 12 期每期约四百多元，随时可以提前还清。您看哪一种更合适？",
            ),
            (
                ScriptAnswerSnapshot(Words("Agrees", "同意"), 3),
                ScriptAnswerSnapshot(Words("Wants to think", "再考虑"), 4),
                ScriptAnswerSnapshot(Words("Asks about the fee", "问手续费"), 3),
            ),
        ),
        ScriptStepSnapshot(Words("Fee", "手续费"), Words("The fee is 0.6% a month.", "手续费每月 0.6%。")),
        ScriptStepSnapshot(Words("Goodbye", "结束语"), Words("Thank you for calling.", "感谢您的来电。")),
    ),
    step=2,
    can_go_back=True,
)

HISTORY = (
    HistorySnapshot("c5", NOW - 900, 194.0, True, "李*", "answered"),
    HistorySnapshot("c4", NOW - 2300, 412.0, True, "王**", "instalment", direction=Direction.OUTGOING),
    HistorySnapshot("c3", NOW - 4100, None, False, "", ""),
    HistorySnapshot("c2", NOW - 5200, 96.0, True, "陈*", "call-back", unsent=True),
    HistorySnapshot("c1", NOW - 7400, 251.0, True, "赵**", "answered"),
)

GOOD = QualitySnapshot(4.3, Verdict.GOOD, "", 0.4, 0.2, 4.0, 42.0)
BAD = QualitySnapshot(3.1, Verdict.POOR, Advice.LOSS, 6.2, 0.8, 18.0, 180.0)

PERSON = PersonSnapshot("lin.xiaoyu", "林晓雨", "信用卡一组", "service")

_BETWEEN = frozenset(
    {"call.dial", "call.redial", "work.do-not-disturb", "sound.choose", "sound.check", "work.sign-out"}
)

IDLE = DeskSnapshot(
    screen=Screen.AGENT,
    organisation="Example Bank 示例银行",
    person=PERSON,
    state=AgentState.NOT_READY,
    state_since=NOW - 312,
    codes=CODES,
    history=HISTORY,
    status=STATUS,
    enabled=_LOCAL | _BETWEEN | {"work.ready"},
)

READY = replace(IDLE, state=AgentState.READY, state_since=NOW - 74, enabled=_LOCAL | _BETWEEN | {"work.pause"})

_CUSTOMER = Words("张*", "张*")

RINGING = replace(
    READY,
    state=AgentState.RINGING,
    state_since=NOW - 4,
    call=CallSnapshot("c6", CallState.RINGING, NOW - 4, label=_CUSTOMER),
    card=CARD,
    script=replace(SCRIPT, step=0, can_go_back=False),
    enabled=_LOCAL | {"call.answer", "call.reject"},
)

_IN_CALL = (
    _LOCAL
    | _DIGITS
    | {"call.hang-up", "call.mute", "call.hold", "call.transfer", "call.consult", "call.keypad", "script.back"}
)

TALKING = replace(
    RINGING,
    state=AgentState.ON_CALL,
    state_since=NOW - 161,
    call=CallSnapshot(
        "c6",
        CallState.TALKING,
        NOW - 161,
        label=_CUSTOMER,
        secure="AEAD_AES_256_GCM",
        codec="Opus",
        quality=GOOD,
    ),
    script=SCRIPT,
    wrap_up=WrapUpSnapshot("c6", "客户倾向 12 期，询问手续费……", ""),
    status=replace(STATUS, recording=True, watchers=("值班督导",)),
    enabled=_IN_CALL,
)

_TALK = TALKING.call or CallSnapshot("c6", CallState.TALKING, NOW)
MUTED = replace(TALKING, call=replace(_TALK, muted=True))
HELD = replace(TALKING, call=replace(_TALK, state=CallState.HOLDING, held=True))
POOR = replace(TALKING, call=replace(_TALK, quality=BAD))

WRAP_UP = replace(
    TALKING,
    state=AgentState.WRAP_UP,
    state_since=NOW - 21,
    call=None,
    wrap_up=WrapUpSnapshot("c6", "客户倾向 12 期，询问手续费，已说明。", "instalment"),
    enabled=_LOCAL | _DIGITS | {"work.save", "script.back"},
)

ENGINE_LOST = replace(
    WRAP_UP,
    problem=problem("engine-stopped"),
    wrap_up=WrapUpSnapshot("c6", "客户倾向 12 期，询问手续费……", ""),
    status=replace(STATUS, registration=RegistrationState.REGISTERING, engine_running=False, unsent=1),
    enabled=_LOCAL | _DIGITS | {"problem.dismiss"},
)

UNKNOWN = replace(TALKING, card=CardSnapshot(known=False), script=None)

STARTING = DeskSnapshot()
ENROL = DeskSnapshot(screen=Screen.ENROL, enabled=_LOCAL)
ENROL_BUSY = replace(ENROL, busy=True)
ENROL_ERROR = replace(ENROL, problem=problem("enrolment-code-expired"))
SIGN_IN = DeskSnapshot(screen=Screen.SIGN_IN, organisation="Example Bank 示例银行", enabled=_LOCAL)
SIGN_IN_ERROR = replace(SIGN_IN, problem=problem("sign-in-wrong"))

_TEAMS = ("信用卡一组", "信用卡二组", "分期营销")
_NAMES = (
    "林晓雨",
    "Anna Berg",
    "陈建国",
    "周敏",
    "刘洋",
    "黄丽",
    "Tom Reed",
    "吴桂英",
    "孙磊",
    "马超",
    "朱秀兰",
    "胡兵",
)
_STATES = (
    AgentState.ON_CALL,
    AgentState.READY,
    AgentState.WRAP_UP,
    AgentState.ON_CALL,
    AgentState.NOT_READY,
    AgentState.RINGING,
    AgentState.OFFLINE,
)

WALL = tuple(
    WallAgentSnapshot(
        name=f"agent{number}",
        display_name=name,
        team=_TEAMS[number % 3],
        presence=_STATES[number % 7],
        since=NOW - 37 * (number + 1),
        on_call=_STATES[number % 7] is AgentState.ON_CALL,
        trust=None if _STATES[number % 7] is AgentState.OFFLINE else 1 + number % 2,
    )
    for number, name in enumerate(_NAMES)
)

SUPERVISOR = DeskSnapshot(
    screen=Screen.SUPERVISOR,
    organisation="Example Bank 示例银行",
    person=PersonSnapshot("duty", "值班督导", "信用卡中心", "service"),
    wall=WALL,
    status=StatusSnapshot(server_connected=True, trust=2, trust_reasons=("key-not-in-hardware",)),
    enabled=_LOCAL | {"work.sign-out"},
)

# --- Several calls ----------------------------------------------------------------------------------------------------

_SECOND = CallSnapshot("c7", CallState.RINGING, NOW - 12, label=Words("李*", "李*"), current=False)
_COLLEAGUE = CallSnapshot(
    "k1",
    CallState.TALKING,
    NOW - 35,
    direction=Direction.OUTGOING,
    label=Words("Chen Jianguo (instalments)", "陈建国（分期专家）"),
    secure="AEAD_AES_256_GCM",
    codec="Opus",
    quality=GOOD,
)
_WAITING = replace(_TALK, state=CallState.HOLDING, held=True, current=False, since=NOW - 100)
_SEVERAL = frozenset({"call.swap", "call.conference"})

SECOND_CALL = replace(TALKING, calls=(_TALK, _SECOND), enabled=_IN_CALL | {"call.answer", "call.reject"})
TWO_CALLS = replace(
    TALKING, calls=(_TALK, replace(_SECOND, state=CallState.HOLDING, held=True)), enabled=_IN_CALL | _SEVERAL
)
CONSULTING = replace(
    TALKING,
    call=_COLLEAGUE,
    calls=(_WAITING, _COLLEAGUE),
    enabled=(_IN_CALL | _SEVERAL | {"call.connect"}) - {"call.transfer", "call.consult"},
)
TOGETHER = replace(
    TALKING,
    call=replace(_TALK, in_conference=True),
    calls=(replace(_TALK, in_conference=True), replace(_COLLEAGUE, in_conference=True, current=False)),
    enabled=(_IN_CALL | {"call.split"}) - {"call.transfer", "call.consult"},
)
_DIALLED = CallSnapshot("c8", CallState.CALLING, NOW - 6, direction=Direction.OUTGOING, label=Words("Wang**", "王**"))
DIALLING = replace(
    TALKING,
    call=_DIALLED,
    calls=(_DIALLED,),
    card=None,
    script=None,
    wrap_up=WrapUpSnapshot("c8", "", ""),
    enabled=_LOCAL | {"call.hang-up"},
)
EARLY_MEDIA = replace(DIALLING, call=replace(_DIALLED, early_media=True), calls=())
HELD_THERE = replace(TALKING, call=replace(_TALK, held_there=True))
SILENT = replace(TALKING, call=replace(_TALK, silent=True, quality=replace(BAD, advice=Advice.SILENT, mos=1.0)))
PASSING_ON = replace(TALKING, call=replace(_TALK, state=CallState.TRANSFERRING), enabled=_LOCAL | {"call.hang-up"})

TEXT = replace(
    TALKING,
    call=replace(
        _TALK,
        can_text=True,
        text=(
            TextLineSnapshot(False, NOW - 120, "你好 我听力不太好 可以打字吗"),
            TextLineSnapshot(True, NOW - 104, "当然可以，我会一直打字，您也可以同时说话。"),
            TextLineSnapshot(False, NOW - 60, "那就分十二期吧"),
            TextLineSnapshot(True, NOW - 20, "好的，正在为", open=True),
            TextLineSnapshot(False, NOW - 8, "手续费怎么算", open=True),
        ),
    ),
)

# --- Sheets -----------------------------------------------------------------------------------------------------------

DIRECTORY = tuple(
    DirectoryEntrySnapshot(name, kind, Words(en, zh))
    for name, kind, en, zh in (
        ("chen", "colleague", "Chen Jianguo (instalments)", "陈建国（分期专家）"),
        ("zhou", "colleague", "Zhou Min (complaints)", "周敏（投诉专员）"),
        ("liu", "colleague", "Liu Yang (team leader)", "刘洋（组长）"),
        ("cards", "queue", "Card services", "卡片服务队列"),
        ("loans", "queue", "Loans", "贷款队列"),
        ("lost", "service", "Lost card hotline", "挂失专线"),
        ("echo", "service", "Echo test", "回声测试"),
    )
)
DIAL = replace(READY, sheet=Sheet.DIAL, directory=DIRECTORY, may_dial_numbers=True)
CONSULT = replace(TALKING, sheet=Sheet.CONSULT, directory=DIRECTORY)
TRANSFER = replace(TALKING, sheet=Sheet.TRANSFER, directory=DIRECTORY, may_dial_numbers=True)
KEYPAD = replace(TALKING, sheet=Sheet.KEYPAD, call=replace(_TALK, digits_sent=6))
SOUND = replace(
    IDLE,
    sheet=Sheet.SOUND,
    sound=SoundSnapshot(
        captures=("Jabra Evolve2 30", "Built-in microphone"),
        playbacks=("Jabra Evolve2 30", "Built-in speakers"),
        capture="Jabra Evolve2 30",
        ring="Built-in speakers",
        ear="left",
        used_capture="Jabra Evolve2 30",
        used_playback="Jabra Evolve2 30",
        used_ring="Built-in speakers",
    ),
)
_HEARD = QualitySnapshot(4.3, Verdict.GOOD, "", 0.2, 0.1, 4.0, 38.0)
CHECK = replace(IDLE, sheet=Sheet.CHECK, check=CheckSnapshot(CheckStage.LISTENING, 0.3, 0.0))
CHECK_RUNNING = replace(CHECK, check=CheckSnapshot(CheckStage.MEASURING, 0.42, 0.35, 7))
CHECK_WELL = replace(CHECK, check=CheckSnapshot(CheckStage.DONE, 0.1, 0.0, 0, _HEARD))
CHECK_BAD = replace(
    CHECK,
    check=CheckSnapshot(CheckStage.DONE, 0.0, 0.0, 0, replace(BAD, loss_percent=4.2), (Finding.QUIET, Finding.LOSS)),
)

# --- A field in clear -------------------------------------------------------------------------------------------------

_TRUSTED = replace(STATUS, recording=True, watchers=("值班督导",), trust=2, trust_reasons=("key-not-in-hardware",))
_REVEALABLE = frozenset({"mobile", "id-card", "address", "card-number", "available-credit"})
REASONS = tuple(
    RevealReasonSnapshot(reason, Words(en, zh))
    for reason, en, zh in (
        ("identity-check", "Identity check", "核对身份"),
        ("address-change", "Address change", "变更地址"),
        ("delivery", "Delivery", "寄送物品"),
        ("dispute", "Dispute", "争议处理"),
        ("account-question", "Question about the account", "账户咨询"),
    )
)
REVEALABLE = replace(
    TALKING,
    card=replace(CARD, fields=tuple(replace(entry, revealable=entry.name in _REVEALABLE) for entry in CARD.fields)),
    reveal_reasons=REASONS,
    may_type_reason=True,
    status=_TRUSTED,
    enabled=_IN_CALL | {"customer.reveal"},
)
REVEAL = replace(REVEALABLE, sheet=Sheet.REVEAL)
_HIDING = _IN_CALL | {"customer.hide"}
REVEAL_ASKING = replace(REVEALABLE, reveal=RevealSnapshot("card-number", RevealStage.ASKING), enabled=_HIDING)
REVEAL_WAITING = replace(
    REVEALABLE,
    reveal=RevealSnapshot("card-number", RevealStage.WAITING, "l_sample", NOW + 42),
    enabled=_HIDING,
)
REVEAL_SHOWN = replace(
    REVEALABLE,
    reveal=RevealSnapshot("card-number", RevealStage.SHOWN, "l_sample", NOW + 12),
    enabled=_HIDING | {"customer.speak"},
)
REVEAL_ADDRESS = replace(REVEAL_SHOWN, reveal=RevealSnapshot("address", RevealStage.SHOWN, "l_sample_long", NOW + 31))
APPROVAL = replace(
    SUPERVISOR,
    approvals=(
        ApprovalSnapshot("l_sample", "lin.xiaoyu", "林晓雨", "card-number", "dispute", NOW + 42),
        ApprovalSnapshot("l_next", "chen", "陈建国", "address", "", NOW + 55, "客户要改寄送地址"),
    ),
    reveal_reasons=REASONS,
    enabled=SUPERVISOR.enabled | {"approval.approve", "approval.refuse"},
)

# --- A card that the customer keys in ---------------------------------------------------------------------------------

_KEYED = _IN_CALL | {"customer.digits"}
DIGITS = replace(TALKING, sheet=Sheet.DIGITS, enabled=_KEYED)
DIGITS_NUMBER = replace(DIGITS, digits=DigitsSnapshot("number", 12, 16), enabled=_KEYED | {"customer.digits-cancel"})
DIGITS_VALID = replace(DIGITS_NUMBER, digits=DigitsSnapshot("number", 16, 16, valid=True))
DIGITS_WRONG = replace(DIGITS_NUMBER, digits=DigitsSnapshot("number", 0, 0, valid=False))
DIGITS_CODE = replace(DIGITS_NUMBER, digits=DigitsSnapshot("code", 2, 3))
DIGITS_CHECKING = replace(DIGITS, digits=DigitsSnapshot("checking"))
DIGITS_PAID = replace(DIGITS, digits=DigitsSnapshot("accepted", outcome="accepted"))
DIGITS_NO_EVENTS = replace(DIGITS, digits=DigitsSnapshot("failed", outcome="no-events"))
DIGITS_LOST = replace(DIGITS, digits=DigitsSnapshot("failed", outcome="edge-lost"))

# --- The shift --------------------------------------------------------------------------------------------------------

DO_NOT_DISTURB = replace(IDLE, do_not_disturb=True, enabled=_LOCAL | _BETWEEN)
MESSAGES = replace(READY, messages=2, enabled=READY.enabled | {"call.voicemail"})
BREAK_NEXT = replace(TALKING, break_next=True)
NOTES_WAITING = replace(WRAP_UP, wrap_up=WrapUpSnapshot("c6", "客户倾向 12 期，询问手续费，已说明。", "", waiting=1))
SIGN_IN_CALL = replace(
    SIGN_IN,
    call=replace(_TALK, label=None),
    calls=(replace(_TALK, label=None),),
    enabled=_LOCAL | {"call.hang-up", "call.mute", "call.hold"},
)
