"""The language of a request: what the hub says in an answer, errors too, is in the language of the school."""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from app.domain.vocabulary.language import in_language
from app.usecases.session.language import language_of


class InLanguage:
    """`tag` gives the school's language as it is set now, like en-GB."""

    def __init__(self, app: ASGIApp, tag: Callable[[], str]) -> None:
        self.app, self.tag = app, tag

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with in_language(language_of(self.tag())):
            await self.app(scope, receive, send)
