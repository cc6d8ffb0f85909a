"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document to stdout.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say more.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say only what is wrong.")]
LogFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write everything that is said there, too.")
]
Run = Annotated[
    str, typer.Argument(metavar="RUN", help="A run id under reports/, or the folder of a run.")
]
ImageBase = Annotated[
    str | None, typer.Option(metavar="IMAGE", help="What base images start from.")
]
Interpreters = Annotated[
    Path | None, typer.Option(metavar="DIR", help="One Python installation per version.")
]
CaBundle = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Certificates for builds; left in no image.")
]
