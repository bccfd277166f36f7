"""scripts/story, from Ada's first request to the restore of an old backup, as a reader would run it."""

import json
import os
import pathlib
import subprocess

from cli import harness

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/story"


class Story(harness.CliTest):
    def test_every_command_ends_as_it_says_and_openssl_verifies_every_certificate(self):
        database = self.fresh_database()
        self.addCleanup(harness.maintain,
                        f"DROP DATABASE IF EXISTS {database.name}_restored WITH (FORCE)")
        folder = self.temporary_folder()
        done = subprocess.run(
            [SCRIPT], env={**harness.environment(database.env), "STORY_FOLDER": str(folder)},
            capture_output=True, encoding="utf-8", timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr)
        self.assertEqual(done.stdout.count("Signature Verified Successfully"), 3)
        first, second = (json.loads((folder / name).read_text())
                         for name in ("first.json", "second.json"))
        self.assertEqual(second["follows"], first["erasure"])
        kinds = [json.loads(line)["kind"] for line in (folder / "ledger").read_text().splitlines()]
        self.assertEqual(kinds.count("settled"), 7)
        for path in folder.glob("*.json*"):
            for value in (*harness.PERSONAL, "ada.obi"):
                self.assertNotIn(value.encode(), path.read_bytes(), path.name)
        self.assertTrue(os.access(folder / "ada.zip", os.R_OK))
