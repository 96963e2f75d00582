"""From records to the files of a run; nothing half-written, nothing done twice."""

from pipeline.writers.claim import read_manifest
from pipeline.writers.folder import RunFolder
from pipeline.writers.hold import Hold
from pipeline.writers.manifest import Counts, ManifestData, ModelIdentity, signature

__all__ = [
    "Counts",
    "Hold",
    "ManifestData",
    "ModelIdentity",
    "RunFolder",
    "read_manifest",
    "signature",
]
