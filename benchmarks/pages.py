"""Measure a report's pages as Lighthouse does: load, size, and what axe-core finds in both schemes.

    python benchmarks/pages.py [--report DIR] [--out FILE]

Front page, the largest and the median task's page, a log, and the page for reviewers, opened from
the folder in headless Chromium. Contrast is checked with every fold open, at desktop and phone
width. Exits with 1 where axe-core finds a violation or a page asks for anything but its frames.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

EXAMPLE = Path(__file__).parents[1] / "reports" / "example"
SCHEMES = ("light", "dark")
WIDTHS = (1280, 390)
LOADED = """() => {
    const all = performance.getEntriesByType("navigation")[0];
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    return [all.loadEventEnd, paint ? paint.startTime : null,
            document.getElementsByTagName("*").length];
}"""
EVERY_NODE = {"resultTypes": ["violations", "passes", "incomplete"]}
UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--report", type=Path, default=EXAMPLE)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    folder: Path = arguments.report
    paths = chosen(folder)
    load = os.getloadavg()[0]
    pages = opened(paths, folder)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for path, figures in zip(paths, pages, strict=True):
            figures |= checked(browser, path)
        browser.close()
    document = {"cores": os.cpu_count(), "load": round(load, 2), "pages": pages}
    text = json.dumps(document, indent=2) + "\n"
    sys.stdout.write(text)
    if arguments.out:
        arguments.out.write_text(text, encoding="utf-8")
    return int(any(one["violations"] or one["requests"] for one in pages))


def chosen(folder: Path) -> list[Path]:
    tasks = sorted((folder / "tasks").glob("*.html"), key=lambda path: path.stat().st_size)
    parts = sorted((folder / "parts").glob("*.html"))
    return [
        folder / "index.html",
        tasks[-1],
        tasks[len(tasks) // 2],
        *parts[:1],
        folder / "triage.html",
    ]


def opened(paths: list[Path], folder: Path) -> list[dict[str, Any]]:
    """Open pages in headless Chromium, each three times with nothing in its cache."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        found = []
        for path in paths:
            times = [loaded(browser.new_page(), path) for _ in range(3)]
            found.append(
                {
                    "page": path.relative_to(folder).as_posix(),
                    "kilobytes": round(path.stat().st_size / 1e3, 1),
                    "gzip_kilobytes": round(len(gzip.compress(path.read_bytes())) / 1e3, 1),
                    "elements": times[0][2],
                    "load_seconds": round(statistics.median(one[0] for one in times) / 1e3, 3),
                    "first_paint_seconds": round(min(one[1] or 0 for one in times) / 1e3, 3),
                }
            )
        browser.close()
    return found


def checked(browser: Browser, path: Path) -> dict[str, Any]:
    """Count what a page asks for beside itself and its frames, and what axe-core finds wrong."""
    asked: list[str] = []
    violations: Counter[str] = Counter()
    contrast: Counter[str] = Counter()
    for scheme in SCHEMES:
        for width in WIDTHS:
            page = browser.new_page(
                color_scheme=scheme,  # type: ignore[arg-type]
                viewport={"width": width, "height": 900},
            )
            page.on(
                "request",
                lambda one: asked.append(one.url) if one.resource_type != "document" else None,
            )
            page.goto(path.resolve().as_uri())
            page.evaluate(UNFOLD)
            page.wait_for_timeout(300)
            found = Axe().run(page, options=EVERY_NODE).response
            for one in found["violations"]:
                violations[f"{one['id']} ({scheme}, {width} px)"] += len(one["nodes"])
            for result in ("passes", "incomplete"):
                contrast[f"{scheme} {result}"] += sum(
                    len(one["nodes"]) for one in found[result] if one["id"] == "color-contrast"
                )
            page.close()
    return {
        "requests": len([url for url in asked if not url.startswith("data:")]),
        "contrast": dict(contrast),
        "violations": dict(violations),
    }


def launched(playwright: Any) -> Browser:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    browser: Browser = playwright.chromium.launch(
        executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
    )
    return browser


def loaded(page: Page, path: Path) -> list[float]:
    page.goto(path.resolve().as_uri())
    page.wait_for_timeout(200)
    figures: list[float] = page.evaluate(LOADED)
    page.close()
    return figures


if __name__ == "__main__":
    sys.exit(main())
