"""The nightly digest as one job: intake, main job, digest, delivery, exactly once."""

from pipeline.nightly.from_runs import digest_runs
from pipeline.nightly.night import Asked, digest_night
from pipeline.nightly.status import Told
from pipeline.nightly.work import settings

__all__ = ["Asked", "Told", "digest_night", "digest_runs", "settings"]
