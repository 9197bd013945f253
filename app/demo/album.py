"""All pictures and clips of the made-up school, encoded once as the app would, and shared by its observations."""

import asyncio
from dataclasses import dataclass, field
from random import Random

from app.demo.clips import CLIPS, film
from app.demo.drawings import DRAWINGS, photograph
from app.media.codec import Encoded
from app.media.pillow import PillowCodec
from app.usecases.evidence.capture import DraftMedia, as_text


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
    """Drawn side by side in threads: Pillow and FFmpeg let go of Python while they work."""
    made = Album()
    clips = [_clip(number, seed) for number in range(len(CLIPS))]
    for name, encoded in await asyncio.gather(*clips, *[_photo(name, seed) for name in DRAWINGS]):
        made.add(name, encoded)
    return made


async def _photo(name: str, seed: int) -> tuple[str, Encoded]:
    taken = await asyncio.to_thread(photograph, DRAWINGS[name], Random(f"{seed} {name}"))  # nosec B311 # from a seed
    return name, await PillowCodec().photo(taken)


async def _clip(number: int, seed: int) -> tuple[str, Encoded]:
    filmed = await asyncio.to_thread(film, CLIPS[number], Random(f"{seed} clip {number}"))  # nosec B311 # from a seed
    return f"clip_{number}", await PillowCodec().clip(filmed.data, filmed.duration_ms, filmed.poster)
