"""What installing a task's tree once more was seen to do in its image."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinstall:
    """What was seen when the editable install of an eval script ran in an image that has it.

    ``image`` is what the image turned out to be, ``preamble`` the digest of the script as far as
    that line. ``read`` are the files of the tree that the install opened. ``problem`` says
    why nothing may be left out; where it is empty the install changed nothing that lasts.
    """

    image: str
    preamble: str
    read: tuple[str, ...] = ()
    problem: str = ""
