"""The server as another program on this machine, or another page in the browser, meets it."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from threading import Thread
from urllib.parse import urlsplit

import pytest
import uvicorn

from swe_audit.errors import UsageError
from swe_audit.triage import Session, check_installed, serve
from tests.unit.report import audits


class Client:
    """Speaks HTTP to the page, politely or not."""

    def __init__(self, address: str) -> None:
        self.address = urlsplit(address)
        self.own = {"Host": self.address.netloc}

    def ask(
        self, method: str, path: str, content: object = None, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.address.port or 0, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = None
        if content is not None:
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            sent.setdefault("Content-Type", "application/json")
        whole = path if path.startswith("//") else self.address.path + path
        connection.request(method, whole.replace("//", "/", 1), body, {**self.own, **sent})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer, text


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("run")
    made = audits.audit([audits.narrow(), audits.skipped()])
    audits.write_logs(made, folder)
    return Session(made, folder, "Ada")


@pytest.fixture(scope="module")
def client(session: Session) -> Iterator[Client]:
    servers: list[uvicorn.Server] = []
    kept = uvicorn.Server.run

    def run(server: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        servers.append(server)
        kept(server, sockets)

    addresses: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uvicorn.Server, "run", run)
        thread = Thread(target=serve, args=(session, 0, addresses.append))
        thread.start()
        while not (addresses and servers):
            thread.join(0.01)
    yield Client(addresses[0])
    servers[0].should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def test_the_page_is_there_for_whom_it_is_meant(client: Client, session: Session) -> None:
    answer, text = client.ask("GET", "")
    assert answer.status == 200
    assert text.decode() == session.page()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policies = answer.headers.get_all("Content-Security-Policy") or []
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; ")
    assert "unsafe" not in policies[0]
    assert "frame-ancestors 'self'" in policies[0]
    assert answer.headers["Server"] is None


@pytest.mark.parametrize("path", ["//", "//nonsense/", "//decisions", "//index.html"])
def test_without_the_token_there_is_nothing(client: Client, path: str) -> None:
    assert client.ask("GET", path)[0].status == 404


def test_the_token_alone_without_its_slash_and_with_more_is_no_token(client: Client) -> None:
    token = client.address.path.strip("/")
    for path in (f"//{token}", f"//{token}x/", f"//{token[:-1]}/", f"//x{token}/"):
        assert client.ask("GET", path)[0].status == 404
    assert len(token) >= 32


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "[::1]:80", ""])
def test_a_name_that_only_points_here_is_refused(client: Client, host: str) -> None:
    answer, text = client.ask("GET", "", Host=host)
    assert answer.status == 400
    assert b"Triage" not in text


def test_another_page_cannot_change_anything(client: Client, session: Session) -> None:
    decision = {"finding": min(session.findings), "decision": "confirm"}
    for headers, status in (
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ):
        answer, _ = client.ask("POST", "decisions", decision, **headers)
        assert answer.status == status
    assert session.state()["own"] == []


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        ([], 400),
        ({"finding": 1, "decision": "confirm"}, 400),
        ({"finding": "x", "decision": "maybe"}, 400),
        ({"finding": "x", "decision": ["confirm"]}, 400),
        ({"finding": "x", "decision": "confirm"}, 409),
        ({"finding": "x", "decision": "confirm", "note": "y" * 9_000_000}, 413),
    ],
)
def test_nonsense_is_refused_and_the_server_lives(
    client: Client, session: Session, content: object, status: int
) -> None:
    assert client.ask("POST", "decisions", content)[0].status == status
    assert session.state()["own"] == []
    assert client.ask("GET", "decisions")[0].status == 200


def test_decisions_go_round(client: Client, session: Session) -> None:
    finding = min(session.findings)
    origin = f"http://{client.address.netloc}"
    sent = {"finding": finding, "decision": "defer", "reason": "unclear", "note": "later"}
    answer, text = client.ask("POST", "decisions", sent, Origin=origin)
    assert answer.status == 200
    told = json.loads(text)
    assert told == json.loads(client.ask("GET", "decisions")[1]) == session.state()
    assert told["own"][0]["reason"] == "unclear"
    client.ask("POST", "decisions", {"finding": finding, "decision": None})
    assert session.state()["own"] == []
    answer, text = client.ask("POST", "import", {"text": "decisions: 3\n"})
    assert answer.status == 409
    assert (
        json.loads(text)["problem"] == "the imported file:1: decisions is not a list of decisions"
    )


def test_task_pages_and_logs_are_there_and_nothing_beside_them(
    client: Client, session: Session
) -> None:
    answer, _ = client.ask("GET", "tasks/acme__tally-77.html")
    assert answer.status == 200
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    log = next((session.folder / "logs").rglob("*.gz")).relative_to(session.folder).as_posix()
    answer, content = client.ask("GET", log)
    assert answer.status == 200
    assert content == (session.folder / log).read_bytes()
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for path in ("tasks/acme__tally-12.html", "logs/../decisions.yaml", "logs/%2e%2e/audit.sqlite"):
        assert client.ask("GET", path)[0].status == 404
    answer, _ = client.ask("GET", "index.html")
    assert (answer.status, answer.headers["Location"]) == (307, "./")


def test_it_listens_on_this_machine_only(client: Client) -> None:
    port = client.address.port or 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), 5)


def test_a_port_that_is_taken_is_one_sentence(client: Client, session: Session) -> None:
    port = client.address.port or 0
    with pytest.raises(UsageError, match=f"port {port} cannot be had"):
        serve(session, port, lambda _: None)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    with pytest.raises(UsageError, match="triage needs starlette") as caught:
        check_installed()
    assert caught.value.hint == "pip install 'swe-audit[triage]'"
