"""The second person's desk: who asks, and one press to agree or refuse."""

from client.core import events, intents
from client.core.snapshot import ApprovalSnapshot, PersonSnapshot
from tests.unit.core.playbook import CODES, Playbook

FIRST = ApprovalSnapshot("l_first", "lin", "林晓雨", "mobile", "call-back", 1060.0)
SECOND = ApprovalSnapshot("l_second", "chen", "陈建国", "address", "", 1090.0, "asked twice")


def supervisor() -> Playbook:
    """A supervisor is signed in and connected."""
    desk = Playbook()
    desk.happens(
        events.DeviceReady("Bank", CODES, ()),
        events.SignedIn(PersonSnapshot("wang", "Wang", "cards", "service"), supervisor=True, trust=1, trust_reasons=()),
        events.LinkChanged(connected=True),
    )
    return desk


def test_the_one_who_waits_longest_is_decided_first() -> None:
    desk = supervisor()
    assert "approval.approve" not in desk.sees.enabled
    desk.happens(events.ApprovalArrived(FIRST), events.ApprovalArrived(SECOND))
    assert desk.sees.approvals == (FIRST, SECOND)
    assert desk.presses("approval.refuse") == [intents.DecideApproval("l_first", approved=False)]
    assert desk.presses("approval.approve") == [intents.DecideApproval("l_second", approved=True)]
    assert desk.presses("approval.approve") == []


def test_one_is_decided_by_pointer_and_only_once() -> None:
    desk = supervisor()
    desk.happens(events.ApprovalArrived(FIRST), events.ApprovalArrived(SECOND))
    assert desk.happens(events.ApprovalDecided("l_second", approved=True)) == [
        intents.DecideApproval("l_second", approved=True)
    ]
    assert desk.happens(events.ApprovalDecided("l_second", approved=False)) == []
    assert desk.sees.approvals == (FIRST,)


def test_what_is_too_late_is_gone() -> None:
    desk = supervisor()
    desk.happens(events.ApprovalArrived(FIRST), events.ApprovalGone("l_first"))
    assert desk.sees.approvals == ()
    assert desk.presses("approval.approve") == []


def test_nobody_is_decided_about_without_a_connection_or_a_session() -> None:
    desk = supervisor()
    desk.happens(events.ApprovalArrived(FIRST), events.LinkChanged(connected=False))
    assert desk.sees.approvals == ()
    desk = supervisor()
    desk.happens(events.ApprovalArrived(FIRST), events.SignedOut())
    assert desk.sees.approvals == ()


def test_an_agents_desk_is_asked_nothing() -> None:
    desk = Playbook().signed_in()
    desk.happens(events.ApprovalArrived(FIRST))
    assert desk.sees.approvals == ()


def test_a_typed_reason_is_in_no_repr() -> None:
    assert "asked twice" not in repr(SECOND)
