"""Serve the triage page on this machine alone, until the reviewer ends it."""

from __future__ import annotations

import importlib
import secrets
import socket
from collections.abc import Callable
from typing import Any

from swe_audit.errors import UsageError
from swe_audit.triage.session import Session

LOOPBACK = "127.0.0.1"


def check_installed() -> Any:
    """Return uvicorn; raise ``UsageError`` where the extra is not installed."""
    try:
        importlib.import_module("starlette")
        return importlib.import_module("uvicorn")
    except ImportError as error:
        raise UsageError(
            f"triage needs {error.name}, which is not installed",
            hint="pip install 'swe-audit[triage]'",
        ) from error


def serve(session: Session, port: int, ready: Callable[[str], None]) -> None:
    """Serve a session until SIGINT or SIGTERM; ``ready`` gets the address, token and all.

    Port 0 takes one that is free. Raise ``UsageError`` where the port cannot be had.
    """
    uvicorn = check_installed()
    from swe_audit.triage.application import application
    from swe_audit.triage.gate import Gate

    with _listening(port) as listener:
        token = secrets.token_urlsafe(24)
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            Gate(application(session), token, port),
            access_log=False,
            lifespan="off",
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        server = uvicorn.Server(config)
        ready(f"http://{LOOPBACK}:{port}/{token}/")
        server.run(sockets=[listener])


def _listening(port: int) -> socket.socket:
    """Listen already, so that who reads the address can use it at once."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise UsageError(
            f"port {port} cannot be had: {error.strerror or error}",
            hint="choose another --port, or leave it out",
        ) from error
    return listener
