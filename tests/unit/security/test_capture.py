"""The guards believe what is read back, and nothing else."""

from dataclasses import dataclass, field

import pytest

from client.security.capture import Fixed, guard_for
from client.security.capture.guard import Protection
from client.security.capture.macos import SHARING_NONE, MacGuard
from client.security.capture.windows import (
    FIRST_BUILD,
    WDA_EXCLUDEFROMCAPTURE,
    WDA_MONITOR,
    WDA_NONE,
    WindowsGuard,
)


@dataclass
class FakeUser32:
    """A system that takes some affinities, and may forget or lie."""

    takes: tuple[int, ...] = (WDA_MONITOR, WDA_EXCLUDEFROMCAPTURE)
    keeps: bool = True
    readable: bool = True
    windows: dict[int, int] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def set(self, window_id: int, affinity: int) -> bool:
        self.asked.append(affinity)
        if affinity not in self.takes:
            return False
        if self.keeps:
            self.windows[window_id] = affinity
        return True

    def get(self, window_id: int) -> int | None:
        return self.windows.get(window_id, WDA_NONE) if self.readable else None


@pytest.mark.parametrize(
    ("system", "build", "found"),
    [
        (FakeUser32(), FIRST_BUILD, "verified"),
        (FakeUser32(), FIRST_BUILD - 1, "requested"),
        (FakeUser32(takes=(WDA_MONITOR,)), FIRST_BUILD, "requested"),
        (FakeUser32(takes=()), FIRST_BUILD, "none"),
        (FakeUser32(keeps=False), FIRST_BUILD, "none"),
        (FakeUser32(readable=False), FIRST_BUILD, "none"),
    ],
)
def test_windows_is_verified_only_by_what_is_read_back(system: FakeUser32, build: int, found: Protection) -> None:
    assert WindowsGuard(system, build).protect(7) == found


def test_an_old_windows_is_not_asked_for_what_it_does_not_know() -> None:
    system = FakeUser32()
    WindowsGuard(system, FIRST_BUILD - 1).protect(7)
    assert system.asked == [WDA_MONITOR]


def test_windows_is_asked_again_when_the_affinity_was_taken_away() -> None:
    system = FakeUser32()
    guard = WindowsGuard(system, FIRST_BUILD)
    guard.protect(7)
    system.windows[7] = WDA_NONE
    assert guard.protect(7) == "verified"
    assert system.windows[7] == WDA_EXCLUDEFROMCAPTURE


@dataclass
class FakeWindow:
    """One NSWindow."""

    there: bool = True
    keeps: bool = True
    sharing: int = 1

    def set(self, view: int, sharing: int) -> bool:
        if self.there and self.keeps:
            self.sharing = sharing
        return self.there

    def get(self, view: int) -> int | None:
        return self.sharing if self.there else None


@pytest.mark.parametrize(
    ("window", "found"),
    [(FakeWindow(), "requested"), (FakeWindow(there=False), "none"), (FakeWindow(keeps=False), "none")],
)
def test_macos_is_never_more_than_requested(window: FakeWindow, found: Protection) -> None:
    assert MacGuard(window).protect(1) == found
    assert (window.sharing == SHARING_NONE) is (found == "requested")


@pytest.mark.parametrize(
    ("platform", "found"),
    [("xcb", "none"), ("offscreen", "none"), ("wayland", "requested"), ("wayland-egl", "requested"), ("vnc", "none")],
)
def test_what_can_not_be_read_back_is_told_as_what_it_is(platform: str, found: Protection) -> None:
    assert guard_for(platform).protect(1) == found


def test_no_fixed_guard_verifies() -> None:
    """On a system where nothing can be read back nothing is ever verified."""
    for platform in ("xcb", "wayland", "offscreen", "vnc", "eglfs"):
        guard = guard_for(platform)
        assert isinstance(guard, Fixed)
        assert guard.worth != "verified"
