"""The script that asks a task's own interpreter what its classes inherit."""

PROBE = "print('')\n"
