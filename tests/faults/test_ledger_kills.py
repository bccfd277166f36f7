"""Killed at each moment at which an erasure has put something on the disk: the ledger and the
database never part without the next run's saying so, and it can always be brought to its end."""

import os
import pathlib
import subprocess
import tempfile

from cli import harness
from cli.test_ledger import ADA, HARBOUR, HERS, NOW, LedgerTest

# Counts the calls of fsync, and kills the process at one of them.
KILLER = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int fsync(int file) {
  static int calls = 0;
  int (*const real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  const char* const at = getenv("KILLED_AT");
  const char* const counted = getenv("CALLS_COUNTED");
  const int wanted = at == NULL ? 0 : atoi(at);
  ++calls;
  if (counted != NULL) {
    FILE* const out = fopen(counted, "a");
    if (out != NULL) {
      fputc('.', out);
      fclose(out);
    }
  }
  if (calls == wanted && at[0] == '+') raise(SIGKILL);
  const int done = real(file);
  if (calls == wanted) raise(SIGKILL);
  return done;
}
"""


class LedgerKills(LedgerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        source, cls.killer = folder / "killer.c", folder / "killer.so"
        source.write_text(KILLER)
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-o", cls.killer, source,
                        "-ldl"], check=True)

    def erase_killed(self, **more):
        return harness.dsarctl(
            "erase", *HARBOUR, f"email:{ADA}", *NOW, "--apply", *self.signing, "--scan-later",
            "--certificate", self.ledger.parent / "ada.json",
            env={**self.database.env, **self.own, "PGUSER": self.logins["officer"],
                 "LD_PRELOAD": str(self.killer), **more,
                 # A sanitizer need not be the first library here.
                 "ASAN_OPTIONS": "verify_asan_link_order=0"})

    def start_over(self):
        self.doCleanups()
        self.setUp()

    def is_erased(self):
        return self.database.value(HERS) == 0

    def moments(self):
        counted = self.ledger.parent / "calls"
        self.assertEqual(self.erase_killed(CALLS_COUNTED=str(counted)).code, 3)
        calls = len(counted.read_text())
        self.assertGreater(calls, 4)
        return [f"{sign}{call}" for call in range(1, calls + 1) for sign in ("+", "")]

    def test_whenever_it_is_killed_it_can_be_brought_to_its_end(self):
        states = set()
        for moment in self.moments():
            with self.subTest(moment):
                self.start_over()
                self.assertEqual(self.erase_killed(KILLED_AT=moment).code, -9)
                erased = self.is_erased()
                again = harness.dsarctl(
                    "erase", *HARBOUR, f"email:{ADA}", *NOW, "--apply", *self.signing,
                    env={**self.database.env, **self.own, "PGUSER": self.logins["officer"]})
                states.add((erased, again.code))
                if again.code == 7:  # nobody knows whether it was done
                    self.assertFalse(erased)
                    self.assertIn("ahead of the database by 1 entry", again.err)
                    self.officer("ledger", "replay", *NOW, code=3)
                    self.assertFalse(self.is_erased())
                    self.officer("ledger", "replay", "--apply", "--include", "1", *self.signing,
                                 *NOW)
                elif erased:
                    self.assertEqual(again.code, 8, str(again))  # nobody has the identity
                self.assertTrue(self.is_erased())
                self.assertEqual(
                    self.officer("ledger", "verify", "--json").json | {"entries": 0},
                    {"entries": 0, "lost": 0, "undecided": 0})
                self.assertEqual(self.database.value("SELECT count(*) AS n FROM dsar.erasure"), 1)
        self.assertIn((False, 7), states)
        self.assertIn((True, 8), states)
