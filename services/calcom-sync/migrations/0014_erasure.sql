-- Customers who are forgotten: once a line is marked, nothing that writes it later can bring their name back, be it a late
-- event or a look at the calendar there.

ALTER TABLE calendar_links ADD COLUMN customer_erased boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN calendar_links.customer_erased IS 'Who comes was erased in scheduling: a trigger keeps name, address and company out of the line for as long as it is about the same customer.';

CREATE FUNCTION calendar_links_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.attendee ->> 'customerId' IS DISTINCT FROM OLD.attendee ->> 'customerId' THEN
    NEW.customer_erased := false;
  ELSE
    NEW.attendee := NEW.attendee || '{"name": "—", "email": "", "timeZone": ""}'::jsonb;
    NEW.theirs_customer_name := '';
    NEW.people := '';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER calendar_links_forgets BEFORE UPDATE ON calendar_links FOR EACH ROW
  WHEN (NEW.customer_erased) EXECUTE FUNCTION calendar_links_forget();

CREATE FUNCTION sweep_differences_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM sweeps s JOIN calendar_links l ON l.connection_id = s.connection_id
             WHERE s.id = NEW.sweep_id AND l.appointment_id = NEW.appointment_id AND l.customer_erased) THEN
    NEW.ours_customer_name := '';
    NEW.theirs_customer_name := '';
    NEW.people := '';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sweep_differences_forgets BEFORE INSERT ON sweep_differences FOR EACH ROW
  WHEN (NEW.appointment_id IS NOT NULL) EXECUTE FUNCTION sweep_differences_forget();
