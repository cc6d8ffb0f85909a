"""Licences of repositories that benchmarks draw on, from a table; nothing is looked up.

SPDX expressions. Projects change their licence: where we know that one did, a task's date decides,
and a task without a date, or from about the time of the change, has a licence that is not known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from swe_audit.model.profile import Licences

_BY_LICENCE = {
    "AGPL-3.0-only": "internetarchive/openlibrary",
    "Apache-2.0": """
        psf/requests pydata/xarray apache/airflow apache/druid apache/dubbo apache/lucene
        huggingface/transformers huggingface/datasets keras-team/keras tensorflow/tensorflow
        google/gson grpc/grpc-go prometheus/prometheus etcd-io/etcd kubernetes/kubernetes
        caddyserver/caddy gohugoio/hugo alibaba/fastjson2 fasterxml/jackson-core
        fasterxml/jackson-databind googlecontainertools/jib microsoft/TypeScript getmoto/moto
        iterative/dvc""",
    "BSD-2-Clause": "sphinx-doc/sphinx",
    "BSD-3-Clause": """
        astropy/astropy django/django mwaskom/seaborn pallets/flask scikit-learn/scikit-learn
        sympy/sympy pvlib/pvlib-python pandas-dev/pandas numpy/numpy scipy/scipy dask/dask
        ipython/ipython pallets/jinja pallets/click pallets/werkzeug""",
    "GPL-2.0-or-later": "pylint-dev/pylint",
    "GPL-3.0-only": """
        protonmail/webclients navidrome/navidrome future-architect/vuls tutao/tutanota
        NodeBB/NodeBB""",
    "GPL-3.0-or-later": "ansible/ansible qutebrowser/qutebrowser",
    "LGPL-2.1-or-later": "pylint-dev/astroid",
    "LicenseRef-matplotlib": "matplotlib/matplotlib",
    "MIT": """
        pytest-dev/pytest marshmallow-code/marshmallow pydicom/pydicom pyvista/pyvista
        sqlfluff/sqlfluff cli/cli axios/axios facebook/docusaurus preactjs/preact vuejs/core
        babel/babel immutable-js/immutable-js mrdoob/three.js expressjs/express iamkun/dayjs
        sveltejs/svelte mui/material-ui gin-gonic/gin zeromicro/go-zero conan-io/conan
        pydantic/pydantic python-poetry/poetry fastapi/fastapi tiangolo/fastapi Textualize/rich
        psf/black""",
}
_CHANGED: dict[str, tuple[str, date, date, str]] = {
    # Licence before the first day and from the second on; between them we do not know.
    "gravitational/teleport": (
        "Apache-2.0",
        date(2023, 11, 1),
        date(2024, 2, 1),
        "AGPL-3.0-only",
    ),
    "element-hq/element-web": (
        "Apache-2.0",
        date(2023, 11, 1),
        date(2025, 1, 1),
        "AGPL-3.0-only OR GPL-3.0-only",
    ),
    "flipt-io/flipt": (
        "GPL-3.0-only",
        date(2025, 1, 1),
        date(2026, 1, 1),
        "LicenseRef-FCL-1.0-MIT",
    ),
}
_OWN_WORDING = {
    "LicenseRef-matplotlib": False,  # in the manner of Python's own
    "LicenseRef-FCL-1.0-MIT": False,  # not free for competitors, MIT after two years
}
_COPYLEFT = re.compile(r"^(?:A?GPL|LGPL|MPL|EPL|EUPL|CDDL|OSL|CC-BY-SA)-")
_LICENCES = {
    name.lower(): licence for licence, names in _BY_LICENCE.items() for name in names.split()
}


def licence_of(repository: str, day: date | None = None) -> str | None:
    """Return the SPDX expression of a well-known repository's licence on a day, None if unknown."""
    change = _CHANGED.get(repository.lower())
    if change is None:
        return _LICENCES.get(repository.lower())
    before, last, first, after = change
    if day is None or last <= day < first:
        return None
    return before if day < last else after


def is_copyleft(licence: str | None) -> bool | None:
    """Whether a licence asks that changed versions stay under it, weakly or strongly.

    Of alternatives (``OR``) every one has to. None where the licence is not known.
    """
    if licence is None:
        return None
    if licence in _OWN_WORDING:
        return _OWN_WORDING[licence]
    return all(_COPYLEFT.match(part.strip("() ")) is not None for part in licence.split(" OR "))


def licences(tasks: Iterable[tuple[str, date | None]]) -> Licences:
    """Count tasks by the licence of their repository on their day."""
    counts = Counter(licence_of(repository, day) for repository, day in tasks)
    kinds: Counter[bool | None] = Counter()
    for licence, number in counts.items():
        kinds[is_copyleft(licence)] += number
    return Licences(
        by_licence=tuple(
            sorted(counts.items(), key=lambda item: (item[0] is None, -item[1], item[0] or ""))
        ),
        copyleft=kinds[True],
        permissive=kinds[False],
        unknown=kinds[None],
    )
