-- Triggers and the view: what happens behind a plain UPDATE or DELETE, and a second way to read
-- what the tables hold.

SELECT setval('helpdesk.histories_id_seq', max(id)) FROM helpdesk.histories;
ALTER TABLE helpdesk.histories
  ALTER COLUMN id SET DEFAULT nextval('helpdesk.histories_id_seq');

-- Trap: rewrites what is written, and keeps the old email or phone in the history, also when a
-- rectification or a mask meant to end it. Whoever may change visitors need not be allowed to write
-- the history.
CREATE FUNCTION helpdesk.visitors_before_update() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.updated_at := now();
  IF NEW.email IS DISTINCT FROM OLD.email THEN
    INSERT INTO helpdesk.histories (object_id, o_id, attribute, value_from, value_to, created_at)
      SELECT id, NEW.id::text, 'email', OLD.email, NEW.email, now()
        FROM helpdesk.objects WHERE name = 'Visitor';
  END IF;
  IF NEW.phone IS DISTINCT FROM OLD.phone THEN
    INSERT INTO helpdesk.histories (object_id, o_id, attribute, value_from, value_to, created_at)
      SELECT id, NEW.id::text, 'phone', OLD.phone, NEW.phone, now()
        FROM helpdesk.objects WHERE name = 'Visitor';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER visitors_before_update BEFORE UPDATE ON helpdesk.visitors
  FOR EACH ROW EXECUTE FUNCTION helpdesk.visitors_before_update();

-- Trap: a deleted note is not gone. Whoever may delete notes need not see the trash.
CREATE FUNCTION helpdesk.notes_before_delete() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO helpdesk.notes_trash (note_id, visitor_id, body, deleted_at)
    VALUES (OLD.id, OLD.visitor_id, OLD.body, now())
    ON CONFLICT (note_id) DO UPDATE SET body = excluded.body, deleted_at = excluded.deleted_at;
  RETURN OLD;
END $$;
CREATE TRIGGER notes_before_delete BEFORE DELETE ON helpdesk.notes
  FOR EACH ROW EXECUTE FUNCTION helpdesk.notes_before_delete();

-- Trap: a view shows personal data again; it is no table of its own.
CREATE VIEW helpdesk.conversation_overview AS
SELECT c.id, t.slug AS tenant, c.status, c.subject, c.last_message,
       v.name AS visitor_name, v.email AS visitor_email, u.name AS assignee
FROM helpdesk.conversations c
JOIN helpdesk.tenants t ON t.id = c.tenant_id
LEFT JOIN helpdesk.visitor_links l ON l.id = c.visitor_link_id
LEFT JOIN helpdesk.visitors v ON v.id = coalesce(c.visitor_id, l.visitor_id)
LEFT JOIN helpdesk.users u ON u.id = c.assignee_id;
