"""Network namespaces: a home and the outside, with real interfaces, routes and cables, on one machine.

Needs root. The addresses are of 198.18.0.0/15, which is for such tests (RFC 2544), and exist only in the namespaces.
"""

import ctypes
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLONE_NEWNET = 0x4000_0000
_C = ctypes.CDLL(None, use_errno=True)


class NoNamespaces(Exception):
    """Namespaces cannot be made here. The network's tests cannot run, and say so instead of passing."""


class Namespace:
    """A network of its own. What is started in it sees no other."""

    def __init__(self, name: str) -> None:
        self.name = f"hl-{name}-{secrets.token_hex(3)}"
        try:
            run("ip", "netns", "add", self.name)
        except (OSError, subprocess.CalledProcessError) as error:
            reason = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else error
            raise NoNamespaces(
                f"A network namespace cannot be made, which takes root and iproute2: {reason}"
            ) from error
        self.ip("link", "set", "lo", "up")

    @property
    def path(self) -> Path:
        """Where its handle is."""
        return Path("/run/netns") / self.name

    def ip(self, *arguments: str) -> None:
        """Run `ip` in it."""
        run("ip", "-n", self.name, *arguments)

    def command(self, *arguments: str) -> tuple[str, ...]:
        """Return the command that runs a program in it."""
        return ("nsenter", f"--net={self.path}", *arguments)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Take the current thread into it: its new sockets and processes are there. Not across an `await`."""
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(self.path, os.O_RDONLY)
        try:
            _enter(there)
            yield
        finally:
            _enter(before)
            os.close(there)
            os.close(before)

    def remove(self) -> None:
        """Give it up. It is gone with the last process in it."""
        run("ip", "netns", "del", self.name)


class Cable:
    """A way from the home to the street: an interface at home, and a gateway at its other end.

    Args:
        number: the cable's network is 198.18.`number`.0/24.
    """

    def __init__(self, home: Namespace, street: Namespace, name: str, number: int) -> None:
        self._home, self._name = home, name
        self._gateway, self._addresses = f"198.18.{number}.1", f"198.18.{number}."
        _join(home, name, street, name)
        street.ip("address", "add", f"{self._gateway}/24", "dev", name)
        street.ip("link", "set", name, "up")

    def switch_on(self, address: int) -> None:
        """Bring the interface up with this last byte of an address, as when DHCP has given one."""
        self._home.ip("address", "flush", "dev", self._name)
        self._home.ip("address", "add", f"{self._addresses}{address}/24", "dev", self._name)
        self._home.ip("link", "set", self._name, "up")
        self._home.ip("route", "replace", "default", "via", self._gateway)

    def switch_off(self) -> None:
        """Take the interface down: the computer knows that it is without a network."""
        self._home.ip("link", "set", self._name, "down")


class Street:
    """What lies between the home's cables and the outside, and can lose every packet without a word."""

    def __init__(self, namespace: Namespace, home: Namespace, outside: Namespace, hosts: tuple[str, ...]) -> None:
        self.namespace = namespace
        self.wire = Cable(home, self.namespace, "wire", 1)
        self.air = Cable(home, self.namespace, "air", 2)
        _join(self.namespace, "far", outside, "near")
        for place, name, address in ((self.namespace, "far", "198.18.9.1"), (outside, "near", "198.18.9.2")):
            place.ip("address", "add", f"{address}/24", "dev", name)
            place.ip("link", "set", name, "up")
        outside.ip("route", "add", "default", "via", "198.18.9.1")
        for host in hosts:
            outside.ip("address", "add", f"{host}/32", "dev", "lo")
            self.namespace.ip("route", "add", host, "via", "198.18.9.2")
        self.mend()

    def cut(self) -> None:
        """Lose every packet, both ways. No computer notices by anything but the silence."""
        self._forward("0")

    def mend(self) -> None:
        """Let packets through again."""
        self._forward("1")

    def lose(self, host: str) -> None:
        """Lose every packet to one host, without a word, as when it has no more power."""
        self.namespace.ip("route", "replace", "blackhole", host)

    def forget(self, protocol: str, port: int) -> None:
        """Lose every packet to and from one port of the home, as a router that has forgotten this way in and out."""
        for end in ("sport", "dport"):
            self.namespace.ip("rule", "add", "ipproto", protocol, end, str(port), "blackhole")

    def _forward(self, value: str) -> None:
        with self.namespace.inside():
            Path("/proc/sys/net/ipv4/ip_forward").write_text(value)


def run(*command: str) -> None:
    """Run a program to its end; CalledProcessError when it fails."""
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=20)


def _join(one: Namespace, its_end: str, other: Namespace, other_end: str) -> None:
    run(
        "ip", "link", "add", its_end, "netns", one.name, "type", "veth", "peer", "name", other_end, "netns", other.name
    )  # fmt: skip


def _enter(descriptor: int) -> None:
    if _C.setns(descriptor, _CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise NoNamespaces(f"A network namespace cannot be entered: {os.strerror(number)}")
