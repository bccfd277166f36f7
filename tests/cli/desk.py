"""The reference database's rows in memory, as plain SQL gives them, and what hangs on what: the
witness that sweeps are judged by. Knows the schema alone, neither the tool's code nor its map.
"""

import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta, timezone

SKIPPED = ("page_views_",)  # partitions: their rows are page_views'


class Row:
    """One row; what its columns are called is the schema's business."""

    __slots__ = ("table", "values", "key")

    def __init__(self, table, values, key_columns):
        self.table = table
        self.values = values
        # Without a primary key all of it; the same row may then stand twice.
        named = {column: values[column] for column in key_columns} if key_columns else values
        self.key = json.dumps(named, sort_keys=True)

    def __getitem__(self, column):
        return self.values[column]

    def __repr__(self):
        return f"{self.table} {self.key}"


class Desk:
    """Every table of the schema helpdesk."""

    def __init__(self, database):
        keys = defaultdict(list)
        for table, column in database.rows(
            "SELECT c.conrelid::regclass::text AS t, a.attname AS a FROM pg_constraint c, "
            "unnest(c.conkey) WITH ORDINALITY AS k (attnum, place), pg_attribute a "
            "WHERE c.contype = 'p' AND a.attrelid = c.conrelid AND a.attnum = k.attnum "
            "AND c.connamespace = 'helpdesk'::regnamespace ORDER BY c.conrelid, k.place"
        ):
            keys[table.split(".")[1].strip('"')].append(column)
        names = [
            name
            for (name,) in database.rows(
                "SELECT relname FROM pg_class WHERE relnamespace = 'helpdesk'::regnamespace "
                "AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1"
            )
        ]
        # A json column keeps its line breaks: a blank means the same.
        script = ";".join(
            f"SELECT '{name}' || chr(9) || translate(row_to_json(t)::text, E'\\n\\r', '  ') "
            f'FROM helpdesk."{name}" AS t'
            for name in names
        )
        self.rows = {name: [] for name in names}
        for line in database.execute(script).rstrip("\n").split("\n"):
            name, text = line.split("\t", 1)
            self.rows[name].append(Row(name, json.loads(text), keys[name]))
        self._indexes = {}

    def where(self, table, column, value):
        """The rows of the table with that value in the column."""
        index = self._indexes.get((table, column))
        if index is None:
            index = self._indexes[table, column] = defaultdict(list)
            for row in self.rows[table]:
                index[row[column]].append(row)
        return index.get(value, []) if value is not None else []

    def one(self, table, value, column="id"):
        found = self.where(table, column, value)
        return found[0] if found else None

    def counts(self):
        """How often each row stands in each table: {table: Counter of keys}."""
        return {name: Counter(row.key for row in rows) for name, rows in self.rows.items()}

    def tenant(self, row):
        """Whose row it is, by its own column or the row that it hangs on; None: nobody's."""
        if row.table == "tenants":
            return row["id"]
        for column in ("tenant_id", "tenantId"):
            if column in row.values:
                return row[column]
        for table, column in UP.get(row.table, ()):
            above = self.one(table, row[column])
            if above is not None:
                return self.tenant(above)
        if row.table == "mail_bounces":
            above = self.one("mail_envelopes", row["rfc_message_id"], "rfc_message_id")
            return above and self.tenant(above)
        if row.table == "TicketArticle":
            return self.tenant(self.one("Ticket", row["ticketId"], "Id"))
        above = self.subject_of(row)
        return above and self.tenant(above)

    def subject_of(self, row):
        """The row that a history or a tagging is about."""
        if row.table == "histories":
            name, number = HISTORY_OF[row["object_id"]], row["o_id"]
        elif row.table == "taggings":
            name, number = TAGGED[row["taggable_type"]], row["taggable_id"]
        else:
            return None
        return self.one(name, int(number), "Id" if name == "Ticket" else "id")

    def of_conversation(self, row):
        """The visitor of a conversation: its own column, else the channel's link."""
        if row["visitor_id"] is not None:
            return row["visitor_id"]
        link = self.one("visitor_links", row["visitor_link_id"])
        return link and link["visitor_id"]

    def conversations_of(self, visitor):
        """A visitor's conversations, by either path."""
        yield from self.where("conversations", "visitor_id", visitor["id"])
        for link in self.where("visitor_links", "visitor_id", visitor["id"]):
            for row in self.where("conversations", "visitor_link_id", link["id"]):
                if row["visitor_id"] is None:
                    yield row

    def sent_by(self, kind, number):
        """Messages by sender: the kind decides whose number it is."""
        return [
            row
            for row in self.where("messages", "sender_id", number)
            if row["sender_type"] == kind
        ]

    def about(self, kind, number):
        """Histories and taggings of a visitor, a user, a conversation or a ticket."""
        for row in self.where("histories", "o_id", str(number)):
            if HISTORY_OF[row["object_id"]] == kind:
                yield row
        for row in self.where("taggings", "taggable_id", str(number)):
            if TAGGED[row["taggable_type"]] == kind:
                yield row


# Where a row without a tenant's number stands: the tables above it, the first that is there.
UP = {
    "team_members": [("users", "user_id")],
    "notifications": [("users", "user_id")],
    "visitor_phones": [("visitors", "visitor_id")],
    "visitor_links": [("visitors", "visitor_id")],
    "consents": [("visitors", "visitor_id")],
    "notes_trash": [("visitors", "visitor_id")],
    "participants": [("conversations", "conversation_id")],
    "sla_events": [("conversations", "conversation_id")],
    "results": [("conversations", "conversation_id")],
    **{
        part: [("messages", "message_id")]
        for part in (
            "mentions", "message_reactions", "message_embeddings", "mail_envelopes", "attachments",
        )
    },
}
HISTORY_OF = {1: "Ticket", 2: "visitors", 3: "users"}
TAGGED = {"Visitor": "visitors", "Conversation": "conversations", "User": "users"}


# ---------------------------------------------------------------------------------- the calendar


def plus(day, days=0, months=0):
    """Days, or calendar months clipped to the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last)) + timedelta(days=days)


def moment(value):
    """A timestamp or, in milliseconds since 1970, a number. Without a zone it is UTC."""
    if isinstance(value, int):
        return datetime.fromtimestamp(value // 1000, timezone.utc)
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)


def is_date(value):
    return isinstance(value, str) and len(value) == 10


class Calendar:
    """What is due at a moment in a tenant's zone, counted in dates."""

    def __init__(self, now, zone):
        self.now = now
        self.zone = zone
        self.today = now.astimezone(zone).date()

    def day(self, value):
        return date.fromisoformat(value) if is_date(value) else self.day_of(moment(value))

    def day_of(self, at):
        return at.astimezone(self.zone).date()

    @staticmethod
    def is_over(day, today, **period):
        """Due from the first instant of the day after the clock's day and the period."""
        return today > plus(day, **period)

    def due(self, value, **period):
        return value is not None and self.is_over(self.day(value), self.today, **period)

    def happened(self, value):
        """Nothing is kept after it: a moment that has come, a day that is over (nothing tells at
        what hour of a day it was)."""
        if value is None:
            return False
        return self.today > self.day(value) if is_date(value) else moment(value) <= self.now
