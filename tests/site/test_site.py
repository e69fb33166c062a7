"""The documentation site: whole, strict, without anybody else's server, and true to the pages."""

from __future__ import annotations

import importlib
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

import channelkit

from .conftest import ROOT, build

if TYPE_CHECKING:
    from .reading import Page, Site

pytestmark = pytest.mark.slow

DOCS = sorted((ROOT / "docs").glob("*.md"))

PUBLIC = ["channelkit", "channelkit.testing", "channelkit.client", "channelkit.contract"]
"""Modules whose every name stands in the reference."""

FRAMEWORK = {"close_code", "fault", "last_words"}
"""What `channelkit.exits` has for channelkit itself."""

ASIDE = {"channelkit.channel": "channelkit.declare.channel"}
"""A name that is a module's, too, stands in the reference under the module that defines it."""


def test_the_site_fetches_nothing_from_elsewhere(site: Site) -> None:
    foreign = {
        (name, url)
        for name, page in site.pages.items()
        for url in page.fetched
        if urlsplit(url).scheme not in {"", "data"} or urlsplit(url).netloc
    }
    styles = "".join(path.read_text(encoding="utf-8") for path in site.root.rglob("*.css"))

    assert foreign == set()
    assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)]*", styles) == []


def test_whatever_a_page_leads_to_is_there(site: Site) -> None:
    missing = [
        (name, url)
        for name, page in site.pages.items()
        if name != "404.html"  # which is served at any depth
        for url in [*page.links, *page.fetched]
        if not leads_somewhere(site, page, url)
    ]

    assert missing == []


def leads_somewhere(site: Site, page: Page, url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme:
        return True
    target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return False
    if not parts.fragment or target.suffix != ".html":
        return True
    return unquote(parts.fragment) in site.pages[target.relative_to(site.root).as_posix()].ids


def test_every_public_name_is_in_the_reference_once(site: Site) -> None:
    names = [f"{module}.{name}" for module in PUBLIC for name in exported(module)]
    names += [f"channelkit.exits.{name}" for name in set(exported("channelkit.exits")) - FRAMEWORK]
    shown = Counter(heading for page in site.pages.values() for heading in page.headings)

    assert {name: shown[heading_of(name)] for name in names} == dict.fromkeys(names, 1)


def exported(module: str) -> list[str]:
    """Its names, but for those that `channelkit` has and a module only hands on."""
    loaded = importlib.import_module(module)
    names: list[str] = loaded.__all__
    own = vars(channelkit)
    return [n for n in names if loaded is channelkit or getattr(loaded, n) is not own.get(n)]


def heading_of(name: str) -> str:
    """The id of its heading; a module of the same name hides it from those who read files."""
    package, _, last = name.rpartition(".")
    is_module_too = Path(channelkit.__file__).parents[1] / package.replace(".", "/") / f"{last}.py"
    return ASIDE.get(name, f"{name}.{last}" if is_module_too.exists() else name)


@pytest.mark.parametrize("path", DOCS, ids=[path.stem for path in DOCS])
def test_a_page_has_the_parts_that_a_code_host_shows(path: Path, site: Site) -> None:
    """Two readers of Markdown agree on what it is: lists, tables, code, headings."""
    tokens = Counter(
        token.type for token in MarkdownIt("commonmark").enable("table").parse(path.read_text())
    )
    tokens["fence"] -= path.read_text().count("\n```mermaid\n")

    shown = site.pages[f"{path.stem}.html"].article

    assert shown["li"] == tokens["list_item_open"]
    assert shown["tr"] == tokens["tr_open"]
    assert shown["td"] == tokens["td_open"]
    assert shown["pre"] == tokens["fence"] + tokens["code_block"]
    assert sum(shown[f"h{level}"] for level in range(1, 7)) == tokens["heading_open"]
    assert "```" not in site.pages[f"{path.stem}.html"].text


def test_the_pages_of_the_examples_show_their_contracts(site: Site) -> None:
    chat = site.pages["examples/chat/contract.html"].text
    conformance = site.pages["examples/conformance/contract.html"].text
    manual = site.root / "examples" / "chat" / "manual.html"
    contract = json.loads((site.root / "examples/chat/contract.json").read_text())

    assert all(word in chat for word in ("room:{name}", "new_msg", "is_moderator", "posted"))
    assert "echo:" in conformance
    assert contract["fingerprint"] in manual.read_text()


def test_the_first_page_begins_with_the_way_in(site: Site) -> None:
    links = site.pages["index.html"].links

    assert {"tutorial.html", "reference/index.html"} <= set(links)


def test_sources_that_a_page_names_can_be_read_and_do_not_fill_the_search(site: Site) -> None:
    index = json.loads((site.root / "search" / "search_index.json").read_text())
    places = {entry["location"].partition("#")[0] for entry in index["docs"]}

    assert "source/tests/clients/test_phoenix_js.py.html" in site.pages
    assert "tutorial.html" in places
    assert not [place for place in places if place.startswith("source/")]


def test_links_that_lead_nowhere_fail_the_build(site: Site, tmp_path: Path) -> None:
    root = copied(tmp_path)
    page = root / "docs" / "limits.md"
    text = page.read_text()
    page.write_text(f"{text}\n[1](nowhere.md) [2](tutorial.md#nobody) [3](../tests/nothing.py)\n")

    done = build(root, tmp_path / "out", tmp_path / "guard")

    assert done.returncode != 0
    assert all(word in done.stdout for word in ("nowhere.md", "#nobody", "nothing.py"))


def copied(folder: Path) -> Path:
    """The project, with pages that can be changed."""
    root = folder / "project"
    shutil.copytree(ROOT / "docs", root / "docs")
    shutil.copytree(ROOT / ".ci" / "site", root / ".ci" / "site")
    for name in ("channelkit", "examples", "tests"):
        (root / name).symlink_to(ROOT / name)
    return root
