"""Texts in files for spreadsheet programs, which take what begins like a formula for one."""

FORMULA = (
    *("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)


def looks_like_a_formula(text: str) -> bool:
    """Whether some program would calculate it, or what follows a sign that it passes over."""
    return text.lstrip().startswith(FORMULA) or text.startswith(("\t", "\r", "\n"))


def harmless(text: str) -> str:
    """The text as a cell of a CSV file: an apostrophe before what would be calculated."""
    return f"'{text}" if looks_like_a_formula(text) else text
