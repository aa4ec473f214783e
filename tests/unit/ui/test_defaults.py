"""The organisation's defaults are taken over once, and what a person chose stays."""

from dataclasses import replace

from client.core.keys import KeyProfile
from client.core.snapshot import ScreenDefaults
from client.ui import samples
from client.ui.preferences import Choices
from client.ui.theme.tokens import ThemeName
from tests.unit.ui.conftest import MakeDesk

_OFFERED = replace(samples.SIGN_IN, defaults=ScreenDefaults("left-hand", "high-contrast", "zh"))


def test_a_new_person_gets_what_the_organisation_would_set(make_desk: MakeDesk) -> None:
    desk = make_desk(choices=Choices()).show(_OFFERED)
    chosen = desk.preferences.read()
    assert (chosen.keys, chosen.theme, chosen.language) == (KeyProfile.LEFT_HAND, ThemeName.HIGH_CONTRAST, "zh")


def test_what_a_person_chose_stays(make_desk: MakeDesk) -> None:
    own = Choices(language="en", theme=ThemeName.DARK, keys=KeyProfile.RIGHT_HAND)
    desk = make_desk(choices=own).show(_OFFERED)
    assert desk.preferences.read() == replace(own, defaults_taken=True)


def test_they_are_offered_once(make_desk: MakeDesk) -> None:
    desk = make_desk(choices=Choices()).show(_OFFERED)
    desk.window.set_keys(KeyProfile.STANDARD)
    desk.show(replace(_OFFERED, organisation="Another Bank"))
    assert desk.preferences.read().keys is KeyProfile.STANDARD
