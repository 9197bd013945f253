"""Plain HTML pages: the front door, and what a family sees of its child."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.domain.evidence import Media
from app.errors import LinkEnded, SmallStepsError, ThingUnknown
from app.hub.office import Office
from app.usecases.families import family_page, may_see
from app.usecases.school import local_day
from storage import media as pieces

ASSETS = Path(__file__).parent.parent.parent / "assets"
FILES = {
    "page.css": ASSETS / "family/page.css",
    "regular.woff2": ASSETS / "fonts/AtkinsonHyperlegibleNext-Regular.woff2",
    "bold.woff2": ASSETS / "fonts/AtkinsonHyperlegibleNext-Bold.woff2",
}
MONTHS = "January February March April May June July August September October November December"
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class Pages:
    def __init__(self, office: Office) -> None:
        self._office = office
        loader = FileSystemLoader(ASSETS / "family")
        self._pages = Environment(loader=loader, autoescape=select_autoescape(default=True), undefined=StrictUndefined)
        self._pages.filters["day"] = lambda d: f"{d.day} {MONTHS.split()[d.month - 1]} {d.year}"

    def front(self) -> str:
        return self._pages.get_template("front.html").render(school=self._office.school.name)

    def file(self, name: str) -> Path:
        """Raises ThingUnknown."""
        if name not in FILES:
            raise ThingUnknown
        return FILES[name]

    async def family(self, token: str) -> tuple[str, int]:
        """(HTML, status): the child's page, or a kind word that the link has ended."""
        try:
            child = await self._office.access.pupil_of(token)
            await self._office.refresh()
            page = family_page(self._office.school, child)
        except SmallStepsError as error:
            return self._pages.get_template("ended.html").render(message=LinkEnded.message), error.status
        today = local_day(self._office.now())
        return self._pages.get_template("family.html").render(page=page, token=token, today=today), 200

    async def family_media(self, token: str, media_id: str) -> tuple[bytes, str]:
        """Bytes and type, if this family may see it now. Raises LinkEnded, ThingUnknown."""
        child = await self._office.access.pupil_of(token, looks=False)
        await self._office.refresh()
        media = self._office.school.media(media_id)
        if media is None or not self._shown(media, child):
            raise ThingUnknown
        return await pieces.read(self._office.folder, media.partition, media.chunks), media.type

    def _shown(self, media: Media, child: str) -> bool:
        try:
            observation = self._office.school.observation(media.observation)
        except ThingUnknown:
            return False
        return media.partition == child and media.id in observation.media and may_see(self._office.school, observation, child)
