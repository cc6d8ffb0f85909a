"""Licences of repositories that benchmarks draw on, from a table; nothing is looked up.

SPDX expressions of each project as it stood in 2025. Projects change their licence, so a commit
of years ago may be under another one: ``docs/profile.md`` names those where we know it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from swe_audit.model.profile import Licences

_BY_LICENCE = {
    "AGPL-3.0-only": "gravitational/teleport internetarchive/openlibrary",
    "AGPL-3.0-only OR GPL-3.0-only": "element-hq/element-web",
    "Apache-2.0": """
        psf/requests pydata/xarray apache/airflow apache/druid apache/lucene
        huggingface/transformers huggingface/datasets keras-team/keras
        tensorflow/tensorflow google/gson grpc/grpc-go
        prometheus/prometheus etcd-io/etcd kubernetes/kubernetes hashicorp/consul-template
        babel/website elastic/logstash mockito/mockito-core projectlombok/lombok-intellij
        dask/dask-kubernetes conan-io/hooks caddyserver/caddy gohugoio/hugo alibaba/fastjson2
        fasterxml/jackson-core fasterxml/jackson-databind apache/dubbo googlecontainertools/jib
        microsoft/TypeScript getmoto/moto aws-cloudformation/cfn-lint""",
    "BSD-2-Clause": "sphinx-doc/sphinx",
    "BSD-3-Clause": """
        astropy/astropy django/django mwaskom/seaborn pallets/flask scikit-learn/scikit-learn
        sympy/sympy pvlib/pvlib-python pandas-dev/pandas numpy/numpy scipy/scipy dask/dask
        ipython/ipython pallets/jinja pallets/click pallets/werkzeug""",
    "GPL-2.0-or-later": "pylint-dev/pylint",
    "GPL-3.0-only": """
        protonmail/webclients flipt-io/flipt navidrome/navidrome future-architect/vuls
        tutao/tutanota NodeBB/NodeBB""",
    "GPL-3.0-or-later": "ansible/ansible qutebrowser/qutebrowser",
    "LGPL-2.1-or-later": "pylint-dev/astroid",
    "LicenseRef-matplotlib": "matplotlib/matplotlib",
    "MIT": """
        pytest-dev/pytest marshmallow-code/marshmallow pydicom/pydicom pyvista/pyvista
        sqlfluff/sqlfluff cli/cli axios/axios facebook/docusaurus preactjs/preact vuejs/core
        babel/babel immutable-js/immutable-js mrdoob/three.js expressjs/express iamkun/dayjs
        sveltejs/svelte mui/material-ui gin-gonic/gin zeromicro/go-zero
        conan-io/conan iterative/dvc.org pydantic/pydantic python-poetry/poetry fastapi/fastapi
        tiangolo/fastapi Textualize/rich psf/black""",
}
_OWN_WORDING = {"LicenseRef-matplotlib": False}  # PSF-style, permissive
_COPYLEFT = re.compile(r"^(?:A?GPL|LGPL|MPL|EPL|EUPL|CDDL|OSL|CC-BY-SA)-")
_LICENCES = {
    name.lower(): licence for licence, names in _BY_LICENCE.items() for name in names.split()
}


def licence_of(repository: str) -> str | None:
    """Return the SPDX expression of a well-known repository's licence, None for any other."""
    return _LICENCES.get(repository.lower())


def is_copyleft(licence: str | None) -> bool | None:
    """Whether a licence asks that changed versions stay under it, weakly or strongly.

    Of alternatives (``OR``) every one has to. None where the licence is not known.
    """
    if licence is None:
        return None
    if licence in _OWN_WORDING:
        return _OWN_WORDING[licence]
    return all(_COPYLEFT.match(part.strip("() ")) is not None for part in licence.split(" OR "))


def licences(repositories: Iterable[str]) -> Licences:
    """Count tasks by the licence of their repository; one repository name for each task."""
    counts = Counter(licence_of(repository) for repository in repositories)
    kinds: Counter[bool | None] = Counter()
    for licence, tasks in counts.items():
        kinds[is_copyleft(licence)] += tasks
    return Licences(
        by_licence=tuple(
            sorted(counts.items(), key=lambda item: (item[0] is None, -item[1], item[0] or ""))
        ),
        copyleft=kinds[True],
        permissive=kinds[False],
        unknown=kinds[None],
    )
