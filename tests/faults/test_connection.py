"""A server that will not have us: one line, a hint, exit code 5, and no password told."""

import glob
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from cli import harness

PASSWORD = "correct horse"
WRONG = "hunter2 hunter3"


def as_server_user(*command):
    """PostgreSQL refuses to run as root; its package brings a user."""
    if os.geteuid() == 0:
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
    return list(command)


class ServerWithPasswords(harness.CliTest):
    """A server of the test's own that asks everybody for a password."""

    @classmethod
    def setUpClass(cls):
        bin_folder = sorted(
            (Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/postgres")),
            key=lambda path: int(path.parent.name),
        )[-1]
        # Short: a socket's path is at most 107 bytes long.
        cls.folder = Path(tempfile.mkdtemp(prefix="dsarctl-pg.", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        password = cls.folder / "password"
        password.write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (cls.folder, password):
                shutil.chown(path, "postgres", "postgres")
        subprocess.run(
            as_server_user(
                *(bin_folder / "initdb", "-D", cls.folder / "data", "-U", "chief", "-E", "UTF8"),
                *("--locale=C.UTF-8", "-A", "scram-sha-256", f"--pwfile={password}"),
                *("--no-sync", "--no-instructions"),
            ),
            check=True,
            capture_output=True,
            cwd="/",
        )
        server = subprocess.Popen(
            as_server_user(
                *("setpriv", "--pdeathsig=QUIT", "--", bin_folder / "postgres"),
                *("-D", cls.folder / "data", "-k", cls.folder, "-c", "listen_addresses="),
                *("-c", "fsync=off", "-c", "shared_buffers=16MB"),
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.terminate)
        ready = ["pg_isready", "-q", "-h", str(cls.folder), "-t", "1"]
        while subprocess.run(ready, check=False).returncode != 0:
            if server.poll() is not None:
                raise AssertionError("the server did not start")

    def server(self, **changes):
        return {
            **{"PGHOST": str(self.folder), "PGUSER": "chief", "PGDATABASE": "postgres"},
            **{"PGPASSWORD": None, "PGPASSFILE": "/dev/null"},
            **changes,
        }

    def refuse_connection(self, message, hint, **changes):
        target = self.temporary_folder() / "package.zip"
        for command in (
            ("find", "email:ada@example.com"),
            ("export", "email:ada@example.com", "--output", target),
            ("map", "check"),
        ):
            with self.subTest(command[0]):
                self.refuse(
                    *command,
                    env=self.server(**changes),
                    code=5,
                    message=message,
                    hint=hint,
                    personal=(PASSWORD, WRONG, "hunter2"),
                )
        self.assertFalse(target.exists())

    def test_the_right_password_is_let_in(self):
        run = harness.dsarctl("map", "check", env=self.server(PGPASSWORD=PASSWORD))
        self.assertEqual(run.code, 4, str(run))
        self.assertNotIn(PASSWORD, run.out + run.err)

    def test_a_wrong_password_is_not_repeated(self):
        self.refuse_connection("password", "PGPASSWORD|password", PGPASSWORD=WRONG)

    def test_no_password_where_one_is_asked_for(self):
        self.refuse_connection("password", "PGPASSWORD|password")

    def test_an_unknown_role(self):
        self.refuse_connection("password|role", "PGUSER|PGPASSWORD|password", PGUSER="nobody")

    def test_an_unknown_database_is_named(self):
        self.refuse_connection(
            "database .*no_such_database", "PGDATABASE",
            PGPASSWORD=PASSWORD, PGDATABASE="no_such_database",
        )  # fmt: skip

    def test_no_server_there(self):
        self.refuse_connection("cannot connect", "PGHOST", PGHOST="/nonexistent")
        self.refuse_connection("cannot connect", "PGHOST", PGHOST="127.0.0.1", PGPORT="1")


if __name__ == "__main__":
    harness.unittest.main()
