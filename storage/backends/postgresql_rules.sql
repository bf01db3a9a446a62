-- What holds for every table, whichever migration made it; run after each, and safe to run again.
-- What tells runs as whoever writes, so it looks for names among what is the server's own.

CREATE OR REPLACE FUNCTION woz_tells_table() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('woz_changes', TG_TABLE_NAME);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION woz_tells_edit() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('woz_changes', TG_TABLE_NAME || ' ' || NEW.id);
    RETURN NULL;
END $$;

DO $$
DECLARE
    found record;
BEGIN
    -- References are checked at a transaction's end where it asks for that.
    FOR found IN
        SELECT conrelid::regclass AS name, conname FROM pg_constraint
        WHERE contype = 'f' AND NOT condeferrable AND connamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY IMMEDIATE', found.name, found.conname);
    END LOOP;
    -- Whoever listens hears of each commit: of an edit by its number, of all else by its table.
    FOR found IN
        SELECT oid::regclass AS name, relname FROM pg_class AS t
        WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname <> 'alembic_version'
        AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = t.oid AND tgname = 'woz_tells')
    LOOP
        IF found.relname IN ('edit', 'edit_log') THEN
            EXECUTE format('CREATE TRIGGER woz_tells AFTER INSERT ON %s'
                           ' FOR EACH ROW EXECUTE FUNCTION woz_tells_edit()', found.name);
        ELSE
            EXECUTE format('CREATE TRIGGER woz_tells AFTER INSERT OR UPDATE OR DELETE ON %s'
                           ' FOR EACH STATEMENT EXECUTE FUNCTION woz_tells_table()', found.name);
        END IF;
    END LOOP;
    -- What counts itself goes on after the highest number, also where rows came with theirs.
    FOR found IN
        SELECT s.oid::regclass AS counter, d.refobjid::regclass AS name, a.attname
        FROM pg_class AS s
        JOIN pg_depend AS d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('SELECT setval(%L, coalesce(max(%I), 0) + 1, false) FROM %s',
                       found.counter, found.attname, found.name);
    END LOOP;
END $$;
