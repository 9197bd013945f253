"""What a device found, mended or met, in sentences: what happened, what is safe, what to do."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from app.domain.vocabulary.dates import clock as clock_of
from app.domain.vocabulary.dates import time_on_day
from app.domain.vocabulary.language import N_, _, ngettext
from app.errors import FolderMissing, FolderNewer, FolderNotWritable, SmallStepsError, for_people
from app.usecases.session.hub import Device, FolderCounts
from app.usecases.session.school import local_time
from storage import errors as ground
from storage.sync import THE_FOLDER

TOLD = {
    "torn_tail": N_(
        "This device stopped in the middle of a save. What had not been called saved is gone; everything saved is here."
    ),
    "rotten_record": N_("Something saved here cannot be read any more. Everything else is here. Please tell your SENCO."),
    "rotten_segment": N_("A file on this device was damaged. It is fetched again from the school folder where it is whole."),
    "snapshot_rebuilt": N_("The copy for a quick start was damaged, so this start took longer. Nothing is lost."),
    "new_incarnation": N_(
        "This device looks like a copy, or one brought back from a backup. It goes on safely; nothing is lost."
    ),
    "no_snapshot": N_(
        "There is little room on this device. What is saved is safe; the next start takes longer. Please make room."
    ),
}

# What may befall files of the school's folder that this device wants. "{files}" is "1 file" or "3 files".
THEIRS = {
    "bad_bytes": N_(
        "{files} in the school's folder did not come whole: still on the way, or damaged. Everything else goes on, and "
        "this is tried again. Your SENCO can run smallsteps check --repair."
    ),
    "garbage": N_(
        "{files} in the school's folder cannot be read (garbage). Everything else goes on. "
        "Your SENCO can run smallsteps check --repair."
    ),
    "too_large": N_(
        "{files} in the school's folder cannot be read: larger than any file of Small Steps. Everything else goes on. "
        "Your SENCO can run smallsteps check --repair."
    ),
    "newer_format": N_(
        "{files} in the school's folder can only be read by a newer Small Steps. Nothing is lost and everything else "
        "goes on; an update here brings the rest."
    ),
    "refused": N_(
        "{files} of the school's folder were asked for and not given. Everything else goes on. Please tell your SENCO."
    ),
}
# What may befall files of this device that the folder should get.
OURS = {
    "newer_format": N_(
        "{files} of this device can only go once the hub is updated, since this Small Steps is newer. All of it is "
        "safe here, and everything else goes on."
    ),
    "bad_bytes": N_(
        "{files} of this device did not get to the school's folder whole. Everything else goes on, and this is tried "
        "again. Please tell your SENCO if it stays so."
    ),
    "refused": N_("{files} of this device were not taken by the school's hub. They are safe here. Please tell your SENCO."),
    "missing_name": N_(
        "{files} that should go to the school cannot be found on this device. Everything else goes on. Please tell your SENCO."
    ),
}
# What befalls all of it at once.
CLOSED = {
    "newer_format": N_(
        "The school's folder belongs to a newer Small Steps, so nothing is sent to it. Everything is safe on this "
        "tablet, and goes when Small Steps is updated here and on the hub."
    ),
    "folder_read_only": N_(
        "The school's folder cannot be written now. Everything is safe on this tablet and is tried again. Please tell your SENCO."
    ),
}
FULL = N_("There is no room left on this device. What was saved is safe, and what was sealed is sent. Please make room.")
UNNAMED = N_("{files} could not be dealt with. Everything else goes on, and this is tried again.")
WHOLE: dict[type[ground.StorageError], SmallStepsError] = {
    ground.NewerFormat: FolderNewer(
        N_(
            "The school's folder can only be read by a newer Small Steps. Everything is safe on this tablet, and goes when Small "
            "Steps is updated here and on the hub."
        )
    ),
    ground.FolderReadOnly: FolderNotWritable(CLOSED["folder_read_only"]),
    ground.FolderUnreadable: FolderMissing(
        N_(
            "The hub cannot read the school's folder now. Everything is safe on this tablet and is tried again. "
            "Please tell your SENCO."
        )
    ),
}
NONE: Mapping[str, int] = MappingProxyType({})
MINUTE, TEN_MINUTES, HOUR, DAY = 60_000, 600_000, 3_600_000, 86_400_000  # ms
YEAR = 365 * DAY


def sentences(notes: Iterable[str]) -> list[str]:
    """Each note once, in the order they came. A note without a sentence would be a fault of ours: a test looks for it."""
    return [_(TOLD[note]) for note in dict.fromkeys(notes)]


def clock_time(at: int, now: int) -> str:
    """The school's local time, with its day where that is not today."""
    when = local_time(at)
    return clock_of(when) if when.date() == local_time(now).date() else time_on_day(when)


def left_behind(at: int, pending: int, now: int) -> str:
    """What a tablet had not sent when its store was wiped, as the hub remembers it."""
    return ngettext(
        "At {time} this tablet still had {n} to send. It is not in the school's folder.",
        "At {time} this tablet still had {n} to send. They are not in the school's folder.",
        pending,
        time=clock_time(at, now),
    )


def last_sync(device: Device, now: int) -> str:
    """When a device was last here, and what it then had to send."""
    if device.seen is None:
        return _("No sync yet.")
    waiting = ngettext("{n} still to send", "{n} still to send", device.pending) if device.pending else _("nothing left to send")
    return _("Last sync {time}, {waiting}.", time=clock_time(device.seen, now), waiting=waiting)


def _files(number: int) -> str:
    return ngettext("{n} file", "{n} files", number)


def _said(code: str, name: str, ours: Collection[str]) -> str:
    """The sentence, still without its number, that this problem belongs to. Rot that is ours is one thing, however it was met."""
    if name == THE_FOLDER:
        return CLOSED.get(code, UNNAMED)
    if code == ground.StoreFull.code:
        return FULL
    if name in ours:
        return OURS.get("bad_bytes" if code == ground.Garbage.code else code, UNNAMED)
    return THEIRS.get(code, UNNAMED)


def of_round(problems: Iterable[str], ours: Collection[str], held_back: Mapping[str, int] = NONE) -> list[str]:
    """The problems of a round ("code name", see `storage.sync.Outcome`), alike ones in one sentence. `ours`: names of files that
    still wait here to be sent; `held_back`: by code, how many files the hub has not offered at all."""
    found: Counter[str] = Counter()
    for problem in dict.fromkeys(problems):
        code, name = problem.partition(" ")[::2]
        found[_said(code, name, ours)] += 1
    for code, number in held_back.items():
        found[_said(code, "", ())] += number
    return [_(said, files=_files(number)) for said, number in found.items()]


def whole(error: ground.StorageError) -> SmallStepsError:
    """What a tablet says of a round that could not be: for people, who can change nothing about the school's folder."""
    return WHOLE.get(type(error)) or for_people(error)


def clock(ahead: int) -> str:
    """For a device whose clock is so many ms ahead of the hub's (less than 0: behind): told when it is more than ten minutes."""
    if abs(ahead) <= TEN_MINUTES:
        return ""
    said = AHEAD if ahead > 0 else BEHIND
    return _(said, time=_span(abs(ahead)))


AHEAD = N_(
    "This device's clock is {time} ahead of the hub's. Nothing is lost or refused, but times may look wrong. Please set the "
    "clock that is wrong."
)
BEHIND = N_(
    "This device's clock is {time} behind the hub's. Nothing is lost or refused, but times may look wrong. Please set the "
    "clock that is wrong."
)


def _span(ms: int) -> str:
    if ms >= YEAR:
        return ngettext("{n} year", "{n} years", ms // YEAR)
    if ms >= DAY:
        return ngettext("{n} day", "{n} days", ms // DAY)
    if ms >= HOUR:
        return ngettext("{n} hour", "{n} hours", ms // HOUR)
    return ngettext("{n} minute", "{n} minutes", ms // MINUTE)


def of_folder(counts: FolderCounts) -> list[str]:
    """For the SENCO: what lies in the school's folder and is not, or not yet, part of it."""
    found = [
        (
            counts.foreign,
            N_("Left alone: {files} in the school's folder with names that are not ours (a cloud drive's copies?)."),
        ),
        (counts.unreadable, UNREADABLE),
        (counts.newer, N_("{files} in the school's folder can be read after an update of the hub. Nothing is lost.")),
    ]
    return [_(said, files=_files(number)) for number, said in found if number]


UNREADABLE = N_(
    "{files} in the school's folder cannot be read. Everything else goes on. Your SENCO can run smallsteps check --repair."
)
