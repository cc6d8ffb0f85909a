"""Read a rendered page the way a browser would, as far as tests need it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class Page(HTMLParser):
    """Elements, identifiers, links and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.options: set[str] = set()
        self.text = ""
        self._code = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        if tag in ("script", "style"):
            self._code += 1
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "option":
            self.options.add(given.get("value") or "")
        if given.get("href") and tag != "link":
            self.links.append(given["href"] or "")
        if given.get("data-src") and tag == "iframe":
            self.links.append(given["data-src"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._code -= 1
        elif tag not in ("a", "b", "code", "span"):
            self.text += " "

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.text += data

    def count(self, tag: str) -> int:
        return sum(one == tag for one, _ in self.elements)

    @property
    def words(self) -> str:
        """The text with every run of white space as one space."""
        return " ".join(self.text.split())


def dead_links(folder: Path) -> list[str]:
    """List the links of a report that lead nowhere: no such file, or no such place in it."""
    pages = {
        path.resolve(): Page(path.read_text(encoding="utf-8")) for path in folder.rglob("*.html")
    }
    dead: list[str] = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            found = not parts.scheme and target.is_file()
            if found and "=" in parts.fragment:
                found = all(
                    value in pages[target].options for _, value in parse_qsl(parts.fragment)
                )
            elif found and parts.fragment:
                found = unquote(parts.fragment) in pages[target].ids
            if not found:
                dead.append(f"{path.name}: {link}")
    return dead
