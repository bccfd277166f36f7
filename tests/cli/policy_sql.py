"""The five policies a second time: which rows must have gone at a given moment, and which must not,
judged row by row and without the tool's code or its map. `tests/cli/desk.py` reads the rows.

What the policies leave open is read as follows; each reading says so where it is used.

- A conversation's data are its messages and what hangs on them, results, tickets with their
  articles, histories, notes, and the record of the visitor. A message goes by its own clock with
  what hangs on it; a conversation when nothing hangs on it any more, a ticket likewise, a visitor
  when neither conversations nor messages nor forms nor notes nor traces are left.
- Settings of a tenant (inboxes, teams, bots …) hold nobody's data and go with a whole tenant only.
  Its 'Deleted user', to whom references are pointed, is one of its accounts.
- What hangs on a message that is not there has no tenant, so no policy keeps it: it goes.
- At once: from the moment itself; what is known by its day, once that day is over.
"""

from zoneinfo import ZoneInfo

from cli.desk import HISTORY_OF, Calendar, Desk

# Page views of people who have withdrawn their consent: they go for that, whatever their age.
VIEWED_WITHOUT_CONSENT = (
    "EXISTS (SELECT FROM helpdesk.consents AS c WHERE c.visitor_id = page_views.visitor_id"
    " AND purpose = 'analytics' AND withdrawn_at >= coalesce(granted_at, withdrawn_at))"
)

ACCOUNTING = {"billing_records", "billing_lines", "purchases"}
SETTINGS = {
    "bots", "business_hours", "feature_flags", "inboxes", "saved_replies", "sla_policies", "teams",
}
ON_MESSAGES = (
    "mentions", "message_reactions", "message_embeddings", "mail_envelopes", "attachments",
)
# What Visitor Chat's US policy describes (5.3): not technical logs, analytics reports, invoices,
# enquiries, newsletters, integrations or audit logs.
DESCRIBED = {
    "conversations", "participants", "sla_events", "results", "visitors", "visitor_phones",
    "visitor_links", "consents", "taggings", "notes", "notes_trash", "histories", "Ticket",
    "TicketArticle", "messages", "mail_bounces", *ON_MESSAGES, "contact_forms", "page_views",
    "analytics_events", "users", "accounts", "organizations", "team_members", "notifications",
}


class Judge:
    """Judges every row of a desk at a moment. `gone` and `masked` are sets of rows.

    `periods`: {policy: {purpose or `accounting`: {days or months}}} that the operator has set.
    `own_ceilings`: of these, those that the operator's own rule makes an end for OperatorOne.
    """

    def __init__(self, desk: Desk, now, periods=None, own_ceilings=()):
        self.desk = desk
        self.now = now
        self.all_periods = periods or {}
        self.own_ceilings = own_ceilings
        self.gone = set()
        self.masked = set()
        for tenant in desk.rows["tenants"]:
            self.tenant = tenant
            self.periods = self.all_periods.get(tenant["policy"], {})
            self.calendar = Calendar(now, ZoneInfo(tenant["zone"] or "UTC"))
            getattr(self, tenant["policy"])()
        self.orphans()

    # ------------------------------------------------------------------------------ the policies

    def operatorone(self):
        """Account, conversation, technical log: nothing is kept after the account's closure (§7).

        The account is its holder's, and so are the tickets under its number. What the widget
        collects is the customer's to decide on. Invoices and audit logs are not in the clause.
        """
        for user in self.closed_accounts():
            self.go(user, *self.desk.where("accounts", "user_id", user["id"]))
            self.go(*self.desk.where("team_members", "user_id", user["id"]))
            for table in ("sessions", "technical_log", "devices"):
                self.go(*self.desk.where(table, "user_id", user["id"]))
            for message in self.desk.sent_by("user", user["id"]):
                self.go_message(message)
            for ticket in self.tickets_of(user):
                self.go(ticket, *self.desk.where("TicketArticle", "ticketId", ticket["Id"]))
                self.go(*self.desk.about("Ticket", ticket["Id"]))
            self.go(*self.desk.about("users", user["id"]))
        if "accounting" in self.own_ceilings:
            self.accounting()

    def omniops(self):
        chat = {"days": 90}
        retention = self.tenant["dashboard"].get("retention", {})
        if "chat" in retention:
            days = retention["chat"]["days"]
            assert days <= 90, "shorter only"
            chat = {"days": days}
        self.conversations(chat)
        for row in self.own("page_views"):  # analytics: 180 days
            self.go_if(self.calendar.due(row["viewed_at"], days=180), row)
        for row in self.own("analytics_events"):
            self.go_if(self.calendar.due(row["at_ms"], days=180), row)
        for row in self.own("audit_log"):  # due then, never earlier
            self.go_if(self.calendar.due(row["created_at"], months=24), row)
        for row in self.own("website_content"):
            # What has been fetched anew since replaces what was fetched before.
            refreshed = self.tenant["content_refreshed_at"]
            self.go_if(
                self.calendar.happened(refreshed) and row["fetched_at"] < refreshed
                or self.calendar.happened(self.tenant["closed_at"]),
                row,
            )
        for user in self.closed_accounts(months=24):
            self.go(user, *self.desk.where("accounts", "user_id", user["id"]))
            self.go(*self.desk.where("team_members", "user_id", user["id"]))
            self.go(*self.desk.about("users", user["id"]))
        for consent in self.own("consents"):
            withdrawn = consent["withdrawn_at"]
            again = consent["granted_at"] and withdrawn and consent["granted_at"] > withdrawn
            if consent["purpose"] == "analytics" and self.calendar.happened(withdrawn) and not again:
                visitor = consent["visitor_id"]
                self.go(*self.desk.where("page_views", "visitor_id", visitor))
                self.go(*self.desk.where("analytics_events", "visitor_id", visitor))
        for visitor in self.own("visitors"):
            if visitor["parental_consent_on"] is None and self.calendar.happened(
                visitor["child_discovered_on"]
            ):
                self.child(visitor)
        self.empty_parents(chat)

    def child(self, visitor):
        """All of a child goes; records that the law wants (the audit log) stay apart."""
        desk = self.desk
        for conversation in desk.conversations_of(visitor):
            for message in desk.where("messages", "conversation_id", conversation["id"]):
                self.go_message(message)
            self.go(*desk.where("results", "conversation_id", conversation["id"]))
            self.go_conversation(conversation)
            for report in desk.rows["reports"]:
                # It is about others too: their part and hers cannot be told apart.
                if conversation["id"] in report["conversation_ids"]:
                    self.masked.add(report)
        for message in desk.sent_by("visitor", visitor["id"]):
            self.go_message(message)
        for table in (
            "notes", "notes_trash", "page_views", "analytics_events", "sessions", "technical_log",
            "devices",
        ):
            self.go(*desk.where(table, "visitor_id", visitor["id"]))
        for form in desk.where("contact_forms", "visitor_id", visitor["id"]):
            self.masked.add(form)
        for ticket in self.tickets_of(visitor):
            self.go(ticket, *desk.where("TicketArticle", "ticketId", ticket["Id"]))
            self.go(*desk.about("Ticket", ticket["Id"]))
        self.go_visitor(visitor)

    def web1on1(self):
        trial, archived = self.tenant["trial_ends_at"], self.tenant["archived_at"]
        lapsed = not self.tenant["converted_at"] and self.calendar.due(trial, days=90)
        if lapsed or self.calendar.due(archived, days=30):
            self.accounting()
            self.everything()
            return
        months = 18
        retention = self.tenant["dashboard"].get("retention", {})
        if "conversation" in retention:
            assert retention["conversation"]["requested_on"], "on a recorded request"
            months = retention["conversation"]["months"]
        self.conversations({"months": months})
        for report in self.own("reports"):
            # Emptied: of a report about many, its title and period are nobody's data.
            if self.calendar.due(report["created_at"], months=months):
                if report["rows"] or report["conversation_ids"]:
                    self.masked.add(report)
        for form in self.own("contact_forms"):
            if form["submitted_at"] and not form["cleared_at"] and self.form_is_due(form):
                self.masked.add(form)
        self.empty_parents({"months": months})

    def form_is_due(self, form, months=18):
        """The later of creation and the visitor's last inbound message; one that came after the
        form fell due revives nothing."""
        visitor = self.desk.one("visitors", form["visitor_id"])
        inbound = []
        if visitor is not None:
            sent = self.desk.sent_by("visitor", visitor["id"])
            inbound = [row["created_at"] for row in sent] + [visitor["last_inbound_at"]]
        clock = self.calendar.day(form["submitted_at"])
        for day in sorted(self.calendar.day(at) for at in inbound if self.calendar.happened(at)):
            if day >= clock and not Calendar.is_over(clock, day, months=months):
                clock = day
        return Calendar.is_over(clock, self.calendar.today, months=months)

    def visitorchat(self):
        if self.calendar.due(self.tenant["contract_ends_on"], months=3):
            # The ceiling wins where the three months' minimum is not over yet (data collected
            # after the contract's end).
            self.everything(DESCRIBED)

    def dataops(self):
        for row in self.own("marketing_subscriptions"):
            # Sending stops; the entry that keeps it stopped holds no address.
            if self.calendar.happened(row["unsubscribed_at"]) and "@" in row["email"]:
                self.masked.add(row)
        # As long as the purpose needs it: nothing ends before the operator says how long.
        for table, purpose in (
            ("enquiries", "relationship"), ("survey_responses", "surveys"),
            ("purchases", "purchases"),
        ):
            period = self.periods.get(purpose)
            for row in self.own(table) if period else ():
                self.go_if(self.calendar.due(row["purpose_ended_on"], **period), row)

    # ------------------------------------------------------------------------------ their parts

    def accounting(self):
        """The law wants the records and no period is stated: they stay until the operator sets
        one, and on where a ground is recorded with the invoice. A set period is the least that
        the law wants; whether they then go is for another rule to say."""
        period = self.periods.get("accounting")
        for row in self.own(*ACCOUNTING) if period else ():
            invoice = row
            if row.table == "billing_lines":
                (invoice,) = (
                    one
                    for one in self.desk.where("billing_records", "invoice_no", row["invoice_no"])
                    if one["tenant_id"] == row["tenant_id"]
                )
            clock = invoice.values.get("issued_on") or invoice["bought_at"]
            kept = invoice.values.get("legal_ground")
            self.go_if(not kept and self.calendar.due(clock, **period), row)

    def everything(self, tables=None):
        """All that is keyed to the tenant but accounting records; or of some tables alone. The
        tenant's own row stays for as long as anything refers to it."""
        for table, rows in self.desk.rows.items():
            if table in ACCOUNTING or table == "tenants" or (tables and table not in tables):
                continue
            for row in rows:
                if self.desk.tenant(row) == self.tenant["id"]:
                    self.go(row)
        left = [
            row
            for table, rows in self.desk.rows.items()
            if table != "tenants"
            for row in rows
            if row not in self.gone and self.desk.tenant(row) == self.tenant["id"]
        ]
        self.go_if(not left, self.tenant)

    def conversations(self, period):
        due = self.calendar.due
        for row in self.own("messages"):
            if due(row["created_at"], **period):
                self.go_message(row)
        for table, clock in (
            ("results", "created_at"), ("TicketArticle", "createdAt"), ("histories", "created_at"),
            ("notes", "created_at"),
        ):
            for row in self.own(table):
                # What an account was before is part of the account.
                is_account = table == "histories" and HISTORY_OF[row["object_id"]] == "users"
                self.go_if(not is_account and due(row[clock], **period), row)
        for row in self.own("notes_trash"):
            # A copy of a deleted note is no younger than the note.
            self.go_if(self.desk.one("notes", row["note_id"]) is None, row)
        self.empty_parents(period)

    def empty_parents(self, period):
        """Conversations, tickets and visitors on whom nothing hangs any more."""
        due, desk = self.calendar.due, self.desk
        for row in self.own("conversations"):
            parts = [
                *desk.where("messages", "conversation_id", row["id"]),
                *desk.where("results", "conversation_id", row["id"]),
            ]
            if due(row["created_at"], **period) and self.all_gone(parts):
                self.go_conversation(row)
        for row in self.own("Ticket"):
            parts = [
                *desk.where("TicketArticle", "ticketId", row["Id"]), *desk.about("Ticket", row["Id"]),
            ]
            last = row["lastActivityAt"] or row["createdAt"]
            self.go_if(due(last, **period) and self.all_gone(parts), row)
        for row in self.own("visitors"):
            hanging = [
                *desk.conversations_of(row), *desk.sent_by("visitor", row["id"]),
                *(one for one in desk.about("visitors", row["id"]) if one.table == "histories"),
            ]
            for table in (
                "contact_forms", "notes", "notes_trash", "page_views", "analytics_events",
            ):
                hanging += desk.where(table, "visitor_id", row["id"])
            if due(row["last_seen_at"] or row["created_at"], **period) and self.all_gone(hanging):
                self.go_visitor(row)

    def orphans(self):
        """What hangs on a message that is not there; files that no attachment names any more."""
        for table in ON_MESSAGES:
            for row in self.desk.rows[table]:
                self.go_if(self.desk.one("messages", row["message_id"]) is None, row)
        for row in self.desk.rows["mail_bounces"]:
            mails = self.desk.where("mail_envelopes", "rfc_message_id", row["rfc_message_id"])
            self.go_if(self.all_gone(mails), row)
        for row in self.desk.rows["stored_files"]:
            self.go_if(self.all_gone(self.desk.where("attachments", "file_hash", row["hash"])), row)

    # ------------------------------------------------------------------------------ small words

    def own(self, *tables):
        for table in tables:
            for row in self.desk.rows[table]:
                if self.desk.tenant(row) == self.tenant["id"]:
                    yield row

    def go(self, *rows):
        self.gone.update(rows)

    def go_if(self, due, row):
        if due:
            self.gone.add(row)

    def all_gone(self, rows):
        return all(row in self.gone for row in rows)

    def go_message(self, message):
        self.go(message)
        for table in ON_MESSAGES:
            self.go(*self.desk.where(table, "message_id", message["id"]))

    def go_conversation(self, conversation):
        number = conversation["id"]
        self.go(conversation, *self.desk.about("conversations", number))
        self.go(*self.desk.where("participants", "conversation_id", number))
        self.go(*self.desk.where("sla_events", "conversation_id", number))
        for row in self.desk.where("notifications", "about_id", number):
            self.go_if(row["about_type"] == "Conversation", row)

    def go_visitor(self, visitor):
        self.go(visitor, *self.desk.about("visitors", visitor["id"]))
        for table in ("visitor_phones", "visitor_links", "consents"):
            self.go(*self.desk.where(table, "visitor_id", visitor["id"]))

    def closed_accounts(self, **period):
        """The tenant's customers whose account has been closed, or closed so long ago."""
        ended = (lambda at: self.calendar.due(at, **period)) if period else self.calendar.happened
        for user in self.own("users"):
            closed = [row["closed_at"] for row in self.desk.where("accounts", "user_id", user["id"])]
            if user["kind"] == "customer" and any(map(ended, [user["deleted_at"], *closed])):
                yield user

    def tickets_of(self, person):
        for row in self.desk.where("Ticket", "requesterKey", person["account_ref"]):
            if row["tenantId"] == person["tenant_id"]:
                yield row
