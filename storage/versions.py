"""How often a kind changed in a partition: what was made from it before is still true if the number is the same."""

from collections.abc import Callable, Iterable

Changed = tuple[str, str]
"""(partition, kind)"""
Listener = Callable[[str, str], None]
"""Is told the partition and the kind, after the change."""


class Versions:
    """One number for each kind in each partition. It only rises, also if the partition leaves this device and comes back."""

    def __init__(self) -> None:
        self._of: dict[Changed, int] = {}
        self._listeners: list[Listener] = []

    def of(self, partition: str, kind: str) -> int:
        """0 if nothing of the kind was ever in the partition."""
        return self._of.get((partition, kind), 0)

    def rise(self, partition: str, kinds: Iterable[str]) -> None:
        """These kinds have changed in the partition: each listener is told each of them once."""
        for kind in dict.fromkeys(kinds):
            self._of[partition, kind] = self._of.get((partition, kind), 0) + 1
            self._tell(partition, kind)

    def _tell(self, partition: str, kind: str) -> None:
        for listener in list(self._listeners):
            listener(partition, kind)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Told of every change from now on; the result stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def follow(self, before: "Versions") -> None:
        """Take the place of these, with their listeners: all that either of them knows has changed."""
        self._listeners = before._listeners + self._listeners
        for changed in before._of | self._of:
            self._of[changed] = max(self.of(*changed), before.of(*changed)) + 1
            self._tell(*changed)
