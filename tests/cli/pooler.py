"""A pooler as small as can be, for unix sockets: what dsarctl meets between itself and a server.

In transaction mode all clients share one server connection, each for a transaction at a time; in
session mode each has one of its own. Like real poolers it gives clients numbers of its own for
their backend.
"""

import contextlib
import os
import socket
import struct
import threading
from pathlib import Path

CANCEL_REQUEST, SSL_REQUEST, GSS_REQUEST = 80877102, 80877103, 80877104
PORT = 5432


def receive(stream, size):
    data = b""
    while len(data) < size:
        part = stream.recv(size - len(data))
        if not part:
            raise ConnectionError("closed")
        data += part
    return data


def message(stream):
    """(type, whole message) of the protocol after start-up."""
    head = receive(stream, 5)
    return head[:1], head + receive(stream, struct.unpack("!I", head[1:])[0] - 4)


def start_up(stream):
    """The client's start-up packet, encryption declined; None for a request to cancel."""
    while True:
        head = receive(stream, 4)
        packet = head + receive(stream, struct.unpack("!I", head)[0] - 4)
        code = struct.unpack("!I", packet[4:8])[0]
        if code == CANCEL_REQUEST:
            return None
        if code not in (SSL_REQUEST, GSS_REQUEST):
            return packet
        stream.sendall(b"N")


class Pooler:
    """`folder` is where its socket is, for PGHOST."""

    def __init__(self, folder, mode, server=None):
        self.folder = folder
        self.mode = mode
        self.address = f"{server or os.environ['PGHOST']}/.s.PGSQL.{os.environ.get('PGPORT', PORT)}"
        self.shared = None
        self.lock = threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{folder}/.s.PGSQL.{PORT}")
        self.listener.listen()
        self.streams = [self.listener]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.streams.append(client)
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def log_in(self, packet):
        """A server connection, and what the server greeted it with, its number replaced."""
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.address)
        self.streams.append(server)
        server.sendall(packet)
        greeting = b""
        while True:
            kind, data = message(server)
            if kind == b"K":
                data = b"K" + struct.pack("!III", 12, 1, 1)
            greeting += data
            if kind in (b"Z", b"E"):
                return server, greeting

    def serve(self, client):
        with contextlib.suppress(OSError):
            packet = start_up(client)
            if packet is None:
                client.close()
                return
            if self.mode == "session":
                server, greeting = self.log_in(packet)
                lock = threading.Lock()
            else:
                with self.lock:
                    if self.shared is None:
                        self.shared = self.log_in(packet)
                server, greeting = self.shared
                lock = self.lock
            client.sendall(greeting)
            while self.transaction(client, server, lock):
                pass

    @staticmethod
    def transaction(client, server, lock):
        """Passes messages on until the server is idle again; False when the client has gone."""
        kind, data = message(client)
        if kind == b"X":
            client.close()
            return False
        with lock:
            while True:
                server.sendall(data)
                if kind in (b"Q", b"S"):  # only then the server answers to the end
                    status = Pooler.answer(client, server)
                    if status == b"I":
                        return True
                kind, data = message(client)
                if kind == b"X":
                    return False

    @staticmethod
    def answer(client, server):
        while True:
            kind, data = message(server)
            client.sendall(data)
            if kind == b"Z":
                return data[5:6]

    def close(self):
        for stream in self.streams:
            with contextlib.suppress(OSError):
                stream.close()


@contextlib.contextmanager
def pooler(folder, mode):
    """Runs a pooler with its socket in that folder; gives the folder."""
    running = Pooler(Path(folder), mode)
    try:
        yield str(folder)
    finally:
        running.close()
