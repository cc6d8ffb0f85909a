"""The triage page as an ASGI application: a few addresses, each a call of the session."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from swe_audit.errors import AuditError
from swe_audit.formats.yaml_files import MAX_YAML
from swe_audit.model.decisions import Choice
from swe_audit.triage.session import Session

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def application(session: Session) -> Starlette:
    """Return the application for one reviewer; whoever reaches it may decide in that name."""
    desk = _Desk(session)
    return Starlette(
        routes=[
            Route("/", desk.page),
            Route("/index.html", desk.index),
            Route("/tasks/{name}", desk.task),
            Route("/parts/{name}", desk.part),
            Route("/logs/{path:path}", desk.log),
            Route("/decisions", desk.state),
            Route("/decisions", desk.decide, methods=["POST"]),
            Route("/import", desk.take_in, methods=["POST"]),
        ]
    )


class _Desk:
    """One answer for each address; what blocks runs in a thread."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, _: Request) -> Response:
        return _html(self._session.page())

    def index(self, _: Request) -> Response:
        return RedirectResponse("./")

    def task(self, request: Request) -> Response:
        html = self._session.task_page(request.path_params["name"])
        if html is None:
            raise HTTPException(404)
        return _html(html)

    def part(self, request: Request) -> Response:
        html = self._session.part(request.path_params["name"])
        if html is None:
            raise HTTPException(404)
        return _html(html)

    def log(self, request: Request) -> Response:
        path = self._session.log_file(request.path_params["path"])
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, media_type="application/gzip", filename=path.name)

    def state(self, _: Request) -> Response:
        return _answer(self._session.state)

    async def decide(self, request: Request) -> Response:
        sent = await _sent(request)
        finding, reason, note = (_text(sent, key) for key in ("finding", "reason", "note"))
        if sent.get("decision") is None:
            return await run_in_threadpool(_answer, lambda: self._session.take_back(finding))
        try:
            choice = Choice(sent["decision"])
        except ValueError as error:
            raise HTTPException(400) from error
        return await run_in_threadpool(
            _answer, lambda: self._session.decide(finding, choice, reason, note)
        )

    async def take_in(self, request: Request) -> Response:
        text = _text(await _sent(request), "text")
        return await run_in_threadpool(_answer, lambda: self._session.take_in(text))


def _html(page: str) -> Response:
    """Answer with a page; its own policy also goes into the header, where frames are named too."""
    found = _POLICY.search(page)
    policy = found[1] if found else "default-src 'none'"
    return HTMLResponse(
        page, headers={"Content-Security-Policy": f"{policy}; frame-ancestors 'self'"}
    )


def _answer(work: Callable[[], dict[str, Any]]) -> Response:
    """Answer with what the file holds now, or with the one sentence that says why not."""
    try:
        return JSONResponse(work())
    except AuditError as error:
        problem = f"{error.message} ({error.hint})" if error.hint else error.message
        return JSONResponse({"problem": problem}, 409)


async def _sent(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request, which a form of another page cannot send."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > 2 * MAX_YAML:
            raise HTTPException(413)
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
    if not isinstance(sent, dict):
        raise HTTPException(400)
    return sent


def _text(sent: dict[str, Any], key: str) -> str:
    value = sent.get(key, "")
    if not isinstance(value, str):
        raise HTTPException(400)
    return value
