"""What a WebDAV server's answers mean, and what webdav4 makes of them, in the words of this floor."""

from typing import NamedTuple
from xml.etree.ElementTree import ParseError  # nosec B405 # an error's name; what reads answers is webdav4's

import httpx
from webdav4.client import BadGatewayError, ClientError, HTTPError, InsufficientStorage, ResourceNotFound
from webdav4.multistatus import Response

from storage.errors import FolderReadOnly, FolderUnreadable, MissingName, StorageError, StoreFull, Unreachable

SIGN_IN, GONE, PAST_THE_END, STUMBLED = 401, 404, 416, 500
IS_THERE = {301, 405}  # what servers say when they are to make what they have
NO_PARENT = {404, 409}
TAKEN = 412
NEVER_MOVES = {400, 403, 405, 501, 502}  # for one where the server stands behind another name than its own
ANOTHER_TIME = {408, 423, 425, 429}  # late, locked, too often
BROKEN = (ClientError, httpx.HTTPError, httpx.InvalidURL, ValueError, ParseError, AssertionError)  # what webdav4 raises


class SignInRefused(FolderUnreadable):
    """The name or the password is not the server's."""


class Entry(NamedTuple):
    """One line of a list: where, without percent signs; whether it holds others; bytes."""

    path: str
    collection: bool
    size: int


def as_storage_error(error: Exception, name: str, writing: bool) -> StorageError:
    """The error of this floor. Nothing of the request is repeated: it knows the password."""
    status = status_of(error)
    words = f"{name}: the server answered {status}" if status else f"{name}: {type(error).__name__}"
    if isinstance(error, InsufficientStorage):
        return StoreFull(name)
    if isinstance(error, httpx.HTTPError):
        return Unreachable(words)
    if not status:
        return FolderUnreadable(words)  # something answers, but not in WebDAV's words
    if status == GONE:
        return Unreachable(words) if writing else MissingName(name)  # what was just written has gone again
    if status < 400 or status >= 500 or status in ANOTHER_TIME:  # below 400: sent on, for one to a page to sign in
        return Unreachable(words)
    if writing and status not in NO_PARENT:
        return FolderReadOnly(words)
    return SignInRefused(words) if status == SIGN_IN else FolderUnreadable(words)


def status_of(error: Exception) -> int:
    """What the server answered, or 0 where that is not what went wrong."""
    if isinstance(error, HTTPError):
        return int(error.status_code)
    return GONE if isinstance(error, ResourceNotFound) else 502 if isinstance(error, BadGatewayError) else 0


def entry_of(response: Response) -> Entry:
    known = response.properties
    return Entry(response.path.rstrip("/"), bool(known.collection), known.content_length or 0)
