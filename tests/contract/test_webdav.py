"""A folder on a WebDAV server: what its servers answer in our words, what they cannot do, and what they never hear or tell."""

import shutil
import traceback
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from storage.errors import FolderReadOnly, FolderUnreadable, MissingName, StorageError, StoreFull, Unreachable
from storage.folder.dav_answers import SignInRefused
from storage.folder.directory import Directory
from storage.folder.port import digest_with
from storage.folder.webdav import WebDav
from storage.store import Pending
from storage.sync import sync
from tests.contract.kinds import DAVS, DEV, Kind, dav_at, hub_at, segment, store_of
from tests.contract.servers import PASSWORD, SIGN_IN, USER, DavServer, Servers
from tests.ports import free_port
from tests.storage.parts import note, op_ids, picture

NAME, DATA = segment()


@pytest.fixture(params=DAVS)
async def kind(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[Kind]:
    async with dav_at(request.param, servers) as made:
        yield made


def url_of(kind: Kind, servers: Servers) -> str:
    assert isinstance(kind.ground, Directory)
    return str(getattr(servers, kind.name).url(kind.ground.path))


def dav_of(kind: Kind, servers: Servers, transport: httpx.BaseTransport | None = None) -> WebDav:
    """The same folder, asked for over another way."""
    return WebDav(url_of(kind, servers), SIGN_IN, transport)


async def told_by(folder: WebDav) -> dict[str, StorageError]:
    """What each question to the folder raises."""
    found: dict[str, StorageError] = {}
    asked = {
        "names": folder.names(), "get": folder.get(NAME), "size": folder.size(NAME), "digest": folder.digest(NAME, b""),
        "put": folder.put(NAME, DATA), "replace": folder.replace("hub/x", b"x"), "delete": folder.delete(NAME),
    }  # fmt: skip
    for word, question in asked.items():
        try:
            await question
        except StorageError as error:
            found[word] = error
    await folder.close()
    return found


# -- who asks ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sign_in", [(USER, "not it"), ("somebody", PASSWORD), None])
async def test_a_wrong_password_is_told_and_nothing_is_taken_for_empty(
    kind: Kind, servers: Servers, sign_in: tuple[str, str] | None
) -> None:
    told = await told_by(WebDav(url_of(kind, servers), sign_in))
    assert told.keys() == {"names", "get", "size", "digest", "put", "replace", "delete"}
    assert all(isinstance(told[word], SignInRefused) for word in ("names", "get", "size", "digest"))
    assert all(isinstance(told[word], FolderReadOnly) for word in ("put", "replace", "delete"))


async def test_the_password_is_in_no_error_and_no_log(kind: Kind, servers: Servers, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await kind.folder.put(NAME, DATA)
    for folder in (
        dav_of(kind, servers),
        WebDav("http://127.0.0.1:1/x", SIGN_IN),
        WebDav(f"{url_of(kind, servers)} not", SIGN_IN),
    ):
        for error in (await told_by(folder)).values():
            said = "".join(traceback.format_exception(error))
            assert PASSWORD not in said and "Authorization" not in said and error.__cause__ is None
    assert PASSWORD not in caplog.text and caplog.text


# -- where nothing is ----------------------------------------------------------------------------------------------------
async def test_a_folder_that_is_not_there_is_told_and_never_taken_for_an_empty_one(kind: Kind, servers: Servers) -> None:
    told = await told_by(WebDav(f"{url_of(kind, servers)} not", SIGN_IN))
    assert {word: type(error) for word, error in told.items()} == {
        "names": FolderUnreadable, "get": MissingName, "put": FolderUnreadable, "replace": FolderUnreadable,
    }  # fmt: skip


async def test_a_server_that_nobody_runs_is_told() -> None:
    told = await told_by(WebDav(f"http://127.0.0.1:{free_port()}/school", SIGN_IN))
    assert len(told) == 7 and all(type(error) is Unreachable for error in told.values())


async def test_folders_that_somebody_took_away_are_made_again(kind: Kind) -> None:
    assert isinstance(kind.ground, Directory)
    await kind.folder.put(NAME, DATA)
    for gone in ("p", "part"):
        shutil.rmtree(kind.ground.path / gone)
    assert await kind.folder.put(NAME, DATA, b"n") == digest_with(b"n", DATA)
    assert await kind.found(NAME) == DATA


async def test_the_folder_may_be_all_of_the_server(kind: Kind, servers: Servers) -> None:
    assert isinstance(kind.ground, Directory)
    await kind.folder.put(NAME, DATA)
    root = WebDav(url_of(kind, servers).rsplit("/", 1)[0] + "/", SIGN_IN)
    assert f"{kind.ground.path.name}/{NAME}" in await root.names()
    assert await root.names(f"{kind.ground.path.name}/p/") == {f"{kind.ground.path.name}/{NAME}"}
    await root.close()


# -- what a server does not do -------------------------------------------------------------------------------------------
class Answering(httpx.BaseTransport):
    """The real way, but for what `instead` answers."""

    def __init__(self, instead: Callable[[httpx.Request], httpx.Response | None]) -> None:
        self.real, self.instead, self.asked = httpx.HTTPTransport(), instead, list[str]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.method)
        return self.instead(request) or self.real.handle_request(request)

    def close(self) -> None:
        self.real.close()


@pytest.mark.parametrize("status", [400, 403, 405, 501, 502])
async def test_where_nothing_can_be_moved_files_are_put_straight(kind: Kind, servers: Servers, status: int) -> None:
    way = Answering(lambda asked: httpx.Response(status, request=asked) if asked.method == "MOVE" else None)
    folder = dav_of(kind, servers, way)
    for number in (1, 2):
        name, data = segment(number)
        assert await folder.put(name, data, b"n") == digest_with(b"n", data)
        assert await kind.found(name) == data
    await folder.replace("hub/x", b"x")
    assert await kind.found("hub/x") == b"x" and way.asked.count("MOVE") == 1
    assert isinstance(kind.ground, Directory) and not list((kind.ground.path / "part").iterdir())
    await folder.close()


async def test_a_move_that_fails_this_once_is_told_and_leaves_nothing_aside(kind: Kind, servers: Servers) -> None:
    folder = dav_of(kind, servers, Answering(lambda asked: httpx.Response(503) if asked.method == "MOVE" else None))
    with pytest.raises(Unreachable):
        await folder.put(NAME, DATA)
    assert isinstance(kind.ground, Directory) and not list((kind.ground.path / "part").iterdir())
    assert await kind.found(NAME) is None
    await folder.close()


async def test_i4_what_the_server_lost_or_spoilt_is_never_taken_for_stored(kind: Kind, servers: Servers) -> None:
    """It says 201 and keeps nothing; it says 201 and keeps something else."""
    assert isinstance(kind.ground, Directory)
    liar = dav_of(kind, servers, Answering(lambda asked: httpx.Response(201) if asked.method in {"PUT", "MOVE"} else None))
    with pytest.raises(Unreachable):
        await liar.put(NAME, DATA)

    def spoil(asked: httpx.Request) -> None:
        if asked.method == "GET" and (path := Path(str(kind.ground.path)) / NAME).exists():  # type: ignore[union-attr]
            path.write_bytes(DATA[:-1])

    spoiler = dav_of(kind, servers, Answering(spoil))
    assert await spoiler.put(NAME, DATA, b"n") == digest_with(b"n", DATA[:-1]) != digest_with(b"n", DATA)
    await liar.close()
    await spoiler.close()


async def test_a_server_that_stumbles_while_files_go_is_asked_again(kind: Kind, servers: Servers) -> None:
    stumbles = [500, 500]

    def stumble(asked: httpx.Request) -> httpx.Response | None:
        return httpx.Response(stumbles.pop()) if asked.method == "PROPFIND" and stumbles else None

    await kind.folder.put(NAME, DATA)
    folder = dav_of(kind, servers, Answering(stumble))
    assert await folder.names("p/") == {NAME} and not stumbles
    await folder.close()


async def test_a_server_that_gives_no_parts_gives_the_part_all_the_same(kind: Kind, servers: Servers) -> None:
    def whole(asked: httpx.Request) -> None:
        asked.headers.pop("Range", None)

    folder = dav_of(kind, servers, Answering(whole))
    await folder.put(NAME, DATA)
    for start, end in ((0, 5), (3, 9), (5, None), (len(DATA) + 5, None), (4, 10_000)):
        assert await folder.get(NAME, start, end) == DATA[start:end]
    await folder.close()


async def test_two_who_put_the_same_at_the_same_time_both_succeed(kind: Kind, servers: Servers) -> None:
    """The other one was a moment earlier: the file came while ours was on its way. It is not even touched."""
    assert isinstance(kind.ground, Directory)
    theirs, came = kind.ground.path / NAME, list[int]()

    def first(asked: httpx.Request) -> None:
        if asked.method == "MOVE":
            theirs.write_bytes(DATA)
            came.append(theirs.stat().st_ino)

    folder = dav_of(kind, servers, Answering(first))
    assert await folder.put(NAME, DATA, b"n") == digest_with(b"n", DATA) and await kind.found(NAME) == DATA
    assert came == [theirs.stat().st_ino]
    await folder.close()


async def test_who_sends_us_elsewhere_is_not_told_the_password() -> None:
    asked: list[httpx.Request] = []

    def sent_on(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return (
            httpx.Response(301, headers={"Location": "http://elsewhere.test/school"}) if len(asked) == 1 else httpx.Response(404)
        )

    folder = WebDav("http://dav.test/school", SIGN_IN, Answering(sent_on))
    with pytest.raises(StorageError):
        await folder.names()
    assert asked[1].url.host == "elsewhere.test" and "authorization" not in asked[1].headers
    assert "authorization" in asked[0].headers


@pytest.mark.parametrize("name", DAVS)
async def test_a_server_that_is_away_for_a_while_loses_nothing(servers: Servers, name: str) -> None:
    """The tablet keeps what the hub cannot store, and sends it when the server is back; nothing is sent twice."""
    server: DavServer = getattr(servers, name)
    async with dav_at(name, servers) as made, hub_at(made.folder) as hub:
        tablet = await store_of(DEV)
        await tablet.write([note("Amira asked.")], picture())
        server.end()
        try:
            for _ in range(2):
                with pytest.raises(Unreachable):
                    await sync(tablet, hub.folder)
            assert tablet.pending() != Pending(0, 0)
        finally:
            server.start()
        assert (await sync(tablet, hub.folder)).problems == [] and tablet.pending() == Pending(0, 0)
        files = {name: await made.folder.get(name) for name in await made.folder.names("p/")}
        assert len(op_ids(files)) == len(set(op_ids(files))) == 1 and len(files) == 2


# -- every answer --------------------------------------------------------------------------------------------------------
def answering(answer: httpx.Response | Exception) -> WebDav:
    def instead(_asked: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return WebDav("http://dav.test/school", SIGN_IN, Answering(instead))


@pytest.mark.parametrize(
    "answer,reading,writing",
    [
        (httpx.Response(401), SignInRefused, FolderReadOnly), (httpx.Response(403), FolderUnreadable, FolderReadOnly),
        (httpx.Response(423), Unreachable, Unreachable), (httpx.Response(429), Unreachable, Unreachable),
        (httpx.Response(500), Unreachable, Unreachable), (httpx.Response(502), Unreachable, Unreachable),
        (httpx.Response(503), Unreachable, Unreachable), (httpx.Response(507), Unreachable, StoreFull),
        (httpx.Response(413), FolderUnreadable, FolderReadOnly), (httpx.Response(409), FolderUnreadable, FolderUnreadable),
        (httpx.Response(404), MissingName, Unreachable),
        (httpx.Response(302, headers={"Location": "http://wifi.test/"}), Unreachable, Unreachable),
        (httpx.ConnectError("no route"), Unreachable, Unreachable), (httpx.ReadTimeout("late"), Unreachable, Unreachable),
        (httpx.RemoteProtocolError("broken off"), Unreachable, Unreachable),
    ],
)  # fmt: skip
async def test_every_answer_is_an_error_of_the_ground(
    answer: httpx.Response | Exception, reading: type[StorageError], writing: type[StorageError]
) -> None:
    with pytest.raises(StorageError) as told:
        await answering(answer).get(NAME)
    assert type(told.value) is reading
    with pytest.raises(StorageError) as told:
        await answering(answer).replace("hub/x", b"x")
    assert type(told.value) is writing


LIST = '<multistatus xmlns="DAV:">{}</multistatus>'
COLLECTION = "<propstat><prop><resourcetype><collection/></resourcetype></prop></propstat>"
ELSEWHERE = LIST.format(f"<response><href>/another/place/</href>{COLLECTION}</response>")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>Please sign in to the Wi-Fi"), httpx.Response(207, text="<html>"),
        httpx.Response(207, text=""), httpx.Response(207, text=LIST.format("")), httpx.Response(207, text=ELSEWHERE),
        httpx.Response(207, text=LIST.format("<response/>")), httpx.Response(200, text="[]"),
    ],
    ids=["wifi", "torn", "nothing", "empty", "elsewhere", "hollow", "json"],
)  # fmt: skip
async def test_what_is_no_list_of_this_folder_is_never_taken_for_an_empty_one(answer: httpx.Response) -> None:
    for asked in (answering(answer).names(), answering(answer).partitions()):
        with pytest.raises(FolderUnreadable):
            await asked


async def test_a_list_may_be_told_in_whole_addresses_and_with_other_prefixes() -> None:
    """As servers do, each in its own way: `D:`, a host, a trailing slash or none."""

    def line(href: str, kind: str = "") -> str:
        return (
            f"<D:response><D:href>{href}</D:href><D:propstat><D:prop><D:resourcetype>{kind}</D:resourcetype></D:prop>"
            "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
        )

    inside = line("http://dav.test/school", "<D:collection/>") + line("/school/a%20b.txt") + line("http://dav.test/school/%C3%BC")
    text = f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{inside}</D:multistatus>'
    assert await answering(httpx.Response(207, text=text)).names() == {"a b.txt", "ü"}
