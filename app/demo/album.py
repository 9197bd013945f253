"""All pictures and clips of the made-up school, encoded once as the app would, and shared by its observations."""

from dataclasses import dataclass, field
from random import Random

from app.demo.clips import CLIPS, film
from app.demo.drawings import DRAWINGS, photograph
from app.media.codec import Encoded
from app.media.pillow import PillowCodec
from app.usecases.capture import DraftMedia, as_text


@dataclass(slots=True)
class Album:
    """`media` by name, as a draft holds them, and `files`: the bytes of each."""

    media: dict[str, DraftMedia] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, name: str, made: Encoded) -> None:
        self.files[name] = made.data
        self.media[name] = DraftMedia(
            name, made.type, len(made.data), made.width, made.height, made.duration_ms, as_text(made.thumb), as_text(made.poster)
        )


async def album(seed: int) -> Album:
    codec, made = PillowCodec(), Album()
    for name, draw in DRAWINGS.items():
        made.add(name, await codec.photo(photograph(draw, Random(f"{seed} {name}"))))
    for number, clip in enumerate(CLIPS):
        filmed = film(clip, Random(f"{seed} clip {number}"))
        made.add(f"clip_{number}", await codec.clip(filmed.data, filmed.duration_ms, filmed.poster))
    return made
