"""A value read to the agent, through real programs and a sound card made of nothing: who hears it, and who sees it."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from client.app.private_voice import VOICES, LinuxVoice, NotSpoken, find_private_voice
from client.security.clear_value import ClearValue
from tests.integration.engine.virtual_sound import RATE, Recording, Samples, VirtualSound

HEADSET = "hearthline"
LOUDSPEAKER = "loudspeaker"
MOBILE = "13800138000"
LONG = "6217000012345678" * 4
"""Half a minute of digits."""


@pytest.fixture
def voice(sound: VirtualSound, monkeypatch: pytest.MonkeyPatch) -> LinuxVoice:
    for name, value in sound.environment.items():
        monkeypatch.setenv(name, value)
    found = find_private_voice(lambda: "zh")
    if found is None:
        pytest.skip("espeak-ng or alsa-utils is not installed; see client/app/apt.txt")
    assert isinstance(found, LinuxVoice)
    return found


def _value(text: str) -> ClearValue:
    return ClearValue(text.encode())


def _ears(recording: Recording) -> tuple[Samples, Samples]:
    return recording.samples[0::2], recording.samples[1::2]


def _loud_seconds(samples: Samples) -> float:
    """How long it is loud, counted in hundredths of a second."""
    parts = samples[: samples.size // 480 * 480].reshape(-1, 480)
    return float((np.abs(parts.astype(np.int32)).max(axis=1) > 1000).sum()) / 100


@contextmanager
def _speaking(voice: LinuxVoice, text: str) -> Iterator[list[str]]:
    """Read a value in a thread of its own; the list tells how it ended, once the block is left."""
    ends: list[str] = []

    def speak() -> None:
        try:
            voice.speak(_value(text), HEADSET, "right")
        except NotSpoken:
            ends.append("not spoken")
        else:
            ends.append("returned")

    thread = threading.Thread(target=speak)
    thread.start()
    try:
        yield ends
    finally:
        voice.stop()
        thread.join()


def _wait_until_heard(recording: Recording) -> None:
    """Return when something has been loud."""
    length = 0
    while True:
        length += RATE // 5
        recording.wait_for(length)
        so_far = np.frombuffer(bytes(recording._heard[: length * 2]), dtype="<i2")
        if _loud_seconds(so_far) > 0:
            return


def test_it_is_heard_in_one_ear_of_the_headset_and_nowhere_else(voice: LinuxVoice, sound: VirtualSound) -> None:
    with sound.record_loudspeaker() as room, sound.record_ears() as headset:
        voice.speak(_value(MOBILE), HEADSET, "right")
    left, right = _ears(headset)
    assert _loud_seconds(right) > 2
    assert not left.any()
    assert room.samples.size > RATE
    assert not room.samples.any()


def test_it_is_heard_where_it_is_sent(voice: LinuxVoice, sound: VirtualSound) -> None:
    """What the other test holds to be silence is none where there is speech."""
    with sound.record_loudspeaker() as room, sound.record_ears() as headset:
        voice.speak(_value("138"), LOUDSPEAKER, "both")
        voice.speak(_value("138"), HEADSET, "both")
    left, right = _ears(headset)
    assert _loud_seconds(room.samples) > 0.5
    assert _loud_seconds(left) > 0.5
    assert np.array_equal(left, right)


def test_no_chinese_character_is_read_as_english_letters(voice: LinuxVoice) -> None:
    """As they are by the voice that is the first one for Chinese; `(en)` tells where another language begins."""
    command = (voice._espeak, "-b", "1", "-q", "-x", "--stdin", "-v", VOICES["zh"])
    address = "张建国 上海市浦东新区南京路 1 2 号 京 A 5".encode()
    phonemes = subprocess.run(command, input=address, capture_output=True, check=True).stdout.decode()
    assert phonemes.strip()
    assert "(en)" not in phonemes


def test_stopping_cuts_it_off(voice: LinuxVoice, sound: VirtualSound) -> None:
    with sound.record_ears() as headset, _speaking(voice, LONG) as ends:
        _wait_until_heard(headset)
        voice.stop()
        stopped_at = headset.length()
        headset.wait_for(stopped_at + 2 * 2 * RATE)
    assert ends == ["returned"]
    assert not headset.samples[stopped_at + 2 * RATE :].any()


def test_the_next_one_ends_what_is_being_read(voice: LinuxVoice, sound: VirtualSound) -> None:
    with sound.record_ears() as headset, _speaking(voice, LONG) as ends:
        _wait_until_heard(headset)
        voice.speak(_value("138"), HEADSET, "left")
    left, right = _ears(headset)
    assert ends == ["returned"]
    assert _loud_seconds(left) > 0.5
    assert _loud_seconds(right) < 5


def test_the_process_list_has_neither_the_value_nor_what_is_read(voice: LinuxVoice, sound: VirtualSound) -> None:
    with sound.record_ears() as headset, _speaking(voice, MOBILE * 3):
        _wait_until_heard(headset)
        players = [child for child in psutil.Process().children() if child.name() == "aplay"]
        seen = [" ".join([*child.cmdline(), *child.environ().values()]) for child in players]
    assert len(seen) == 1
    assert MOBILE not in seen[0]
    assert " ".join(MOBILE) not in seen[0]


def test_the_process_list_has_no_value_while_speech_is_made_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And `stop` ends that as well."""
    for name in ("here", "never"):
        os.mkfifo(tmp_path / name)
    program = tmp_path / "espeak-ng"
    program.write_text(f'#!/bin/sh\ncat >"{tmp_path}/got"\necho >"{tmp_path}/here"\nread x <"{tmp_path}/never"\n')
    program.chmod(0o700)
    started: list[Any] = []
    popen = subprocess.Popen

    def spied(command: Any, **options: Any) -> Any:
        started.append(command)
        return popen(command, **options)

    monkeypatch.setattr(subprocess, "Popen", spied)
    stalled = LinuxVoice(str(program), "/nonexistent", lambda: "en")
    with _speaking(stalled, MOBILE) as ends:
        (tmp_path / "here").read_text()
        (child,) = (one for one in psutil.Process().children() if str(program) in one.cmdline())
        seen = " ".join([*child.cmdline(), *child.environ().values()])
    assert (tmp_path / "got").read_text() == " ".join(MOBILE)
    assert MOBILE not in seen
    assert " ".join(MOBILE) not in seen
    assert ends == ["returned"]
    assert len(started) == 1, "nothing is played after the stop"


def test_a_device_that_is_not_there_is_told(voice: LinuxVoice) -> None:
    with pytest.raises(NotSpoken) as told:
        voice.speak(_value(MOBILE), "no-such-device", "both")
    assert told.value.args == ()
    assert told.value.__cause__ is None


def test_a_name_that_is_more_than_a_name_opens_nothing(voice: LinuxVoice, sound: VirtualSound) -> None:
    with sound.record_loudspeaker() as room, pytest.raises(NotSpoken):
        voice.speak(_value("138"), f"x' , SLAVE='{LOUDSPEAKER}", "both")
    assert not room.samples.any()


def test_programs_that_fail_are_told(voice: LinuxVoice, tmp_path: Path) -> None:
    program = tmp_path / "program"
    for script in ("cat", "cat >/dev/null; exit 1", "exit 0"):
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        with pytest.raises(NotSpoken):
            LinuxVoice(str(program), voice._aplay, lambda: "en").speak(_value(MOBILE), HEADSET, "both")
    with pytest.raises(NotSpoken):
        LinuxVoice(voice._espeak, str(program), lambda: "en").speak(_value(MOBILE), f"{HEADSET}'", "both")


def test_what_is_wiped_is_not_read(voice: LinuxVoice, sound: VirtualSound) -> None:
    value = _value(MOBILE)
    value.close()
    with sound.record_ears() as headset:
        voice.speak(value, HEADSET, "both")
        headset.wait_for(RATE)
    assert not headset.samples.any()
