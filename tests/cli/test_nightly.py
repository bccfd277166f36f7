"""The examples for a nightly run hold: what they call exists, and what they watch is written."""

import os
import re
import shlex
import shutil
import subprocess
import unittest
from pathlib import Path

from cli.harness import BINARY, CliTest

NIGHTLY = Path(__file__).resolve().parents[2] / "scripts" / "nightly"
NOW = ("--now", "2026-03-31T12:00:00Z")


def text(name):
    return (NIGHTLY / name).read_text(encoding="utf-8")


class Commands(CliTest):
    def check(self, line):
        """The commands and options of a command line are known; `&& --help` would hide a fault."""
        words = shlex.split(line)
        self.assertEqual(Path(words[0]).name, "dsarctl")
        help_text = self.run_dsarctl(*words[1:], "--help").out
        for option in (word for word in words if word.startswith("--")):
            self.assertRegex(help_text, rf"(?m)^ .*{option}\b", line)

    def test_cron_calls_what_there_is(self):
        lines = re.findall(r"^[\d*]+ .*$", text("dsarctl.cron"), re.M)
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertNotIn("%", line)
            user, command = line.split(None, 6)[5:]
            self.assertEqual(user, "dsarctl")
            self.check(re.fullmatch(r'out=\$\((.*)\) \|\| echo "\$out"', command).group(1))

    def test_the_service_calls_what_there_is_as_the_cron_job_does(self):
        called = re.search(r"^ExecStart=/usr/bin/(.*)$", text("dsarctl-sweep.service"), re.M)
        self.check(called.group(1))
        self.assertIn(f"$({called.group(1)})", text("dsarctl.cron"))

    def test_their_variables_are_settings(self):
        for name in ("dsarctl.cron", "dsarctl-sweep.service"):
            for variable, value in re.findall(r"\b(DSARCTL_\w+)=(\S+)", text(name)):
                run = self.run_dsarctl("version", "-v", "--log-to", "stderr", env={variable: value})
                if variable != "DSARCTL_LOG_TO":
                    self.assertIn(f"is set by {variable}\n", run.err)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_systemd_finds_no_fault_in_the_units_and_little_exposure(self):
        folder = self.temporary_folder()
        for name in ("dsarctl-sweep.service", "dsarctl-sweep.timer"):
            # Neither the program nor its manual need be installed where this runs.
            unit = text(name).replace("/usr/bin/dsarctl", str(Path(BINARY).resolve()))
            unit = re.sub(r"^Documentation=.*\n", "", unit, flags=re.M)
            (folder / name).write_text(unit, encoding="utf-8")
        units = [str(folder / name) for name in os.listdir(folder)]
        done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        most = 20  # of 100
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", f"--threshold={most}",
             str(folder / "dsarctl-sweep.service")],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-400:] + done.stderr)


class Alerts(CliTest):
    def test_the_alerts_watch_metrics_and_labels_that_a_sweep_writes(self):
        database = self.fresh_database()
        folder = self.temporary_folder()
        subprocess.run(["cp", "-r", os.environ["DSARCTL_MAP"], folder / "map"], check=True)
        subprocess.run(["chmod", "-R", "go-w", folder / "map"], check=True)
        env = {**database.env, "DSARCTL_MAP": str(folder / "map")}
        only = ("--tenant", "meadow", "--rule", "analytics", "-q")
        self.run_dsarctl("sweep", *only, *NOW, "--plan-out", folder / "plan", env=env)
        self.run_dsarctl("sweep", *only, "--apply", "--plan", folder / "plan", "--metrics",
                         folder / "metrics", env=env)
        written = (folder / "metrics").read_text(encoding="utf-8")
        alerts = text("prometheus-alerts.yml")
        watched = set(re.findall(r"\bdsarctl_\w+", alerts))
        self.assertLessEqual({"dsarctl_sweep_failed_rows", "dsarctl_sweep_left_over_rows",
                              "dsarctl_sweep_cannot_see_sets", "dsarctl_sweep_finished_seconds"},
                             watched)
        for metric in watched:
            self.assertRegex(written, rf"(?m)^{metric}[ {{]")
        for label in re.findall(r"\bby \((.*?)\)", alerts):
            for name in label.split(", "):
                self.assertIn(f"{name}=", written)


if __name__ == "__main__":
    unittest.main()
