"""An export that is cut short leaves nothing behind: no package, no temporary file, no lock."""

import contextlib
import os
import shutil
import signal
import subprocess
import time

from cli import harness
from cli.package import Package

ASK = ("export", "--tenant", "harbour", "email:ada@example.com")


class FaultTest(harness.CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        self.folder = self.temporary_folder()
        self.target = self.folder / "package.zip"

    @contextlib.contextmanager
    def locked(self, table):
        """Another session that keeps everybody from the table."""
        with subprocess.Popen(
            ["psql", "-X", "-q", "-At", "-d", self.database.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as other:
            other.stdin.write(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n")
            other.stdin.flush()
            self.assertEqual(other.stdout.readline(), "held\n")
            try:
                yield
            finally:
                other.stdin.close()
                other.stdout.read()

    def waiting_backend(self):
        """The export's, once it waits for the lock."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            waiting = self.database.rows(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if waiting:
                return waiting[0][0]
            time.sleep(0.1)
        self.fail("the export does not wait for the lock")

    @contextlib.contextmanager
    def stuck_export(self, *more):
        """An export in the midst of its work: the process and its backend's number."""
        with self.locked("helpdesk.messages"):
            with subprocess.Popen(
                [harness.BINARY, *ASK, "--output", str(self.target), *more],
                env=harness.environment(self.database.env),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            ) as export:
                try:
                    backend = self.waiting_backend()
                    self.assertEqual(len(self.temporaries()), 1, "nothing is being written")
                    yield export, backend
                finally:
                    export.kill()

    def temporaries(self):
        return [entry.name for entry in self.folder.iterdir() if entry.name != "package.zip"]

    def end(self, export, code):
        """What it says when it ends, within seconds and with that code."""
        out, err = export.communicate(timeout=20)
        run = harness.Run(tuple(export.args[1:]), export.returncode, out, err)
        self.assertEqual(run.code, code, str(run))
        self.assertEqual(run.out, "")
        self.assert_says_nothing_personal(run)
        return run

    def assert_no_backend_left(self):
        deadline = time.monotonic() + 20
        query = (
            "SELECT count(*) AS n FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        while self.database.value(query) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(self.database.value(query), 0)


class CutShort(FaultTest):
    def test_a_signal_ends_it_at_once_though_it_waits_for_a_lock(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                with self.stuck_export() as (export, _):
                    export.send_signal(number)
                    self.end(export, 130)
                self.assertEqual(list(self.folder.iterdir()), [])
                self.assert_no_backend_left()

    def test_an_old_package_outlives_a_signal(self):
        self.target.write_text("last year's")
        with self.stuck_export("--force") as (export, _):
            export.send_signal(signal.SIGINT)
            self.end(export, 130)
        self.assertEqual(self.target.read_text(), "last year's")
        self.assertEqual(self.temporaries(), [])

    def test_a_lost_connection_is_a_database_error(self):
        with self.stuck_export() as (export, backend):
            self.database.execute(f"SELECT pg_terminate_backend({backend})")
            run = self.end(export, 5)
        self.assertRegex(run.err, "(?m)^dsarctl: .*connection")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_a_kill_leaves_the_next_export_removes(self):
        with self.stuck_export() as (export, _):
            export.kill()
            export.wait(20)
        self.assertFalse(self.target.exists())
        self.assertLessEqual(len(self.temporaries()), 1)
        for entry in self.folder.iterdir():
            self.assertEqual(entry.stat().st_mode & 0o777, 0o600)
        self.run_dsarctl(*ASK, "--output", self.target, env=self.database.env)
        self.assertEqual(self.temporaries(), [])
        self.assertIn("data/messages.json", Package(self.target).names)


class FullDisk(FaultTest):
    def in_small_disk(self, *args):
        """Runs the binary where the folder is a disk of 16 kB, which goes with the process; then
        lists the folder."""
        if shutil.which("unshare") is None:
            self.skipTest("unshare(1) is not there: no disk to fill")
        script = (
            'mount -t tmpfs -o size=16k none "$1" 2>/dev/null || exit 77\n'
            'folder=$1; shift; "$@"; code=$?; ls -A "$folder"; exit $code\n'
        )
        command = ["unshare", "--mount", "sh", "-c", script, "sh", str(self.folder)]
        done = subprocess.run(
            [*command, harness.BINARY, *args],
            env=harness.environment(self.database.env),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode == 77 or "unshare" in done.stderr:
            self.skipTest("this user may not mount: no disk to fill")
        return harness.Run(tuple(map(str, args)), done.returncode, done.stdout, done.stderr)

    def test_a_full_disk_is_said_and_leaves_nothing(self):
        run = self.in_small_disk(*ASK, "--output", self.target)
        self.assertEqual(run.code, 1, str(run))
        self.assertRegex(run.err, "(?m)^dsarctl: the disk is full: .*was not written$")
        self.assertRegex(run.err, "(?m)^hint: Free some space")
        self.assertEqual(run.out, "", "a file is left")
        self.assert_says_nothing_personal(run)

    def test_a_device_that_takes_nothing_is_said_of_the_result(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(
                [harness.BINARY, *ASK, "--output", self.target],
                env=harness.environment(self.database.env),
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.temporaries(), [])


if __name__ == "__main__":
    harness.unittest.main()
