"""A standby that falls behind: with --max-lag the sweep waits for it, and says so."""

import json
import os
import signal
import time
from unittest import mock

from cli import harness
from faults.server import PrivateServer, Standby
from faults.small_world import SWEEPER, SmallWorld


class BehindTest(SmallWorld):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PrivateServer())
        cls.enterClassContext(mock.patch.dict(os.environ, cls.server.env))
        cls.standby = cls.enterClassContext(Standby(cls.server))
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.expect()
        self.database.execute(f"GRANT pg_monitor TO {SWEEPER}")
        self.slow_down(milliseconds=2)
        self.addCleanup(self.standby.execute, "SELECT pg_wal_replay_resume()")
        self.log = self.folder / "log"

    def said(self):
        return self.log.read_text() if self.log.exists() else ""

    def wait_until_it_waits(self, process):
        deadline = time.monotonic() + 20
        while "waiting for a standby" not in self.said():
            self.assertIsNone(process.poll(), "it did not wait")
            self.assertLess(time.monotonic(), deadline, self.said())
            time.sleep(0.05)

    def behind(self):
        """A sweep, and the standby stands still."""
        self.standby.execute("SELECT pg_wal_replay_pause()")
        return self.running("--max-lag", "1", "--batch", "20", "--log-file", self.log)

    def test_the_sweep_waits_until_it_has_caught_up(self):
        with self.behind() as process:
            self.wait_until_it_waits(process)
            left = self.count("posts")
            self.assertGreater(left, 2000 - self.before["posts"])
            time.sleep(1)
            self.assertEqual(self.count("posts"), left, "it deletes while the standby is behind")
            self.standby.execute("SELECT pg_wal_replay_resume()")
            self.end(process, 0)
        self.assertRegex(self.said(), r"waiting for a standby that is \d+ seconds behind")
        self.assertEqual(self.said().count("waiting for"), self.said().count("have caught up"))
        self.assert_swept()

    def test_a_sweep_that_waits_can_be_stopped(self):
        with self.behind() as process:
            self.wait_until_it_waits(process)
            process.send_signal(signal.SIGTERM)
            run = self.end(process, 130)
        self.assertEqual(json.loads(run.out)["state"], "interrupted")

    def test_a_role_that_may_not_look_is_told(self):
        self.database.execute(f"REVOKE pg_monitor FROM {SWEEPER}")
        self.refused(
            *("--max-lag", "1"), code=2, message="may not see how far standbys are behind",
            hint="pg_monitor",
        )  # fmt: skip


if __name__ == "__main__":
    harness.unittest.main()
