"""The SENCO's look at new evidence. Each step is one field, so that it can be undone by writing it back."""

from app.domain.vocabulary.states import ReviewState
from app.usecases.evidence.capture import Writes
from storage.ops import Change

Partition = str


async def set_state(writer: Writes, pupil: Partition, observation: str, state: ReviewState, question: str = "") -> None:
    """Approve, query (with a question), hide, or put back as new."""
    entity = f"observation:{observation}"
    await writer.write([Change(pupil, entity, "review", str(state)), Change(pupil, entity, "question", question)])


async def star(writer: Writes, pupil: Partition, observation: str, on: bool) -> None:
    await writer.write([Change(pupil, f"observation:{observation}", "starred", on)])


async def settle_note(writer: Writes, pupil: Partition, observation: str, text: str) -> None:
    """One text instead of all that were kept; the same step edits a note."""
    await writer.write([Change(pupil, f"observation:{observation}", "note", text.strip(), text=True)])
