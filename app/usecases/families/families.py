"""Families, as staff deal with them: consents, and links to each family's own page."""

from app.domain.schema.asked import Right
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.usecases.families.page import family_page
from app.usecases.register import roster
from app.usecases.session.hub import FamilyLink
from app.usecases.session.school import local_day
from app.usecases.session.session import Session


class Families:
    """Links are the hub's: it is asked, and asks for the right once more."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def sees(self, pupil: str) -> int:
        """How many moments the family's page would show now."""
        return len(family_page(self._session.school, pupil).items)

    def photo_consent(self, pupil: str) -> bool:
        """Whether a photo of this pupil alone could ever be shown to its own family."""
        return self._session.known.consents(pupil).allow(Audience.OWN_FAMILY, MediaKind.PHOTO)

    async def set_consent(self, pupil: str, audience: Audience, kind: MediaKind, given: bool, by: str) -> None:
        on = local_day(self._session.now())
        await roster.set_consent(self._session, pupil, audience, kind, given, by, on)

    async def make_link(self, pupil: str, days: int = 90) -> FamilyLink:
        return await self._session.ask(Right.LINKS, lambda hub: hub.make_link(pupil, days))

    async def links(self, pupil: str) -> list[FamilyLink]:
        return await self._session.ask(Right.LINKS, lambda hub: hub.links(pupil))

    async def revoke_link(self, ident: str) -> None:
        await self._session.ask(Right.LINKS, lambda hub: hub.revoke_link(ident))
