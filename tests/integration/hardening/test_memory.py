"""Desk and engine leave no core, and another process of the same user can neither read their memory nor trace them."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_NOBODY = 65534
_PROJECT = Path(__file__).parents[3]

_BEGIN = """
    import resource
    import sys
    sys.path.insert(0, {project!r})
    # What a PC that keeps cores allows.
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def wait():
        print("here", flush=True)
        sys.stdin.readline()
"""
PROGRAMS = {
    # To see that what is tried here works at all.
    "plain": "wait()",
    "desk": """
        import client.app.cli as desk
        desk.app = wait
        desk.main()
    """,
    "engine": """
        import client.sip.engine.__main__ as engine
        engine.silence_natives = lambda: None
        engine.bound_name_lookups = wait
        engine.main()
    """,
}
"""Each works as far as its first secret, and then waits. The real desk and the real engine, but for that."""
HARDENED = ("desk", "engine")

_READ = """
    import sys
    with open("/proc/{{}}/mem".format(sys.argv[1]), "rb") as memory:
        pass
"""
_TRACE = """
    import ctypes, sys
    sys.exit(ctypes.CDLL(None, use_errno=True).ptrace(16, int(sys.argv[1]), None, None) != 0)
"""
_READ_VECTOR = """
    import ctypes, sys
    class Part(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
    libc = ctypes.CDLL(None, use_errno=True)
    here = ctypes.create_string_buffer(8)
    mine = Part(ctypes.addressof(here), 8)
    with open("/proc/{{}}/maps".format(sys.argv[1])) as maps:
        there = Part(int(maps.readline().partition("-")[0], 16), 8)
    read = libc.process_vm_readv(int(sys.argv[1]), ctypes.byref(mine), 1, ctypes.byref(there), 1, 0)
    sys.exit(read != 8)
"""
ATTACKS = {"reads its memory file": _READ, "traces it": _TRACE, "copies from it": _READ_VECTOR}


@dataclass(frozen=True)
class Place:
    """Where these programs run, and as whom: root may read everything, so never as root."""

    directory: Path
    user: int | None

    def start(self, text: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(text), *arguments],
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user is not None else None,
            cwd=self.directory,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    @contextlib.contextmanager
    def running(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """A program that has come as far as its first secret."""
        begin = textwrap.dedent(_BEGIN).format(project=str(_PROJECT))
        with self.start(begin + textwrap.dedent(PROGRAMS[name])) as program:
            try:
                assert program.stdout is not None
                assert program.stdout.readline() == b"here\n"
                yield program
            finally:
                program.kill()

    def succeeds(self, attack: str, process: int) -> bool:
        with self.start(ATTACKS[attack].replace("{{}}", "{}"), str(process)) as attacker:
            return attacker.wait() == 0


@pytest.fixture
def place() -> Iterator[Place]:
    # Not under pytest's own folder, which is root's alone.
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o777)
        yield Place(Path(directory), _NOBODY if os.getuid() == 0 else None)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", HARDENED)
def test_malware_of_the_same_user_gets_no_memory(place: Place, name: str, attack: str) -> None:
    with place.running("plain") as plain:
        if not place.succeeds(attack, plain.pid):
            pytest.skip("this system forbids it for every process")
    with place.running(name) as program:
        assert not place.succeeds(attack, program.pid)


@pytest.mark.parametrize("name", HARDENED)
def test_a_crash_leaves_no_core(place: Place, name: str) -> None:
    def leaves_core(what: str) -> bool:
        with place.running(what) as program:
            program.send_signal(signal.SIGABRT)
            _, status = os.waitpid(program.pid, 0)
            program.returncode = -signal.SIGABRT
        assert os.WTERMSIG(status) == signal.SIGABRT
        return os.WCOREDUMP(status)

    if not leaves_core("plain"):
        pytest.skip("this system keeps no cores")
    for core in place.directory.iterdir():
        core.unlink()
    assert not leaves_core(name)
    assert not list(place.directory.iterdir())
