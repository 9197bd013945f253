"""PINs: which may be chosen, how long to wait after a wrong one, and when only the SENCO can help."""

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

SHORTEST, LONGEST = 4, 8
MOST_WRONG = 10
ITERATIONS = 600_000  # of PBKDF2 with SHA-256, as OWASP's password storage cheat sheet has it
RESET_LASTS = 600_000  # ms: as long as a join code


class Pick(StrEnum):
    """What is wrong with a PIN that a person chose."""

    LENGTH = "length"
    EASY = "easy"
    DIFFERENT = "different"


def objection(pin: str, again: str) -> Pick | None:
    """What speaks against this PIN, typed twice; None: nothing."""
    if not (SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdigit()):
        return Pick.LENGTH
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:  # 1111, 1234, 9876
        return Pick.EASY
    return None if pin == again else Pick.DIFFERENT


@dataclass(frozen=True, slots=True)
class Lock:
    """One person's way in at one device. `proof` is hex of PBKDF2 over the PIN, `digits` its length, `wrong` the tries in a row
    that failed, `since` ms UTC of the last of them; `reset` is the SENCO's last order to forget a PIN that this one has seen."""

    salt: str
    proof: str
    digits: int
    rounds: int = ITERATIONS
    wrong: int = 0
    since: int = 0
    reset: str = ""

    @property
    def shut(self) -> bool:
        """Whether only the SENCO can help."""
        return self.wrong >= MOST_WRONG

    def wait(self, now: int) -> int:
        """ms until the next try: 1, 2, 4, ... s after each wrong one. A clock that was turned makes no one wait for longer."""
        if not self.wrong:
            return 0
        whole = 1000 << (min(self.wrong, MOST_WRONG) - 1)
        return min(whole, max(0, self.since + whole - now))

    def tried(self, now: int) -> "Lock":
        """A try counts before it is looked at: pulling the plug gives none for nothing."""
        return replace(self, wrong=self.wrong + 1, since=now)

    def opened(self) -> "Lock":
        return replace(self, wrong=0, since=0)
