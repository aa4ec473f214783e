"""How the edge's configuration files are made from the templates beside this module."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"


def environment(*, trim_blocks: bool = False) -> Environment:
    """Return where templates are looked up. What they are filled with must need no quoting: the settings see to that.

    Kamailio's language has braces, hashes and percent signs of its own, so the templates use <% and <%= instead.
    """
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        variable_start_string="<%=",
        variable_end_string="%>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<%#",
        comment_end_string="%>",
        trim_blocks=trim_blocks,
        keep_trailing_newline=True,
        # The files are no HTML.
        autoescape=False,  # noqa: S701
    )
