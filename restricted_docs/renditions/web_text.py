"""The text of a mail that was written in HTML: its words, never its markup."""

from __future__ import annotations

from html.parser import HTMLParser

from .blocks import Blocks

# What no mail program shows. Not the head of a page, whose end may be left out, nor what stands in for an object or a script:
# a reader must see every word that whoever got the mail could see.
SILENT = frozenset({"script", "style", "title", "template", "iframe"})
BREAKS = frozenset(
    {"p", "div", "tr", "table", "ul", "ol", "li", "blockquote", "pre", "hr", "section", "article", "header", "footer"}
    | {f"h{level}" for level in range(1, 7)}
)


class _Text(HTMLParser):
    def __init__(self, out: Blocks) -> None:
        super().__init__(convert_charrefs=True)
        self.out = out
        self.said: list[str] = []
        self.silent: list[str] = []
        self.block = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent.append(tag)
        elif tag in BREAKS:
            self.end_block()
            self.block = tag
        elif tag == "br":
            self.said.append("\n")
        elif tag in {"td", "th"} and self.said:
            self.said.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            while self.silent and self.silent.pop() != tag:
                pass
        elif tag in BREAKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(" ".join(data.split()).join((" " * data[:1].isspace(), " " * data[-1:].isspace())))

    def end_block(self) -> None:
        text = "".join(self.said).strip()
        self.said = []
        if self.block == "li":
            self.out.item(text)
        elif self.block.startswith("h") and self.block[1:].isdigit():
            self.out.heading(text, int(self.block[1:]))
        else:
            self.out.paragraph(text)
        self.block = ""


def add_html(html: str, out: Blocks) -> None:
    """Add the words of this HTML as paragraphs, headings and items."""
    parser = _Text(out)
    parser.feed(html)
    parser.close()
    parser.end_block()
