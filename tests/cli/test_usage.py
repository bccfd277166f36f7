"""What a wrong command line, environment or settings file gets: one line, a hint, exit code 2."""

import json
import os
import re
import signal
import subprocess
import time
import unittest

from cli.harness import BINARY, CliTest, environment

NO_MAP = {"DSARCTL_MAP": None, "DSARCTL_DB": None, "DSARCTL_TENANT": None}


class CommandLineTest(CliTest):
    def test_no_command_prints_the_help_as_a_message(self):
        run = self.refuse(message="no command given", hint="The commands are .*version")
        self.assertIn("Usage: dsarctl COMMAND", run.err)

    def test_a_group_without_its_command_names_them(self):
        self.refuse("completion", message="no command given after 'dsarctl completion'",
                    hint="The commands are bash")

    def test_a_misspelt_command_gets_a_suggestion(self):
        self.refuse("verison", message="unknown command 'verison'", hint="Did you mean 'version'?")
        self.refuse("verison", "--out", "x", message="unknown command 'verison'")
        self.refuse("completion", "bahs", message="unknown command 'bahs'",
                    hint="Did you mean 'bash'?")
        self.refuse("frobnicate", message="unknown command 'frobnicate'",
                    hint="See 'dsarctl --help'")

    def test_a_misspelt_option_gets_a_suggestion(self):
        self.refuse("version", "--tennant", "harbour", message="unknown option '--tennant'",
                    hint="Did you mean '--tenant'?")
        self.refuse("--jsn", "version", message="unknown option '--jsn'",
                    hint="Did you mean '--json'?")
        self.refuse("version", "--frobnicate=1", message="unknown option '--frobnicate'$",
                    hint="See 'dsarctl version --help'")

    def test_no_value_is_repeated(self):
        for args in (["ada@example.com"], ["version", "ada@example.com"],
                     ["version", "--email=ada@example.com"], ["version", "-eada@example.com"],
                     ["completion", "email:ada@example.com"], ["--now", "ada@example.com", "version"],
                     ["--log-format", "ada@example.com", "version"]):
            with self.subTest(args=args):
                self.run_dsarctl(*args, code=2)

    def test_too_many_arguments_are_refused(self):
        self.refuse("version", "3", message="too many arguments for 'dsarctl version'")

    def test_an_option_without_its_value_or_given_twice_is_refused(self):
        self.refuse("version", "--map", message="--map needs a value")
        self.refuse("--map", "a", "--map", "b", "version", message="--map is given more than once")
        self.refuse("-q", "-v", "version", message="--quiet and --verbose exclude each other")

    def test_an_empty_value_is_not_taken_for_none_given(self):
        self.refuse("version", "--tenant", "", message="--tenant is empty")
        self.refuse("--tenant=", "version", message="--tenant is empty")

    def test_a_password_in_the_arguments_is_refused(self):
        for conninfo in ("host=/nowhere password=s3cr3t", "postgresql://me:s3cr3t@localhost/chat",
                         "postgresql://localhost/chat?password=s3cr3t"):
            with self.subTest(conninfo=conninfo):
                self.refuse("--db", conninfo, "version", message="--db: a password",
                            hint="pgpass", personal=["s3cr3t"])

    def test_now_and_log_format_are_checked(self):
        self.refuse("--now", "yesterday", "version", message="--now is not a time",
                    hint="2026-03-31T12:00:00Z")
        self.refuse("--log-format", "xml", "version", message="neither 'text' nor 'json'")

    def test_under_json_errors_are_json(self):
        for args in (["verison", "--json"], ["--json"], ["--json", "--map"],
                     ["--json", "version", "--frob"], ["--json", "--now", "x", "version"]):
            with self.subTest(args=args):
                run = self.run_dsarctl(*args, code=2)
                self.assertEqual(run.out, "")
                (message,) = run.messages
                self.assertEqual(message["error"]["code"], 2)
                self.assertEqual(message["error"]["name"], "usage")
                self.assertTrue(message["error"]["message"])
        self.assertEqual(self.run_dsarctl("verison", "--json", code=2).error["hint"],
                         "Did you mean 'version'?")


class HelpTest(CliTest):
    def commands(self, *path):
        """Every command that the help lists, with those below it."""
        listed = self.run_dsarctl(*path, "--help").out
        section = re.search(r"^Commands:\n((?:  .*\n)+)", listed, re.M)
        names = re.findall(r"^  (\S+)", section.group(1), re.M) if section else []
        for name in names:
            yield (*path, name)
            yield from self.commands(*path, name)

    def test_every_help_fits_80_columns_and_shows_no_internals(self):
        for path in [(), *self.commands()]:
            with self.subTest(command=path):
                run = self.run_dsarctl(*path, "--help")
                self.assertEqual(run.err, "")
                self.assertTrue(run.out.startswith("Usage: " + " ".join(("dsarctl", *path))))
                self.assertEqual([line for line in run.out.splitlines() if len(line) > 80], [])
                self.assertNotRegex(run.out, r" in \[|:(INT|TEXT|FILE)")
                self.assertIn("dsarctl(1)", run.out)

    def test_every_command_names_its_exit_codes_and_an_example(self):
        groups = {path[:-1] for path in self.commands()}
        for path in set(self.commands()) - groups:
            with self.subTest(command=path):
                text = self.run_dsarctl(*path, "--help").out
                self.assertRegex(text, r"Exit codes: 0 done;")
                example = re.search(r"^Example:\n  (.*)$", text, re.M)
                self.assertIsNotNone(example, text)
                self.assertIn(" ".join(("dsarctl", *path)), example.group(1))
                self.assertEqual(text.count("--help"), 1)

    def test_help_needs_nothing_else_to_be_right(self):
        broken = self.write("broken.toml", "[broken\n")
        self.run_dsarctl("version", "--help", env={"DSARCTL_CONFIG": str(broken)})


class SettingsTest(CliTest):
    def version(self, *args, settings=None, mode=0o600, env=None, **expected):
        """Runs a command that needs no settings, with a settings file."""
        variables = {**NO_MAP, **(env or {})}
        if settings is not None:
            self.path = self.write("settings.toml", settings, mode)
            variables["DSARCTL_CONFIG"] = str(self.path)
        if "message" in expected:
            return self.refuse("version", *args, env=variables, **expected)
        return self.run_dsarctl("version", *args, env=variables, **expected)

    def source(self, key, *args, **options):
        """Who set it, as --verbose tells."""
        messages = self.version("--verbose", *args, **options).err
        found = re.search(rf"^dsarctl: {key} is set by (.*)$", messages, re.M)
        return found and found.group(1)

    def test_the_command_line_wins_over_the_environment_and_that_over_the_file(self):
        settings = 'map = "from-file"\ntenant = "harbour"\n'
        env = {"DSARCTL_MAP": "from-environment"}
        self.assertEqual(self.source("map", "--map", "x", settings=settings, env=env), "--map")
        self.assertEqual(self.source("map", settings=settings, env=env), "DSARCTL_MAP")
        self.assertRegex(self.source("map", settings=settings), r"settings\.toml:1: map$")
        self.assertRegex(self.source("tenant", settings=settings, env=env),
                         r"settings\.toml:2: tenant$")
        self.assertIsNone(self.source("map"))

    def test_the_actor_is_a_setting_as_others_are_and_not_blank(self):
        env = {"DSARCTL_ACTOR": "nightly"}
        self.assertEqual(self.source("actor", settings='actor = "officer"\n', env=env),
                         "DSARCTL_ACTOR")
        self.assertRegex(self.source("actor", settings='actor = "officer"\n'), "toml:1: actor$")
        self.version("--actor", "  ", message="--actor is empty")

    def test_an_empty_variable_counts_as_none(self):
        settings = 'map = "from-file"\n'
        self.assertRegex(self.source("map", settings=settings, env={"DSARCTL_MAP": ""}),
                         "settings.toml:1")

    def test_comments_blanks_and_both_kinds_of_quotes_are_read(self):
        settings = (
            "# comment\n\n  db\t= 'host=/nowhere dbname=\"chat\"'  # comment\r\n"
            'tenant="har\\"bour\\\\"# comment\nlog-format = "json"\n'
        )
        run = self.version("--verbose", settings=settings)
        self.assertEqual([message["message"].rsplit(" ", 1)[-1] for message in run.messages[1:]],
                         ["db", "tenant", "log-format"])

    def test_everything_else_in_the_file_is_an_error_with_its_line(self):
        for text, message in (
            ('map = "a"\nmapp = "b"\n', r"settings\.toml:2: unknown key 'mapp'"),
            ("[database]\n", r":1: sections are not supported"),
            ("\n[database\n", r":2: sections are not supported"),
            ("map\n", r':1: expected key = "value"'),
            ("map = a\n", r":1: the value is not in quotes"),
            ("map =\n", r":1: the value is not in quotes"),
            ('map = "a\n', r":1: the value's closing quote is missing"),
            ('map = "a\\"\n', r":1: the value's closing quote is missing"),
            ('map = "a" "b"\n', r":1: something follows the value"),
            ('map = "\\x41"\n', r":1: unknown escape"),
            ('map = "a"\n\nmap = "b"\n', r":3: 'map' is already set in line 1"),
            ('= "a"\n', r":1: unknown key ''"),
            ('map = ""\n', r":1: map is empty"),
            ('log-format = "xml"\n', r":1: log-format is neither"),
        ):
            with self.subTest(text=text):
                self.version(settings=text, message=message)
        self.version(settings='tennant = "x"\n', message="unknown key",
                     hint="Did you mean 'tenant'?")
        self.version(settings='now = "x"\n', message="unknown key", hint="The keys are db, map")

    def test_a_named_file_that_cannot_be_read_is_an_error(self):
        self.version("--config", "/nonexistent/file", message="No such file or directory")
        self.version(env={"DSARCTL_CONFIG": "/nonexistent/file"}, message="cannot read settings")
        self.version("--config", "/", message="Is a directory")

    def test_the_usual_files_are_found(self):
        home = self.temporary_folder()
        (home / ".config" / "dsarctl").mkdir(parents=True)
        (home / ".config" / "dsarctl" / "config.toml").write_text("bad\n")
        env = {"DSARCTL_CONFIG": None, "XDG_CONFIG_HOME": None, "HOME": str(home)}
        self.version(env=env, message=r"/\.config/dsarctl/config\.toml:1")
        elsewhere = self.temporary_folder()
        (elsewhere / "dsarctl").mkdir()
        (elsewhere / "dsarctl" / "config.toml").write_text("bad\n")
        self.version(env={**env, "XDG_CONFIG_HOME": str(elsewhere)},
                     message=re.escape(str(elsewhere)) + r"/dsarctl/config\.toml:1")

    def test_a_password_may_stand_in_a_private_file_only(self):
        settings = 'db = "host=/nowhere password=s3cr3t"\n'
        for mode in (0o640, 0o604):
            self.version(settings=settings, mode=mode, message="other users may read this file",
                         hint="pgpass", personal=["s3cr3t"])
        self.version(settings=settings, personal=["s3cr3t"])
        self.version(settings='db = "host=/nowhere"\n', mode=0o644)

    def test_a_password_in_the_environment_is_accepted_and_never_told(self):
        run = self.version("--verbose", env={"DSARCTL_DB": "password=s3cr3t"}, personal=["s3cr3t"])
        self.assertIn("db is set by DSARCTL_DB", run.err)


class SubjectTest(CliTest):
    """How a person is named; the map is a small one, and no server is there to ask."""

    MAP = {
        "dsarctl_map": 1,
        "policy": "omniops",
        "identities": {"email": {"category": "user.contact.email", "strength": "strong"}},
        "tables": {"visitor": {
            "key": ["id"],
            "sets": {"visitors": {
                "category": "account", "subject": "visitor", "relation": "own",
                "basis": "contract", "identities": [{"kind": "email", "column": "email"}],
            }},
            "columns": {"id": "key", "email": "user.contact.email"},
        }},
    }

    def setUp(self):
        self.env = {**NO_MAP, "DSARCTL_MAP": str(self.write("map.json", json.dumps(self.MAP))),
                    "PGHOST": str(self.temporary_folder()), "PGSERVICE": None}

    def test_without_a_map_there_is_no_answer(self):
        self.refuse("find", "email:ada@example.com", env=NO_MAP, message="no data map given",
                    hint="--map .*DSARCTL_MAP")

    def test_no_server_is_a_database_error(self):
        run = self.refuse("find", "email:ada@example.com", env=self.env, code=5,
                          message="cannot connect", hint="PGHOST")
        self.assertIn(self.env["PGHOST"], run.err)
        run = self.run_dsarctl("find", "email:ada@example.com", "--json", env=self.env, code=5)
        self.assertEqual((run.error["code"], run.error["name"]), (5, "database"))

    def test_an_invalid_map_lists_all_its_faults(self):
        broken = self.write("map.json", json.dumps({**self.MAP, "polcy": 1, "zone": 3}))
        run = self.refuse("find", "email:ada@example.com", "--map", broken, env=self.env,
                          message=f"{re.escape(str(broken))}:1")
        self.assertRegex(run.err, "polcy")
        self.assertRegex(run.err, "zone")
        run = self.run_dsarctl("find", "x:y", "--map", broken, "--json", env=self.env, code=2)
        self.assertEqual(len(run.error["faults"]), 2)
        for fault in run.error["faults"]:
            self.assertEqual(fault["file"], str(broken))
            self.assertEqual(fault["line"], 1)
            self.assertTrue(fault["message"])


class IdentitiesTest(CliTest):
    """Malformed subjects, up to the point where the database is asked for one."""

    def setUp(self):
        map_path = self.write("map.json", json.dumps(SubjectTest.MAP))
        self.database = self.fresh_database("template0")
        self.database.execute("CREATE TABLE visitor (id int PRIMARY KEY, email text)")
        self.database.execute("INSERT INTO visitor VALUES (1, 'ada@example.com')")
        self.env = {**NO_MAP, "DSARCTL_MAP": str(map_path), **self.database.env}
        self.run_dsarctl("init", env=self.env)

    def find(self, *args, **options):
        return self.run_dsarctl("find", *args, env=self.env, **options)

    def test_what_is_not_kind_and_value_is_refused_and_not_repeated(self):
        for args in (["ada@example.com"], ["email:"], [":ada@example.com"], ["E-mail:ada@example.com"],
                     ["--also", "ada@example.com", "email:x"]):
            with self.subTest(args=args):
                self.refuse("find", *args, env=self.env, message="is not kind:value",
                            hint="email:name@example.com")
        self.refuse("find", "email:x", "7700900123", env=self.env, message="subject 2 is not")
        self.refuse("find", env=self.env, message="no subject given", hint="--identities-from")

    def test_an_unknown_kind_is_refused(self):
        self.refuse("find", "emial:ada@example.com", env=self.env, message="emial")

    def test_identities_are_read_from_a_file_or_standard_input(self):
        lines = "# Ada\n\n  email:ada@example.com \r\nemail:ada@example.com\n"
        found = self.find("email:ada@example.com").out
        self.assertEqual(self.find("--identities-from", self.write("people", lines)).out, found)
        self.assertEqual(self.find("--identities-from", "-", stdin=lines).out, found)

    def test_a_bad_line_is_named_by_its_number(self):
        path = self.write("people", "email:x\n\nada@example.com\n")
        self.refuse("find", "--identities-from", path, env=self.env,
                    message="/people:3 is not kind:value")
        self.refuse("find", "--identities-from", "-", stdin="7700900123", env=self.env,
                    message="standard input:1 is not kind:value")
        self.refuse("find", "--identities-from", "-", stdin="email:a\0b\n", env=self.env,
                    message="standard input:1 holds a zero byte")

    def test_a_file_that_cannot_be_read_or_names_nobody_is_an_error(self):
        self.refuse("find", "--identities-from", "/nonexistent/people", env=self.env,
                    message="cannot read /nonexistent/people: No such file")
        self.refuse("find", "--identities-from", "/", env=self.env,
                    message="cannot read /: Is a directory")
        self.refuse("find", "--identities-from", "/dev/null", env=self.env,
                    message="no subject given")


class OutputTest(CliTest):
    def test_the_version_is_told_three_ways(self):
        text = self.run_dsarctl("version").out
        self.assertRegex(text, r"^dsarctl \d+\.\d+\.\d+\n$")
        self.assertEqual(self.run_dsarctl("--version").out, text)
        self.assertEqual("dsarctl {version}\n".format(**self.run_dsarctl("version", "--json").json),
                         text)

    def test_global_options_may_stand_before_and_behind_the_command(self):
        self.assertEqual(self.run_dsarctl("--json", "version").out,
                         self.run_dsarctl("version", "--json").out)

    def test_messages_go_to_standard_error_as_asked_for(self):
        env = {"DSARCTL_TENANT": "harbour"}
        self.assertEqual(self.run_dsarctl("version", env=env).err, "")
        self.assertIn("dsarctl: tenant is set by DSARCTL_TENANT",
                      self.run_dsarctl("version", "-v", env=env).err.splitlines())
        run = self.run_dsarctl("version", "-v", "--log-format", "json", env=env)
        for message in run.messages:
            self.assertEqual(list(message), ["time", "level", "message"])
            self.assertRegex(message["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z$")
            self.assertEqual(message["level"], "debug")
        self.assertRegex(run.out, "^dsarctl ")

    def test_hostile_names_cannot_steer_the_terminal_or_break_json(self):
        name = "no\nsuch\x1b[2J\"file\u202e.toml"
        run = self.refuse("--config", name, "version", message=r"no\\nsuch\\x1b\[2J")
        self.assertNotIn("\x1b", run.err)
        self.assertNotIn("\u202e", run.err)
        run = self.run_dsarctl("--config", name, "--json", "version", code=2)
        self.assertIn(name, run.error["message"])
        raw = b"no\xffsuch"
        done = subprocess.run([BINARY.encode(), b"--json", b"--config", raw, b"version"],
                              env=environment(), capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no\ufffdsuch", json.loads(done.stderr)["error"]["message"])

    def test_a_result_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BINARY, "version"], stdout=full, stderr=subprocess.PIPE,
                                  env=environment(), check=False, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr)

    def test_a_closed_pipe_is_an_error_and_no_silent_death(self):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            done = subprocess.run([BINARY, "version", "--json"], stdout=pipe,
                                  stderr=subprocess.PIPE, env=environment(), check=False, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("Broken pipe", json.loads(done.stderr)["error"]["message"])


def expect_signals():
    """As in a terminal, however the tests are run: nohup and background jobs ignore some."""
    for each in (signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)


class InterruptTest(CliTest):
    """The settings file is a pipe that nobody writes to: a command that takes for ever."""

    def start(self, *args):
        self.pipe = self.temporary_folder() / "settings.toml"
        os.mkfifo(self.pipe, 0o600)
        process = subprocess.Popen([BINARY, "--config", self.pipe, *args, "version"],
                                   env=environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True,
                                   preexec_fn=expect_signals)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.await_signal_mask(process.pid)
        return process

    def await_signal_mask(self, pid):
        """Until its threads block SIGTERM, it is still being loaded."""
        for _ in range(500):
            with open(f"/proc/{pid}/status", encoding="utf-8") as status:
                blocked = int(re.search(r"^SigBlk:\s+(\S+)", status.read(), re.M).group(1), 16)
            if blocked & 1 << (signal.SIGTERM - 1):
                return
            time.sleep(0.01)
        self.fail("the process does not expect signals")

    def test_a_command_that_fails_once_a_stop_was_asked_for_was_interrupted(self):
        for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.start("--json")
            process.send_signal(stop)
            time.sleep(0.2)
            self.pipe.write_text("[broken\n")
            _, messages = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 130)
            self.assertEqual(json.loads(messages.splitlines()[-1])["error"]["name"], "interrupted")

    def test_the_second_signal_ends_a_command_that_does_not_stop(self):
        process = self.start()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.stderr.readline(),
                         "dsarctl: warning: stopping; a second interrupt stops at once\n")
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
        self.assertEqual((process.returncode, out), (130, ""))


class CompletionTest(CliTest):
    def complete(self, *words):
        script = self.run_dsarctl("completion", "bash").out
        shell = (
            f"{script}\nCOMP_WORDS=({' '.join(repr(word) for word in words)})\n"
            f"COMP_CWORD={len(words) - 1}\n_dsarctl\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
        )
        done = subprocess.run(["bash", "-eu", "-c", shell], capture_output=True, text=True,
                              check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_commands_options_and_values_are_completed(self):
        self.assertIn("version", self.complete("dsarctl", "ver"))
        self.assertEqual(self.complete("dsarctl", "completion", "b"), ["bash"])
        self.assertEqual(self.complete("dsarctl", "version", "--js"), ["--json"])
        self.assertEqual(self.complete("dsarctl", "completion", "bash", "--he"), ["--help"])
        self.assertEqual(self.complete("dsarctl", "version", "--ver"), ["--verbose"])
        self.assertEqual(self.complete("dsarctl", "--json", "version", "--ten"), ["--tenant"])
        self.assertEqual(self.complete("dsarctl", "--log-format", ""), ["text", "json"])
        self.assertEqual(self.complete("dsarctl", "--map", "--"), [])


if __name__ == "__main__":
    unittest.main()
