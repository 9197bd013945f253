"""What the hub says when it is open: where to go, for whom, each with one line on what it is for."""

from dataclasses import dataclass, field
from pathlib import Path

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.folders.places import Where, in_the_clear, is_address, shown
from app.folders.words import printable
from app.hub.devices.access import DAY
from app.hub.guard.trust import Trust
from app.hub.office import Office
from app.hub.serve import machine
from app.settings import ANYWHERE, HERE, Settings
from app.usecases.families.page import family_page

FAMILY_DAYS = 30
STRANGER = (
    "Note: this hub's key is new to this folder, so tablets and phones must join again and families need new links.\n"
    "Was the hub moved? Stop it, take the new key file away, and claim the folder with the recovery sheet: smallsteps claim.\n"
    "Or bring the old key file along and name it with --key-file."
)
PLAIN = (
    "Note: other devices reach this hub over plain http. Everyone on the network can read along; browsers give no camera and\n"
    "keep nothing offline. Start it with --cert and --key, or --tls self, for a real school."
)
TRUST = (
    "This hub's certificate is one of its own making. Every tablet, phone and computer has to trust it first, once. Open there:"
)
COMPARE = "What they install must show this fingerprint (SHA-256). If it is another one, stop: someone else is in between."
IN_THE_CLEAR = (
    "Note: the folder's server is asked over plain http: everyone on the way can read its password and every file.\n"
    "Use dav+https for a real school."
)
ONLY_READ = (
    "Note: this folder was written by a newer Small Steps. It is only read here, and nothing is written into it: tablets keep\n"
    "what they record until this hub is updated."
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


async def open_doors(office: Office, settings: Settings, trust: Trust | None = None) -> Doors:
    await office.ready()
    doors = Doors({"folder": _place_of(settings.folder), "hub": settings.hub})
    if not office.ground.gate.writable:
        doors.lines += [
            f"{printable(office.school.name) or 'The school'}: the hub is open at",
            f"  {settings.hub}/",
            "",
            ONLY_READ,
        ]
    elif settings.demo:
        await _demo(office, settings, doors)
    else:
        await _school(office, settings, doors)
    doors.lines += ["The school's folder:", f"  {doors.links['folder']}"]
    if await _strange_key(office):
        doors.lines += ["", STRANGER]
    if trust:
        doors.add("trust", TRUST, trust_page(settings))
        doors.lines += [COMPARE, *(f"  {half}" for half in (trust.fingerprint[:47], trust.fingerprint[48:]))]
    if not settings.secure and not settings.only_here and not settings.proxies:
        doors.lines += ["", PLAIN]
    if in_the_clear(settings.folder):
        doors.lines += ["", IN_THE_CLEAR]
    doors.lines += ["", *([TWO_STORES] if settings.demo else []), "Stop it with Ctrl+C."]
    return doors


def trust_page(settings: Settings) -> str:
    """By an address rather than a name, where there is one: a browser that once saw the hub's name over https never asks that
    name without it again."""
    own = sorted(machine.addresses() - HERE, key=lambda one: (":" in one, one))
    given = [one for one in settings.hostnames if machine.is_address(one)]
    ways = [*given, *own, *settings.hostnames, settings.host] if settings.host in ANYWHERE else [settings.host]
    return settings.at(ways[0], settings.trust_port, "http") + "/trust"


async def _school(office: Office, settings: Settings, doors: Doors) -> None:
    doors.lines += [f"{printable(office.school.name) or 'A new school'}: the hub is open at", f"  {settings.hub}/"]
    if not await office.lead():
        code, _ = await office.access.invite(Role.SENCO, [], None, lasts=DAY)
        words = "No SENCO has joined yet. Open this on the SENCO's device, once and within a day; it leads through the set-up:"
        doors.add("setup", words, f"{settings.hub}/join/{code}")


async def _demo(office: Office, settings: Settings, doors: Doors) -> None:
    school = office.school
    doors.lines += ["The demo school is open. Everyone in it is made up.", ""]
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


def _place_of(folder: Where) -> str:
    return shown(folder) if is_address(folder) else str(Path(folder).resolve())


async def _strange_key(office: Office) -> bool:
    """Whether devices have joined this folder, and none of them with this key."""
    vault = office.access.vault
    return bool(await vault.ids("tokens")) and not await vault.papers("tokens")
