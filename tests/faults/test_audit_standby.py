"""A standby cannot be written: what is read there is put on record in a file, or is not shown."""

import os
import time
from unittest import mock

from faults.server import PrivateServer, Standby
from faults.small_world import SmallWorld

PERSON = ("find", "email:person3@example.net")


class OnAStandby(SmallWorld):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PrivateServer())
        cls.enterClassContext(mock.patch.dict(os.environ, cls.server.env))
        cls.standby = cls.enterClassContext(Standby(cls.server))
        super().setUpClass()

    def on_the_standby(self, *args, **options):
        env = {**self.env, "PGPORT": self.standby.env["PGPORT"]}
        return self.run_dsarctl(*args, *self.globals(), env=env, personal=("person3@example.net",), **options)

    def test_a_file_takes_the_entries(self):
        deadline = time.monotonic() + 20
        there = f"SELECT count(*) FROM pg_database WHERE datname = '{self.database.name}'"
        while self.standby.execute(there) != "1":
            self.assertLess(time.monotonic(), deadline, "the standby does not follow")
            time.sleep(0.05)
        refused = self.on_the_standby(*PERSON, code=2)
        self.assertIn("the audit trail cannot be written on a standby", refused.err)
        self.assertIn("--audit-to", refused.err)
        self.assertEqual(refused.out, "")
        trail = self.folder / "trail"
        found = self.on_the_standby(*PERSON, "--audit-to", trail)
        self.assertIn("people 3", found.out)
        self.assertIn("entries 1 to 1", self.run_dsarctl("audit", "verify", "--file", trail).out)
