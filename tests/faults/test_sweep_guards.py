"""What keeps a sweep from doing too much: the circuit breaker, reviewed plans, budgets, and files
that others may write. And what it writes itself: whole or not at all, and nothing personal."""

import json
import os
import re
import shutil
import stat
import subprocess
import threading

from cli import harness
from cli.pooler import pooler
from faults.small_world import NOW, POLICY, SmallWorld, small_map


class GuardTest(SmallWorld):
    def setUp(self):
        super().setUp()
        self.expect()
        self.plan = self.folder / "plan.json"

    def forget_runs(self):
        self.database.execute("DELETE FROM dsar.sweep_run")

    def refused_untouched(self, *args, **expected):
        before = self.contents()
        run = self.refused(*args, **expected)
        self.assertEqual(self.contents(), before)
        return run

    def last_run_took(self, rows):
        self.database.execute(f"UPDATE dsar.sweep_run SET result = '{{\"gone\": {rows}}}'")


class CircuitBreaker(GuardTest):
    def test_the_first_sweep_of_a_database_needs_a_reviewed_plan(self):
        self.forget_runs()
        self.refused_untouched(
            code=7, message="this would be the first sweep of this database", hint="--plan-out FILE"
        )
        self.assertEqual(self.runs(), ["refused"])
        # A refused run is no first sweep.
        self.refused_untouched(code=7, message="first sweep")
        self.sweep("--plan-out", self.plan)
        self.apply("--plan", self.plan)
        self.assert_swept()
        self.apply()

    def test_many_rows_need_a_review(self):
        due = self.sweep().json["due"]
        self.refused_untouched(
            *("--breaker-rows", due - 1), code=7,
            message=f"{due} rows are due, and more than {due - 1} need a review",
        )  # fmt: skip
        self.apply("--breaker-rows", due)
        self.assert_swept()

    def test_a_large_share_of_a_table_needs_a_review(self):
        self.refused_untouched(
            *("--breaker-share", "0.4"), code=7, message=r"\d+ of some 2000 rows of small\.posts"
        )
        self.apply("--breaker-share", "0.5")

    def test_many_times_the_last_run_needs_a_review(self):
        self.database.execute(
            "INSERT INTO small.log SELECT '2025-11-01', 'x' FROM generate_series(1, 10000);"
            "ANALYZE small.log"
        )
        due = self.sweep().json["due"]
        self.last_run_took(due // 10 - 1)
        share = ("--breaker-share", "1")
        self.refused_untouched(
            *share, code=7, message=f"{due} rows are due, many times the {due // 10 - 1} of the last"
        )
        self.last_run_took(due // 10 + 1)
        self.apply(*share)
        self.assert_swept()

    def test_a_refused_run_says_so_in_its_metrics_and_its_record(self):
        metrics = self.folder / "metrics"
        self.refused_untouched(
            *("--breaker-rows", "1", "--metrics", metrics), code=7, message="need a review"
        )
        self.assertIn("dsarctl_sweep_success 0\n", metrics.read_text())
        self.assertEqual(self.runs(), ["refused"])


class ReviewedPlan(GuardTest):
    def setUp(self):
        super().setUp()
        self.forget_runs()
        self.sweep("--plan-out", self.plan)

    def refused_plan(self, message, code=7):
        return self.refused_untouched("--plan", self.plan, code=code, message=message)

    def test_is_private_and_holds_nothing_personal(self):
        self.assertEqual(stat.S_IMODE(self.plan.stat().st_mode), 0o600)
        self.assertNotRegex(self.plan.read_text(), "person|@")

    def test_is_not_written_over(self):
        before = self.plan.read_bytes()
        self.refuse(
            *self.arguments("--plan-out", self.plan), code=2, message="exists", env=self.env
        )
        self.assertEqual(self.plan.read_bytes(), before)

    def test_covers_no_more_rows_than_it_says(self):
        self.database.execute("INSERT INTO small.log VALUES ('2025-12-30', 'one more')")
        self.refused_plan(
            f"the reviewed plan no longer holds: log, rule chat: {self.before['log'] + 1} rows"
            f" instead of {self.before['log']}$"
        )

    def test_covers_fewer_rows(self):
        self.database.execute("DELETE FROM small.log WHERE created_at < '2025-10-10'")
        self.apply("--plan", self.plan)
        self.assertEqual(self.due(), {"posts": set(), "threads": set(), "log": set()})

    def test_covers_no_other_cut_off(self):
        policy = json.loads(json.dumps(POLICY))
        policy["rules"][0]["period"] = "91 days"
        self.policy = self.write("policy.json", json.dumps(policy))
        self.refused_plan("its cut-off is another")

    def test_covers_no_other_set(self):
        content = small_map()
        content["tables"]["log"]["sets"]["lines"] = content["tables"]["log"]["sets"].pop("log")
        self.use_map(content)
        self.refused_plan(r"lines, rule chat: \d+ rows that it does not have")

    def test_covers_no_other_database(self):
        other = self.fresh_database(self.database.name)
        self.refused(
            *("--plan", self.plan), code=7, env={**self.env, **other.env},
            message=f"it was made for the database {self.database.name}",
        )  # fmt: skip

    def test_that_was_changed_is_refused(self):
        text = self.plan.read_text()
        self.plan.write_text(text.replace(f'"rows": {self.before["log"]}', '"rows": 999999'))
        self.assertNotEqual(self.plan.read_text(), text)
        self.refused_plan("was changed since it was written", code=2)
        for broken in ("", "{}", "[1", text[:200], text.replace('"dsarctl_sweep_plan": 1', '"x": 1')):
            self.plan.write_text(broken)
            self.refused_plan("plan.json: (is no plan of a sweep|was changed)", code=2)

    def test_goes_with_apply_alone(self):
        self.refuse(*self.arguments("--plan", self.plan), code=2, message="--plan goes with --apply",
                    env=self.env)  # fmt: skip
        self.refused_untouched("--plan-out", self.folder / "x", code=2, message="does not go with")


class Budgets(GuardTest):
    def test_no_row_goes_before_its_time(self):
        before = self.contents()
        arguments = [NOW if one == NOW else one for one in self.arguments("--apply")]
        arguments[arguments.index(NOW)] = "2099-01-01T00:00:00Z"
        self.refuse(*arguments, code=7, env=self.env,
                    message="as of 2099-01-01T00:00:00Z is later than the server's clock")  # fmt: skip
        self.assertEqual(self.contents(), before)
        self.assertEqual(self.runs(), [])

    def test_a_run_ends_after_so_many_rows_and_says_what_is_left(self):
        run = self.apply("--max-rows", "100", code=3)
        self.assertEqual(run.json["state"], "partial")
        # Notes go with their posts, so a batch may take some more than it was meant to.
        self.assertGreaterEqual(run.json["gone"], 100)
        self.assertLess(run.json["gone"], 250)
        self.assertIn("ended by --max-rows", run.json["warnings"])
        left = sum(one["left_over"] for one in run.json["lines"])
        self.assertEqual(left, self.sweep().json["due"])
        self.assertEqual(run.json["left"], left)
        self.apply()
        self.assert_swept()

    def test_a_run_ends_after_so_long_and_says_what_is_left(self):
        self.slow_down(milliseconds=5)
        run = self.apply("--max-seconds", "1", "--batch", "20", code=3)
        self.assertIn("ended by --max-seconds", run.json["warnings"])
        self.assertGreater(self.line(run, "posts")["left_over"], 0)
        self.assertGreater(self.line(run, "posts")["deleted"], 0)

    def test_files_that_others_may_write_decide_nothing(self):
        for path in (self.map, self.policy):
            for mode in (0o620, 0o602):
                with self.subTest(path=path.name, mode=oct(mode)):
                    path.chmod(mode)
                    self.refused_untouched(
                        code=7, message="others than its owner may write this file", hint="chmod go-w"
                    )
                    self.sweep()
            path.chmod(0o600)
        folder = self.temporary_folder()
        shutil.copy(self.map, folder / "map.json")
        self.map = folder
        folder.chmod(0o777)
        self.refused_untouched(code=7, message="others than its owner may write")
        folder.chmod(0o755)
        self.apply()
        self.assert_swept()


class Written(GuardTest):
    SAMPLE = re.compile(r'[a-z_]+(\{([a-z_]+="[^"\\\n]*",?)+\})? [0-9.e+]+')

    def parsed(self, text):
        """The samples of a Prometheus textfile, each checked."""
        self.assertTrue(text.endswith("\n"))
        samples = [line for line in text.splitlines() if not line.startswith("# ")]
        for line in samples:
            self.assertRegex(line, rf"^{self.SAMPLE.pattern}$")
        names = {re.match("[a-z_]+", line)[0] for line in samples}
        for name in names:
            self.assertEqual(text.count(f"# HELP {name} "), 1, name)
            self.assertEqual(text.count(f"# TYPE {name} "), 1, name)
        return samples

    def test_metrics_can_be_read_by_everybody_and_tell_what_was_done(self):
        metrics = self.folder / "dsarctl.prom"
        self.apply("--metrics", metrics)
        self.assertEqual(stat.S_IMODE(metrics.stat().st_mode), 0o644)
        samples = self.parsed(metrics.read_text())
        self.assertIn("dsarctl_sweep_success 1", samples)
        self.assertIn(
            'dsarctl_sweep_deleted_rows{tenant="",rule="chat",set="log",action="delete"} '
            f"{self.before['log']}",
            samples,
        )
        self.assertEqual([one.name for one in self.folder.iterdir()], ["dsarctl.prom"])

    def test_whoever_reads_metrics_meanwhile_reads_whole_ones(self):
        metrics = self.folder / "dsarctl.prom"
        self.apply("--metrics", metrics)
        seen, over = set(), threading.Event()

        def read():
            while not over.is_set():
                seen.add(metrics.read_text())

        reader = threading.Thread(target=read)
        reader.start()
        try:
            for _ in range(3):
                self.apply("--metrics", metrics)
        finally:
            over.set()
            reader.join()
        for text in seen:
            self.assertIn("dsarctl_sweep_finished_seconds", self.parsed(text)[-1])

    def on_full_disk(self, *args):
        """Runs it where the folder is a full disk with last night's files on it, which goes with
        the process; then lists the folder."""
        if shutil.which("unshare") is None:
            self.skipTest("unshare(1) is not there: no disk to fill")
        script = (
            'mount -t tmpfs -o size=8k none "$1" 2>/dev/null || exit 77\n'
            'folder=$1; shift; echo "last night" >"$folder/metrics"\n'
            'head -c 9000 /dev/zero >"$folder/filler" 2>/dev/null\n'
            '"$@"; code=$?; ls -A "$folder" >&2; cat "$folder/metrics" >&2; exit $code\n'
        )
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script, "sh", str(self.folder), harness.BINARY,
             *self.arguments(*args)],
            env=harness.environment(self.env), capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if done.returncode == 77 or "unshare" in done.stderr:
            self.skipTest("this user may not mount: no disk to fill")
        self.assertIn("filler\nmetrics\nlast night\n", done.stderr)
        return harness.Run(tuple(map(str, args)), done.returncode, done.stdout, done.stderr)

    def test_a_full_disk_keeps_nobody_from_the_result(self):
        run = self.on_full_disk("--apply", "--metrics", self.folder / "metrics")
        self.assertEqual(run.code, 1, str(run))
        self.assertRegex(run.err, "(?m)^dsarctl: the disk is full: .*was not written$")
        self.assertRegex(run.out, r"(?m)^Sweep \d+ as of .*: done\.$")
        self.assertEqual(self.runs(), ["done"])
        self.assert_swept()

    def test_a_full_disk_does_not_hide_why_a_sweep_was_refused(self):
        run = self.on_full_disk(
            "--apply", "--breaker-rows", "1", "--metrics", self.folder / "metrics"
        )
        self.assertEqual(run.code, 7, str(run))
        self.assertRegex(run.err, "need a review")
        self.assertRegex(run.err, "the disk is full")

    def test_a_full_disk_leaves_no_half_a_plan(self):
        run = self.on_full_disk("--plan-out", self.plan)
        self.assertEqual(run.code, 1, str(run))
        self.assertRegex(run.err, "(?m)^dsarctl: the disk is full: .*was not written$")


class Poolers(GuardTest):
    def test_a_transaction_pooler_is_refused(self):
        through = {"PGHOST": str(self.temporary_folder()), "PGPORT": "5432"}
        with pooler(through["PGHOST"], "transaction"):
            before = self.contents()
            self.refused(code=7, message="goes through a transaction pooler", hint="server itself",
                         env={**self.env, **through})  # fmt: skip
            self.assertEqual(self.contents(), before)
        through["PGHOST"] = str(self.temporary_folder())
        with pooler(through["PGHOST"], "session"):
            self.run_dsarctl(*self.arguments("--apply"), env={**self.env, **through})
        self.assert_swept()

    def test_pgbouncer_is_refused_where_it_pools_transactions(self):
        path = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
        if path is None:
            self.skipTest("pgbouncer is not installed")
        for mode, code in (("transaction", 7), ("statement", 7), ("session", 0)):
            with self.subTest(mode):
                folder = self.pgbouncer(path, mode)
                env = {**self.env, "PGHOST": str(folder), "PGPORT": "6432"}
                if code:
                    before = self.contents()
                    self.refused(code=code, message="through a transaction pooler", env=env)
                    self.assertEqual(self.contents(), before)
                else:
                    self.run_dsarctl(*self.arguments("--apply"), env=env)
        self.assert_swept()

    def pgbouncer(self, path, mode):
        folder = self.temporary_folder()
        server, port = os.environ["PGHOST"], os.environ.get("PGPORT", "5432")
        (folder / "users").write_text(f'"{self.env["PGUSER"]}" ""\n')
        (folder / "ini").write_text(
            f"[databases]\n* = host={server} port={port}\n[pgbouncer]\nlisten_addr =\n"
            f"unix_socket_dir = {folder}\nlisten_port = 6432\nauth_type = trust\n"
            f"auth_file = {folder}/users\npool_mode = {mode}\nlogfile = {folder}/log\n"
            "ignore_startup_parameters = extra_float_digits,options\n"
            + ("user = postgres\n" if os.geteuid() == 0 else "")
        )
        if os.geteuid() == 0:
            for one in (folder, *folder.iterdir()):
                shutil.chown(one, "postgres", "postgres")
            folder.chmod(0o755)
        process = subprocess.Popen(
            [path, "-q", str(folder / "ini")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        for _ in range(100):
            if (folder / ".s.PGSQL.6432").exists():
                return folder
            if process.poll() is not None:
                break
            threading.Event().wait(0.05)
        self.fail(f"pgbouncer did not start: {(folder / 'log').read_text()}")


if __name__ == "__main__":
    harness.unittest.main()
