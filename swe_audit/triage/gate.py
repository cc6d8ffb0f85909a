"""Who may talk to the page: this machine, under the server's own name, with the token.

Loopback alone keeps out other machines, not other web pages in the same browser. Those are kept
out by the token in the path, by the Host header (a page that points its own name at 127.0.0.1
sends that name), and for changes by the Origin header.
"""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
)
_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
"""What everything but a page gets; a page brings a policy of its own."""


class Gate:
    """Let through what carries the token and names this server; answer 404 or 400 to the rest."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._prefix = f"/{token}"
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it without a word about what is here."""
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, _guarded(send))
            return
        inner = {**scope, "path": scope["path"][len(self._prefix) :] or "/"}
        await self._app(inner, receive, _guarded(send))

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if headers.get("host") not in self._hosts:
            return PlainTextResponse("This server answers to its own address only.\n", 400)
        begins, rest = scope["path"][: len(self._prefix)], scope["path"][len(self._prefix) :]
        known = secrets.compare_digest(begins.encode(), self._prefix.encode())
        if not known or not rest.startswith("/"):
            return PlainTextResponse("Not found.\n", 404)
        if scope["method"] not in ("GET", "HEAD") and not self._is_ours(headers):
            return PlainTextResponse("Only this server's own page may change anything.\n", 403)
        return None

    def _is_ours(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return origin is None or origin in {f"http://{host}" for host in self._hosts}


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = list(message.get("headers", ()))
            policy = [] if any(name == _POLICY[0] for name, _ in own) else [_POLICY]
            message["headers"] = [*own, *_HEADERS, *policy]
        await send(message)

    return guarded
