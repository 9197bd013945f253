"""What the rounds came to, in lines for people; and whether every promise was kept."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.torture.killing import Round
from tests.torture.promises import Ledger

MOST_TOLD = 20  # findings a round


def holds(rounds: Sequence[Round]) -> bool:
    return bool(rounds) and not any(one.wrong for one in rounds)


def table(rounds: Sequence[Round]) -> str:
    ledgers = [ledger for one in rounds for ledger in one.ledgers]
    rows = {
        "records written": _sum(ledgers, "began"),
        "acknowledged": f"{sum(one.acknowledged for one in rounds):,} ({sum(len(x.saved) for x in ledgers):,} ops)",
        "checked": f"{sum(len(x.checked) for x in ledgers):,} ops",
        "lost": _found(rounds, "lost"),
        "duplicated": _found(rounds, "doubled"),
        "checked but absent": _found(rounds, "claimed"),
        "erased but there": _found(rounds, "erased"),
        "views equal": "NO" if any(one.found.unequal for one in rounds) else "yes",
        "kills": " ".join(f"{name} {many}," for name, many in _kills(rounds).items()).rstrip(","),
        "ended by themselves": str(sum(one.falls for one in rounds)),
        "rounds of sync": _sum(ledgers, "round"),
        "folded, deleted after a fold, shed": ", ".join(_sum(ledgers, what) for what in ("folded", "unfolded", "shed")),
        "children erased": str(sum(one.found.children_erased for one in rounds)),
        "said no, or not yet": _troubles(ledgers),
        "seeds": " ".join(str(one.seed) for one in rounds),
    }
    width = max(map(len, rows))
    return "\n".join([f"{name:<{width}}  {told}" for name, told in rows.items()] + list(_wrong(rounds)))


def _sum(ledgers: Iterable[Ledger], what: str) -> str:
    return f"{sum(ledger.counts[what] for ledger in ledgers):,}"


def _found(rounds: Sequence[Round], what: str) -> str:
    return str(sum(len(getattr(one.found, what)) for one in rounds))


def _kills(rounds: Sequence[Round]) -> Counter[str]:
    return Counter({v.name: sum(x.kills for one in rounds for x in one.victims if x.name == v.name) for v in rounds[0].victims})


def _troubles(ledgers: Iterable[Ledger]) -> str:
    total: Counter[str] = Counter()
    for ledger in ledgers:
        total.update(ledger.troubles)
    return ", ".join(f"{code} {many}" for code, many in sorted(total.items())) or "0"


def _wrong(rounds: Sequence[Round]) -> Iterable[str]:
    for one in rounds:
        yield from (f"seed {one.seed}: {line}" for line in one.wrong[:MOST_TOLD])
        if len(one.wrong) > MOST_TOLD:
            yield f"seed {one.seed}: and {len(one.wrong) - MOST_TOLD} more"
