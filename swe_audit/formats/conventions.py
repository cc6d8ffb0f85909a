"""What the benchmarks leave unsaid: the log parser of a repository, the name of an image."""

from __future__ import annotations

import re

_PARSERS = {
    "astropy/astropy": "astropy",
    "django/django": "django",
    "marshmallow-code/marshmallow": "marshmallow",
    "matplotlib/matplotlib": "matplotlib",
    "mwaskom/seaborn": "seaborn",
    "pallets/flask": "flask",
    "psf/requests": "requests",
    "pvlib/pvlib-python": "pvlib",
    "pydata/xarray": "xarray",
    "pydicom/pydicom": "pydicom",
    "pylint-dev/astroid": "astroid",
    "pylint-dev/pylint": "pylint",
    "pytest-dev/pytest": "pytest",
    "pyvista/pyvista": "pyvista",
    "scikit-learn/scikit-learn": "scikit",
    "sphinx-doc/sphinx": "sphinx",
    "sqlfluff/sqlfluff": "sqlfluff",
    "sympy/sympy": "sympy",
}

_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$")


def parser_of_repository(repo: str) -> str | None:
    """Return the name of the log parser that SWE-bench uses for a repository, None if unknown."""
    name = _PARSERS.get(repo)
    return None if name is None else f"parse_log_{name}"


def published_image(instance_id: str) -> str:
    """Return the image name that the SWE-bench harness derives from an instance id."""
    return f"swebench/sweb.eval.x86_64.{instance_id}:latest".lower().replace("__", "_1776_")


_LONGEST_TAG = 128
_WHOLE_NAME = "element-hq__element-web-ec0f940ef0e8e3b61078f145f34dc40d1938e6c5-vnan"


def published_pro_image(instance_id: str, repo: str, tag: str = "") -> str:
    """Return the image name that SWE-bench Pro's harness derives, or the one with a row's tag.

    Its rule has one exception, and ``element-web`` goes by a shorter name.
    """
    if not tag:
        rest = instance_id.removeprefix("instance_")
        owner, _, name = repo.lower().partition("/")
        if rest != _WHOLE_NAME:
            rest = rest.removesuffix("-vnan")
            name = "element" if (owner, name) == ("element-hq", "element-web") else name
        tag = f"{owner}.{name}-{rest}"[:_LONGEST_TAG]
    return f"jefzda/sweap-images:{tag}"


def is_instance_id(text: str) -> bool:
    """Whether a text can be an instance id, and so the name of a folder."""
    return _ID.match(text) is not None and ".." not in text
