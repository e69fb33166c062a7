"""A contract as one Markdown file. Pure.

`build.py` is the document, `channels.py` a chapter, `fields.py` the tables; `signs.py`
sees to it that what authors write stays what they wrote.
"""

from .build import markdown

__all__ = ["markdown"]
