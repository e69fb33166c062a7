"""The pages of docs/ as the site takes them: what they link to outside comes along."""

from __future__ import annotations

import re
import shutil
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagrams import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["fenced", "lay_out_pages"]

FENCE: Final = re.compile(r"^(`{3,})(\w*)[^`\n]*\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
LINK: Final = re.compile(r"(\]\()(\.\./[^)#\s]+)((?:#[^)]*)?\))")
IMAGE: Final = re.compile(r"^!\[[^\]]*\]\(([^)\s]+\.svg)\)$", re.MULTILINE)

LANGUAGES: Final = {
    ".css": "css",
    ".html": "html",
    ".js": "js",
    ".json": "json",
    ".md": "markdown",
    ".mjs": "js",
    ".py": "python",
    ".toml": "toml",
    ".ts": "ts",
}
"""What of a folder is shown, and in which language it is coloured."""

HOME: Final = "---\ntemplate: home.html\nhide:\n  - navigation\n  - toc\n---\n"
"""Before the first page, which code hosts show, too: they would show this."""

NOT_OURS: Final = {"node_modules", "__pycache__"}


def lay_out_pages(root: Path, pages: Path) -> None:
    """Copy docs/, and make a page of each source file that it links to."""
    docs = root / "docs"
    wanted: set[Path] = set()
    for file in sorted(docs.rglob("*")):
        target = pages / file.relative_to(docs)
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".md":
            text, linked = _staged(file, root, target.parent.relative_to(pages))
            target.write_text(text, encoding="utf-8")
            wanted |= linked
        elif file.is_file():
            shutil.copyfile(file, target)
    for path in sorted(wanted):
        for source in _with_contents(path):
            _show(source, root, pages)


def _staged(file: Path, root: Path, folder: Path) -> tuple[str, set[Path]]:
    """A page with its links out of docs/ led to pages of the site, and what these show."""
    linked: set[Path] = set()

    def lead(link: re.Match[str]) -> str:
        path = Path(normpath(file.parent / link[2]))
        if not path.exists():
            return link[0]  # mkdocs says so
        linked.add(path)
        up = "../" * len(folder.parts)
        return f"{link[1]}{up}{_page_of(path, root)}{link[3]}"

    def draw(image: re.Match[str]) -> str:
        return _inline((file.parent / image[1]).read_text(encoding="utf-8"))

    def outside(text: str) -> str:
        return IMAGE.sub(draw, LINK.sub(lead, text))

    text = file.read_text(encoding="utf-8")
    if file == root / "docs" / "index.md":
        text = HOME + text
    parts: list[str] = []
    end = 0
    for fence in FENCE.finditer(text):
        block = fence[0]
        if fence[2] == "mermaid":
            block = _inline(drawn(fence[3]))
        parts += [outside(text[end : fence.start()]), block]
        end = fence.end()
    return "".join([*parts, outside(text[end:])]), linked


def _inline(svg: str) -> str:
    """A drawing within the page, where it has the page's colours, as one line of HTML."""
    lines = [line.strip() for line in svg.splitlines()]
    return f'<figure class="drawing">{"".join(lines)}</figure>\n'


def _page_of(path: Path, root: Path) -> str:
    inside = path.relative_to(root).as_posix()
    return f"source/{inside}/index.md" if path.is_dir() else f"source/{inside}.md"


def _with_contents(path: Path) -> Iterator[Path]:
    """A file, or a folder and the files that are in it."""
    yield path
    if path.is_dir():
        yield from _files(path)


def _files(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.suffix in LANGUAGES)
    return [path for path in found if not NOT_OURS & set(path.parts)]


def _show(path: Path, root: Path, pages: Path) -> None:
    """Write the page of a source file, or of a folder: its files."""
    target = pages / _page_of(path, root)
    target.parent.mkdir(parents=True, exist_ok=True)
    name = path.relative_to(root).as_posix()
    if path.is_dir():
        inside = [file.relative_to(path).as_posix() for file in _files(path)]
        body = "".join(f"- [`{file}`]({file}.md)\n" for file in inside)
    else:
        body = fenced(path.read_text(encoding="utf-8"), LANGUAGES.get(path.suffix, ""))
    head = "---\nsearch:\n  exclude: true\nhide:\n  - toc\n---\n"
    target.write_text(f"{head}# `{name}`\n\n{body}", encoding="utf-8")


def fenced(text: str, language: str) -> str:
    """A text as a block of code, behind a fence that it does not hold itself."""
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"
