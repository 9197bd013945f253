"""Scales of observation: how much help was needed, and where it was. Data, so that a school can add its own later."""

from enum import StrEnum

from app.domain.vocabulary.language import N_, _


class HelpLevel(StrEnum):
    """The highest level of help that was needed; the order is from independent to no response."""

    INDEPENDENT = "independent"
    GESTURE = "gesture"
    INDIRECT_VERBAL = "indirect_verbal"
    DIRECT_VERBAL = "direct_verbal"
    MODEL = "model"
    PARTIAL_PHYSICAL = "partial_physical"
    FULL_PHYSICAL = "full_physical"
    NO_RESPONSE = "no_response"

    @property
    def rung(self) -> int:
        """7 = independent ... 0 = no response."""
        return len(HelpLevel) - 1 - list(HelpLevel).index(self)

    @property
    def words(self) -> str:
        return _(HELP_WORDS[self][0])

    @property
    def definition(self) -> str:
        return _(HELP_WORDS[self][1])

    @property
    def for_families(self) -> str:
        return _(HELP_WORDS[self][2])


HELP_WORDS: dict[HelpLevel, tuple[str, str, str]] = {
    HelpLevel.INDEPENDENT: (N_("independent"), N_("Did it alone, with no help of any kind."), N_("on their own")),
    HelpLevel.GESTURE: (N_("gesture"), N_("A point, a look or a nod was enough."), N_("when we point or nod")),
    HelpLevel.INDIRECT_VERBAL: (N_("hint in words"), N_("A hint such as 'what comes next?'"), N_("with a small hint")),
    HelpLevel.DIRECT_VERBAL: (N_("told in words"), N_("Was told what to do."), N_("when we say what to do")),
    HelpLevel.MODEL: (N_("shown"), N_("An adult or a friend showed how first."), N_("after we show how")),
    HelpLevel.PARTIAL_PHYSICAL: (N_("light touch"), N_("A touch or a nudge began the movement."), N_("with a light touch")),
    HelpLevel.FULL_PHYSICAL: (
        N_("hand over hand"),
        N_("The adult moved with the pupil all the way."),
        N_("with our hands helping"),
    ),
    HelpLevel.NO_RESPONSE: (N_("no response"), N_("Did not respond this time."), N_("not yet")),
}


SETTINGS = (N_("class"), N_("playground"), N_("lunch"), N_("pool"), N_("garden"), N_("trip"), N_("home"))
"""Stored as they stand here, in English; read through `_`."""
