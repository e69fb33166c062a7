"""A channel whose author wrote everything that could break a page, and its page."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from channelkit import Channel, Endpoint, Message, Refusal, channel, on_event, on_join
from channelkit.contract import contract_of
from channelkit.documents.page import render

__all__ = ["EVIL", "hostile_page"]

# Whatever of it runs says so in the page's title.
RUN: Final = "document.title='run'"
EVIL: Final = (
    f"</script></style></title><script>{RUN}</script><!--<script>"
    f"<img src=x onerror={RUN}><svg onload={RUN}>"
    f'"><b onfocus={RUN} autofocus tabindex=1>\'" ]]> &lt;b&gt; `</code>` **</strong>**'
    f' [x](javascript:{RUN}) https://example.org/"onmouseover={RUN}'
    " \u202emirrored\u2066 \u0000\u0007 عربى {{7*7}} ${7*7}"
)


class Said(Message):
    body: Annotated[str, Field(description=EVIL, examples=[EVIL], pattern="</script>")] = EVIL


Said.__doc__ = EVIL
Said.__name__ = "<img src=x>"


class No(Refusal, reason=EVIL):
    said: Said


No.__doc__ = EVIL


@channel("odd:{name}")
class Oddities(Channel[None, Said]):
    name: Annotated[str, Field(description=EVIL)]

    @on_join
    async def join(self, params: Said) -> No | None: ...

    @on_event(EVIL, allow=lambda member: True)
    async def odd(self, message: Said) -> Said | No:
        return message


Oddities.__doc__ = EVIL
Oddities.__name__ = EVIL.replace("\x00", "")


def hostile_page(*, console: bool = False) -> str:
    """Its page."""
    return render(contract_of([Endpoint("/odd", [Oddities])]), console=console)
