-- A list of customers is read in the order of this index, however many there are, and names are looked up in it.

CREATE INDEX customers_by_search_text ON customers (organization_id, search_text COLLATE "C", id) WHERE erased_at IS NULL;
COMMENT ON INDEX customers_by_search_text IS 'The order of every list of customers; a text that begins with some words lies in one range of it.';

DROP INDEX customers_by_name;
