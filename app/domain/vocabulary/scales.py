"""Scales of observation: how much help was needed, and where it was. Data, so that a school can add its own later."""

from enum import StrEnum


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
        return HELP_WORDS[self][0]

    @property
    def definition(self) -> str:
        return HELP_WORDS[self][1]

    @property
    def for_families(self) -> str:
        return HELP_WORDS[self][2]


HELP_WORDS: dict[HelpLevel, tuple[str, str, str]] = {
    HelpLevel.INDEPENDENT: ("independent", "Did it alone, with no help of any kind.", "on their own"),
    HelpLevel.GESTURE: ("gesture", "A point, a look or a nod was enough.", "when we point or nod"),
    HelpLevel.INDIRECT_VERBAL: ("hint in words", "A hint such as 'what comes next?'", "with a small hint"),
    HelpLevel.DIRECT_VERBAL: ("told in words", "Was told what to do.", "when we say what to do"),
    HelpLevel.MODEL: ("shown", "An adult or a friend showed how first.", "after we show how"),
    HelpLevel.PARTIAL_PHYSICAL: ("light touch", "A touch or a nudge began the movement.", "with a light touch"),
    HelpLevel.FULL_PHYSICAL: ("hand over hand", "The adult moved with the pupil all the way.", "with our hands helping"),
    HelpLevel.NO_RESPONSE: ("no response", "Did not respond this time.", "not yet"),
}


SETTINGS = ("class", "playground", "lunch", "pool", "garden", "trip", "home")
