-- What the database itself knows about references: not nearly all of them.

ALTER TABLE helpdesk.tenants
  ADD FOREIGN KEY (owner_user_id) REFERENCES helpdesk.users;
ALTER TABLE helpdesk.organizations
  ADD FOREIGN KEY (tenant_id) REFERENCES helpdesk.tenants,
  ADD FOREIGN KEY (primary_contact_id) REFERENCES helpdesk.users ON DELETE SET NULL;
ALTER TABLE helpdesk.users
  ADD FOREIGN KEY (tenant_id) REFERENCES helpdesk.tenants,
  ADD FOREIGN KEY (organization_id) REFERENCES helpdesk.organizations ON DELETE SET NULL,
  ADD FOREIGN KEY (manager_id) REFERENCES helpdesk.users ON DELETE SET NULL,
  ADD FOREIGN KEY (created_by_id) REFERENCES helpdesk.users;
ALTER TABLE helpdesk.accounts
  ADD FOREIGN KEY (tenant_id) REFERENCES helpdesk.tenants,
  ADD FOREIGN KEY (user_id) REFERENCES helpdesk.users ON DELETE CASCADE;
ALTER TABLE helpdesk.billing_records
  ADD FOREIGN KEY (tenant_id) REFERENCES helpdesk.tenants;
ALTER TABLE helpdesk.billing_lines
  ADD FOREIGN KEY (tenant_id, invoice_no) REFERENCES helpdesk.billing_records ON DELETE CASCADE;
ALTER TABLE helpdesk.team_members
  ADD FOREIGN KEY (team_id) REFERENCES helpdesk.teams ON DELETE CASCADE,
  ADD FOREIGN KEY (user_id) REFERENCES helpdesk.users ON DELETE CASCADE;
ALTER TABLE helpdesk.notifications
  ADD FOREIGN KEY (user_id) REFERENCES helpdesk.users ON DELETE CASCADE;

ALTER TABLE helpdesk.visitors
  ADD FOREIGN KEY (tenant_id) REFERENCES helpdesk.tenants,
  ADD FOREIGN KEY (merged_into_id) REFERENCES helpdesk.visitors ON DELETE SET NULL;
ALTER TABLE helpdesk.visitor_phones
  ADD FOREIGN KEY (visitor_id) REFERENCES helpdesk.visitors ON DELETE CASCADE;
ALTER TABLE helpdesk.visitor_links
  ADD FOREIGN KEY (visitor_id) REFERENCES helpdesk.visitors,
  ADD FOREIGN KEY (inbox_id) REFERENCES helpdesk.inboxes;
ALTER TABLE helpdesk.devices
  ADD FOREIGN KEY (visitor_id) REFERENCES helpdesk.visitors ON DELETE SET NULL;
ALTER TABLE helpdesk.consents
  ADD FOREIGN KEY (visitor_id) REFERENCES helpdesk.visitors ON DELETE CASCADE;

ALTER TABLE helpdesk.conversations
  ADD FOREIGN KEY (tenant_id) REFERENCES helpdesk.tenants,
  ADD FOREIGN KEY (assignee_id) REFERENCES helpdesk.users ON DELETE SET NULL,
  ADD FOREIGN KEY (created_by_id) REFERENCES helpdesk.users,
  ADD FOREIGN KEY (parent_id) REFERENCES helpdesk.conversations ON DELETE SET NULL;
ALTER TABLE helpdesk.messages
  ADD FOREIGN KEY (conversation_id) REFERENCES helpdesk.conversations ON DELETE CASCADE,
  -- Takes too much: an agent's words in other people's threads go with the agent.
  ADD FOREIGN KEY (author_user_id) REFERENCES helpdesk.users ON DELETE CASCADE,
  ADD FOREIGN KEY (reply_to_id) REFERENCES helpdesk.messages ON DELETE SET NULL;
ALTER TABLE helpdesk.message_reactions
  ADD FOREIGN KEY (message_id) REFERENCES helpdesk.messages ON DELETE CASCADE,
  ADD FOREIGN KEY (user_id) REFERENCES helpdesk.users ON DELETE CASCADE;
ALTER TABLE helpdesk.mail_envelopes
  ADD FOREIGN KEY (message_id) REFERENCES helpdesk.messages ON DELETE CASCADE;
-- Takes too little: message_embeddings, mentions, attachments and stored_files have no key at all.
ALTER TABLE helpdesk.participants
  ADD FOREIGN KEY (conversation_id) REFERENCES helpdesk.conversations ON DELETE CASCADE,
  ADD FOREIGN KEY (user_id) REFERENCES helpdesk.users ON DELETE CASCADE;
ALTER TABLE helpdesk.sla_events
  ADD FOREIGN KEY (conversation_id) REFERENCES helpdesk.conversations ON DELETE CASCADE,
  ADD FOREIGN KEY (sla_policy_id) REFERENCES helpdesk.sla_policies;
ALTER TABLE helpdesk.results
  ADD FOREIGN KEY (conversation_id) REFERENCES helpdesk.conversations;
ALTER TABLE helpdesk.reports
  ADD FOREIGN KEY (tenant_id) REFERENCES helpdesk.tenants,
  ADD FOREIGN KEY (created_by_id) REFERENCES helpdesk.users;

ALTER TABLE helpdesk.contact_forms
  ADD FOREIGN KEY (tenant_id) REFERENCES helpdesk.tenants;
ALTER TABLE helpdesk."Ticket"
  ADD FOREIGN KEY ("tenantId") REFERENCES helpdesk.tenants,
  ADD FOREIGN KEY ("ownerId") REFERENCES helpdesk.users ON DELETE SET NULL;
ALTER TABLE helpdesk."TicketArticle"
  ADD FOREIGN KEY ("ticketId") REFERENCES helpdesk."Ticket" ON DELETE CASCADE;
ALTER TABLE helpdesk.histories
  ADD FOREIGN KEY (object_id) REFERENCES helpdesk.objects,
  ADD FOREIGN KEY (created_by_id) REFERENCES helpdesk.users;
ALTER TABLE helpdesk.notes
  ADD FOREIGN KEY (visitor_id) REFERENCES helpdesk.visitors ON DELETE CASCADE,
  ADD FOREIGN KEY (author_id) REFERENCES helpdesk.users;
ALTER TABLE helpdesk.tags
  ADD FOREIGN KEY (created_by_id) REFERENCES helpdesk.users;
ALTER TABLE helpdesk.taggings
  ADD FOREIGN KEY (tag_id) REFERENCES helpdesk.tags ON DELETE CASCADE;
ALTER TABLE helpdesk.integrations
  ADD FOREIGN KEY (tenant_id) REFERENCES helpdesk.tenants;
ALTER TABLE helpdesk.integration_data
  ADD FOREIGN KEY (integration_id) REFERENCES helpdesk.integrations;
