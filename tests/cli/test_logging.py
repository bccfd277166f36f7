"""Where messages go: standard error, a log file, syslog; and what a terminal shows meanwhile."""

import contextlib
import json
import os
import pty
import re
import socket
import subprocess
import unittest

from cli.harness import BINARY, CliTest, environment

NOW = ("--now", "2026-03-31T12:00:00Z")
SYSLOG = "/dev/log"
JOURNAL = "/run/systemd/journal/socket"
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z "


@contextlib.contextmanager
def listening(path):
    """Stands in for the system's log; gives a function that returns what has been sent to it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        log.bind(path)
        log.setblocking(False)

        def received():
            lines = []
            with contextlib.suppress(BlockingIOError):
                while True:
                    lines.append(log.recv(65536).decode())
            return lines

        try:
            yield received
        finally:
            os.unlink(path)


class Logs(CliTest):
    def log_file(self):
        return self.temporary_folder() / "dsarctl.log"

    def test_a_log_file_takes_the_messages_and_is_appended_to(self):
        log = self.log_file()
        for _ in range(2):
            run = self.run_dsarctl("version", "--verbose", "--log-file", log)
            self.assertEqual(run.err, "")
        lines = log.read_text().splitlines()
        own = [line for line in lines if "log-file is set by" in line]
        self.assertEqual(len(own), 2)
        self.assertRegex(own[0], f"^{STAMP}debug: log-file is set by --log-file$")

    def test_the_error_that_ends_a_command_is_in_the_log_and_on_standard_error(self):
        log = self.log_file()
        self.refuse("policy", "show", "nothing", "--log-file", log, message="no policy")
        self.assertRegex(log.read_text(), f"(?m)^{STAMP}error: there is no policy")
        quiet = self.log_file()
        self.refuse("policy", "show", "nothing", "-q", "--log-file", quiet, message="no policy")
        self.assertRegex(quiet.read_text(), "error: ")

    def test_in_json_a_line_has_time_level_and_message(self):
        log = self.log_file()
        env = {"DSARCTL_LOG_FILE": str(log), "DSARCTL_LOG_FORMAT": "json"}
        self.run_dsarctl("version", "--verbose", env=env)
        for line in log.read_text().splitlines():
            message = json.loads(line)
            self.assertEqual(list(message), ["time", "level", "message"])
            self.assertEqual(message["level"], "debug")

    def test_with_log_to_the_messages_are_on_standard_error_as_well(self):
        log = self.log_file()
        run = self.run_dsarctl("version", "--verbose", "--log-file", log, "--log-to", "stderr")
        self.assertIn("dsarctl: log-to is set by --log-to\n", run.err)
        self.assertIn("log-to is set by --log-to\n", log.read_text())

    def test_a_log_that_cannot_be_written_or_is_unknown_is_refused(self):
        self.refuse("version", "--log-file", "/nowhere/dsarctl.log",
                    message="cannot write the log file /nowhere/dsarctl.log: No such file")
        self.refuse("version", "--log-to", "printer", message="none of 'stderr', 'syslog'")

    @unittest.skipIf(os.path.exists(SYSLOG) or not os.access("/dev", os.W_OK),
                     "the system has a log of its own, or /dev cannot be written")
    def test_syslog_has_level_and_text_and_nothing_else_is_written(self):
        with listening(SYSLOG) as received:
            self.assertEqual(self.run_dsarctl("version", "-v", "--log-to", "syslog").err, "")
            debug, error = 8 + 7, 8 + 3  # facility user
            (line,) = [line for line in received() if "log-to" in line]
            self.assertRegex(line, rf"^<{debug}>.* dsarctl\[\d+\]: log-to is set by --log-to$")
            self.refuse("policy", "show", "nothing", "--log-to", "syslog", message="no policy")
            self.assertRegex(received()[-1], rf"^<{error}>.* dsarctl\[\d+\]: there is no policy")

    @unittest.skipIf(os.path.exists(JOURNAL) or not os.access("/run", os.W_OK),
                     "the system has a journal of its own, or /run cannot be written")
    def test_the_journal_has_level_and_text_and_nothing_else_is_written(self):
        os.makedirs(os.path.dirname(JOURNAL), exist_ok=True)
        with listening(JOURNAL) as received:
            self.assertEqual(self.run_dsarctl("version", "-v", "--log-to", "journald").err, "")
            (entry,) = [entry for entry in received() if "log-to" in entry]
            # Newer systemd adds the thread.
            for field in ("MESSAGE=log-to is set by --log-to", "PRIORITY=7",
                          "SYSLOG_IDENTIFIER=dsarctl"):
                self.assertIn(field, entry.splitlines())
            self.refuse("policy", "show", "nothing", "--log-to", "journald", message="no policy")
            self.assertIn("PRIORITY=3", received()[-1].splitlines())


class SweepLogs(CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        key = self.write("key", "0123456789abcdef" * 4)
        self.env = {**self.database.env, "DSARCTL_MAP": self.own_map()}
        plan = self.temporary_folder() / "plan.json"
        self.run_dsarctl("sweep", "--tenant", "meadow", "--plan-out", plan, *NOW, env=self.env)
        # One tenant alone: what the trash of its notes keeps is left over, and the exit code says so.
        self.apply = ("sweep", "--apply", "--tenant", "meadow", "--plan", plan, "--hash-key", key)

    def own_map(self):
        """The map where nobody else may write it, as a sweep that acts wants it."""
        folder = self.temporary_folder() / "map"
        subprocess.run(["cp", "-r", os.environ["DSARCTL_MAP"], folder], check=True)
        subprocess.run(["chmod", "-R", "go-w", folder], check=True)
        return str(folder)

    def test_a_sweep_says_what_went_of_each_record_set_and_tenant(self):
        log = self.temporary_folder() / "sweep.log"
        run = self.run_dsarctl(*self.apply, "--json", "--log-to", "stderr", "--log-file", log,
                               env=self.env, code=3)
        said = [json.loads(line) for line in log.read_text().splitlines()]
        self.assertEqual(said, run.messages)
        texts = [one["message"] for one in said if one["level"] == "info"]
        self.assertRegex(texts[0], r"^sweep \d+ begins, as of 2026-03-31T12:00:00Z$")
        self.assertRegex(texts[-1], r"^sweep \d+ ends: \w+, \d+ rows gone, \d+ left$")
        told = {}
        for text in texts[1:-1]:
            found = re.fullmatch(r"swept (\S+) of (\S+) by (\S+): (\d+) (deleted|masked)", text)
            self.assertIsNotNone(found, text)
            key = found.group(2, 1, 3, 5)
            told[key] = told.get(key, 0) + int(found.group(4))
        went = {(line["tenant"], line["set"], line["rule"], word): line[word]
                for line in run.json["lines"] for word in ("deleted", "masked") if line[word]}
        self.assertTrue(went)
        self.assertEqual(told, went)

    def test_quiet_says_nothing(self):
        self.assertEqual(self.run_dsarctl(*self.apply, "-q", env=self.env, code=3).err, "")

    def on_a_terminal(self, *args):
        """What the program writes to a terminal that is its standard error."""
        master, slave = pty.openpty()
        with subprocess.Popen([BINARY, *map(str, args)], env=environment(self.env),
                              stdout=subprocess.DEVNULL, stderr=slave) as program:
            os.close(slave)
            shown = b""
            with contextlib.suppress(OSError):  # how a terminal says that nobody writes any more
                while piece := os.read(master, 65536):
                    shown += piece
        os.close(master)
        self.assertIn(program.returncode, (0, 3), shown)
        return shown.decode()

    def test_a_terminal_shows_progress_and_is_left_clean(self):
        shown = self.on_a_terminal(*self.apply)
        self.assertIn("\r\x1b[Ksweeping ", shown)
        self.assertRegex(shown, r"\r\x1b\[Kdsarctl: swept \S+ of meadow by ")
        # What is left standing when every erased line is gone: whole messages.
        left = [line.rsplit("\x1b[K", 1)[-1] for line in shown.split("\r\n")]
        self.assertEqual([line for line in left if line and not line.startswith("dsarctl: ")], [])
        quiet = self.on_a_terminal("sweep", "--tenant", "meadow", "-q", *NOW)
        self.assertEqual(quiet, "")


if __name__ == "__main__":
    unittest.main()
