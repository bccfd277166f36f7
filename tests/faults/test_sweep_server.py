"""A server that goes away in the midst of a sweep, and comes back."""

import os
from unittest import mock

from cli import harness
from faults.server import PrivateServer
from faults.small_world import SmallWorld


class Restart(SmallWorld):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PrivateServer())
        cls.enterClassContext(mock.patch.dict(os.environ, cls.server.env))
        super().setUpClass()

    def test_what_it_leaves_the_next_run_finishes(self):
        self.expect()
        self.slow_down()
        for mode in ("fast", "immediate"):
            with self.subTest(mode), self.running("--batch", "20", "--jobs", "2") as process:
                self.wait_for_batches(process, self.count("posts") - 100)
                self.server.stop(mode)
                run = self.end(process, 5)
                self.assertRegex(run.error["message"], "connection (to the database )?was lost")
                self.refused(code=5, message="cannot connect")
                self.server.start()
                left = self.count("posts")
                self.assertLess(2000 - self.before["posts"], left)
        self.apply()
        self.assert_swept()
        self.assertEqual(self.runs(), ["interrupted", "interrupted", "done"])


if __name__ == "__main__":
    harness.unittest.main()
