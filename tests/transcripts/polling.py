"""One long-poll client of a conversation: its requests, one after another."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Self, cast, final
from urllib.parse import urlencode

from .peer import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from .transcript import Entry

__all__ = ["Poller"]

TOKEN = "<token>"


@final
class Poller:
    """A client without a session; its first GET opens one.

    Args:
        query: The parameters of each of its URLs.
    """

    def __init__(self, address: str, query: str) -> None:
        self._connection = http.client.HTTPConnection(
            address.removeprefix("http://"), timeout=PATIENCE
        )
        self._query = query
        self._token: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, said: JsonValue, targets: Sequence[JsonValue]) -> JsonValue:
        """Do what a step says, and tell what was answered.

        Args:
            targets: The right answers. What one GET brings there may take two here, if it
                comes while the handlers are still at it.
        """
        match said:
            case "GET":
                answer = self._get()
                while any(_begins(target, answer) for target in targets):
                    _add(answer, self._get())
                return [answer]
            case {"post": content, "ndjson": bool(batched), "token": str(place)}:
                return [self._post(content, place, batched=batched)]
            case _:
                raise AssertionError(f"not for a long-poll client: {said}")

    def _get(self) -> Entry:
        token = {} if self._token is None else {"token": self._token}
        status, body = self._request("GET", token, {}, None)
        if "token" in body:
            fresh, self._token = body["status"] == 410, cast("str", body["token"])
            assert fresh or token == {"token": self._token}, "another token for the same session"
            body["token"] = TOKEN
        if "messages" in body:
            messages = cast("list[str]", body["messages"])
            body["messages"] = [json.loads(message) for message in messages]
        return {"http": status, "json": body}

    def _post(self, content: JsonValue, place: str, *, batched: bool) -> Entry:
        lines = content if batched and isinstance(content, list) else [content]
        data = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        token, headers = {}, {"Content-Type": "application/x-ndjson"} if batched else {}
        if place == "query":
            token = {"token": self._token or ""}
        elif place == "header":
            headers["X-Phoenix-LongPoll-Token"] = self._token or ""
        status, body = self._request("POST", token, headers, data.encode())
        return {"http": status, "json": body}

    def _request(
        self, method: str, token: dict[str, str], headers: dict[str, str], data: bytes | None
    ) -> tuple[int, Entry]:
        query = "&".join(filter(None, [self._query, urlencode(token)]))
        self._connection.request(method, f"/socket/longpoll?{query}", data, headers)
        response = self._connection.getresponse()
        return response.status, cast("Entry", json.loads(response.read()))


def _begins(target: JsonValue, answer: Entry) -> bool:
    """Whether this is what the target begins with, and not yet all."""
    match target, answer:
        case [{"json": {"messages": [*wanted]}}], {"json": {"status": 200, "messages": [*got]}}:
            return 0 < len(got) < len(wanted) and wanted[: len(got)] == got
        case _:
            return False


def _add(answer: Entry, more: Entry) -> None:
    match answer, more:
        case {"json": {"messages": list(got)}}, {"json": {"status": 200, "messages": list(rest)}}:
            got += rest
        case _:
            raise AssertionError(f"expected more messages, got {more}")
