"""Pictures of things on a table: games, beads, fruit, cards."""

import math
from random import Random

from app.demo.brush import INK, Colour, Scene, circle, shade, sheet, square, table

BRIGHT: tuple[Colour, ...] = ((206, 72, 58), (240, 176, 60), (84, 152, 104), (58, 120, 176), (150, 92, 160), (236, 128, 96))


def block_tower(chance: Random) -> Scene:
    scene = Scene(chance, (228, 220, 206))
    scene.box(0, 640, 1280, 960, (122, 150, 158))
    for seam in range(-40, 1320, 80):
        scene.line([(seam, 660), (seam - 60, 960)], 2, (112, 140, 148))
    scene.box(0, 618, 1280, 644, (250, 246, 238))
    y, levels = 800.0, chance.randint(6, 7)
    for level in range(levels):
        wide, tall = chance.uniform(150, 240) - level * 9, chance.uniform(84, 104)
        x = 560 + chance.uniform(-18, 18)
        _block(scene, x - wide / 2, y - tall, wide, tall, BRIGHT[(level + chance.randint(0, 1)) % 6])
        y -= tall
    for left, top, colour in ((200, 760, 3), (960, 770, 1), (1080, 840, 2), (320, 850, 4)):
        _block(scene, left, top, 120, 92, BRIGHT[colour])
    scene.shape([(560 - 80, y), (560, y - 96), (560 + 80, y)], (206, 72, 58))
    return scene


def _block(scene: Scene, x: float, y: float, wide: float, tall: float, colour: Colour) -> None:
    scene.shadow(square(x, y + tall - 16, x + wide + 30, y + tall), 18, 0.3, 8)
    scene.box(x, y, x + wide, y + tall, colour, 6)
    scene.shape(
        [(x + wide - 4, y + 4), (x + wide + 22, y - 12), (x + wide + 22, y + tall - 20), (x + wide - 4, y + tall - 2)],
        shade(colour, 0.75),
    )
    scene.shape([(x + 2, y + 2), (x + 26, y - 12), (x + wide + 22, y - 12), (x + wide - 2, y + 2)], shade(colour, 1.18))
    scene.line([(x + 16, y + tall * 0.5), (x + wide - 20, y + tall * 0.46)], 2, shade(colour, 0.92))


def fruit_bowl(chance: Random) -> Scene:
    scene = table(chance, (214, 186, 148))
    scene.shadow(circle(640, 520, 440, 340), 40, 0.4, 26)
    scene.oval(640, 510, 430, 336, (58, 120, 140))
    scene.oval(640, 504, 396, 304, (86, 152, 170))
    scene.oval(640, 506, 370, 282, (66, 132, 150))
    for x, y, size, colour in ((470, 420, 118, (196, 60, 52)), (700, 380, 112, (238, 146, 50)), (860, 500, 100, (112, 60, 120)),
                               (560, 610, 110, (126, 168, 66)), (760, 620, 104, (198, 70, 56))):  # fmt: skip
        _fruit(scene, x, y, size + chance.uniform(-8, 8), colour)
    for bend in (0, 34, 70):
        arc = [(430 + t * 34 + bend, 640 - 250 * math.sin(t / 14 * math.pi) * 0.28 + bend * 0.8 + t * 6) for t in range(12)]
        scene.line([(x + 3, y + 8) for x, y in arc], 50, (150, 110, 30))
        scene.line(arc, 50, (244, 206, 76))
        scene.line([(x, y - 10) for x, y in arc[2:-2]], 10, (252, 226, 130))
        scene.oval(*arc[0], 14, 16, (104, 78, 40))
    return scene


def _fruit(scene: Scene, x: float, y: float, size: float, colour: Colour) -> None:
    scene.shadow(circle(x, y, size * 0.95), 22, 0.4, 20)
    for step in range(10):
        part = 1 - step * 0.07
        scene.oval(x - step * 2.4, y - step * 3.4, size * part, size * part, shade(colour, 0.84 + step * 0.035))
    scene.oval(x - size * 0.36, y - size * 0.42, size * 0.16, size * 0.11, shade(colour, 1.7))
    scene.line([(x, y - size * 0.7), (x + 12, y - size * 1.02)], 9, (92, 66, 42))
    scene.dab(x + 42, y - size * 0.94, 22, (104, 150, 70))


def beads(chance: Random) -> Scene:
    scene = table(chance, (232, 214, 186), 4)
    string = [(60 + x, 430 + 150 * math.sin(x / 190)) for x in range(0, 1180, 10)]
    scene.line(string, 7, (120, 96, 78))
    order = chance.sample(BRIGHT, 3)
    for number, (x, y) in enumerate(string[6:104:8]):
        scene.shadow(circle(x, y, 42), 12, 0.35, 14)
        scene.oval(x, y, 46, 46, order[number % 3])
        scene.oval(x - 4, y - 6, 38, 36, shade(order[number % 3], 1.08))
        scene.oval(x - 16, y - 20, 11, 8, shade(order[number % 3], 1.5))
    for _ in range(12):
        left, top, colour = chance.uniform(120, 1160), chance.uniform(720, 890), chance.choice(BRIGHT)
        scene.shadow(circle(left, top, 28), 10, 0.3, 10)
        scene.oval(left, top, 32, 30, colour)
        scene.oval(left, top, 10, 9, shade(colour, 0.6))
    return scene


def ten_frame(chance: Random) -> Scene:
    frame = sheet(chance, 1080, 500, (252, 250, 244))
    for across in range(40, 1041, 200):
        frame.line([(across, 50), (across, 450)], 8, INK)
    for down in (50, 250, 450):
        frame.line([(40, down), (1040, down)], 8, INK)
    scene = table(chance, (180, 200, 190), 3)
    scene.lay(frame, 640, 400, chance.uniform(-2, 2))
    many = chance.randint(6, 8)
    spots = [(240.0 + c * 200, 300.0 + r * 200) for r in range(2) for c in range(5)][:many]
    spots += [(250 + n * 150, 800 + chance.uniform(-20, 20)) for n in range(10 - many)]
    for number, (x, y) in enumerate(spots):
        colour = BRIGHT[0] if number < 5 else BRIGHT[1]
        x, y = x + chance.uniform(-12, 12), y + chance.uniform(-10, 10)
        scene.shadow(circle(x, y, 68), 12, 0.35, 10)
        scene.oval(x, y, 72, 72, shade(colour, 0.8))
        scene.oval(x, y - 6, 70, 70, colour)
        scene.ring(x, y - 6, 48, 48, shade(colour, 1.15), 5)
    return scene


def turn_cards(chance: Random) -> Scene:
    """Two cards to ask for a turn with, and bricks to play with."""
    scene = table(chance, (204, 176, 140))
    for x, tint, words, tilt in ((370, (255, 236, 214), "my turn", -5), (860, (216, 236, 232), "your turn", 4)):
        card = sheet(chance, 400, 480, tint)
        card.box(14, 14, 386, 466, (255, 255, 255), 18)
        card.box(26, 26, 374, 454, tint, 14)
        card.words(200, 400, words, 62)
        way = -1 if words.startswith("my") else 1
        card.line([(200 - way * 90, 210), (200 + way * 70, 210)], 34, (11, 110, 110))
        card.shape([(200 + way * 130, 210), (200 + way * 60, 140), (200 + way * 60, 280)], (11, 110, 110))
        scene.lay(card, x, 420, tilt + chance.uniform(-2, 2))
    for x, y, colour in ((250, 820, 0), (430, 850, 1), (900, 840, 3), (1080, 800, 2)):
        _block(scene, x - 60, y - 46, 120, 84, BRIGHT[colour])
    return scene


def day_cards(chance: Random) -> Scene:
    """The cards of the day in a row: what comes first, next and then."""
    scene = Scene(chance, (200, 212, 204))
    scene.box(70, 250, 1210, 720, (246, 240, 226), 26)
    scene.box(100, 560, 1180, 580, (196, 180, 150), 10)
    for number, (word, paint) in enumerate((("hello", _sun), ("count", _dots), ("play", _ball), ("lunch", _plate))):
        card = sheet(chance, 220, 250, (255, 253, 248))
        paint(card)
        card.words(110, 212, word, 44)
        scene.lay(card, 220 + number * 280, 450, chance.uniform(-3, 3))
    scene.shape([(220, 640), (250, 690), (190, 690)], (194, 65, 12))
    return scene


def _sun(card: Scene) -> None:
    for turn in range(0, 360, 45):
        x, y = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        card.line([(110 + 52 * x, 96 + 52 * y), (110 + 74 * x, 96 + 74 * y)], 9, (240, 176, 60))
    card.oval(110, 96, 42, 42, (246, 196, 74))


def _dots(card: Scene) -> None:
    for number in range(6):
        card.oval(56 + number % 3 * 54, 66 + number // 3 * 60, 22, 22, BRIGHT[number])


def _ball(card: Scene) -> None:
    card.oval(110, 98, 64, 64, (58, 120, 176))
    card.arc(110, 98, 30, 62, (0, 360), (250, 246, 238), 8)
    card.line([(48, 98), (172, 98)], 8, (250, 246, 238))


def _plate(card: Scene) -> None:
    card.oval(110, 98, 70, 62, (222, 226, 228))
    card.oval(110, 98, 50, 43, (250, 250, 250))
    card.oval(96, 104, 18, 15, (84, 152, 104))
    card.oval(126, 94, 20, 16, (236, 128, 96))
