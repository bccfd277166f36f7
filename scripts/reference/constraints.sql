-- Keys, indexes, triggers and the view: after the data, because that loads faster. Two indexes are
-- missing on purpose: on results.created_at (a clock) and on message_reactions.user_id (a foreign
-- key, so deleting a user reads all of that table).

ALTER TABLE helpdesk.visitors ADD PRIMARY KEY (id);
ALTER TABLE helpdesk.conversations ADD PRIMARY KEY (id);
ALTER TABLE helpdesk.messages ADD PRIMARY KEY (id);
ALTER TABLE helpdesk.analytics_events ADD PRIMARY KEY (id);
ALTER TABLE helpdesk.sessions ADD PRIMARY KEY (id);
ALTER TABLE helpdesk.technical_log ADD PRIMARY KEY (id);
ALTER TABLE helpdesk.audit_log ADD PRIMARY KEY (id);

-- Identities, as dsarctl compares them.
CREATE INDEX ON helpdesk.users (tenant_id, lower(btrim(email::text)));
CREATE INDEX ON helpdesk.users (tenant_id, account_ref);
CREATE INDEX ON helpdesk.users (tenant_id, regexp_replace(phone, '[^0-9]', '', 'g'));
CREATE INDEX ON helpdesk.users (tenant_id, regexp_replace(mobile, '[^0-9]', '', 'g'));
CREATE UNIQUE INDEX users_live_email_key ON helpdesk.users (tenant_id, kind, email)
  WHERE deleted_at IS NULL;
CREATE INDEX ON helpdesk.visitors (tenant_id, lower(btrim(email)));
CREATE INDEX ON helpdesk.visitors (tenant_id, account_ref);
CREATE INDEX ON helpdesk.visitors (tenant_id, regexp_replace(phone, '[^0-9]', '', 'g'));
CREATE INDEX ON helpdesk.visitors (tenant_id, device_id);
CREATE INDEX ON helpdesk.visitors (tenant_id, cookie_id);
CREATE INDEX ON helpdesk.visitor_phones (regexp_replace(country_code || number, '[^0-9]', '', 'g'));
CREATE INDEX ON helpdesk.contact_forms (tenant_id, lower(btrim(email)));
CREATE INDEX ON helpdesk.enquiries
  (tenant_id, lower(btrim(coalesce(substring("from" FROM '<([^<>]+)>'), "from"))));
CREATE INDEX ON helpdesk.billing_records (tenant_id, lower(btrim(billing_email)));
CREATE INDEX ON helpdesk.marketing_subscriptions (tenant_id, lower(btrim(email::text)));
CREATE INDEX ON helpdesk.survey_responses (tenant_id, lower(btrim(email::text)));
CREATE INDEX ON helpdesk.integration_data USING gin (addresses);
CREATE INDEX ON helpdesk.mail_envelopes USING gin ("to");

-- Links that no foreign key declares.
CREATE INDEX ON helpdesk.conversations (visitor_id);
CREATE INDEX ON helpdesk.conversations (visitor_link_id);
CREATE INDEX ON helpdesk.messages (sender_id, sender_type);
CREATE INDEX ON helpdesk.mentions (message_id);
CREATE INDEX ON helpdesk.mentions (mentioned_id, mentioned_type);
CREATE INDEX ON helpdesk.attachments (message_id);
CREATE INDEX ON helpdesk.attachments (file_hash);
CREATE INDEX ON helpdesk.mail_envelopes (rfc_message_id);
CREATE INDEX ON helpdesk.mail_bounces (rfc_message_id);
CREATE INDEX ON helpdesk.reports USING gin (conversation_ids);
CREATE INDEX ON helpdesk.contact_forms (visitor_id);
CREATE INDEX ON helpdesk."Ticket" ("tenantId", "requesterKey");
CREATE INDEX ON helpdesk.histories (object_id, o_id);
CREATE INDEX ON helpdesk.taggings (taggable_type, taggable_id);
CREATE INDEX ON helpdesk.notes_trash (visitor_id);
CREATE INDEX ON helpdesk.purchases (tenant_id, account_ref);
CREATE INDEX ON helpdesk.billing_records (account_id);
CREATE INDEX ON helpdesk.devices (user_id);
CREATE INDEX ON helpdesk.notifications (about_id, about_type);
CREATE INDEX ON helpdesk.page_views (visitor_id);
CREATE INDEX ON helpdesk.page_views (device_id);
CREATE INDEX ON helpdesk.analytics_events (visitor_id);
CREATE INDEX ON helpdesk.sessions (visitor_id);
CREATE INDEX ON helpdesk.sessions (user_id);
CREATE INDEX ON helpdesk.technical_log (user_id);
CREATE INDEX ON helpdesk.technical_log (visitor_id);
CREATE INDEX ON helpdesk.audit_log (auditable_type, auditable_id);
CREATE INDEX ON helpdesk.audit_log (actor_id, actor_type);
CREATE INDEX ON helpdesk.audit_log ((changes ->> 'visitor_id'));

-- Clocks: tenant first, because cut-offs differ between tenants; the key last, because a sweep
-- walks (clock, key).
CREATE INDEX ON helpdesk.messages (created_at, id);
CREATE INDEX ON helpdesk.messages (tenant_id, created_at, id);
CREATE INDEX ON helpdesk.conversations (tenant_id, created_at, id);
CREATE INDEX ON helpdesk.visitors (tenant_id, created_at, id);
CREATE INDEX ON helpdesk.contact_forms (tenant_id, submitted_at, id);
CREATE INDEX ON helpdesk.reports (tenant_id, created_at, id);
CREATE INDEX ON helpdesk.page_views (tenant_id, viewed_at, id);
CREATE INDEX ON helpdesk.analytics_events (tenant_id, at_ms, id);
CREATE INDEX ON helpdesk.sessions (tenant_id, started_at, id);
CREATE INDEX ON helpdesk.technical_log (tenant_id, logged_at, id);
CREATE INDEX ON helpdesk.audit_log (tenant_id, created_at, id);
CREATE INDEX ON helpdesk.website_content (tenant_id, fetched_at, id);
CREATE INDEX ON helpdesk.integration_data (tenant_id, received_at, id);
CREATE INDEX ON helpdesk.notes (tenant_id, created_at, id);
CREATE INDEX ON helpdesk.notes USING gin (search);
CREATE INDEX ON helpdesk."Ticket" ("tenantId", (coalesce("lastActivityAt", "createdAt")), "Id");
CREATE INDEX ON helpdesk.histories (created_at, id);
CREATE INDEX ON helpdesk.enquiries (tenant_id, received_at, id);
CREATE INDEX ON helpdesk.purchases (tenant_id, purpose_ended_on, id);
CREATE INDEX ON helpdesk.survey_responses (tenant_id, answered_on, id);
CREATE INDEX ON helpdesk.marketing_subscriptions (tenant_id, unsubscribed_at);
CREATE INDEX ON helpdesk.billing_records (tenant_id, issued_on);
CREATE INDEX ON helpdesk.accounts (tenant_id, closed_at, id);

-- Foreign keys, each with the index that a delete at its far end needs.
CREATE INDEX ON helpdesk.tenants (owner_user_id);
CREATE INDEX ON helpdesk.organizations (tenant_id);
CREATE INDEX ON helpdesk.organizations (primary_contact_id);
CREATE INDEX ON helpdesk.users (organization_id);
CREATE INDEX ON helpdesk.users (manager_id);
CREATE INDEX ON helpdesk.users (created_by_id);
CREATE INDEX ON helpdesk.accounts (user_id);
CREATE INDEX ON helpdesk.team_members (user_id);
CREATE INDEX ON helpdesk.notifications (user_id);
CREATE INDEX ON helpdesk.visitors (merged_into_id);
CREATE INDEX ON helpdesk.visitor_links (visitor_id);
CREATE INDEX ON helpdesk.devices (visitor_id);
CREATE INDEX ON helpdesk.conversations (assignee_id);
CREATE INDEX ON helpdesk.conversations (created_by_id);
CREATE INDEX ON helpdesk.conversations (parent_id);
CREATE INDEX ON helpdesk.messages (conversation_id);
CREATE INDEX ON helpdesk.messages (author_user_id);
CREATE INDEX ON helpdesk.messages (reply_to_id);
CREATE INDEX ON helpdesk.participants (user_id);
CREATE INDEX ON helpdesk.sla_events (conversation_id);
CREATE INDEX ON helpdesk.sla_events (sla_policy_id);
CREATE INDEX ON helpdesk.results (conversation_id);
CREATE INDEX ON helpdesk.reports (created_by_id);
CREATE INDEX ON helpdesk."Ticket" ("ownerId");
CREATE INDEX ON helpdesk."TicketArticle" ("ticketId");
CREATE INDEX ON helpdesk.histories (created_by_id);
CREATE INDEX ON helpdesk.notes (visitor_id);
CREATE INDEX ON helpdesk.notes (author_id);
CREATE INDEX ON helpdesk.tags (created_by_id);
CREATE INDEX ON helpdesk.integrations (tenant_id);
CREATE INDEX ON helpdesk.integration_data (integration_id);

\ir constraints/foreign_keys.sql
\ir constraints/triggers.sql
