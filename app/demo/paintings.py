"""Pictures of what children paint, print, draw and write: a sheet of paper on a table."""

import math
from random import Random

from app.demo.brush import INK, Colour, Scene, shade, sheet, table

LEAVES: tuple[Colour, ...] = ((196, 62, 44), (226, 132, 38), (222, 178, 52), (122, 142, 52), (150, 58, 72))


def painted_tree(chance: Random) -> Scene:
    paper = sheet(chance, 980, 740)
    for sky in range(40, 580, 34):
        paper.brush([(30, sky), (330, sky + 8), (650, sky - 6), (950, sky + 4)], 40, (158, 206, 226))
    for grass in range(590, 720, 30):
        paper.brush([(30, grass), (480, grass - 14), (950, grass)], 40, (116, 168, 84))
    paper.dab(830, 130, 66, (246, 198, 62))
    for side, tilt in ((0, 0), (-90, -120), (100, -150), (-40, -210), (60, -230)):
        paper.brush([(490, 640), (490 + side / 3, 480), (490 + side, 430 + tilt)], 54 if not side else 26, (112, 78, 54))
    for _ in range(70):
        turn, far = chance.uniform(0, math.tau), chance.uniform(20, 190)
        x, y = 490 + 1.35 * far * math.cos(turn), 240 + 0.85 * far * math.sin(turn)
        paper.dab(x, y, chance.uniform(20, 36), chance.choice(((86, 148, 72), (122, 176, 74), (62, 122, 70))))
    for _ in range(9):
        paper.dab(490 + chance.uniform(-210, 210), 240 + chance.uniform(-130, 130), 15, (206, 52, 48))
    scene = table(chance)
    scene.lay(paper, 620, 470, chance.uniform(-4, 4))
    scene.line([(1150, 760), (1230, 420)], 16, (198, 84, 60))
    scene.line([(1232, 412), (1244, 360)], 20, (86, 148, 72))
    return scene


def leaf_prints(chance: Random) -> Scene:
    paper = sheet(chance, 1020, 760, (246, 240, 226))
    for row in range(3):
        for column in range(4):
            x, y = 140 + column * 245 + chance.uniform(-24, 24), 140 + row * 240 + chance.uniform(-22, 22)
            _leaf(paper, x, y, chance.uniform(74, 100), chance.uniform(-0.9, 0.9), LEAVES[(row * 3 + column) % 5])
    scene = table(chance, (170, 138, 108))
    scene.lay(paper, 640, 480, chance.uniform(-3, 3))
    return scene


def _leaf(paper: Scene, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    """A print: full in the middle, patchy at the edge, veins left white."""

    def at(along: float, aside: float) -> tuple[float, float]:
        return (
            x + size * (along * math.sin(turn) + aside * math.cos(turn)),
            y - size * (along * math.cos(turn) - aside * math.sin(turn)),
        )

    steps = [n / 12 for n in range(13)]
    wide = [0.56 * math.sin(math.pi * s) ** 0.8 * (1 + 0.12 * (-1) ** n) for n, s in enumerate(steps)]
    side = [at(2 * s - 1, w) for s, w in zip(steps, wide, strict=True)]
    other = [at(2 * s - 1, -w) for s, w in zip(steps, wide, strict=True)]
    paper.shape(side + other[::-1], colour)
    for s, w in list(zip(steps, wide, strict=True))[2:11:2]:
        for way in (1, -1):
            paper.line([at(2 * s - 1.1, 0), at(2 * s - 0.8, way * w * 0.85)], 3, shade(colour, 1.35))
    paper.line([at(-1.3, 0), at(0.9, 0)], 5, shade(colour, 1.35))
    for _ in range(26):
        s = paper.chance.uniform(0.1, 0.9)
        paper.oval(*at(2 * s - 1, paper.chance.uniform(-0.4, 0.4)), 3, 2, (246, 240, 226))


def number_line(chance: Random) -> Scene:
    paper = sheet(chance, 1160, 420)
    start, jumps = chance.choice(((3, 4), (4, 3), (5, 4), (2, 5)))
    place = [80 + n * 100 for n in range(11)]
    paper.line([(50, 290), (1110, 290)], 7, INK)
    for n, x in enumerate(place):
        paper.line([(x, 272), (x, 308)], 6, INK)
        paper.words(x, 348, str(n), 46, (194, 65, 12) if n in (start, start + jumps) else INK)
    for n in range(start, start + jumps):
        paper.arc(place[n] + 50, 284, 50, 92 + chance.uniform(-10, 10), (184, 356), (11, 110, 110), 8)
    x = place[start + jumps]
    for dx, dy, rx, ry in ((0, 0, 34, 26), (-22, -24, 12, 12), (22, -24, 12, 12)):
        paper.oval(x + dx, 232 + dy, rx, ry, (98, 168, 74))
    for dx in (-22, 22):
        paper.oval(x + dx, 206, 6, 7, (250, 250, 250))
        paper.oval(x + dx, 206, 3, 4, INK)
    paper.arc(x, 228, 16, 12, (20, 160), INK, 4)
    scene = table(chance, (206, 170, 124))
    scene.lay(paper, 640, 430, chance.uniform(-3, 3))
    _pencil(scene, 330, 780, 560, (236, 178, 60))
    return scene


def _pencil(scene: Scene, x: float, y: float, long: float, colour: Colour) -> None:
    scene.shadow([(x, y - 14), (x + long, y - 34), (x + long, y), (x, y + 16)], 10, 0.3, 10)
    scene.line([(x, y), (x + long, y - 20)], 30, colour)
    scene.line([(x, y - 6), (x + long, y - 26)], 8, shade(colour, 1.15))
    scene.shape([(x + long + 10, y - 36), (x + long + 64, y - 24), (x + long + 10, y - 4)], (232, 200, 160))
    scene.shape([(x + long + 46, y - 27), (x + long + 64, y - 24), (x + long + 46, y - 16)], INK)
    scene.box(x - 30, y - 15, x - 2, y + 17, (224, 118, 128), 8)


def letters(chance: Random) -> Scene:
    scene = table(chance, (150, 172, 168), 3)
    tones: tuple[Colour, ...] = ((255, 250, 240), (255, 240, 210), (226, 240, 238), (250, 226, 220))
    for number, letter in enumerate(chance.sample("satpinmdgock", 8)):
        card = sheet(chance, 230, 300, tones[number % 4])
        card.words(115, 140, letter, 170, (11, 110, 110) if letter in "aio" else INK)
        card.line([(40, 238), (190, 238)], 4, (200, 190, 176))
        column, row = number % 4, number // 4
        scene.lay(card, 200 + column * 292, 260 + row * 430 + chance.uniform(-24, 24), chance.uniform(-9, 9))
    return scene


def clay_letters(chance: Random) -> Scene:
    """Letters rolled from clay on a mat."""
    mat = sheet(chance, 1060, 720, (78, 122, 132))
    for x in range(60, 1060, 60):
        mat.line([(x, 0), (x, 720)], 1.5, (92, 138, 148))
    for y in range(60, 720, 60):
        mat.line([(0, y), (1060, y)], 1.5, (92, 138, 148))
    scene = table(chance)
    scene.lay(mat, 640, 480, chance.uniform(-2, 2))
    for number, letter in enumerate(chance.sample("sacpou", 3)):
        clay = ((226, 104, 92), (240, 184, 70), (134, 182, 96))[number]
        x = 330 + number * 310
        for size, tone, up in ((390, 0.7, -8), (390, 1.0, 0), (390, 1.0, 2)):
            scene.words(x - up / 2, 440 - up, letter, size, shade(clay, tone))
    for _ in range(14):
        scene.dab(chance.uniform(260, 1040), chance.uniform(650, 780), chance.uniform(6, 20), (240, 184, 70))
    return scene


def boat(chance: Random) -> Scene:
    """A painting of a boat on the sea."""
    paper = sheet(chance, 1000, 760)
    for y in range(30, 420, 36):
        paper.brush([(30, y), (340, y - 8), (660, y + 8), (970, y)], 42, (206, 226, 232))
    paper.dab(170, 130, 60, (250, 206, 84))
    for y in range(440, 740, 34):
        waves = [(x, y + 14 * math.sin(x / 70 + y)) for x in range(30, 980, 50)]
        paper.brush(waves, 40, (64, 130, 172) if y % 4 else (92, 160, 192))
    paper.shape([(300, 470), (740, 470), (660, 590), (380, 590)], (178, 62, 52))
    paper.brush([(330, 490), (710, 490)], 22, (206, 88, 66))
    paper.brush([(520, 470), (520, 150)], 18, (112, 80, 58))
    paper.shape([(540, 160), (540, 430), (730, 430)], (250, 244, 230))
    paper.shape([(500, 210), (500, 430), (360, 430)], (240, 190, 70))
    for x in (420, 520, 620):
        paper.oval(x, 530, 20, 20, (250, 244, 230))
    scene = table(chance, (188, 160, 128))
    scene.lay(paper, 640, 475, chance.uniform(-4, 4))
    return scene
