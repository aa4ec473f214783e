"""Where the engine's address and token are kept, and from whom they are taken."""

from pathlib import Path

import pytest

from client.sip.rendezvous import InMemory, Meeting, PrivateFile, Rendezvous

MEETING = Meeting("unix:/somewhere/engine.sock", "a token")


@pytest.fixture(params=["memory", "file"])
def rendezvous(request: pytest.FixtureRequest, tmp_path: Path) -> Rendezvous:
    return InMemory() if request.param == "memory" else PrivateFile(tmp_path / "run")


def test_what_is_remembered_is_recalled_until_forgotten(rendezvous: Rendezvous) -> None:
    assert rendezvous.recall() is None
    rendezvous.remember(Meeting("unix:/earlier", "another"))
    rendezvous.remember(MEETING)
    assert rendezvous.recall() == MEETING
    rendezvous.forget()
    rendezvous.forget()
    assert rendezvous.recall() is None


def test_the_next_desk_finds_it(tmp_path: Path) -> None:
    PrivateFile(tmp_path).remember(MEETING)
    assert PrivateFile(tmp_path).recall() == MEETING


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    PrivateFile(tmp_path / "run").remember(MEETING)
    (path,) = (tmp_path / "run").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_others_could_read_or_have_put_there_is_not_trusted(tmp_path: Path) -> None:
    PrivateFile(tmp_path).remember(MEETING)
    (path,) = tmp_path.iterdir()
    path.chmod(0o640)
    assert PrivateFile(tmp_path).recall() is None
    path.chmod(0o600)
    elsewhere = path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(elsewhere)
    assert PrivateFile(tmp_path).recall() is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"address":"unix:x"}', "\udcff"])
def test_what_is_damaged_is_as_good_as_nothing(tmp_path: Path, content: str) -> None:
    PrivateFile(tmp_path).remember(MEETING)
    (path,) = tmp_path.iterdir()
    path.write_text(content, errors="surrogateescape")
    assert PrivateFile(tmp_path).recall() is None


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("not a directory")
    PrivateFile(tmp_path / "run").remember(MEETING)
    assert PrivateFile(tmp_path / "run").recall() is None


def test_the_token_is_in_no_repr() -> None:
    assert "a token" not in repr(MEETING)
