"""Files as pages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from channelkit import HttpRequest, HttpResponse, static
from channelkit.http import Headers

from .app import serving
from .client import head

if TYPE_CHECKING:
    from pathlib import Path

    from channelkit.transports.static import Static

pytestmark = pytest.mark.anyio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of pages, and beside it what is nobody's business."""
    pages = tmp_path / "pages"
    (pages / "sub" / "empty").mkdir(parents=True)
    (pages / "index.html").write_text("<h1>home</h1>")
    (pages / "sub" / "index.html").write_text("sub")
    (pages / "app.js").write_text("export {}")
    (pages / "a b.txt").write_text("spaced")
    (pages / "data.bin").write_bytes(b"\x00\xff")
    (pages / "pages.tar.gz").write_bytes(b"packed")
    (pages / ".env").write_text("secret")
    (pages / "sub" / ".hidden").write_text("secret")
    (tmp_path / "secret.txt").write_text("secret")
    (pages / "link.txt").symlink_to(tmp_path / "secret.txt")
    (pages / "inner.txt").symlink_to(pages / "app.js")
    (pages / "circle").symlink_to(pages / "circle")
    os.mkfifo(pages / "pipe")
    return pages


def request(below: str, method: str = "GET", **headers: str) -> HttpRequest:
    named = Headers((name.replace("_", "-"), value) for name, value in headers.items())
    return HttpRequest(
        method=method,
        target=f"/{below}",
        path=f"/{below}",
        query={},
        query_string="",
        headers=named,
        version="1.1",
        peer=None,
        scheme="http",
        below=below,
    )


async def got(handler: Static, below: str, **headers: str) -> HttpResponse:
    return await handler(request(below, **headers))


@pytest.mark.parametrize(
    ("below", "kind", "body"),
    [
        ("", "text/html; charset=utf-8", b"<h1>home</h1>"),
        ("index.html", "text/html; charset=utf-8", b"<h1>home</h1>"),
        ("sub/", "text/html; charset=utf-8", b"sub"),
        ("app.js", "text/javascript; charset=utf-8", b"export {}"),
        ("//app.js", "text/javascript; charset=utf-8", b"export {}"),
        ("a b.txt", "text/plain; charset=utf-8", b"spaced"),
        ("data.bin", "application/octet-stream", b"\x00\xff"),
        ("pages.tar.gz", "application/octet-stream", b"packed"),
        ("inner.txt", "text/javascript; charset=utf-8", b"export {}"),
    ],
)
async def test_a_file_is_served_as_what_it_is(
    folder: Path, below: str, kind: str, body: bytes
) -> None:
    response = await got(static(folder), below)

    assert (response.status, response.body) == (200, body)
    assert response.headers["Content-Type"] == kind
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "below",
    [
        "nope",
        "../secret.txt",
        "sub/../../secret.txt",
        "sub/../app.js",
        "..\\secret.txt",
        "c:secret",
        ".env",
        "sub/.hidden",
        "link.txt",
        "circle",
        "pipe",
        "app.js/",
        "app.js/x",
        "sub/empty/",
        "x" * 5000,
    ],
)
async def test_nothing_else_is_served(folder: Path, below: str) -> None:
    response = await got(static(folder), below)

    assert (response.status, response.body) == (404, b"not found\n")


async def test_a_folder_without_its_slash_is_moved(folder: Path) -> None:
    response = await got(static(folder), "sub")

    assert (response.status, response.headers) == (301, {"Location": "sub/"})


async def test_a_file_that_has_not_changed_is_not_sent_again(folder: Path) -> None:
    handler = static(folder)
    headers = (await got(handler, "app.js")).headers
    etag, modified = headers["ETag"], headers["Last-Modified"]

    again = await got(handler, "app.js", if_none_match=etag)
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    assert (await got(handler, "app.js", if_none_match=f'"x", W/{etag}')).status == 304
    assert (await got(handler, "app.js", if_none_match="*")).status == 304
    assert (await got(handler, "app.js", if_modified_since=modified)).status == 304
    assert (await got(handler, "app.js", if_modified_since=modified[:-3] + "-0000")).status == 304


async def test_a_file_that_has_changed_is_sent_again(folder: Path) -> None:
    handler = static(folder)
    first = (await got(handler, "app.js")).headers
    (folder / "app.js").write_text("export default 1")
    os.utime(folder / "app.js", (2e9, 2e9))

    again = await got(handler, "app.js", if_none_match=first["ETag"])
    assert (again.status, again.body) == (200, b"export default 1")
    since = first["Last-Modified"]
    assert (await got(handler, "app.js", if_modified_since=since)).status == 200
    assert (await got(handler, "app.js", if_modified_since="not a date")).status == 200
    both = await got(handler, "app.js", if_none_match='"x"', if_modified_since=since)
    assert both.status == 200


async def test_a_single_file_is_served_at_its_own_path_alone(folder: Path) -> None:
    handler = static(folder / "app.js")

    assert not handler.below
    assert (await got(handler, "")).body == b"export {}"


async def test_files_are_only_read(folder: Path) -> None:
    response = await static(folder)(request("app.js", method="PUT"))

    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


def test_a_folder_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        static(tmp_path / "nope")


@pytest.mark.parametrize("root", ["/", "/pages"])
async def test_a_folder_may_be_anywhere_in_the_tree_of_paths(folder: Path, root: str) -> None:
    mount = root.rstrip("/")
    async with serving(http={root: static(folder)}) as served, await served.peer() as peer:

        async def asked(path: str) -> tuple[int, bytes]:
            response = await peer.ask(head(f"GET {mount}{path} HTTP/1.1", "Host: a"))
            return response.status, response.body

        assert await asked("/") == (200, b"<h1>home</h1>")
        assert await asked("/app.js") == (200, b"export {}")
        assert await asked("/a%20b.txt") == (200, b"spaced")
        assert (await asked("/%2e%2e/secret.txt"))[0] == 404
        assert (await asked("/..%2fsecret.txt"))[0] == 404
        response = await peer.ask(head(f"GET {mount}/sub?a=b HTTP/1.1", "Host: a"))
        assert (response.status, response.headers["location"]) == (301, "sub/?a=b")


async def test_a_folder_s_own_path_without_a_slash_is_moved(folder: Path) -> None:
    async with serving(http={"/pages": static(folder)}) as served, await served.peer() as peer:
        response = await peer.ask(head("GET /pages HTTP/1.1", "Host: a"))

    assert (response.status, response.headers["location"]) == (301, "pages/")
