"""A container's limits hold: no more threads than it may use."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.machine import arithmetic, cores, processor


@pytest.fixture(autouse=True)
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)


def machine(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 8),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, 8),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max": "150000 100000\n"}, 2),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/cpu.max": "300000 100000\n"}, 3),
        ({"proc/self/cgroup": "0::/../x\n", "sys/fs/cgroup/cpu.max": "50000 100000\n"}, 1),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "6400000 100000\n"}, 8),
        (
            {
                "proc/self/cgroup": "5:memory:/m\n4:cpu,cpuacct:/docker/1\n0::/\n",
                "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us": "400000\n",
                "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us": "100000\n",
            },
            4,
        ),
        (
            {
                "proc/self/cgroup": "4:cpu:/docker/1\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "50000\n",
            },
            2,
        ),
        (
            {
                "proc/self/cgroup": "4:cpu:/\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            8,
        ),
        ({"proc/self/cgroup": "nonsense\n", "sys/fs/cgroup/cpu.max": "a b c\n"}, 8),
    ],
)
def test_no_more_cores_than_affinity_and_quotas_allow(tmp_path: Path, files: dict[str, str], expected: int) -> None:
    assert cores(machine(tmp_path, files)) == expected


def test_the_processor_is_the_first_one_of_the_list(tmp_path: Path) -> None:
    root = machine(tmp_path, {"proc/cpuinfo": "vendor_id\t: A\nflags\t\t: x avx512bw\n\nvendor_id\t: B\n"})
    assert processor(root) == {"vendor_id": "A", "flags": "x avx512bw"}
    assert processor(tmp_path / "none") == {}


def test_forced_kernels_have_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = arithmetic()
    monkeypatch.setenv("CT2_FORCE_CPU_ISA", "GENERIC")
    assert arithmetic() != before


@pytest.mark.skipif("glibc" not in platform.libc_ver(), reason="the setting is glibc's")
def test_threads_share_the_heaps_that_they_are_told_to() -> None:
    """Many threads hold memory at once; malloc_info(3) says how many heaps it came from."""
    code = """
import ctypes, sys, threading
from pipeline.machine import share_heaps
if sys.argv[1] == "shared":
    share_heaps(2)
libc, meet, kept = ctypes.CDLL(None), threading.Barrier(6), []
libc.malloc.restype = ctypes.c_void_p
def work():
    kept.append(libc.malloc(1000)); meet.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
[t.start() for t in threads]; [t.join() for t in threads]
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, file); libc.fclose(file)
print(open(sys.argv[2]).read().count("<heap "))
"""

    def heaps(how: str, folder: str) -> int:
        command = [sys.executable, "-c", code, how, f"{folder}/info.xml"]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    with tempfile.TemporaryDirectory() as folder:
        assert heaps("shared", folder) <= 2 < heaps("alone", folder)


@pytest.mark.skipif("glibc" not in platform.libc_ver(), reason="the call is glibc's")
def test_memory_that_was_freed_between_things_that_stay_goes_back_to_the_system() -> None:
    code = """
import ctypes
from pathlib import Path
from pipeline.machine import return_memory
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
held = []
for _ in range(2000):
    block = libc.malloc(100_000)
    ctypes.memset(block, 1, 100_000)
    held.append(block); libc.malloc(5_000)  # stays
[libc.free(block) for block in held]
before = resident(); return_memory(); print(before - resident())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 150_000_000
