"""What of this machine the program may use, and which arithmetic its processor has."""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

_M_ARENA_MAX = -8  # of mallopt(3)
_V1_MOUNTS = ("cpu", "cpu,cpuacct", "cpuacct,cpu")
# With any of these the matrix libraries take other kernels than the processor's best.
_OVERRIDES = ("CT2_FORCE_CPU_ISA", "CT2_USE_MKL", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA")


def cores(root: Path = Path("/")) -> int:
    """Return the processors that this process may keep busy, at least 1.

    The least of what the scheduler lets it run on and what the quotas of its control groups add up to, those of a
    container above all (cgroup v2 `cpu.max`, v1 `cpu.cfs_quota_us`); a part of a processor counts as one.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([allowed, *(math.ceil(quota) for quota in _quotas(root))]))


def _quotas(root: Path) -> Iterator[float]:
    """Yield the limit of each control group from that of this process up to the top; most have none."""
    mount = root / "sys/fs/cgroup"
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if not controllers:
            yield from _limits(mount, path, "cpu.max")
        elif "cpu" in controllers.split(","):
            for name in _V1_MOUNTS:
                yield from _limits(mount / name, path, "cpu.cfs_quota_us", "cpu.cfs_period_us")


def _limits(mount: Path, path: str, *files: str) -> Iterator[float]:
    group = Path(path.strip("/"))
    for folder in (group, *group.parents):  # a container sees its own group as the top, where `path` is not
        words = " ".join(_read(mount / folder / name) for name in files).split()
        if len(words) == 2 and words[0].isdigit() and words[1].isdigit() and int(words[1]):
            yield int(words[0]) / int(words[1])


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


@cache
def processor(root: Path = Path("/")) -> Mapping[str, str]:
    """Return what the system says of the first processor ("vendor_id", "model name", "flags"); empty if it does not."""
    first, _, _ = _read(root / "proc/cpuinfo").partition("\n\n")
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def share_heaps(count: int = 0) -> None:
    """Keep the C library (glibc) to so many heaps (0: one for two processors); elsewhere nothing happens.

    To be called before any thread starts. Each thread has a heap of its own otherwise, and what one has freed none of
    the others can use: with a model's threads that was a third of the memory of a run. Too few, and threads wait.
    """
    count = count or max(1, cores() // 2)
    with suppress(OSError, AttributeError, ValueError):  # musl, macOS and Windows have no such setting
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, count)


def return_memory() -> None:
    """Give the free pages within the C library's (glibc) heaps back to the system; elsewhere nothing happens.

    A model's buffers come and go between small things that stay, so that a heap which was full once would keep its
    size for ever: a third of a long run's memory. It takes some milliseconds.
    """
    with suppress(OSError, AttributeError):  # musl, macOS and Windows have no such call
        ctypes.CDLL(None).malloc_trim(0)


def arithmetic() -> str:
    """Return a name for the kernels that matrix libraries choose here: answers may differ between two names."""
    facts = processor()
    wide = "avx512" if "avx512bw" in facts.get("flags", "").split() else "avx2"
    forced = [f"{name}={os.environ[name]}" for name in _OVERRIDES if os.environ.get(name)]
    return " ".join([os.uname().machine if hasattr(os, "uname") else "", facts.get("vendor_id", ""), wide, *forced])
