"""One measurement in a process of its own: a JSON of the task on stdin, a JSON of the result on stdout."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from scripts.bench import contestants, wholes

_PER_MEGABYTE = 1024 if sys.platform != "darwin" else 1024 * 1024  # Linux counts in kilobytes


def measured(part: str, given: dict[str, Any]) -> dict[str, Any]:
    """Run one measurement; return what it gives and the peak memory of this process."""
    if part == "speed":
        task = contestants.Task(**given["task"])
        found = asdict(contestants.CONTESTANTS[given["contestant"]](task))
    else:
        found = getattr(wholes, part)(**given)
    own, started = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = started if part == "cold" else own  # what is measured there is a process that this one starts
    return found | {"peak_mb": peak / _PER_MEGABYTE} | _on_gpu()


def _on_gpu() -> dict[str, float]:
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return {}
    return {"peak_gpu_mb": torch.cuda.max_memory_allocated() / 2**20}


if __name__ == "__main__":
    answer = measured(sys.argv[1], json.load(sys.stdin))
    print("\n" + json.dumps(answer))  # on a line of its own, whatever a library has printed
