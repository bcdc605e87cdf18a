"""Server-drawn SVG pictures: plain data in, escaped markup out, the same on screen, on paper and in a PDF.

Presentation attributes only (the content security policy forbids style attributes, and PDF makers ignore page styles
inside SVG). Nothing is said by colour alone. Ids come from a digest of the content, so two pictures may share a page.
"""

from .bars import BarRow, bars, describe_bars
from .paint import draw
from .process import Edge, Lane, Node, ProcessPicture, Status, describe

__all__ = ["BarRow", "Edge", "Lane", "Node", "ProcessPicture", "Status", "bars", "describe", "describe_bars", "draw"]
