"""A real browser on rendered reports: Debian's Chromium, opened from files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from swe_audit.report import render
from tests.unit.report import audits

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "CI must install Chromium"
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        # The sandbox of Chromium refuses to start for root, who runs tests in containers.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


class Window:
    """A page that notes what it must not do: complain, fail, or ask for anything elsewhere."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _heard(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def open(self, path: Path, fragment: str = "") -> Page:
        self.page.goto(path.resolve().as_uri() + fragment)
        return self.page

    def assert_clean(self) -> None:
        assert self.complaints == []
        outside = [url for url in self.requests if not url.startswith(("file:", "data:"))]
        assert outside == []


@pytest.fixture
def new_window(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Open windows that must have been clean when the test ends."""
    windows: list[Window] = []

    def make(width: int = 1280, scheme: str = "light", **options: object) -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            **options,  # type: ignore[arg-type]
        )
        windows.append(Window(context.new_page()))
        return windows[-1]

    yield make
    for window in windows:
        window.assert_clean()
        window.page.context.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered report of the sample audit, with logs."""
    folder = tmp_path_factory.mktemp("sample")
    made = audits.sample_audit()
    audits.write_logs(made, folder)
    (folder / "repair.json").write_text(json.dumps(audits.repair_document()), encoding="utf-8")
    render(made, folder)
    return folder


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered report of the hostile audit, with logs."""
    folder = tmp_path_factory.mktemp("hostile")
    made = audits.hostile_audit()
    audits.write_logs(made, folder)
    render(made, folder)
    return folder
