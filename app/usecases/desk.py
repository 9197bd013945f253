"""The desk: one adult at one device, as views meet it. It only puts the services together; nothing is decided here."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.media.codec import Codec
from app.usecases.devices.devices import Devices
from app.usecases.devices.ending import Ending
from app.usecases.devices.joining import Joining
from app.usecases.door.door import Door
from app.usecases.door.stretching import Stretch, on_cpython
from app.usecases.evidence.drafting import Drafting
from app.usecases.evidence.drafts import Drafts
from app.usecases.evidence.pictures import Pictures
from app.usecases.families.families import Families
from app.usecases.papers.papers import Papers
from app.usecases.plans.plans import Plans
from app.usecases.records.audit_log import AuditLog
from app.usecases.records.erasing import Erasing
from app.usecases.records.restore import Restore
from app.usecases.register.finding import Finding
from app.usecases.register.register import Register
from app.usecases.review.review import Review
from app.usecases.session.hub import HubClient
from app.usecases.session.index import Index
from app.usecases.session.school import School
from app.usecases.session.session import HubAt, Session
from app.usecases.syncing.syncing import Syncing
from storage.store import Store, SyncState

__all__ = ["Desk", "Ground", "SyncState", "again", "open_desk"]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a desk stands on. `lasting`: whether the browser promises to keep things; `origin`: the hub's address."""

    store: Store
    hub: HubClient
    folder_at: HubAt
    codec: Codec
    now: Callable[[], int]
    lasting: bool = True
    origin: str = ""
    stretch: Stretch = on_cpython


@dataclass(frozen=True, slots=True)
class Desk:
    """Each service raises SmallStepsError with a sentence for the person, and then nothing has changed."""

    ground: Ground
    session: Session
    school: School
    index: Index
    door: Door
    drafting: Drafting
    pictures: Pictures
    review: Review
    register: Register
    finding: Finding
    plans: Plans
    papers: Papers
    families: Families
    devices: Devices
    joining: Joining
    ending: Ending
    audit_log: AuditLog
    erasing: Erasing
    restore: Restore
    syncing: Syncing


def compose(ground: Ground) -> Desk:
    session, drafts = Session(ground.store, ground.hub, ground.folder_at, ground.now), Drafts()
    door, drafting = Door(session, drafts, ground.stretch), Drafting(session, drafts, ground.codec)
    ending, erasing, register = Ending(session, drafting), Erasing(session, drafting), Register(session)
    index = Index(ground.store, session.known, ground.now)
    syncing = Syncing(session, ending, index, ground.lasting)
    joining = Joining(session, door, ending, syncing)
    drafting.picker = lambda: door.picker
    syncing.before, syncing.notices = (joining.say_whose,), (lambda: erasing.discarded,)
    syncing.after = (erasing.forget_erased, door.heed_resets, door.heed_leavers)
    return Desk(
        ground, session, session.school, index, door, drafting, Pictures(session, ground.codec), Review(session, index), register,
        Finding(session, register), Plans(session, register, index), Papers(session, syncing, ground.origin), Families(session),
        Devices(session), joining, ending, AuditLog(session), erasing, Restore(session, syncing.rounds), syncing,
    )  # fmt: skip


async def open_desk(ground: Ground) -> Desk:
    """As this device was left: who has joined, who works here, the drafts; and what was begun goes on."""
    desk = compose(ground)
    for recall in (desk.session.recall, desk.door.recall, desk.drafting.recall, desk.ending.recall, desk.ending.go_on):
        await recall()
    if desk.ending.gone:
        return await again(desk)
    for step in desk.syncing.after:
        await step()
    return desk


async def again(desk: Desk) -> Desk:
    """A new desk over the same disk, once everything on it was wiped: of a device that knows nothing."""
    old = desk.ground.store
    fresh = await Store.open(old.disk, now=old.now, random=old.random, groups=old.groups)
    return await open_desk(replace(desk.ground, store=fresh))
