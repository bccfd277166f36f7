"""A server of a test's own, to be stopped and started again."""

import glob
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from faults.test_connection import as_server_user


class PrivateServer:
    """Everybody may log in as anybody, through a socket in `folder`."""

    OWNER = "chief"

    def __init__(self):
        self.data = "data"
        found = glob.glob("/usr/lib/postgresql/*/bin/postgres")
        self.bin = Path(sorted(found, key=lambda path: int(path.split("/")[4]))[-1]).parent
        # Short: a socket's path is at most 107 bytes long.
        self.folder = Path(tempfile.mkdtemp(prefix="dsarctl-pg.", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.env = {"PGHOST": str(self.folder), "PGPORT": "5432", "PGUSER": self.OWNER}
        self.process = None

    def __enter__(self):
        self.make()
        self.start()
        return self

    def __exit__(self, *_):
        self.stop("immediate")
        self.remove()

    def make(self):
        self._run(
            *("initdb", "-D", self.folder / self.data, "-U", self.OWNER, "-E", "UTF8"),
            *("--locale=C.UTF-8", "-A", "trust", "--no-sync", "--no-instructions"),
        )

    def remove(self):
        shutil.rmtree(self.folder)

    def _run(self, program, *args):
        subprocess.run(
            as_server_user(self.bin / program, *args), check=True, capture_output=True, cwd="/"
        )

    def start(self):
        self.process = subprocess.Popen(
            as_server_user(
                *("setpriv", "--pdeathsig=QUIT", "--", self.bin / "postgres"),
                *("-D", self.folder / self.data, "-k", self.folder, "-c", "listen_addresses="),
                *("-p", self.env["PGPORT"], "-c", "fsync=off", "-c", "shared_buffers=16MB"),
                *("-c", "wal_receiver_status_interval=1s"),
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        ready = [self.bin / "pg_isready", "-q", "-h", self.folder, "-p", self.env["PGPORT"]]
        while subprocess.run(ready, check=False).returncode != 0:
            if self.process.poll() is not None:
                raise AssertionError("the server did not start")

    def stop(self, mode):
        """`fast`: sessions are ended; `immediate`: as if the power had failed."""
        self._run("pg_ctl", "stop", "-D", self.folder / self.data, "-m", mode)
        self.process.wait(60)


class Standby(PrivateServer):
    """Another server, which follows the first."""

    def __init__(self, primary):
        super().__init__()
        shutil.rmtree(self.folder)
        self.folder = primary.folder
        self.data = "standby"
        self.primary = primary
        self.env = {**primary.env, "PGPORT": "5433"}

    def make(self):
        self._run(
            *("pg_basebackup", "-h", self.folder, "-p", self.primary.env["PGPORT"]),
            *("-U", self.OWNER, "-D", self.folder / self.data, "-R", "-c", "fast", "--no-sync"),
        )

    def remove(self):
        """Its folder is the primary's, which removes it."""

    def execute(self, sql):
        done = subprocess.run(
            [self.bin / "psql", "-XqAt", "-d", "postgres", "-c", sql],
            env={**os.environ, **self.env}, capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
        return done.stdout.strip()
