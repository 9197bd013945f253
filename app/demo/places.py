"""Pictures of places and of things that are worn, eaten, played and grown."""

import math
from random import Random

from app.demo.brush import INK, Colour, Scene, circle, shade, square, table

WALL: Colour = (238, 230, 214)


def puddle(chance: Random) -> Scene:
    """Boots in a puddle."""
    scene = Scene(chance, (150, 146, 138))
    for _ in range(240):
        x, y = chance.uniform(0, 1280), chance.uniform(0, 960)
        scene.oval(x, y, chance.uniform(3, 9), chance.uniform(2, 5), shade((150, 146, 138), chance.uniform(0.85, 1.15)))
    water = [(640 + a * 560, 560 + b * 340) for a, b in scene.uneven(26, 0.07)]
    scene.shape(water, (104, 138, 160))
    scene.shape([(640 + (x - 640) * 0.93, 556 + (y - 560) * 0.92) for x, y in water], (126, 164, 188))
    for x, y, far in ((500, 600, 170), (780, 620, 190), (960, 450, 70), (330, 470, 50)):
        for step in (1, 0.72, 0.46):
            scene.ring(x, y, far * step, far * step * 0.42, (176, 206, 222), 5)
    for x in (500, 780):
        scene.box(x - 62, 250, x + 62, 590, (222, 174, 48), 26)
        scene.box(x - 62, 520, x + 118, 612, (222, 174, 48), 40)
        scene.box(x - 62, 250, x + 62, 292, (196, 146, 30), 16)
        scene.box(x - 44, 310, x - 22, 540, (240, 202, 96), 10)
        scene.box(x - 62, 592, x + 118, 616, (120, 92, 40), 12)
    for _ in range(26):
        x, y = chance.uniform(300, 1000), chance.uniform(430, 600)
        scene.oval(x, y, chance.uniform(4, 9), chance.uniform(6, 13), (210, 230, 240))
    return scene


def stairs(chance: Random) -> Scene:
    """Steps seen from below, with coloured feet to follow, and a rail."""
    scene = Scene(chance, WALL)
    y = 150.0
    for step in range(7):
        half, tread, riser = 230 + step * 52, 30 + step * 7, 52 + step * 9
        scene.shape([(640 - half, y), (640 + half, y), (652 + half, y + tread), (628 - half, y + tread)], (222, 186, 140))
        scene.box(628 - half, y + tread, 652 + half, y + tread + riser, (172, 134, 94))
        scene.box(628 - half, y + tread, 652 + half, y + tread + 7, (240, 206, 160))
        left = step % 2 == 0
        _foot(scene, 640 + (-0.3 if left else 0.3) * half, y + tread / 2, tread / 40, (58, 120, 176) if left else (214, 84, 60))
        y += tread + riser
    for post in range(4):
        x, top = 930 + post * 105, 60 + post * 158
        scene.line([(x, top), (x, top + 150 + post * 40)], 13, (60, 92, 104))
    scene.line([(900, 20), (1270, 570)], 30, (60, 92, 104))
    scene.line([(898, 12), (1268, 562)], 9, (104, 140, 152))
    return scene


def _foot(scene: Scene, x: float, y: float, size: float, colour: Colour) -> None:
    scene.oval(x, y + 4 * size, 24 * size, 15 * size, colour)
    for toe in range(5):
        scene.oval(x + (toe - 2) * 11 * size, y - (17 - abs(toe - 2) * 2) * size, 5 * size, 4 * size, colour)


def pool(chance: Random) -> Scene:
    """Lanes, light on the water, and a noodle."""
    scene = Scene(chance, (74, 164, 190))
    for _ in range(150):
        x, y, wide = chance.uniform(0, 1280), chance.uniform(0, 960), chance.uniform(40, 130)
        scene.arc(x, y, wide, wide * 0.4, (200, 340), shade((74, 164, 190), chance.uniform(1.05, 1.25)), 4)
    for lane in (190, 720):
        for number in range(22):
            scene.oval(number * 62 + 10, lane + 6 * math.sin(number), 26, 17, ((206, 72, 58), (250, 246, 238))[number % 2])
    bend = [(220 + t * 34, 480 - 130 * math.sin(t / 22 * math.pi)) for t in range(23)]
    scene.line([(x + 6, y + 22) for x, y in bend], 46, (54, 136, 162))
    scene.line(bend, 50, (236, 128, 60))
    scene.line([(x, y - 12) for x, y in bend[1:-1]], 12, (250, 164, 104))
    scene.box(0, 880, 1280, 960, (222, 226, 222))
    for x in range(0, 1280, 80):
        scene.line([(x, 880), (x, 960)], 3, (196, 202, 198))
    scene.line([(0, 882), (1280, 882)], 8, (58, 120, 140))
    return scene


def coat(chance: Random) -> Scene:
    """A coat on a peg, three buttons done up."""
    scene = Scene(chance, (214, 222, 214))
    scene.box(0, 90, 1280, 170, (186, 148, 104))
    for x in (200, 640, 1080):
        scene.oval(x, 140, 30, 30, (226, 196, 150))
        scene.oval(x, 138, 18, 18, (150, 112, 74))
    cloth = chance.choice(((184, 62, 66), (48, 104, 120), (96, 118, 62)))
    body = [(480, 250), (800, 250), (900, 860), (380, 860)]
    scene.shadow(body, 30, 0.3, 20)
    scene.shape([(490, 250), (300, 640), (380, 700), (520, 430)], shade(cloth, 0.88))
    scene.shape([(790, 250), (980, 640), (900, 700), (760, 430)], shade(cloth, 0.88))
    scene.shape(body, cloth)
    scene.shape([(480, 250), (640, 350), (800, 250), (720, 180), (560, 180)], shade(cloth, 0.78))
    scene.line([(640, 340), (640, 860)], 6, shade(cloth, 0.62))
    for x in (450, 710):
        scene.box(x, 660, x + 120, 780, shade(cloth, 0.86), 12)
    for number in range(4):
        y = 400 + number * 118
        scene.oval(656, y + 4, 28, 28, shade(cloth, 0.6))
        scene.oval(656, y, 26, 26, (246, 232, 204))
        for dx, dy in ((-8, -8), (8, -8), (-8, 8), (8, 8)):
            scene.oval(656 + dx, y + dy, 4, 4, INK)
    return scene


def feelings(chance: Random) -> Scene:
    """A board of plain faces: how I am now."""
    scene = Scene(chance, (226, 218, 204))
    scene.shadow(square(90, 150, 1190, 800), 20, 0.3, 16)
    scene.box(90, 150, 1190, 800, (255, 252, 244), 30)
    faces: tuple[tuple[Colour, str, float], ...] = (
        ((126, 182, 96), "calm", 1), ((240, 190, 76), "not sure", 0), ((214, 92, 72), "too much", -1),
    )  # fmt: skip
    for number, (colour, word, mood) in enumerate(faces):
        x = 290 + number * 350
        scene.oval(x, 410, 140, 140, colour)
        for dx in (-48, 48):
            scene.oval(x + dx, 376, 14, 18, INK)
        if mood:
            turn = (25, 155) if mood > 0 else (205, 335)
            scene.arc(x, 440 + (0 if mood > 0 else 60), 70, 52, turn, INK, 10)
        else:
            scene.line([(x - 52, 474), (x + 52, 474)], 10, INK)
        scene.words(x, 640, word, 56)
    chosen = 290 + chance.randint(0, 2) * 350
    scene.shape([(chosen, 700), (chosen + 40, 770), (chosen - 40, 770)], (11, 110, 110))
    return scene


def drum(chance: Random) -> Scene:
    scene = table(chance, (176, 132, 98))
    scene.shadow(circle(600, 540, 330, 290), 36, 0.45, 30)
    scene.box(280, 380, 920, 700, (178, 62, 60), 10)
    scene.oval(600, 700, 320, 150, (178, 62, 60))
    for number in range(7):
        x = 290 + number * 103
        scene.line([(x, 420), (x + 50, 800 - abs(600 - x) * 0.28), (x + 103, 420)], 7, (246, 232, 204))
    scene.oval(600, 390, 326, 156, (120, 42, 46))
    scene.oval(600, 380, 306, 140, (246, 236, 214))
    scene.oval(580, 372, 220, 92, (252, 245, 230))
    for x0, y0, x1, y1 in ((420, 330, 1010, 120), (720, 400, 1180, 300)):
        scene.line([(x0 + 10, y0 + 26), (x1, y1 + 26)], 18, (196, 180, 156))
        scene.line([(x0, y0), (x1, y1)], 20, (206, 160, 106))
        scene.oval(x0, y0, 30, 28, (58, 120, 140))
    for x, y in ((1060, 700), (1120, 800), (1010, 830)):
        scene.shadow(circle(x, y, 44), 12, 0.4, 12)
        scene.oval(x, y, 48, 46, (226, 184, 76))
        scene.arc(x, y, 26, 24, (20, 160), (140, 104, 30), 7)
    return scene


def lunch_tray(chance: Random) -> Scene:
    scene = table(chance, (206, 186, 160), 4)
    scene.shadow(square(150, 150, 1130, 830), 26, 0.4, 20)
    scene.box(150, 150, 1130, 830, (92, 150, 142), 50)
    scene.box(180, 180, 1100, 800, (112, 170, 162), 40)
    scene.oval(520, 490, 270, 262, (236, 236, 232))
    scene.oval(520, 486, 230, 222, (250, 250, 246))
    for _ in range(34):
        turn, far = chance.uniform(0, math.tau), chance.uniform(0, 82)
        scene.oval(
            440 + far * math.cos(turn), 540 + far * 0.8 * math.sin(turn), 17, 16, chance.choice(((104, 160, 72), (122, 180, 86)))
        )
    scene.dab(600, 560, 90, (238, 222, 176))
    scene.dab(596, 552, 70, (246, 234, 196))
    for number in range(4):
        scene.line([(430 + number * 52, 400 - number % 2 * 20), (480 + number * 52, 350)], 32, (230, 132, 56))
    scene.oval(940, 310, 96, 92, (206, 72, 58))
    scene.oval(940, 306, 78, 72, (250, 244, 236))
    scene.line([(880, 760), (900, 520)], 26, (58, 120, 176))
    scene.oval(903, 480, 40, 56, (206, 210, 212))
    scene.oval(900, 476, 28, 42, (226, 230, 232))
    return scene


def sun_window(chance: Random) -> Scene:
    """Morning sun through a window, and a plant on the sill."""
    scene = Scene(chance, (222, 206, 184))
    scene.box(210, 80, 1070, 740, (250, 246, 236), 12)
    scene.box(240, 110, 1040, 710, (156, 204, 228))
    scene.oval(860, 250, 96, 96, (250, 214, 96))
    for left, top, size in ((380, 260, 1.0), (640, 180, 0.7)):
        for dx, dy, r in ((0, 0, 46), (54, -22, 58), (112, 0, 48)):
            scene.oval(left + dx * size, top + dy * size, r * size * 1.2, r * size * 0.8, (246, 250, 252))
    hills: tuple[tuple[int, Colour], ...] = ((560, (120, 168, 108)), (620, (96, 148, 92)))
    for height, colour in hills:
        points = [(240 + along, height + 34 * math.sin(along / 130 + height)) for along in range(0, 801, 40)]
        scene.shape([*points, (1040, 710), (240, 710)], colour)
    scene.box(626, 110, 654, 710, (250, 246, 236))
    scene.box(240, 400, 1040, 424, (250, 246, 236))
    scene.box(150, 740, 1130, 800, (240, 232, 214), 8)
    scene.box(150, 790, 1130, 806, (200, 188, 164), 6)
    scene.shape([(330, 610), (510, 610), (480, 748), (360, 748)], (194, 96, 62))
    for turn in range(-70, 71, 20):
        x, y = 420 + 150 * math.sin(math.radians(turn)), 600 - 130 * math.cos(math.radians(turn))
        scene.line([(420, 612), (x, y)], 9, (70, 124, 70))
        scene.dab(x, y, 32, (96, 158, 84))
    return scene


def seedlings(chance: Random) -> Scene:
    """Pots with seedlings and a watering can."""
    scene = table(chance, (150, 120, 92), 6)
    for number in range(6):
        x, y = 220 + number % 3 * 250, 300 + number // 3 * 380
        scene.shadow(circle(x, y, 96), 24, 0.45, 24)
        scene.oval(x, y, 108, 106, (196, 100, 66))
        scene.oval(x, y, 90, 88, (88, 62, 46))
        for _ in range(14):
            scene.oval(x + chance.uniform(-66, 66), y + chance.uniform(-62, 62), 5, 4, (112, 84, 62))
        for turn in (chance.uniform(0, 1.5) + k * math.tau / (3 + number % 3) for k in range(3 + number % 3)):
            tip = (x + 62 * math.cos(turn), y + 58 * math.sin(turn))
            scene.line([(x, y), tip], 10, (88, 148, 72))
            scene.dab(*tip, 28, (116, 178, 84))
    _watering_can(scene, (74, 134, 160))
    return scene


def _watering_can(scene: Scene, tin: Colour) -> None:
    scene.shadow([(980, 420), (1190, 420), (1210, 720), (960, 720)], 30, 0.45, 26)
    scene.arc(1176, 520, 74, 130, (-90, 90), shade(tin, 0.75), 24)
    scene.line([(990, 640), (900, 470), (900, 380)], 34, shade(tin, 0.88))
    scene.oval(898, 350, 46, 26, shade(tin, 0.7))
    scene.box(970, 420, 1190, 720, tin, 26)
    scene.box(990, 440, 1030, 700, shade(tin, 1.25), 18)
    scene.oval(1080, 424, 110, 34, shade(tin, 0.8))
    scene.oval(1080, 424, 90, 24, (52, 92, 112))
