"""Triage as reviewers meet it: two of them, by keyboard, through a crash, and without a server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from swe_audit.formats.decisions import FILE_NAME, read_decisions
from swe_audit.model.decisions import Choice, Decision
from swe_audit.report import render
from swe_audit.triage import Session, serve
from tests.unit.report import audits

ROOT = Path(__file__).parents[2]
MADE = audits.audit([audits.narrow(), audits.suspect(), audits.flaky(), audits.constructed()])
expect.set_options(timeout=20_000)  # machines are busy
HARD = 'It\'s: "odd" # here\n- x: |\n  <b>deep</b> \u4f8b \U0001f41b'


class Desk:
    """A browser window on a triage page that notes complaints and foreign requests."""

    def __init__(self, browser: Browser, address: str, **options: object) -> None:
        options.setdefault("viewport", {"width": 1280, "height": 900})
        self.page: Page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda one: self.complaints.append(one.text))
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.address = address
        self.page.goto(address)
        expect(self.page.locator("#list [aria-current]")).to_have_count(1)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self) -> None:
        expect(self.page.locator("#saved")).to_contain_text("Saved")

    def progress(self, text: str) -> None:
        expect(self.page.locator("#progress")).to_contain_text(text)

    def current(self) -> str:
        return str(self.page.locator("#list [aria-current]").get_attribute("data-id"))

    def assert_clean(self) -> None:
        assert self.complaints == []
        base = self.address.rsplit("/", 1)[0]
        outside = [url for url in self.requests if not url.startswith((base, "data:", "blob:"))]
        assert outside == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    audits.write_logs(MADE, tmp_path)
    return tmp_path


@pytest.fixture
def serving() -> Iterator[Callable[[Session], str]]:
    """Serve sessions in threads of this process; give each one's address."""
    servers: list[uvicorn.Server] = []
    threads: list[Thread] = []
    kept = uvicorn.Server.run

    def run(server: uvicorn.Server, **options: object) -> None:
        servers.append(server)
        kept(server, **options)  # type: ignore[arg-type]

    def start(session: Session) -> str:
        addresses: list[str] = []
        threads.append(Thread(target=serve, args=(session, 0, addresses.append)))
        threads[-1].start()
        while not addresses:
            threads[-1].join(0.01)
        return addresses[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uvicorn.Server, "run", run)
        yield start
        for server in servers:
            server.should_exit = True
        for thread in threads:
            thread.join(10)


def serious(page: Page) -> list[str]:
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in Axe().run(page).response["violations"]
        for node in one["nodes"]
    ]


def test_two_reviewers_decide_by_keyboard_and_blind_to_each_other(
    browser: Browser, folder: Path, serving: Callable[[Session], str]
) -> None:
    ada = Desk(browser, serving(Session(MADE, folder, "Ada")))
    bob = Desk(browser, serving(Session(MADE, folder, "Bob")))
    ada.press("c", "2", "n")
    ada.page.keyboard.type("Two runs, two outcomes.\nSee the log.")
    ada.press("Escape", "j", "d", "1", "j", "f")
    ada.saved()
    ada.progress("2 of 5 decided by Ada, 1 deferred, 2 left")
    first = bob.current()
    expect(bob.page.locator("#others")).to_be_empty()
    bob.press("d", "4")
    bob.saved()
    expect(bob.page.locator("#others")).to_have_text(
        "Ada confirmed it: The statement asks for what the tests reject\n"
        "Two runs, two outcomes.\nSee the log."
    )
    expect(bob.page.get_by_role("button", name="Take back")).to_be_disabled()
    bob.press("j", "j", "c")
    expect(bob.page.locator("#others")).to_be_empty()
    bob.press("u")
    expect(bob.page.locator("#saved")).to_have_text("Taken back")
    bob.press("k", "k", "c")
    bob.saved()
    kept = {(one.reviewer, one.finding): one for one in read_decisions(folder / FILE_NAME)}
    assert len(kept) == 4
    assert kept["Ada", first].note == "Two runs, two outcomes.\nSee the log."
    assert (kept["Bob", first].choice, kept["Bob", first].blind) == (
        Choice.CONFIRM,
        Choice.DISPUTE,
    )
    for desk in (ada, bob):
        desk.assert_clean()


def test_every_key_does_what_the_help_says(
    browser: Browser, folder: Path, serving: Callable[[Session], str]
) -> None:
    desk = Desk(browser, serving(Session(MADE, folder, "Ada")))
    page = desk.page
    first = desk.current()
    desk.press("j")
    assert desk.current() != first
    expect(page.frame_locator("#page").locator("article.finding:target")).to_be_visible()
    desk.press("k", "k")
    assert desk.current() == first
    desk.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    desk.press("c", "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    desk.progress("0 of 5 decided")
    desk.press("/")
    page.keyboard.type("jcd wording")
    expect(page.locator("#shown")).to_have_text("0 of 5")
    page.locator("#filter [name=q]").fill("narrow wording")
    expect(page.locator("#shown")).to_have_text("1 of 5")
    desk.press("Escape", "j", "c", "3")
    desk.saved()
    assert "tally-58" in desk.current()
    page.get_by_role("button", name="Clear").click()
    page.locator("#filter [name=mine]").select_option("open")
    expect(page.locator("#shown")).to_have_text("4 of 5")
    page.get_by_role("button", name="Keys").click()
    page.locator("h1").click()
    desk.press("d")
    page.get_by_role("button", name="Keys").click()
    frame = page.frame_locator("#page")
    frame.locator("article.finding:target h3").click()
    desk.press("1")
    desk.saved()
    (kept,) = read_decisions(folder / FILE_NAME)
    assert (kept.choice, kept.reason) == (Choice.CONFIRM, "detail_is_free")
    page.reload()
    desk.progress("1 of 5 decided")
    desk.assert_clean()


def started(folder: Path, reviewer: str) -> tuple[subprocess.Popen[str], str]:
    script = (
        "import sys; from pathlib import Path\n"
        "from swe_audit.triage import Session, serve\n"
        "from tests.browser.test_triage import MADE\n"
        "say = lambda address: print(address, flush=True)\n"
        "serve(Session(MADE, Path(sys.argv[1]), sys.argv[2]), 0, say)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder), reviewer],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_crash_loses_no_click_and_what_came_after_it_can_be_carried_over(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    process, address = started(folder, "Ada")
    desk = Desk(browser, address, accept_downloads=True)
    desk.press("c")
    desk.saved()
    desk.press("j", "d", "2")
    desk.saved()
    kill(process)
    before = read_decisions(folder / FILE_NAME)
    assert sorted(one.choice.value for one in before) == ["confirm", "dispute"]

    desk.press("j", "c")
    expect(desk.page.get_by_role("alert")).to_contain_text("Not saved: The server does not answer")
    expect(desk.page.locator("#list [aria-current]")).to_contain_text("not saved")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="Export").click()
    carried = tmp_path / "carried.yaml"
    download.value.save_as(carried)
    assert len(read_decisions(carried)) == 3

    process, address = started(folder, "Ada")
    again = Desk(browser, address)
    again.progress("2 of 5 decided")
    assert read_decisions(folder / FILE_NAME) == before
    again.page.set_input_files("#import-file", carried)
    again.progress("3 of 5 decided")
    again.assert_clean()
    kill(process)
    assert len(read_decisions(folder / FILE_NAME)) == 3


def test_a_file_that_breaks_meanwhile_is_said_and_the_click_waits(
    browser: Browser, folder: Path, serving: Callable[[Session], str]
) -> None:
    desk = Desk(browser, serving(Session(MADE, folder, "Ada")))
    path = folder / FILE_NAME
    good = path.read_text()
    path.write_text("decisions:\n- finding: [\n")
    desk.press("c")
    expect(desk.page.get_by_role("alert")).to_contain_text("decisions.yaml:3: not valid YAML")
    assert path.read_text() == "decisions:\n- finding: [\n"
    path.write_text(good)
    desk.press("j", "d")
    desk.saved()
    expect(desk.page.get_by_role("alert")).to_be_hidden()
    assert len(read_decisions(path)) == 2
    desk.complaints = [one for one in desk.complaints if "409" not in one]
    desk.assert_clean()


def test_the_published_page_exports_and_imports_the_same_file(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    render(MADE, folder)
    desk = Desk(browser, (folder / "triage.html").as_uri(), accept_downloads=True)
    page = desk.page
    evidence = page.frame_locator("#page")
    expect(evidence.get_by_role("link", name="Statement")).to_be_visible()
    for one in ("#theme", ".brand"):
        expect(evidence.locator(one)).to_be_hidden()
    desk.press("c")
    expect(page.get_by_role("alert")).to_contain_text("Enter your name first")
    page.keyboard.type("Ada O'Neil")
    desk.press("Escape", "c", "5", "n")
    page.locator("#note").fill(HARD)
    desk.press("Escape", "j", "f")
    desk.saved()
    first = page.locator("#list li").first.get_attribute("data-id") or ""

    def exported(name: str) -> Path:
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        assert download.value.suggested_filename == FILE_NAME
        download.value.save_as(tmp_path / name)
        return tmp_path / name

    mine = {one.finding: one for one in read_decisions(exported("a.yaml"))}
    assert len(mine) == 2
    assert (mine[first].reviewer, mine[first].reason, mine[first].note) == (
        "Ada O'Neil",
        "other",
        HARD,
    )

    session = Session(MADE, folder, "Bob")
    session.take_in((tmp_path / "a.yaml").read_text())
    session.decide(first, Choice.DISPUTE, "stated", f"{HARD}\n\n  and: more '' of it")
    session.decide("acme__tally-58:wide:0034809e", Choice.DEFER, "my own reason", "true")
    whole = session.file.read()
    page.set_input_files("#import-file", folder / FILE_NAME)
    expect(page.locator("#saved")).to_have_text("Took 4 decisions in")
    desk.press("k")
    expect(page.locator("#others")).to_contain_text("Bob disputed it: The statement gives")
    page.reload()
    desk.progress("1 of 5 decided by Ada O'Neil, 1 deferred")
    assert read_decisions(exported("b.yaml")) == whole

    broken = tmp_path / "broken.yaml"
    broken.write_text("decisions:\n- finding: x\n  reviewer: Ada\n  decision: maybe\n")
    page.set_input_files("#import-file", broken)
    expect(page.get_by_role("alert")).to_have_text(
        "line 2: decision 'maybe' is none of confirm, dispute, defer"
    )
    assert read_decisions(exported("c.yaml")) == whole
    desk.assert_clean()


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_the_page_is_accessible_and_fits_its_window(
    browser: Browser, folder: Path, serving: Callable[[Session], str], scheme: str, width: int
) -> None:
    session = Session(MADE, folder, "Ada")
    for finding in session.findings:
        Session(MADE, folder, "Bob").decide(finding, Choice.DISPUTE, "stated", "no")
    desk = Desk(
        browser,
        serving(session),
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
    )
    desk.press("c", "1")
    desk.saved()
    assert serious(desk.page) == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
    desk.press("?")
    assert serious(desk.page) == []
    desk.assert_clean()


def test_hostile_text_is_inert(
    browser: Browser, tmp_path: Path, serving: Callable[[Session], str]
) -> None:
    made = audits.hostile_audit()
    audits.write_logs(made, tmp_path)
    session = Session(made, tmp_path, "Ada")
    attack = "<img src=x onerror='window.broken=1'>"
    for finding in session.findings:
        session.file.merge(
            [
                Decision(finding=finding, reviewer=attack, choice=Choice.CONFIRM, note=attack),
                Decision(finding=finding, reviewer="Ada", choice=Choice.DISPUTE, reason=attack),
            ]
        )
    desk = Desk(browser, serving(session))
    expect(desk.page.locator("#others")).to_contain_text("onerror")
    assert desk.page.evaluate("window.broken") is None
    assert desk.page.locator("main img").count() == 0
    desk.assert_clean()
