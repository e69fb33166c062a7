"""Documents of what is no contract, in forms that there are not; markup made by hand."""

from __future__ import annotations

from channelkit.documents.about import About
from channelkit.documents.forms import document
from channelkit.documents.page import render
from channelkit.documents.page.elements import tag
from tests.typing.accepted.manual import contract

# mypy> Argument 2 to "document" has incompatible type "Literal['pdf']"
# pyright> Argument of type "Literal['pdf']" cannot be assigned to parameter "form"
document(contract, "pdf", About())

# mypy> Argument 2 to "render" has incompatible type "str"; expected "About | None"
# pyright> Argument of type "Literal['Chat']" cannot be assigned to parameter "about"
render(contract, "Chat")

# mypy> Too many positional arguments for "render"
# pyright> Expected 2 positional arguments
render(contract, About(), True)

# mypy> Argument 2 to "tag" has incompatible type "int"
# pyright> Argument of type "Literal[3]" cannot be assigned to parameter "children"
tag("p", 3)

# mypy> Argument 2 to "tag" has incompatible type "bytes"
# pyright> Argument of type "Literal[b"<b>"]" cannot be assigned to parameter "children"
tag("p", b"<b>")
