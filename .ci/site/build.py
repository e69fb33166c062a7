"""Builds the documentation site, without a network, warnings as errors.

Run it from anywhere: ``python .ci/site/build.py [FOLDER]``; `build/site` if not given. The pages
are laid out first, in a folder of their own, by plain Python; mkdocs only makes HTML of them,
and so could its successor.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from contracts import lay_out_contracts
from pages import lay_out_pages

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]


def main(site: Path) -> int:
    """Lay the pages out, and have mkdocs build them; its exit code, 0 if nothing was amiss."""
    with TemporaryDirectory() as folder:
        pages = Path(folder)
        lay_out_pages(ROOT, pages)
        lay_out_contracts(ROOT, pages)
        for own in ("reference", "assets"):
            shutil.copytree(HERE / own, pages / own)
        return build(pages, site)


def build(pages: Path, site: Path) -> int:
    """Have mkdocs make HTML of the pages; what it says is shown if it fails."""
    # Not --quiet: that keeps warnings from those who count them, too.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean"]
    options = ["--config-file", str(HERE / "mkdocs.yml"), "--site-dir", str(site)]
    # The theme's notice about its successor is nothing to act upon in every build.
    environment = {**os.environ, "PAGES": str(pages), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        [*command, *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        print(done.stdout, end="")
    return done.returncode


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site")
    sys.exit(main(parser.parse_args().folder.resolve()))
