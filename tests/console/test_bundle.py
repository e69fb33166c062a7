"""Modules that become one script."""

from __future__ import annotations

import subprocess

import pytest

from channelkit.documents.console import SCRIPT
from channelkit.documents.console.bundle import bundle

from ..npm import NODE, needs_node

MODULES = {
    "main.js": """\
// @ts-check
/** What it is. */
import { double as twice } from "./lib/double.js";
import { ONE, Two } from "./values.js";

console.log(twice(ONE), new Two().two);
""",
    "lib/double.js": """\
import { ONE } from "../values.js";

/** Twice as much. */
export function double(value) {
  return value + value + ONE - 1; // import nothing
}
""",
    "values.js": """\
export const ONE = 1;
export class Two {
  two = 2;
}
export async function never() {}
""",
}


@pytest.mark.node
@needs_node
def test_a_module_is_one_script_with_all_that_it_imports() -> None:
    script = bundle("main.js", MODULES.__getitem__)

    done = subprocess.run(
        [NODE, "--input-type=module"], input=script, capture_output=True, check=True, text=True
    )

    assert done.stdout == "2 2\n"


def test_each_module_stands_in_it_once_after_what_it_imports() -> None:
    script = bundle("main.js", MODULES.__getitem__)

    starts = [line for line in script.splitlines() if line.endswith("= (() => {")]

    assert starts == [
        "const $values = (() => {",
        "const $lib_double = (() => {",
        "const $main = (() => {",
    ]


def test_comments_that_stand_alone_are_left_out() -> None:
    script = bundle("main.js", MODULES.__getitem__)

    assert "What it is" not in script
    assert "Twice as much" not in script
    assert "// import nothing" in script


@pytest.mark.parametrize(
    "line",
    ['import * as all from "./a.js";', "export default 1;", 'import "./a.js";', "export { a };"],
)
def test_another_form_of_import_or_export_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="is no form of import or export"):
        bundle("main.js", lambda _: f"{line}\n")


def test_modules_that_import_each_other_are_refused() -> None:
    modules = {
        "a.js": 'import { b } from "./b.js";\n',
        "b.js": 'import { a } from "./a.js";\n',
    }

    with pytest.raises(ValueError, match=r"in a circle: a\.js → b\.js → a\.js"):
        bundle("a.js", modules.__getitem__)


def test_the_consoles_script_needs_nothing_and_stays_within_its_element() -> None:
    assert "</script" not in SCRIPT
    assert "<!--" not in SCRIPT
    for word in ("innerHTML", "eval(", "new Function", "http://", "https://"):
        assert word not in SCRIPT
