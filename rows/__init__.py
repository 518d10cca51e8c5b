"""What rows of a data set are: messages, the forms rows come in, and how files of them are read and written."""

from rows.by_number import open_rows
from rows.encoding import encodable
from rows.readers import BadRow, RowsError, stream

__all__ = ["BadRow", "RowsError", "encodable", "open_rows", "stream"]
