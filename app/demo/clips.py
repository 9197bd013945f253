"""Two short clips with sound: a ball and its tones, in the same kind of file as a tablet's recorder makes (WebM, VP8, Opus)."""

import io
import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import av
from PIL import Image

from app.demo.brush import Colour, Scene, shade

WIDTH, HEIGHT, RATE = 640, 480, 20  # px, frames a second
SOUND, PIECE = 48_000, 960  # samples a second, samples of one piece
SECONDS = 4
FIXED_PACE = {"deadline": "realtime", "cpu-used": "-8", "threads": "1"}  # at +8 libvpx works the faster the busier it is
TONES = (262, 294, 330, 392, 440, 523)  # Hz: five notes that always sound well together

BUNTING: tuple[Colour, ...] = ((206, 72, 58), (240, 176, 60), (84, 152, 104), (58, 120, 176))


@dataclass(frozen=True, slots=True)
class Ball:
    """Where the ball is at a time (s), and when it sounds."""

    place: Callable[[float], tuple[float, float]]
    beats: tuple[float, ...]
    colour: Colour
    ground: Colour
    floor: Colour


@dataclass(frozen=True, slots=True)
class Filmed:
    data: bytes
    poster: bytes
    duration_ms: int


def _bouncing(at: float) -> tuple[float, float]:
    part = at % 0.8 / 0.8
    return 90 + at * 115, 350 - 230 * 4 * part * (1 - part) * 0.93**at


def _rolling(at: float) -> tuple[float, float]:
    return 320 + 230 * math.sin(at * math.pi / 2), 352 - 90 * abs(math.cos(at * math.pi / 2))


CLIPS = (
    Ball(_bouncing, (0.0, 0.8, 1.6, 2.4, 3.2), (206, 72, 58), (232, 226, 210), (150, 172, 168)),
    Ball(_rolling, (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5), (58, 120, 176), (240, 224, 200), (172, 150, 120)),
)


def film(ball: Ball, chance: Random) -> Filmed:
    """The clip, and a still of it as JPEG."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm", options={"fflags": "+bitexact"}) as file:
        picture = file.add_stream("libvpx", rate=RATE, options=FIXED_PACE)
        picture.width, picture.height, picture.pix_fmt, picture.bit_rate = WIDTH, HEIGHT, "yuv420p", 600_000
        sound = file.add_stream("libopus", rate=SOUND, layout="mono")
        for number in range(SECONDS * RATE):
            frame = av.VideoFrame.from_image(_frame(ball, number / RATE))  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            file.mux(picture.encode(frame))
        for number, piece in enumerate(_pieces(ball, chance)):
            file.mux(sound.encode(_sounding(piece, number)))
        file.mux(picture.encode(None))
        file.mux(sound.encode(None))
    still = io.BytesIO()
    _frame(ball, 1.2).save(still, "JPEG", quality=90)
    return Filmed(out.getvalue(), still.getvalue(), SECONDS * 1000)


def _frame(ball: Ball, at: float) -> Image.Image:
    scene = Scene(Random(0), ball.ground, (WIDTH, HEIGHT))  # nosec B311 # from a seed
    for flag in range(9):
        left = 4 + flag * 72
        scene.shape([(left, 40), (left + 56, 40), (left + 28, 96)], BUNTING[flag % 4])
    scene.line([(0, 40), (WIDTH, 40)], 5, shade(ball.ground, 0.7))
    scene.box(0, 370, WIDTH, HEIGHT, ball.floor)
    x, y = ball.place(at)
    near = max(0.3, 1 - (390 - y) / 420)
    scene.oval(x, 402, 58 * near, 13 * near, shade(ball.floor, 0.8))
    scene.oval(x, y, 50, 50, ball.colour)
    turn = at * 4
    for step in range(3):
        far = turn + step * math.tau / 3
        scene.oval(x + 26 * math.cos(far), y + 26 * math.sin(far), 12, 12, shade(ball.colour, 1.3))
    scene.oval(x - 16, y - 20, 9, 7, (255, 250, 240))
    return scene.image.reduce(2)


# -- sound ---------------------------------------------------------------------------------------------------------------
def _pieces(ball: Ball, chance: Random) -> list["array[int]"]:
    """The whole sound as 16-bit samples, cut into pieces: a soft tone at every beat, dying away."""
    samples = array("h", bytes(2 * SOUND * SECONDS))
    for beat in ball.beats:
        start, pitch = int(beat * SOUND), chance.choice(TONES) * math.tau / SOUND
        for n in range(min(int(SOUND * 0.7), len(samples) - start)):
            loud = 7000 * math.exp(-n / (SOUND * 0.16)) * min(1.0, n / 300)
            samples[start + n] = max(-32000, min(32000, samples[start + n] + int(loud * math.sin(pitch * n))))
    return [samples[at : at + PIECE] for at in range(0, len(samples), PIECE)]


def _sounding(piece: "array[int]", number: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=PIECE)
    frame.planes[0].update(piece.tobytes())
    frame.sample_rate, frame.pts, frame.time_base = SOUND, number * PIECE, Fraction(1, SOUND)
    return frame
