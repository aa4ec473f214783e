"""Reads a desk through the accessibility bus, as a screen reader does. Runs under Debian's own Python, for its gi.

Protocol, one JSON object a line. In: {"ask": "tree", "pid": N}. Out: {"tree": [...]} with one entry a thing on the
screen, or {"changed": true} whenever something on any screen of this bus has changed.
"""

import json
import sys
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

_EVENTS = (
    "object:state-changed",
    "object:text-changed",
    "object:property-change",
    "object:children-changed",
    "object:value-changed",
    "object:announcement",
    "window:activate",
    "window:create",
    "window:destroy",
)
_MOST_THINGS = 4000
_pending = False


def say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def describe(thing: Any, depth: int) -> dict[str, Any]:
    states = thing.get_state_set()
    described = {
        "id": thing.get_accessible_id() or "",
        "role": thing.get_role_name(),
        "name": thing.get_name() or "",
        "description": thing.get_description() or "",
        "depth": depth,
        "states": sorted(state.value_nick for state in states.get_states()),
        "text": "",
    }
    text = thing.get_text_iface()
    if text is not None:
        described["text"] = Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))
    return described


def walk(thing: Any, depth: int, found: list[dict[str, Any]]) -> None:
    if len(found) >= _MOST_THINGS:
        return
    found.append(describe(thing, depth))
    for index in range(min(thing.get_child_count(), 500)):
        child = thing.get_child_at_index(index)
        if child is not None and child.get_state_set().contains(Atspi.StateType.SHOWING):
            walk(child, depth + 1, found)


def tree(pid: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(index)
        try:
            if program is not None and program.get_process_id() == pid:
                walk(program, 0, found)
        except GLib.Error:
            # What was on the screen a moment ago may be gone while it is being read; the next look sees it right.
            continue
    return found


def on_event(_event: Any) -> None:
    global _pending  # noqa: PLW0603
    if not _pending:
        _pending = True
        GLib.timeout_add(20, tell_changed)


def tell_changed() -> bool:
    global _pending  # noqa: PLW0603
    _pending = False
    say({"changed": True})
    return False


def on_input(channel: Any, condition: Any) -> bool:
    if condition & GLib.IO_HUP:
        Atspi.event_quit()
        return False
    line = sys.stdin.readline()
    if not line:
        Atspi.event_quit()
        return False
    try:
        say({"tree": tree(json.loads(line)["pid"])})
    except GLib.Error:
        say({"tree": []})
    return True


def main() -> None:
    Atspi.init()
    Atspi.set_timeout(2000, 5000)
    listener = Atspi.EventListener.new(on_event)
    for event in _EVENTS:
        listener.register(event)
    GLib.io_add_watch(GLib.IOChannel.unix_new(0), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_input)
    say({"changed": True})
    Atspi.event_main()


main()
