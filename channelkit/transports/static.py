"""Files as pages: `static(folder)` and `static(file)`."""

from __future__ import annotations

import mimetypes
import os
from datetime import UTC
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Final, final
from urllib.parse import quote

import anyio.to_thread

from ..http import HttpResponse
from .routes import READ_METHODS, refused_method

if TYPE_CHECKING:
    from ..http import HttpRequest

__all__ = ["Static", "not_found", "static"]

INDEX: Final = "index.html"

KINDS: Final = {
    ".css": "text/css",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What pages are made of, the same on every machine; the rest by its `mimetypes`."""

TEXTS: Final = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


def static(path: str | os.PathLike[str]) -> Static:
    """A handler that answers with a file, or with the files in a folder.

    A folder answers for every path below its own and gives ``index.html`` for
    a folder in it. Nothing outside the folder and nothing whose name begins
    with a dot is served, whatever links lead there. Browsers ask again each
    time and get 304 where nothing has changed.

    Raises:
        FileNotFoundError: There is no such file or folder.
    """
    return Static(Path(path).resolve(strict=True))


@final
class Static:
    """See `static`.

    Attributes:
        below: Whether it also answers for the paths below its own.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.below = root.is_dir()

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; files are read in a thread."""
        if request.method not in READ_METHODS:
            return refused_method(*READ_METHODS)
        return await anyio.to_thread.run_sync(self._answer, request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            found = self._find(request)
            return found if isinstance(found, HttpResponse) else _page(found, request)
        except (OSError, RuntimeError):  # none such, not to be read, or links in a circle
            return not_found()

    def _find(self, request: HttpRequest) -> Path | HttpResponse:
        """The file that a request means, or where to ask for it.

        Raises:
            OSError: There is none.
        """
        if not self.below:
            return self._root
        parts = [part for part in request.below.split("/") if part]
        if any(part.startswith(".") or "\\" in part or ":" in part for part in parts):
            return not_found()
        file = self._root.joinpath(*parts).resolve(strict=True)
        if not file.is_relative_to(self._root):
            return not_found()
        folder = request.path.endswith("/")
        if not file.is_dir():
            return not_found() if folder else file
        return file / INDEX if folder else _moved(request)


def not_found() -> HttpResponse:
    """404."""
    return HttpResponse.text("not found\n", 404)


def _moved(request: HttpRequest) -> HttpResponse:
    """To the folder with the slash that relative links need."""
    query = f"?{request.query_string}" if request.query_string else ""
    here = quote(request.path.rpartition("/")[2])
    return HttpResponse(301, headers={"Location": f"{here}/{query}"})


def _page(file: Path, request: HttpRequest) -> HttpResponse:
    if not S_ISREG(file.stat().st_mode):
        return not_found()
    with file.open("rb") as opened:
        stat = os.fstat(opened.fileno())
        headers = {
            "Cache-Control": "no-cache",  # which means: ask again
            "Content-Type": _kind(file),
            "ETag": f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"',
            "Last-Modified": formatdate(stat.st_mtime, usegmt=True),
            "X-Content-Type-Options": "nosniff",
        }
        if _unchanged(request, headers["ETag"], int(stat.st_mtime)):
            return HttpResponse(304, headers=headers)
        return HttpResponse(200, opened.read(), headers)


def _kind(file: Path) -> str:
    guessed, encoding = mimetypes.guess_type(file.name)
    kind = KINDS.get(file.suffix.lower()) or (None if encoding else guessed)
    if kind is None:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith(TEXTS) else kind


def _unchanged(request: HttpRequest, etag: str, modified: int) -> bool:
    """Whether the client has it already (RFC 9110 §13.2.2)."""
    known = request.headers.tokens("if-none-match")
    if known:
        return "*" in known or etag in [tag.removeprefix("W/") for tag in known]
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, TypeError):
        return False
    return modified <= (since if since.tzinfo else since.replace(tzinfo=UTC)).timestamp()
