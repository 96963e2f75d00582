"""Kills real runs with SIGKILL at every point where they touch the disk, and at random times, and has them go on."""
