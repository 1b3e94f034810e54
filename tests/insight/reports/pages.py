"""Reading a report's HTML in a test: its tags, its attributes, its words."""

from html.parser import HTMLParser

_VOID = {"meta", "br"}


class Page(HTMLParser):
    """What a document is made of. AssertionError when its tags do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.headings: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that a tag closes the one that is open."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note words."""
        if data.strip():
            self.words.append(data.strip())
            if self._open[-1] in ("h1", "h2"):
                self.headings.append(data.strip())

    def values(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [value for _, given, value in self.attributes if given == name]
