"""A time of day becomes a systemd user timer, or a line for a crontab."""

from pipeline.scheduling.install import command, install, remove, show
from pipeline.scheduling.units import Schedule, crontab_line, units

__all__ = ["Schedule", "command", "crontab_line", "install", "remove", "show", "units"]
