"""Every answer that is not a success: a problem detail (RFC 9457) that never quotes what was sent."""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from provisioning.api import PROBLEM_PREFIX, Problem, ProblemType
from server.logs import describe, get_logger

MEDIA_TYPE = "application/problem+json"
_MOST_FAULTS = 20

# Status and title of each type.
_TYPES: Mapping[ProblemType, tuple[int, str]] = {
    ProblemType.ENROLMENT_CODE_UNKNOWN: (404, "Nobody made this enrolment code"),
    ProblemType.ENROLMENT_CODE_USED: (409, "This enrolment code was used already"),
    ProblemType.ENROLMENT_CODE_EXPIRED: (410, "This enrolment code is over"),
    ProblemType.ENROLMENT_PROOF_WRONG: (403, "The device did not prove that it knows the code"),
    ProblemType.CSR_REFUSED: (422, "The certificate request is refused"),
    ProblemType.CERTIFICATE_REQUIRED: (401, "A certificate of the right kind is required"),
    ProblemType.CERTIFICATE_EXPIRED: (401, "The certificate is over"),
    ProblemType.DEVICE_REVOKED: (403, "This device was revoked"),
    ProblemType.SIGN_IN_WRONG: (401, "Name, password or code is wrong"),
    ProblemType.SIGN_IN_TOO_OFTEN: (429, "Too many attempts to sign in"),
    ProblemType.SESSION_REQUIRED: (401, "Signing in is required"),
    ProblemType.TOKEN_NOT_BOUND: (401, "The token belongs to another device"),
    ProblemType.FORBIDDEN: (403, "Not allowed"),
    ProblemType.NOT_FOUND: (404, "Not found"),
    ProblemType.CONFLICT: (409, "This contradicts what is there"),
    ProblemType.TOO_MANY_REQUESTS: (429, "Too many requests"),
    ProblemType.BODY_TOO_LARGE: (413, "The body is too large"),
    ProblemType.INVALID_REQUEST: (422, "The request makes no sense"),
    ProblemType.UNAVAILABLE: (503, "Not available now"),
    ProblemType.INTERNAL: (500, "The server made a mistake"),
    ProblemType.DEVICE_PROOF_WRONG: (403, "The device's key did not sign this, or not for now"),
    ProblemType.HARDWARE_NOT_PROVEN: (403, "This device's key was not proven to be in hardware"),
    ProblemType.TRUST_TOO_LOW: (403, "This desk is not trusted enough"),
    ProblemType.REVEAL_REFUSED: (403, "This field can't be revealed now"),
    ProblemType.REVEAL_TOO_OFTEN: (429, "Too many fields were revealed"),
    ProblemType.REVEAL_RUNNING: (409, "Another field is revealed, or waits for approval"),
    ProblemType.DIGITS_RUNNING: (409, "The customer is keying in a card already"),
    ProblemType.DIGITS_UNAVAILABLE: (503, "No card can be keyed in now"),
}
_BY_STATUS = {
    400: ProblemType.INVALID_REQUEST,
    401: ProblemType.SESSION_REQUIRED,
    403: ProblemType.FORBIDDEN,
    404: ProblemType.NOT_FOUND,
    405: ProblemType.INVALID_REQUEST,
    413: ProblemType.BODY_TOO_LARGE,
    429: ProblemType.TOO_MANY_REQUESTS,
    503: ProblemType.UNAVAILABLE,
}


class Refused(Exception):
    """The server does not do what was asked. Raised anywhere, answered as a problem detail."""

    def __init__(
        self, problem_type: ProblemType, detail: str = "", *, status: int | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(problem_type)
        usual, title = _TYPES[problem_type]
        self.problem = Problem(
            type=PROBLEM_PREFIX + problem_type,
            title=title,
            status=status or usual,
            detail=detail,
            retry_after=retry_after,
        )


def respond(refused: Refused, headers: Mapping[str, str] | None = None) -> Response:
    """Turn a refusal into its answer."""
    problem = refused.problem
    all_headers = dict(headers or {})
    if problem.status == 401:
        all_headers["WWW-Authenticate"] = "Bearer"
    if problem.retry_after is not None:
        all_headers["Retry-After"] = str(problem.retry_after)
    body = problem.model_dump(exclude_none=True)
    return JSONResponse(body, status_code=problem.status, headers=all_headers, media_type=MEDIA_TYPE)


def declare(*types: ProblemType) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that may refuse in these ways, beside those that every route has."""
    by_status: dict[int, list[str]] = {}
    for problem_type in (*types, ProblemType.INVALID_REQUEST, ProblemType.BODY_TOO_LARGE, ProblemType.INTERNAL):
        status, title = _TYPES[problem_type]
        by_status.setdefault(status, []).append(f"`{PROBLEM_PREFIX}{problem_type}`: {title}")
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": "\n\n".join(dict.fromkeys(words)), "content": {MEDIA_TYPE: schema}}
        for status, words in by_status.items()
    }


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101
    return respond(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    # Where and why, but not what: the input may be a password or a customer's number.
    found = sorted({f"{_place(fault['loc'], fault['type'])}: {fault['type']}" for fault in error.errors()})
    # Whoever sends a list of ten thousand wrong things gets no answer that is longer than the question.
    return respond(Refused(ProblemType.INVALID_REQUEST, "; ".join(found[:_MOST_FAULTS])))


def _place(location: tuple[int | str, ...], kind: str) -> str:
    # The name of a member that we do not have was chosen by the sender, so it is not repeated either.
    ours = location[:-1] if kind == "extra_forbidden" else location
    return ".".join(str(part) for part in ours)


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    problem_type = _BY_STATUS.get(error.status_code, ProblemType.INTERNAL)
    # What makes no sense has one status, whether JSON or the contract found it out; OpenAPI declares that one.
    status = error.status_code if error.status_code != 400 else None
    return respond(Refused(problem_type, str(error.detail), status=status), error.headers)


def internal_error(error: BaseException, error_id: str) -> Response:
    """Log an error that nobody foresaw, without its text, and return what the asker may know: the id of that line."""
    error_type, where = describe(error)
    get_logger().error("internal error", error_id=error_id, error_type=error_type, where=where)
    return respond(Refused(ProblemType.INTERNAL, f"Tell whoever runs the server this number: {error_id}"))


async def _unforeseen(_request: Request, error: Exception) -> Response:
    return internal_error(error, str(structlog.contextvars.get_contextvars().get("request_id", "unknown")))


def install(app: FastAPI) -> None:
    """Answer every refusal and every mistake of `app` as a problem detail."""
    app.add_exception_handler(Exception, _unforeseen)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
