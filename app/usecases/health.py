"""What a device found and mended when it started, in sentences: what happened, what is safe, what to do."""

from collections.abc import Iterable

TOLD = {
    "torn_tail": "This device stopped in the middle of a save. What had not been called saved is gone; everything saved is here.",
    "rotten_record": "Something saved here cannot be read any more. Everything else is here. Please tell your SENCO.",
    "rotten_segment": "A file on this device was damaged. It is fetched again from the school folder where it is whole.",
    "snapshot_rebuilt": "The copy for a quick start was damaged, so this start took longer. Nothing is lost.",
    "new_incarnation": "This device looks like a copy, or one brought back from a backup. It goes on safely; nothing is lost.",
    "no_snapshot": "There is little room on this device. What is saved is safe; the next start takes longer. Please make room.",
}


def sentences(notes: Iterable[str]) -> list[str]:
    """Each note once, in the order they came. A note without a sentence would be a fault of ours: a test looks for it."""
    return [TOLD[note] for note in dict.fromkeys(notes)]
