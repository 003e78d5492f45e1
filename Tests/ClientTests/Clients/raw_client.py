"""Bytes by hand: garbage, halves, strange versions, and many connections. Environment: BROKER_PID, to see its memory."""
import asyncio
import os
import random
import resource
import socket
import struct

from suite import BOOTSTRAP, case, equal, run

HOST, PORT = BOOTSTRAP.rsplit(":", 1)
PORT = int(PORT)


def connect():
    connection = socket.create_connection((HOST, PORT), timeout=20)
    return connection


def frame(key, version, body=b"", correlation=7, client=b"raw"):
    header = struct.pack(">hhih", key, version, correlation, len(client)) + client
    return struct.pack(">i", len(header) + len(body)) + header + body


def exactly(connection, count):
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError("closed")
        data += part
    return data


def answer(connection):
    (size,) = struct.unpack(">i", exactly(connection, 4))
    data = exactly(connection, size)
    return struct.unpack(">i", data[:4])[0], data[4:]


def is_closed(connection, seconds=20):
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
        return True
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def works():
    with connect() as connection:
        connection.sendall(frame(18, 0))
        correlation, body = answer(connection)
        equal(correlation, 7)
        equal(struct.unpack(">h", body[:2])[0], 0, "ApiVersions' error")


def resident():
    with open(f"/proc/{os.environ['BROKER_PID']}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


@case
def unknown_version_of_api_versions():
    """Answered in version 0 with error 35 and the range, on a connection that stays open."""
    with connect() as connection:
        connection.sendall(frame(18, 99, b"\x00"))
        correlation, body = answer(connection)
        equal((correlation, struct.unpack(">h", body[:2])[0]), (7, 35))
        count = struct.unpack(">i", body[2:6])[0]
        listed = {struct.unpack(">hhh", body[6 + 6 * i:12 + 6 * i])[0] for i in range(count)}
        equal(18 in listed, True)
        connection.sendall(frame(18, 0, correlation=8))
        equal(answer(connection)[0], 8)


@case
def garbage():
    """Whatever comes, the connection closes and others do not notice."""
    generator = random.Random(4)
    payloads = [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", struct.pack(">i", -1), struct.pack(">i", 0x7FFFFFFF),
        struct.pack(">i", 200 << 20) + b"x" * 100, frame(999, 0), frame(-5, 0), frame(0, 99), frame(1, -1),
        frame(3, 1, b"\x7f\xff\xff\xff"), frame(0, 7, b"\xff" * 40), struct.pack(">i", 3) + b"abc",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 300,
    ]
    for _ in range(100):
        body = generator.randbytes(generator.randrange(0, 300))
        payloads.append(frame(generator.choice([0, 1, 2, 3, 8, 9, 10, 11, 19, 22, 32, 37]),
                              generator.randrange(0, 12), body))
    for payload in payloads:
        with connect() as connection:
            try:
                connection.sendall(payload)
                connection.shutdown(socket.SHUT_WR)
            except ConnectionError:
                pass
            equal(is_closed(connection), True, f"closed after {payload[:24]!r}")
    works()


@case
def half_requests():
    """A request cut anywhere is not carried out and harms nobody."""
    whole = frame(3, 1, struct.pack(">i", 0))
    for cut in range(1, len(whole)):
        with connect() as connection:
            connection.sendall(whole[:cut])
            connection.shutdown(socket.SHUT_WR)
            equal(is_closed(connection), True, f"cut at {cut}")
    with connect() as connection:
        # Each byte leaves in a packet of its own.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place in range(len(whole)):
            connection.sendall(whole[place:place + 1])
        equal(answer(connection)[0], 7, "byte by byte")
    works()


@case
def pipelined():
    """Many requests at once are answered in their order."""
    with connect() as connection:
        connection.sendall(b"".join(frame(18, 0, correlation=number) for number in range(500)))
        equal([answer(connection)[0] for _ in range(500)], list(range(500)))


@case
async def many_connections():
    """A thousand idle connections and two hundred busy ones."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    before = resident()
    idle = [await asyncio.open_connection(HOST, PORT) for _ in range(1000)]

    async def ask(reader, writer, correlation):
        writer.write(frame(18, 0, correlation=correlation))
        await writer.drain()
        (size,) = struct.unpack(">i", await reader.readexactly(4))
        data = await reader.readexactly(size)
        equal(struct.unpack(">i", data[:4])[0], correlation)

    async def busy(number):
        reader, writer = await asyncio.open_connection(HOST, PORT)
        for round_number in range(30):
            await ask(reader, writer, number * 1000 + round_number)
        writer.close()

    await asyncio.gather(*[busy(number) for number in range(200)])
    for number, (reader, writer) in enumerate(idle):
        await ask(reader, writer, number)
    grown = resident() - before
    equal(grown < 100 << 20, True, f"{grown >> 20} MiB more for 1,200 connections")
    for _, writer in idle:
        writer.close()


@case
async def half_request_memory():
    """Large announcements cost nothing until their bytes come."""
    before = resident()
    connections = []
    for _ in range(200):
        reader, writer = await asyncio.open_connection(HOST, PORT)
        writer.write(struct.pack(">i", 90 << 20) + b"x" * 1000)
        await writer.drain()
        connections.append((reader, writer))
    await asyncio.sleep(0)
    works()
    grown = resident() - before
    equal(grown < 100 << 20, True, f"{grown >> 20} MiB more for 200 half requests")
    for _, writer in connections:
        writer.close()


if __name__ == "__main__":
    run()
