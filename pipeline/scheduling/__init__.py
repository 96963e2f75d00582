"""A time of day becomes a systemd user timer, or a line for a crontab."""

from pipeline.scheduling.install import install, remove, show
from pipeline.scheduling.units import Schedule, units

__all__ = ["Schedule", "install", "remove", "show", "units"]
