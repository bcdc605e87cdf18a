"""The whole table. A new address needs a row in the file of its area."""

from . import table_papers, table_reviews, table_standing
from .rows import Row

TABLE: list[Row] = [*table_reviews.ROWS, *table_papers.ROWS, *table_standing.ROWS]
BY_ID = {row.id: row for row in TABLE}
