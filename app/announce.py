"""What the hub says when it is open: where to go, for whom, each with one line on what it is for."""

from dataclasses import dataclass, field

from app.domain.words import Audience, MediaKind, Role
from app.hub.access import DAY
from app.hub.office import Office
from app.settings import Settings
from app.usecases.families import family_page

FAMILY_DAYS = 30
STRANGER = (
    "Note: this hub's key is new to this folder, so tablets and phones must join again and families need new links.\n"
    "Was the hub moved? Then bring its key file along and name it with --key-file."
)
PLAIN = (
    "Note: other devices reach this hub over plain http. Browsers then give no camera and keep nothing offline.\n"
    "Start it with --cert and --key for a real school."
)
TWO_STORES = (
    "The phone's address is another one on purpose: to a browser localhost and 127.0.0.1 are two devices, each with a store\n"
    "of its own, so that both can be tried side by side. The demo's codes last a day and work more than once; a real\n"
    "school's work once, within ten minutes."
)


@dataclass(slots=True)
class Doors:
    """`links` as written to the file of --links; `lines` as printed."""

    links: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def add(self, name: str, words: str, link: str) -> None:
        self.links[name] = link
        self.lines += [words, f"  {link}"]


async def open_doors(office: Office, settings: Settings) -> Doors:
    await office.ready()
    doors = Doors({"folder": str(settings.folder.resolve()), "hub": settings.hub})
    if settings.demo:
        await _demo(office, settings, doors)
    else:
        await _school(office, settings, doors)
    doors.lines += ["The school's folder:", f"  {doors.links['folder']}"]
    if await _strange_key(office):
        doors.lines += ["", STRANGER]
    if settings.cert is None and not settings.only_here:
        doors.lines += ["", PLAIN]
    doors.lines += ["", *([TWO_STORES] if settings.demo else []), "Stop it with Ctrl+C."]
    return doors


async def _school(office: Office, settings: Settings, doors: Doors) -> None:
    doors.lines += [f"{office.school.name or 'A new school'}: the hub is open at", f"  {settings.hub}/"]
    if not await office.access.somebody_leads():
        code, _ = await office.access.invite(Role.SENCO, [], None, lasts=DAY)
        words = "No SENCO has joined yet. Open this on the SENCO's device, once and within a day; it leads through the set-up:"
        doors.add("setup", words, f"{settings.hub}/join/{code}")


async def _demo(office: Office, settings: Settings, doors: Doors) -> None:
    school = office.school
    doors.lines += ["The demo school is open. Everybody in it is made up.", ""]
    staff = school.staff()
    assistant = next((s for s in staff if s.role is Role.TA), None)
    classes = list(assistant.classes) if assistant and assistant.classes else [c.id for c in school.classes()]
    code, _ = await office.access.invite(Role.TA, classes, None, lasts=DAY, reusable=True)
    doors.add(
        "tablet", "Tablet, for a teaching assistant: record a moment, with or without a network.", f"{settings.hub}/join/{code}"
    )
    senco = next((s.id for s in staff if s.role is Role.SENCO), None)
    code, _ = await office.access.invite(Role.SENCO, [], senco, lasts=DAY, reusable=True)
    phone = settings.at("127.0.0.1" if settings.only_here else settings.host)
    doors.add(
        "phone",
        "Phone, for the SENCO: look at what is new, star it, make a report, give a family its link.",
        f"{phone}/join/{code}",
    )
    if child := _shown_child(office):
        _, token, _ = await office.links.make(child, FAMILY_DAYS, "demo")
        doors.add(
            "family",
            "Family, for one child's parents: plain HTML, no account, only what they may see.",
            f"{settings.hub}/f/{token}",
        )


def _shown_child(office: Office) -> str | None:
    """A child whose family has something to look at."""
    school = office.school
    agreed = [p.id for p in school.pupils() if school.consents(p.id).allow(Audience.OWN_FAMILY, MediaKind.PHOTO)]
    return next((c for c in agreed if family_page(school, c).items), next(iter(agreed), None))


async def _strange_key(office: Office) -> bool:
    """Whether devices have joined this folder, and none of them with this key."""
    vault = office.access.vault
    return bool(await vault.ids("tokens")) and not await vault.papers("tokens")
