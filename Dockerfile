# Two images, with the classic builder, no BuildKit needed:
#
#   docker build --target base -t swe-audit/base:py3.11 .   what the bundled tasks are built on
#   docker build -t swe-audit .                             the auditor itself
#
#   docker run --rm -v /var/run/docker.sock:/var/run/docker.sock -v "$PWD:/work" swe-audit run /work
#
# PARENT is any Debian with Python 3.10 or newer. A ca-bundle.crt beside this file is used while
# packages are fetched, and is not in the finished image.

ARG PARENT=debian:bookworm-slim

FROM ${PARENT} AS base
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        ca-certificates g++ gcc gettext git libc6-dev libffi-dev make patch \
        python3 python3-dev python3-venv \
    && rm -rf /var/lib/apt/lists/*
ENV LANG=C.UTF-8

FROM base AS packages
COPY requirements-runtime.lock ca-bundle.cr[t] /tmp/build/
COPY pyproject.toml README.md LICENSE /tmp/build/project/
COPY swe_audit /tmp/build/project/swe_audit
RUN if [ -f /tmp/build/ca-bundle.crt ]; then export PIP_CERT=/tmp/build/ca-bundle.crt; fi \
    && python3 -m venv /opt/swe-audit \
    && pip="/opt/swe-audit/bin/pip --disable-pip-version-check --no-cache-dir -q" \
    && $pip install --require-hashes -r /tmp/build/requirements-runtime.lock \
    && $pip install --no-deps /tmp/build/project

FROM base AS auditor
COPY --from=packages /opt/swe-audit /opt/swe-audit
ENV PATH=/opt/swe-audit/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /work
ENTRYPOINT ["swe-audit"]
CMD ["--help"]
