"""The choices come back as they were kept, and never from nonsense."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.core.keys import KeyProfile
from client.ui.preferences import Choices, JsonPreferences, _checked
from client.ui.theme.tokens import ThemeName

_SOME = Choices("zh", ThemeName.DARK, 1.5, KeyProfile.LEFT_HAND, 400, "lin.xiaoyu")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    store = JsonPreferences(tmp_path / "deep" / "screen.json")
    assert store.read() == Choices()
    store.write(_SOME)
    assert JsonPreferences(tmp_path / "deep" / "screen.json").read() == _SOME


@pytest.mark.parametrize("content", ["", "{", "[]", "3", '{"zoom": 90, "theme": "pink", "keys": 3, "language": "xx"}'])
def test_nonsense_gives_the_defaults(tmp_path: Path, content: str, expected_warnings: list[str]) -> None:
    expected_warnings.append("the preferences file cannot be read")
    (tmp_path / "screen.json").write_text(content)
    assert JsonPreferences(tmp_path / "screen.json").read() == Choices()


def test_one_bad_value_spoils_no_other(tmp_path: Path) -> None:
    (tmp_path / "screen.json").write_text(json.dumps({"zoom": "big", "language": "zh", "double_strike_ms": True}))
    assert JsonPreferences(tmp_path / "screen.json").read() == Choices(language="zh")


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path, expected_warnings: list[str]) -> None:
    expected_warnings.append("the preferences file cannot be written")
    (tmp_path / "file").write_text("")
    JsonPreferences(tmp_path / "file" / "screen.json").write(_SOME)


_JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=3)


@given(
    st.dictionaries(st.sampled_from(["zoom", "theme", "keys", "language", "double_strike_ms", "sign_in_name"]), _JSON)
)
def test_any_json_gives_usable_choices(found: dict[str, object]) -> None:
    choices = _checked(found)
    assert 0.8 <= choices.zoom <= 3.0
    assert 0 <= choices.double_strike_ms <= 1000
    assert choices.language in {"", "zh", "en"}
