"""Whether everything that a Linux PC writes to is encrypted: the root, people's homes, and swap."""

from client.security.posture.machine import Machine

_PLACES = ("/", "/home", "/var", "/tmp")  # noqa: S108 -- where mounts are looked for, nothing is written
_MEMORY = frozenset({"tmpfs", "ramfs", "devtmpfs"})
_DEPTH = 8
"""LVM over dm-crypt over RAID is four."""


def everything_is_encrypted(machine: Machine) -> bool | None:
    """Return whether it is; None where that can't be told, as in a container or on ZFS."""
    mounts = _mounts(machine.read("/proc/self/mountinfo") or "")
    if "/" not in mounts:
        return None
    answers = [_is_encrypted(machine, *mounts[place]) for place in _PLACES if place in mounts]
    answers += [_swap(machine, line.split()) for line in (machine.read("/proc/swaps") or "").splitlines()[1:]]
    # One that is not encrypted decides, also where another can't be told.
    if False in answers:
        return False
    return None if None in answers else True


def _mounts(text: str) -> dict[str, tuple[str, str, str]]:
    """Read mountinfo (proc(5)): mount point to device number, type and source."""
    found = {}
    for line in text.splitlines():
        before, is_one, after = line.partition(" - ")
        head, tail = before.split(" "), after.split(" ")
        if is_one and len(head) > 4 and len(tail) > 1:
            found[head[4]] = head[2], tail[0], tail[1]
    return found


def _is_encrypted(machine: Machine, number: str, kind: str, source: str) -> bool | None:
    if kind in _MEMORY:
        return True
    if kind in {"ecryptfs", "fuse.gocryptfs", "fuse.cryfs"}:
        return True
    if number.startswith("0:"):
        # btrfs and overlays have numbers of their own; the source tells the disk, where it is one.
        device = machine.link(source) if source.startswith("/dev/") else None
        return None if device is None else _block(machine, f"/sys/class/block/{device.rpartition('/')[2]}")
    return _block(machine, f"/sys/dev/block/{number}")


def _block(machine: Machine, folder: str, depth: int = 0) -> bool | None:
    """Whether a block device is dm-crypt, or lies on nothing else."""
    if depth > _DEPTH:
        return None
    identity = machine.read(f"{folder}/dm/uuid")
    if identity is not None and identity.startswith("CRYPT-"):
        return True
    below = machine.names(f"{folder}/slaves")
    if below:
        answers = [_block(machine, f"/sys/class/block/{name}", depth + 1) for name in below]
        return False if False in answers else None if None in answers else True
    # A partition has no folder 'slaves' of its own; something that is there at all is a plain disk.
    return False if below is not None or machine.read(f"{folder}/dev") is not None else None


def _swap(machine: Machine, columns: list[str]) -> bool | None:
    if not columns:
        return True
    path, kind = columns[0], columns[1] if len(columns) > 1 else ""
    if "zram" in path or kind == "file":
        # Memory, or a file on a disk that was looked at already.
        return True
    device = machine.link(path)
    return None if device is None else _block(machine, f"/sys/class/block/{device.rpartition('/')[2]}")
