"""A value that is in clear, read to the agent: on the device on which they hear the customer, and nowhere else.

Linux alone: espeak-ng makes speech of it, and aplay plays that through ALSA, where a device has the name by which the
engine knows it. The value is in no argument, no file and no `str`: espeak-ng reads it from its standard input, and its
speech comes back through a pipe into memory that is wiped. Only then does aplay start, and it gets sound alone. The
caller never hears it: it does not go through the engine.
"""

import contextlib
import io
import mmap
import shutil
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from typing import Protocol

from client.security.clear_value import ClearValue, protect_pages

VOICES = {"zh": "cmn-latn-pinyin", "en": "en"}
"""`cmn` reads most Chinese characters as English letters with the dictionary of Debian 12's espeak-ng."""
_CHINESE = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
"""Unicode's blocks and planes of ideographs."""
_WORDS_A_MINUTE = 110
"""Slow enough to say it after, or to write it down; espeak-ng's own is 175."""
_MOST_TEXT = 4096
"""Bytes; what a pipe takes at once (PIPE_BUF)."""
_MOST_SPEECH = 2_700_000
"""Bytes: a minute of it, as espeak-ng makes it."""
_CHUNK_FRAMES = 1024

# The header that espeak-ng puts before its samples (RIFF WAVE, PCM): rate and the samples' form have fixed places.
_HEADER_BYTES = 44
_RATE_AT = slice(24, 28)
_MONO_16_BIT = ((slice(0, 4), b"RIFF"), (slice(22, 24), b"\x01\x00"), (slice(34, 36), b"\x10\x00"))


class NotSpoken(Exception):
    """It could not be read to the agent: the device is not to be had, or a program failed. Nothing of it is told."""


class PrivateVoice(Protocol):
    """What can read a value to the agent. Every method may be called in any thread."""

    def speak(self, value: ClearValue, device: str, ear: str) -> None:
        """Read a value; returns when it has been read, or when `stop` was called. What was being read before ends.

        Args:
            value: what is read. One that is wiped is not.
            device: the playback device, by the name that the engine has for it.
            ear: both, left or right.

        Raises:
            NotSpoken: it was not read, or not to its end, and nobody has stopped it.
        """

    def stop(self) -> None:
        """Be silent at once. Nothing happens where nothing is being read."""


def find_private_voice(language: Callable[[], str]) -> PrivateVoice | None:
    """Return this PC's voice, or None where it has none: espeak-ng or aplay is missing, or it does not run Linux.

    Args:
        language: tells 'zh' or 'en', for what is in no language: numbers.
    """
    if sys.platform != "linux":
        return None
    espeak, aplay = shutil.which("espeak-ng"), shutil.which("aplay")
    return LinuxVoice(espeak, aplay, language) if espeak is not None and aplay is not None else None


class LinuxVoice:
    """See `PrivateVoice`; the programs are given by their paths."""

    def __init__(self, espeak: str, aplay: str, language: Callable[[], str]) -> None:
        self._espeak = espeak
        self._aplay = aplay
        self._language = language
        self._lock = threading.Lock()
        self._now = _Programs()

    def speak(self, value: ClearValue, device: str, ear: str) -> None:
        """See `PrivateVoice`."""
        programs = _Programs()
        with self._lock:
            before, self._now = self._now, programs
        before.kill()
        try:
            with _Speech() as speech:
                self._make(programs, value, speech)
                if speech.size:
                    self._play(programs, speech, device, ear)
        except (OSError, ValueError, _Failed):
            # Not chained: a message of what failed may quote what it was given.
            if not programs.killed:
                raise NotSpoken from None
        finally:
            programs.end()

    def stop(self) -> None:
        """See `PrivateVoice`."""
        with self._lock:
            programs = self._now
        programs.kill()

    def _make(self, programs: "_Programs", value: ClearValue, speech: "_Speech") -> None:
        voice = VOICES[language_of(value.characters(), self._language())]
        text = bytearray(_MOST_TEXT)
        try:
            size = spell(value.characters(), text)
            if not size:
                return
            command = (self._espeak, "-b", "1", "-v", voice, "-s", str(_WORDS_A_MINUTE), "--stdin", "--stdout")
            espeak = programs.start(*command, stdout=subprocess.PIPE)
            with _pipe(espeak.stdin) as target, memoryview(text) as whole, whole[:size] as part:
                _write(target, part)
        finally:
            text[:] = bytes(len(text))
        with _pipe(espeak.stdout) as source:
            speech.fill(source)
        if espeak.wait() != 0:
            raise _Failed

    def _play(self, programs: "_Programs", speech: "_Speech", device: str, ear: str) -> None:
        if "'" in device:
            # ALSA has no way to write it within a name that is given to another device.
            raise _Failed
        # `plug` fits rate and channels to what the device can do; aplay by itself would play at another speed.
        form = ("-q", "-t", "raw", "-f", "S16_LE", "-c", "2", "-r", str(speech.rate), "-D", f"plug:SLAVE='{device}'")
        aplay = programs.start(self._aplay, *form)
        with _pipe(aplay.stdin) as target:
            speech.play(target, ear)
        if aplay.wait() != 0:
            raise _Failed


class _Failed(Exception):
    """A program did not do what it is for."""


class _Programs:
    """The programs of one reading: none starts after they were killed."""

    def __init__(self) -> None:
        self.killed = False
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, stdout: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self.killed:
                raise _Failed
            # The smallest pipe: what is in it is played even if this process dies.
            process = subprocess.Popen(
                command, bufsize=0, stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.DEVNULL, pipesize=_MOST_TEXT
            )
            self._running.append(process)
            return process

    def kill(self) -> None:
        with self._lock:
            self.killed = True
            for process in self._running:
                process.kill()

    def end(self) -> None:
        self.kill()
        for process in self._running:
            process.wait()


class _Speech:
    """Speech of one channel in 16 bits, in memory that is wiped; a context manager."""

    def __init__(self) -> None:
        self.rate = 0
        self.size = 0
        self._pages = mmap.mmap(-1, _MOST_SPEECH)
        protect_pages(self._pages)

    def __enter__(self) -> "_Speech":
        return self

    def __exit__(self, *_: object) -> None:
        self._pages[:] = bytes(len(self._pages))
        self._pages.close()

    def fill(self, source: io.RawIOBase) -> None:
        """Read a WAV file to its end.

        Raises:
            _Failed: it is not what espeak-ng makes, or too long.
        """
        at = 0
        with memoryview(self._pages) as pages:
            while at < len(pages):
                with pages[at:] as rest:
                    got = source.readinto(rest)
                if not got:
                    break
                at += got
            if at <= _HEADER_BYTES or at == len(pages) or any(pages[place] != wanted for place, wanted in _MONO_16_BIT):
                raise _Failed
            self.rate = int.from_bytes(pages[_RATE_AT], "little")
        self.size = (at - _HEADER_BYTES) // 2

    def play(self, target: io.RawIOBase, ear: str) -> None:
        """Write it with two channels, of which one is silent where only one ear shall hear it."""
        frames = bytearray(_CHUNK_FRAMES * 4)
        with (
            memoryview(self._pages) as pages,
            pages[_HEADER_BYTES : _HEADER_BYTES + self.size * 2] as content,
            content.cast("h") as samples,
            memoryview(frames) as raw,
            raw.cast("h") as stereo,
        ):
            for at in range(0, self.size, _CHUNK_FRAMES):
                with samples[at : at + _CHUNK_FRAMES] as chunk:
                    for channel, silenced in enumerate(("right", "left")):
                        if ear != silenced:
                            stereo[channel : len(chunk) * 2 : 2] = chunk
                    with raw[: len(chunk) * 4] as part:
                        _write(target, part)
            raw[:] = bytes(len(raw))


def language_of(characters: Iterator[str], otherwise: str) -> str:
    """Tell in which language a value is: 'zh' where it has a Chinese character, 'en' where it has a word in Latin.

    Numbers, and a single letter among them, are in neither.
    """
    latin = 0
    found = otherwise
    for character in characters:
        if _is_chinese(character):
            return "zh"
        latin = latin + 1 if character.isascii() and character.isalpha() else 0
        if latin > 1:
            found = "en"
    return found


def spell(characters: Iterator[str], into: bytearray) -> int:
    """Write a value as it is to be read, in UTF-8, and return how many bytes that took.

    Every digit stands alone, so that no number is read as millions; full-width digits are written as plain ones.

    Raises:
        ValueError: it does not fit.
    """
    size = 0
    digit_before = False
    for character in characters:
        plain = character
        digit = character.isdecimal()
        if digit:
            plain = "0123456789"[unicodedata.decimal(character)]
        piece = plain.encode()
        needed = len(piece) + (size > 0 and (digit or digit_before))
        if size + needed > len(into):
            raise ValueError("the value is too long to be read")
        into[size : size + needed] = piece.rjust(needed)
        size += needed
        digit_before = digit
    return size


def _is_chinese(character: str) -> bool:
    return any(first <= character <= last for first, last in _CHINESE)


def _pipe(end: object) -> contextlib.closing[io.RawIOBase]:
    if not isinstance(end, io.RawIOBase):
        raise _Failed
    return contextlib.closing(end)


def _write(target: io.RawIOBase, content: memoryview) -> None:
    """Write all of it to an unbuffered pipe, which may take less at a time."""
    at = 0
    while at < len(content):
        with content[at:] as rest:
            at += target.write(rest) or 0
