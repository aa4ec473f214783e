"""Sealing, digests, passwords, one-time codes, settings and logs."""

import io
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server import logs
from server.people.credentials import hash_password, new_password, new_totp_secret, password_is_right, totp_step
from server.sealing import Digester, SealBroken, Sealer
from server.settings import read_settings

KEY, OTHER = b"k" * 32, b"o" * 32
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@given(st.binary(max_size=200))
def test_a_sealed_secret_opens_for_its_owner_alone(secret: bytes) -> None:
    sealed = Sealer(KEY, "totp").seal(secret, "lina")
    assert Sealer(KEY, "totp").open(sealed, "lina") == secret
    for sealer, owner in ((Sealer(KEY, "totp"), "zhao"), (Sealer(OTHER, "totp"), "lina"), (Sealer(KEY, "x"), "lina")):
        with pytest.raises(SealBroken):
            sealer.open(sealed, owner)


def test_a_changed_seal_does_not_open() -> None:
    sealed = bytearray(Sealer(KEY, "totp").seal(b"secret", "lina"))
    for position in range(len(sealed)):
        changed = bytes(byte ^ (position == index) for index, byte in enumerate(sealed))
        with pytest.raises(SealBroken):
            Sealer(KEY, "totp").open(changed, "lina")


def test_a_digest_depends_on_its_key_and_purpose() -> None:
    digests = {Digester(key, purpose).digest("1") for key in (KEY, OTHER) for purpose in ("phone", "token")}
    assert len(digests) == 4


async def test_passwords() -> None:
    password = new_password()
    stored = hash_password(password)
    assert stored.startswith("$argon2id$")
    assert await password_is_right(password, stored)
    assert not await password_is_right(password + "x", stored)
    assert not await password_is_right(password, None)


@pytest.mark.parametrize(("late", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_an_authenticators_clock_may_be_a_step_off(late: int, accepted: bool) -> None:
    secret = new_totp_secret()
    shown = pyotp.TOTP(secret).at(NOW - timedelta(seconds=late))
    step = totp_step(secret, shown, NOW)
    assert (step is not None) is accepted
    if step is not None:
        assert step == (int(NOW.timestamp()) - late) // 30


def test_settings_come_from_options_then_environment_then_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "server.toml"
    file.write_text('organisation = "/from-file"\nport = 1\nidle_minutes = 5\n')
    monkeypatch.setenv("HEARTHLINE_PORT", "2")
    monkeypatch.setenv("HEARTHLINE_HOST", "192.0.2.1")
    settings = read_settings(file, host="192.0.2.2", port=None)
    assert (str(settings.organisation), settings.port, settings.host) == ("/from-file", 2, "192.0.2.2")
    assert settings.idle_life == timedelta(minutes=5)
    assert settings.database_url == "sqlite:////from-file/hearthline.db"


def test_a_mistyped_setting_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text('organisation = "/x"\nprot = 1\n')
    with pytest.raises(ValidationError, match="prot"):
        read_settings(file)


def test_a_log_holds_nothing_that_is_not_on_the_list(expected_warnings: list[str]) -> None:
    expected_warnings += ["some.library"]
    stream = io.StringIO()
    undo = logs.configure(stream)
    logs.get_logger().info("call", ref="c_12345678", customer="张伟", phone="13812345678")
    logging.getLogger("some.library").warning("row %s of %s", "张伟", "13812345678")
    try:
        raise ValueError("13812345678")
    except ValueError as error:
        logging.getLogger("some.library").exception("it broke")
        kind, where = logs.describe(error)
    undo()
    first, second, third = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (first["ref"], first["dropped"]) == ("c_12345678", ["customer", "phone"])
    assert (second["event"], second["logger"], second["level"]) == ("row %s of %s", "some.library", "warning")
    assert (third["error_type"], kind) == ("ValueError", "ValueError")
    assert where.startswith("test_a_log_holds_nothing")
    assert "张伟" not in stream.getvalue()
    assert "13812345678" not in stream.getvalue()
