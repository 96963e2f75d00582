"""From records to the files of a run; nothing half-written."""

from pipeline.writers.claim import read_manifest
from pipeline.writers.folder import RunFolder
from pipeline.writers.manifest import Counts, ManifestData, ModelIdentity, signature

__all__ = [
    "Counts",
    "ManifestData",
    "ModelIdentity",
    "RunFolder",
    "read_manifest",
    "signature",
]
