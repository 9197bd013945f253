"""What a pupil works towards."""

from dataclasses import dataclass

from app.domain.vocabulary.states import TargetStatus


@dataclass(frozen=True, slots=True)
class Target:
    """A termly SMART target. `short` is the chip's words; `family_words` say it plainly."""

    id: str
    pupil: str
    statement: str
    short: str = ""
    criterion: str = ""
    baseline: str = ""
    start: str = ""
    review_date: str = ""
    area: str = ""
    status: TargetStatus = TargetStatus.LIVE
    strategies: str = ""
    family_words: str = ""
    next_step: str = ""

    @property
    def chip(self) -> str:
        return self.short or self.statement[:24]
