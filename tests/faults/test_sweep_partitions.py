"""Partitions that have wholly expired are emptied at once; one with a row that is held is not."""

from faults.sessions import Session
from faults.small_world import SWEEPER, SmallWorld, small_map

MONTHS = ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02")


def name_of(month):
    return "log_" + month.replace("-", "_")


class MonthlyLog(SmallWorld):
    """The log in a partition a month, 200 lines in each."""

    COLUMNS = "id bigint, created_at timestamptz NOT NULL, line text"
    VALUES = "n, date '{month}-01' + n / 10, 'person' || n"

    def setUp(self):
        super().setUp()
        self.database.execute(
            f"DROP TABLE small.log; CREATE TABLE small.log ({self.COLUMNS})"
            " PARTITION BY RANGE (created_at)"
        )
        for month, after in zip(MONTHS, (*MONTHS[1:], "2026-03")):
            self.database.execute(
                f"CREATE TABLE small.{name_of(month)} PARTITION OF small.log"
                f" FOR VALUES FROM ('{month}-01') TO ('{after}-01');"
                f"INSERT INTO small.log SELECT {self.VALUES.format(month=month)}"
                " FROM generate_series(1, 200) n"
            )
        self.database.execute("CREATE INDEX ON small.log (created_at, id); ANALYZE small.log")
        content = small_map()
        content["tables"]["log"]["columns"]["id"] = "key"
        content["tables"]["log"]["key"] = ["id", "created_at"]
        self.use_map(self.mapped(content))
        self.files = self.files_now()

    def mapped(self, content):
        return content

    def files_now(self):
        return {month: self.database.value(
            f"SELECT pg_relation_filenode('small.{name_of(month)}') AS n") for month in MONTHS}

    def emptied(self):
        """The months whose partitions have been given a new file, which is what TRUNCATE does."""
        now = self.files_now()
        return [month for month in MONTHS if now[month] != self.files[month]]

    def rows_of(self, month):
        return self.database.value(f"SELECT count(*) AS n FROM small.{name_of(month)}")

    def sweep_log(self, code=0):
        return self.line(self.apply("--set", "log", "--breaker-share", "1", code=code), "log")


class Partitions(MonthlyLog):
    def test_those_that_end_at_the_cut_off_or_before_are_emptied(self):
        # The cut-off is 31 December: of that month rows go one by one, and one day's stay.
        line = self.sweep_log()
        self.assertEqual((line["deleted"], line["estimated"]), (600 + 200, 600))
        self.assertEqual(self.emptied(), ["2025-09", "2025-10", "2025-11"])
        self.assertEqual([self.rows_of(month) for month in MONTHS], [0, 0, 0, 0, 200, 200])

    def test_rows_that_no_statistics_know_are_counted(self):
        # To the statistics both are empty, one of them because it was when they were made.
        self.database.execute(
            f"TRUNCATE small.{name_of('2025-10')}; ANALYZE small.{name_of('2025-10')};"
            f"TRUNCATE small.{name_of('2025-11')};"
            "INSERT INTO small.log SELECT n, date '2025-10-01' + n / 40, 'late'"
            " FROM generate_series(1, 300) n;"
            "INSERT INTO small.log SELECT n, date '2025-11-01' + n / 40, 'late'"
            " FROM generate_series(1, 400) n"
        )
        self.files = self.files_now()
        line = self.sweep_log()
        self.assertEqual((line["deleted"], line["estimated"]), (200 + 300 + 400 + 200, 200))
        self.assertEqual(self.emptied(), ["2025-09", "2025-10", "2025-11"])

    def test_those_that_are_empty_already_are_left_alone(self):
        self.database.execute(f"TRUNCATE small.{name_of('2025-10')}")
        self.files = self.files_now()
        self.assertEqual(self.sweep_log()["deleted"], 400 + 200)
        self.assertEqual(self.emptied(), ["2025-09", "2025-11"])

    def test_several_connections_empty_them_side_by_side(self):
        # A connection that has to wait for its partition leaves the others to the next one.
        with Session(self.database) as other:
            other.run(f"BEGIN; LOCK TABLE small.{name_of('2025-09')} IN ACCESS SHARE MODE")
            with self.running("--set", "log", "--breaker-share", "1", "--jobs", "2") as process:
                for month in ("2025-10", "2025-11"):
                    self.wait_until(
                        f"SELECT pg_relation_filenode('small.{name_of(month)}')"
                        f" <> {self.files[month]} AS b", process)
                other.run("ROLLBACK")
                self.end(process, 0)
        self.assertEqual(self.emptied(), ["2025-09", "2025-10", "2025-11"])
        self.assertEqual([self.rows_of(month) for month in MONTHS], [0, 0, 0, 0, 200, 200])

    def test_one_that_is_in_use_is_waited_for_while_those_before_it_are_free_again(self):
        with Session(self.database) as other:
            other.run(f"BEGIN; LOCK TABLE small.{name_of('2025-10')} IN ACCESS SHARE MODE")
            with self.running("--set", "log", "--breaker-share", "1") as process:
                self.wait_until(
                    "SELECT count(*) > 0 AS b FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database() AND query LIKE 'LOCK TABLE%2025_10%'", process)
                self.assertEqual(self.emptied(), ["2025-09"])
                self.assertEqual(self.rows_of("2025-09"), 0)
                other.run("ROLLBACK")
                self.end(process, 0)
        self.assertEqual(self.emptied(), ["2025-09", "2025-10", "2025-11"])

    def test_no_more_of_them_than_the_limit_of_rows_wants(self):
        line = self.line(self.apply("--set", "log", "--breaker-share", "1", "--max-rows", "250",
                                    code=3), "log")
        self.assertEqual(line["deleted"], 400)
        self.assertEqual(self.emptied(), ["2025-09", "2025-10"])

    def test_several_connections_drop_them_one_after_another(self):
        self.database.execute(
            "DO $$ DECLARE part record; BEGIN FOR part IN SELECT inhrelid::regclass AS name"
            " FROM pg_inherits WHERE inhparent = 'small.log'::regclass LOOP EXECUTE format("
            f"'ALTER TABLE %s OWNER TO {SWEEPER}', part.name); END LOOP; END $$;"
            f"ALTER TABLE small.log OWNER TO {SWEEPER}")
        run = self.apply("--set", "log", "--breaker-share", "1", "--jobs", "3", "--drop-empty")
        self.assertEqual(self.line(run, "log")["deleted"], 600 + 200)
        self.assertEqual(self.database.value(
            "SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY 1) AS n FROM pg_inherits"
            " WHERE inhparent = 'small.log'::regclass"),
            "small.log_2025_12 small.log_2026_01 small.log_2026_02")

    def test_one_with_a_held_row_goes_row_by_row_and_so_do_those_after_it(self):
        self.officer("hold", "place", "--set", "log", "--where",
                     "this.line = 'person7' AND this.created_at < '2025-10-20'"
                     " AND this.created_at > '2025-09-20'",
                     "--ground", "claim 7/26", "--review", "2026-12-31")
        line = self.sweep_log()
        self.assertEqual((line["deleted"], line["held"]), (800 - 1, 1))
        self.assertEqual(self.emptied(), ["2025-09"])
        self.assertEqual([self.rows_of(month) for month in MONTHS], [0, 1, 0, 0, 200, 200])

    def test_one_without_a_lower_end_is_emptied_and_one_without_an_upper_end_never(self):
        self.database.execute(
            f"ALTER TABLE small.log DETACH PARTITION small.{name_of('2026-02')};"
            f"ALTER TABLE small.log ATTACH PARTITION small.{name_of('2026-02')}"
            " FOR VALUES FROM ('2026-02-01') TO (MAXVALUE);"
            f"ALTER TABLE small.log DETACH PARTITION small.{name_of('2025-09')};"
            f"ALTER TABLE small.log ATTACH PARTITION small.{name_of('2025-09')}"
            " FOR VALUES FROM (MINVALUE) TO ('2025-10-01')"
        )
        self.files = self.files_now()
        self.sweep_log()
        self.assertEqual(self.emptied(), ["2025-09", "2025-10", "2025-11"])


class PartitionsOfTenants(MonthlyLog):
    """Lines of two tenants side by side in every partition, and of a third that has no policy."""

    COLUMNS = MonthlyLog.COLUMNS + ", company_id int NOT NULL"
    VALUES = MonthlyLog.VALUES + ", 1 + n % 2"

    def mapped(self, content):
        self.database.execute(
            "CREATE TABLE small.companies (id int PRIMARY KEY, slug text, policy text);"
            "INSERT INTO small.companies VALUES (1, 'one', 'small'), (2, 'two', 'small'),"
            " (3, 'three', NULL)"
        )
        log = content["tables"]["log"]
        log["tenant"] = "company_id"
        log["columns"]["company_id"] = "key"
        del content["policy"]
        return {
            **content,
            "tenants": {"table": "companies", "key": "id", "slug": "slug", "policy": "policy"},
            "tables": {
                "companies": {
                    "columns": {"id": "key", "slug": "not_personal", "policy": "not_personal"}
                },
                "log": log,
            },
        }

    def gone(self, *args):
        run = self.apply("--set", "log", "--breaker-share", "1", *args)
        self.assertEqual([line["estimated"] for line in run.json["lines"]], [0, 0])
        return {line["tenant"]: line["deleted"] for line in run.json["lines"]}

    def test_rows_are_counted_by_tenant_while_several_connections_empty_them(self):
        self.assertEqual(self.gone("--jobs", "4"), {"one": 400, "two": 400})
        self.assertEqual(self.emptied(), ["2025-09", "2025-10", "2025-11"])
        deadlocks = "SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()"
        self.assertEqual(self.database.value(deadlocks), 0)

    def test_one_with_a_row_of_a_tenant_that_keeps_it_goes_row_by_row(self):
        self.database.execute("INSERT INTO small.log VALUES (0, '2025-10-09', 'third', 3)")
        self.files = self.files_now()
        self.assertEqual(self.gone(), {"one": 400, "two": 400})
        self.assertEqual(self.emptied(), ["2025-09"])
        self.assertEqual([self.rows_of(month) for month in MONTHS], [0, 1, 0, 0, 200, 200])

    def test_a_row_that_comes_in_before_a_later_partition_is_emptied_stays(self):
        with Session(self.database) as other:
            other.run("BEGIN; INSERT INTO small.log VALUES (0, '2025-10-09', 'third', 3)")
            with self.running("--set", "log", "--breaker-share", "1") as process:
                self.wait_until(
                    "SELECT count(*) > 0 AS b FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database() AND query LIKE 'LOCK TABLE%2025_10%'", process)
                other.run("COMMIT")
                self.end(process, 0)
        self.assertEqual(self.emptied(), ["2025-09"])
        self.assertEqual([self.rows_of(month) for month in MONTHS], [0, 1, 0, 0, 200, 200])

    def test_a_row_that_comes_in_before_its_partition_is_emptied_stays(self):
        with Session(self.database) as other:
            other.run(f"BEGIN; LOCK TABLE small.{name_of('2025-09')} IN ACCESS SHARE MODE")
            with self.running("--set", "log", "--breaker-share", "1") as process:
                self.wait_until(
                    "SELECT count(*) > 0 AS b FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database() AND query LIKE 'LOCK TABLE%'", process)
                other.run("INSERT INTO small.log VALUES (0, '2025-09-09', 'third', 3); COMMIT")
                self.end(process, 0)
        self.assertEqual(self.emptied(), [])
        self.assertEqual([self.rows_of(month) for month in MONTHS], [1, 0, 0, 0, 200, 200])
