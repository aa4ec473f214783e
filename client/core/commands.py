"""The registry: every user action is a named command with a key.

The menus, the buttons, the command palette, the keyboard profiles, the help page and the end-to-end tests all read it.
Titles are English; `client.ui` translates them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """Where a command stands in the help page and the palette."""

    CALL = "Call"
    WORK = "Work"
    CUSTOMER = "Customer and script"
    MOVE = "Move around"
    VIEW = "View"
    PROGRAM = "Program"


@dataclass(frozen=True)
class Command:
    """One user action. `local` commands are the screen's own affair; the others go to the core."""

    id: str
    title: str
    group: Group
    local: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("call.answer", "Answer", Group.CALL),
    Command("call.reject", "Reject", Group.CALL),
    Command("call.hang-up", "Hang up", Group.CALL),
    Command("call.mute", "Mute", Group.CALL),
    Command("call.hold", "Hold", Group.CALL),
    Command("call.swap", "Swap calls", Group.CALL),
    Command("call.dial", "Call somebody", Group.CALL),
    Command("call.redial", "Call again", Group.CALL),
    Command("call.consult", "Ask a colleague", Group.CALL),
    Command("call.transfer", "Transfer", Group.CALL),
    Command("call.connect", "Connect the two", Group.CALL),
    Command("call.conference", "Talk together", Group.CALL),
    Command("call.split", "Talk one by one", Group.CALL),
    Command("call.keypad", "Keypad", Group.CALL),
    Command("call.voicemail", "Listen to messages", Group.CALL),
    Command("work.ready", "Ready for calls", Group.WORK),
    Command("work.pause", "Take a break", Group.WORK),
    Command("work.do-not-disturb", "Do not disturb", Group.WORK),
    Command("work.save", "Save wrap-up", Group.WORK),
    Command("work.sign-out", "Sign out", Group.WORK),
    Command("customer.reveal", "Show a field in clear", Group.CUSTOMER),
    Command("customer.hide", "Hide it again", Group.CUSTOMER),
    Command("customer.speak", "Read it to me", Group.CUSTOMER),
    Command("customer.digits", "Let the customer key in a card", Group.CUSTOMER),
    Command("customer.digits-cancel", "Stop keying in", Group.CUSTOMER),
    Command("approval.approve", "Agree", Group.WORK),
    Command("approval.refuse", "Refuse", Group.WORK),
    Command("script.back", "Previous step", Group.CUSTOMER),
    *(
        Command(f"choose.{digit}", f"Choose {digit} in the panel with the focus", Group.CUSTOMER)
        for digit in range(1, 10)
    ),
    Command("focus.customer", "Go to customer", Group.MOVE, local=True),
    Command("focus.script", "Go to script", Group.MOVE, local=True),
    Command("focus.codes", "Go to wrap-up codes", Group.MOVE, local=True),
    Command("focus.notes", "Write notes", Group.MOVE, local=True),
    Command("focus.history", "Go to today's calls", Group.MOVE, local=True),
    Command("focus.text", "Write text in the call", Group.MOVE, local=True),
    Command("focus.wall", "Go to the wall", Group.MOVE, local=True),
    Command("focus.filter", "Filter the wall", Group.MOVE, local=True),
    Command("focus.next", "Next item", Group.MOVE, local=True),
    Command("focus.previous", "Previous item", Group.MOVE, local=True),
    Command("field.leave", "Leave the text field", Group.MOVE, local=True),
    Command("sound.choose", "Sound devices", Group.PROGRAM),
    Command("sound.check", "Check sound and network", Group.PROGRAM),
    Command("problem.dismiss", "Dismiss the message", Group.PROGRAM),
    Command("view.palette", "All actions", Group.PROGRAM, local=True),
    Command("view.help", "Keys and help", Group.PROGRAM, local=True),
    Command("view.language", "中文 / English", Group.VIEW, local=True),
    Command("view.theme", "Next colour theme", Group.VIEW, local=True),
    Command("view.keys", "Next key profile", Group.VIEW, local=True),
    Command("view.larger", "Larger", Group.VIEW, local=True),
    Command("view.smaller", "Smaller", Group.VIEW, local=True),
    Command("program.quit", "Quit", Group.PROGRAM, local=True),
)

BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}
