"""Plain HTML pages: the front door, and what a family sees of its child. They work without scripts on any old phone."""

import dataclasses

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.domain.evidence.observations import Media
from app.domain.vocabulary.language import N_, _, current, in_language
from app.errors import LinkEnded, PupilUnknown, SmallStepsError, ThingUnknown, for_people
from app.hub.devices.access import LETTERS
from app.hub.files.uploads import may_show
from app.hub.guard.responses import WholeFile, ranged
from app.hub.guard.templates import file_of, kind_of, page
from app.hub.office import Office
from app.hub.papers.papers import Papers
from app.usecases.families.page import FamilyPage, family_page, may_see
from app.usecases.session.language import language_of
from app.usecases.session.reading import small
from app.usecases.session.school import local_day
from storage import media as pieces
from storage.errors import StorageError

SHOWN = {"image/jpeg", "video/webm", "video/mp4"}  # what the app makes
LOOK = ["GET", "HEAD"]
NOT_NOW = N_("This page cannot be shown just now. Nothing is lost; please try again in a little while.")


class Pages:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def front(self) -> str:
        await self._office.ready()
        return page("front.html", school=self._office.school.name)

    # -- what a family sees ----------------------------------------------------------------------------------------------
    async def family(self, token: str) -> tuple[str, int]:
        """(HTML, status): the child's page, or a kind word. The look is written down before anything is shown."""
        chosen = await self._office.links.language(token)
        with in_language(language_of(chosen) if chosen else current()):
            return await self._family(token)

    async def _family(self, token: str) -> tuple[str, int]:
        try:
            shown = await self._shown_now(token)
        except (LinkEnded, PupilUnknown):
            return self._closed(_("This page is closed"), _(LinkEnded.message)), LinkEnded.status
        except (SmallStepsError, StorageError):
            return self._closed(_("Not just now"), _(NOT_NOW)), 503
        today = local_day(self._office.now())
        return page("family.html", page=shown, token=token, today=today), 200

    def _closed(self, title: str, message: str) -> str:
        return page("ended.html", title=title, message=message)

    async def _shown_now(self, token: str) -> FamilyPage:
        office = self._office
        child = await office.links.pupil(token)
        await office.refresh()
        shown = family_page(office.school, child)
        shown = dataclasses.replace(shown, items=tuple(i for i in shown.items if self._may_see(i.observation, child)))
        await office.links.write_down(token, child, [i.observation for i in shown.items])
        return shown

    def _may_see(self, observation_id: str, child: str) -> bool:
        """`visible` decides; and what is only half read here may hold a consent that was withdrawn, so it counts as no."""
        observation = self._office.school.observation(observation_id)
        pictured = {one for m in self._office.school.media_of(observation) for one in m.visible}
        known = not self._office.doubtful() & {"school", child, *observation.together, *pictured}
        return known and may_see(self._office.school, observation, child)

    async def medium(self, token: str, media_id: str) -> Media:
        """The medium, if this family may see it at this moment. Raises LinkEnded, ThingUnknown."""
        child = await self._office.links.pupil(token)
        await self._office.refresh()
        media = self._office.school.media(media_id)
        if media is None or media.partition != child:
            raise ThingUnknown
        observation = self._office.school.observation(media.observation)
        if media.id not in observation.media or not self._may_see(observation.id, child):
            raise ThingUnknown
        await self._office.links.opened(token, child, media.id)
        return media

    async def bytes_of(self, media: Media) -> tuple[bytes, str]:
        """Bytes and type. Raises ThingUnknown for what the app never made, however it came into the folder."""
        data = await pieces.read(self._office.folder, media.partition, media.chunks)
        if media.type not in SHOWN or not await may_show(data, media.type):
            raise ThingUnknown
        return data, media.type


def html(text: str, status: int = 200) -> Response:
    return Response(text, status, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}, "text/html")


def page_routes(pages: Pages, papers: Papers) -> APIRouter:
    routes = APIRouter()
    for add in (_public, _family):
        add(routes, pages)

    @routes.api_route("/paper/{ticket}", methods=LOOK)
    async def paper(ticket: str, request: Request) -> Response:
        data, title = papers.finished(ticket)
        answer = ranged(request, data, "application/pdf")
        answer.headers["Content-Disposition"] = f'inline; filename="{title}"'
        return answer

    return routes


def _public(routes: APIRouter, pages: Pages) -> None:
    @routes.api_route("/", methods=LOOK)
    async def front() -> Response:
        return html(await pages.front())

    @routes.get("/robots.txt")
    async def robots() -> Response:
        return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")

    @routes.api_route("/join/{code}", methods=LOOK)
    async def join(code: str) -> Response:
        return RedirectResponse(f"/app/join/{''.join(c for c in code.upper() if c in LETTERS)[:8]}", 303)

    @routes.api_route("/page/{file}", methods=LOOK)
    async def page_file(file: str) -> Response:
        found = file_of(file)
        if found is None:
            raise ThingUnknown
        return WholeFile(found, media_type=kind_of(file), headers={"Cache-Control": "max-age=86400"})


def _family(routes: APIRouter, pages: Pages) -> None:
    @routes.api_route("/f/{token}", methods=LOOK)
    async def family(token: str) -> Response:
        text, status = await pages.family(token)
        return html(text, status)

    @routes.api_route("/f/{token}/media/{media}", methods=LOOK)
    async def family_media(token: str, media: str, request: Request) -> Response:
        try:
            data, kind = await pages.bytes_of(await pages.medium(token, media))
        except StorageError as error:
            raise for_people(error) from error
        return ranged(request, data, kind)

    @routes.api_route("/f/{token}/still/{media}", methods=LOOK)
    async def family_still(token: str, media: str, request: Request) -> Response:
        """The picture that stands for a clip until it plays."""
        poster = small((await pages.medium(token, media)).poster)
        if not poster:
            raise ThingUnknown
        return ranged(request, poster, "image/jpeg")
