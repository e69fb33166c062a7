"""What `channelkit docs` writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..documents.about import About
from ..documents.forms import document
from .contracts import contract_for
from .failures import Failure, UsageFailure

if TYPE_CHECKING:
    from ..documents.forms import DocumentForm

__all__ = ["Asked", "module_of", "title_of", "written"]

YAML: Final = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a document is to be like.

    Attributes:
        title: What the program is called; its module if None.
        version: Of the protocol; of the contract's fingerprint if None.
        url: Where it is served.
        yaml: Whether it is to be YAML, whatever the file is called.
    """

    form: DocumentForm
    title: str | None
    version: str | None
    url: str
    yaml: bool


def written(target: str, asked: Asked, output: Path | None) -> str:
    """The document of ``module:app``, or of a contract in ``….json``.

    Args:
        output: Where it will go: its ending says whether it is YAML.

    Raises:
        UsageFailure: There is no such app or contract, or an option makes no sense.
        DeclarationError: Its channels cannot work.
        Failure: PyYAML is needed, and not there.
    """
    name = title_of(target)
    about = About(
        title=asked.title or name,
        version=asked.version,
        url=asked.url,
        module=module_of(target),
    )
    problem = about.problem()
    if problem is not None:
        raise UsageFailure(f"--url: {problem}")
    if asked.yaml and asked.form != "asyncapi":
        raise UsageFailure(f"--yaml is for asyncapi; {asked.form} is no data")
    yaml = asked.yaml or (output is not None and output.suffix.lower() in YAML)
    contract = contract_for(target)
    try:
        return document(contract, asked.form, about, yaml=yaml)
    except ModuleNotFoundError as error:
        remedy = "pip install 'channelkit[docs]' brings it; JSON needs nothing"
        raise Failure(f"YAML needs {error.name}: {remedy}") from None


def module_of(target: str) -> str:
    """What Python imports it as, or would if a client's module were called as the contract."""
    if target.endswith(".json"):
        return re.sub(r"\W", "_", title_of(target))
    return target.partition(":")[0]


def title_of(target: str) -> str:
    """``examples.chat:server`` is the chat, and so is ``main:docs/chat.json``."""
    if target.endswith(".json"):
        return Path(target.rpartition(":")[2]).stem
    return target.partition(":")[0].rpartition(".")[2]
