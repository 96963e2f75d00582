"""A container's limits hold: no more threads than it may use."""

from __future__ import annotations

import os
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
