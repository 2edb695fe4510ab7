"""What a refusal looks like: a problem document, with all that is wrong and where.

Which refusal is which, `problems.py` says.
"""

from chalicelib.api.shapes import Moment, Shape


class FaultView(Shape):
    """One error at one place: a JSON pointer into the body, or a parameter's or header's name.

    Within a file `row` and `column` say where, as a spreadsheet does: its header is row 1.
    """

    pointer: str
    code: str
    detail: str
    row: int | None
    column: str | None


class Problem(Shape):
    """Why not (RFC 9457). `errors` lists everything that is wrong at once."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FaultView]
    retryable: bool
    error: str
    message: str
    timestamp: Moment
