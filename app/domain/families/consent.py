"""Who may see what (promise 2). One pure rule, `visible`, decides; unknown is no."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.evidence.observations import Media, Observation
from app.domain.register.people import Pupil
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.states import ReviewState


@dataclass(frozen=True, slots=True)
class Consents:
    """One pupil's consents: those given and not withdrawn, as (audience, kind). What is not in it is no."""

    given: frozenset[tuple[Audience, MediaKind]] = field(default_factory=frozenset)

    def allow(self, audience: Audience, kind: MediaKind) -> bool:
        return (audience, kind) in self.given


NO_CONSENT = Consents()
MANY = {Audience.OTHER_FAMILIES, Audience.PUBLIC}  # audiences in which other families are


def visible(
    observation: Observation,
    media: Iterable[Media],
    audience: Audience,
    child: str,
    pupils: Mapping[str, Pupil],
    consents: Mapping[str, Consents],
) -> bool:
    """Whether this observation with all these media may be shown to this audience of this child (a pupil id).

    Staff see everything of their pupils; that scope is `scope.py`'s. For everyone else: approved, never hidden; and every
    pupil in a picture has consent. Tagged pupils count as visible. Own family needs its child's consent for the
    own family and every other visible child's for other families; a moment with a protected pupil in it is shown to no other
    family. A pupil who is not known here has given nothing. While two texts wait for a person to choose, no one has approved
    what would be read."""
    if audience is Audience.STAFF:
        return True
    if observation.review is not ReviewState.APPROVED or observation.pupil != child or child not in pupils:
        return False
    if observation.other_notes or (pupils[child].protected and audience in MANY):
        return False
    if any(one != child and (one not in pupils or pupils[one].protected) for one in observation.together):
        return False
    return all(_medium_visible(medium, audience, child, pupils, consents) for medium in media)


def _medium_visible(
    medium: Media, audience: Audience, child: str, pupils: Mapping[str, Pupil], consents: Mapping[str, Consents]
) -> bool:
    inside = {child, *medium.visible}
    if any(one not in pupils for one in inside):
        return False
    if any(pupils[one].protected and one != child for one in inside):
        return False
    return all(consents.get(one, NO_CONSENT).allow(_audience_for(one, child, audience), medium.kind) for one in inside)


def _audience_for(one: str, child: str, audience: Audience) -> Audience:
    """To another child's family I am shown as one of "other families"."""
    return Audience.OTHER_FAMILIES if audience is Audience.OWN_FAMILY and one != child else audience
