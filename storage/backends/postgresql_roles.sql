-- What logins of annotators may do in a project's database; run by its owner, and safe to run again.
-- The owner, and whoever acts as the owner, may do all as before.
--
-- A login chooses where names are looked for, and may make tables, functions and operators of its own. So each name of
-- the project's stands with its schema, and what a table or a row asks of the rules (the triggers' functions, and what
-- policies call) looks for all else among what is the server's own; what these call in turn does so with them.
-- https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY

CREATE OR REPLACE FUNCTION {schema}.woz_owns() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.pg_has_role(session_user, relowner, 'MEMBER') FROM pg_catalog.pg_class
    WHERE oid = '{schema}.annotator'::regclass
$$;

-- The annotator behind a login; none for who has retired.
CREATE OR REPLACE FUNCTION {schema}.woz_me() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.id FROM {schema}.annotator_key AS k JOIN {schema}.annotator AS a ON a.id = k.annotator_id
    WHERE k.account = session_user AND NOT a.retired
$$;

CREATE OR REPLACE FUNCTION {schema}.woz_roles() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(r), '{}') FROM {schema}.annotator AS a, jsonb_array_elements_text(a.roles::jsonb) AS r
    WHERE a.id = {schema}.woz_me()
$$;

CREATE OR REPLACE FUNCTION {schema}.woz_refuses(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', why USING ERRCODE = 'WOZ01';
END $$;

-- Whether this transaction takes in an edit that somebody sent back in a package.
CREATE OR REPLACE FUNCTION {schema}.woz_takes_in(whose text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM {schema}.package_edit AS e JOIN {schema}.package AS p ON p.id = e.package_id
        WHERE p.annotator_id = whose AND e.taken_as IS NULL AND e.xmin = pg_current_xact_id()::xid
    )
$$;

-- A tier is moved by whom it may be; whose it is, and whether it goes, is a keeper's or its owner's to say.
CREATE OR REPLACE FUNCTION {schema}.woz_guards_tier() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    roles text[] := {schema}.woz_roles();
    keeper boolean := roles && ARRAY['curator', 'manager'];
    mine boolean;
BEGIN
    IF {schema}.woz_owns() THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP <> 'INSERT' THEN
        mine := coalesce(OLD.annotator_id = {schema}.woz_me(), false)
            OR (OLD.annotator_id IS NULL AND 'annotator' = ANY (roles))
            OR ('manager' = ANY (roles) AND {schema}.woz_takes_in(OLD.annotator_id));
        IF OLD.state <> ALL ({open}) AND (TG_OP = 'DELETE' OR NEW.state = OLD.state) THEN
            PERFORM {schema}.woz_refuses(
                format('The tier %s is %s, and stays as it is until it is returned.', OLD.name, OLD.state));
        END IF;
        IF NOT mine AND NOT keeper AND (TG_OP = 'DELETE' OR NEW.annotator_id IS DISTINCT FROM OLD.annotator_id) THEN
            PERFORM {schema}.woz_refuses(
                format('The tier %s is another annotator''s; a curator or a manager may do this.', OLD.name));
        END IF;
    END IF;
    IF TG_OP = 'INSERT' AND NOT keeper AND (NEW.annotator_id <> {schema}.woz_me() OR NEW.state <> ALL ({open})) THEN
        PERFORM {schema}.woz_refuses(format('Only a curator or a manager may make the tier %s for somebody.', NEW.name));
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state <> OLD.state AND NOT EXISTS (
        SELECT FROM (VALUES {moves}) AS m (was, becomes, owners, others)
        WHERE was = OLD.state AND becomes = NEW.state AND ((owners AND mine) OR others && roles)
    ) THEN
        PERFORM {schema}.woz_refuses(format('You may not move the tier %s from %s to %s.', OLD.name, OLD.state, NEW.state));
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- Nothing changes in a tier that is closed.
CREATE OR REPLACE FUNCTION {schema}.woz_keeps_closed(VARIADIC tiers text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    IF {schema}.woz_owns() THEN
        RETURN;
    END IF;
    FOR found IN SELECT name, state FROM {schema}.tier WHERE id = ANY (tiers) AND state <> ALL ({open}) LOOP
        PERFORM {schema}.woz_refuses(
            format('The tier %s is %s, and stays as it is until it is returned.', found.name, found.state));
    END LOOP;
END $$;

-- But what is derived becomes stale there, too, with a turn that somebody corrects, as every login may; the edit says who.
CREATE OR REPLACE FUNCTION {schema}.woz_guards_annotation() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.made_stale AND NOT OLD.made_stale AND OLD.made_origin = 'derived'
        AND to_jsonb(NEW) - ARRAY['made_stale', 'edit_id'] = to_jsonb(OLD) - ARRAY['made_stale', 'edit_id']
        AND EXISTS (
            SELECT FROM {schema}.edit AS e JOIN {schema}.tier AS t ON t.session_id = e.session_id
            WHERE e.id = NEW.edit_id AND t.id = OLD.tier_id AND e.xmin = pg_current_xact_id()::xid
        )
    THEN
        RETURN NEW;
    END IF;
    PERFORM {schema}.woz_keeps_closed(CASE WHEN TG_OP <> 'INSERT' THEN OLD.tier_id END,
                                      CASE WHEN TG_OP <> 'DELETE' THEN NEW.tier_id END);
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION {schema}.woz_tier_of(annotation_named text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT tier_id FROM {schema}.annotation WHERE id = annotation_named
$$;

CREATE OR REPLACE FUNCTION {schema}.woz_guards_attribute() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM {schema}.woz_keeps_closed(CASE WHEN TG_OP <> 'INSERT' THEN {schema}.woz_tier_of(OLD.annotation_id) END,
                                      CASE WHEN TG_OP <> 'DELETE' THEN {schema}.woz_tier_of(NEW.annotation_id) END);
    RETURN coalesce(NEW, OLD);
END $$;

-- A link is closed with the tier that it leads to; else with that of the annotation that it leads from, or to where it
-- comes from none: as woz.annotation.link_owner.
CREATE OR REPLACE FUNCTION {schema}.woz_tier_of_link(from_kind text, from_id text, to_kind text, to_id text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN to_kind = 'tier' THEN to_id
        WHEN from_kind = 'annotation' THEN {schema}.woz_tier_of(from_id)
        WHEN to_kind = 'annotation' THEN {schema}.woz_tier_of(to_id)
    END
$$;

CREATE OR REPLACE FUNCTION {schema}.woz_guards_link() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was text;
    becomes text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was := {schema}.woz_tier_of_link(OLD.source_kind, OLD.source_id, OLD.target_kind, OLD.target_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        becomes := {schema}.woz_tier_of_link(NEW.source_kind, NEW.source_id, NEW.target_kind, NEW.target_id);
    END IF;
    PERFORM {schema}.woz_keeps_closed(was, becomes);
    RETURN coalesce(NEW, OLD);
END $$;

DO $$
DECLARE
    guarded text;
    own record;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['tier', 'annotation', 'attribute', 'link'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS woz_guards ON {schema}.%I', guarded);
        EXECUTE format('CREATE TRIGGER woz_guards BEFORE INSERT OR UPDATE OR DELETE ON {schema}.%I'
                       ' FOR EACH ROW EXECUTE FUNCTION {schema}.%I()', guarded, 'woz_guards_' || guarded);
    END LOOP;
    -- What bears a name bears one's own. Reading is by grants alone.
    FOR own IN
        SELECT * FROM (VALUES
            ('edit', 'INSERT', NULL, 'by = {schema}.woz_me()'),
            ('edit_item', 'INSERT', NULL,
                'EXISTS (SELECT FROM {schema}.edit AS e WHERE e.id = edit_id AND e.by = {schema}.woz_me())'),
            ('comment', 'INSERT', NULL, 'by = {schema}.woz_me()'),
            ('comment', 'UPDATE', 'true', 'closed_by IS NULL OR closed_by = {schema}.woz_me()'),
            ('lease', 'INSERT', NULL, 'annotator_id = {schema}.woz_me()'),
            ('lease', 'UPDATE', 'annotator_id = {schema}.woz_me() OR renewed_utc_ns <= '
                || '(extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000 - {stale}',
                'annotator_id = {schema}.woz_me()'),
            ('lease', 'DELETE', 'annotator_id = {schema}.woz_me()', NULL),
            ('work', 'INSERT', NULL, 'by = {schema}.woz_me()'),
            ('work', 'UPDATE', 'by = {schema}.woz_me()', 'by = {schema}.woz_me()'),
            ('review', 'INSERT', NULL, 'by = {schema}.woz_me()'),
            ('question_decision', 'INSERT', NULL, 'annotator_id = {schema}.woz_me()'),
            -- Whoever judges a question set that is stale has all count no more that was decided before.
            ('question_decision', 'UPDATE',
                'annotator_id = {schema}.woz_me() OR ''curator'' = ANY ({schema}.woz_roles())'
                ' OR EXISTS (SELECT FROM {schema}.question AS q WHERE q.id = question_id AND q.made_stale)', NULL)
        ) AS t (name, verb, old, new)
    LOOP
        EXECUTE format('ALTER TABLE {schema}.%I ENABLE ROW LEVEL SECURITY', own.name);
        EXECUTE format('DROP POLICY IF EXISTS woz_%s ON {schema}.%I', lower(own.verb), own.name);
        EXECUTE format('CREATE POLICY woz_%s ON {schema}.%I FOR %s', lower(own.verb), own.name, own.verb)
            || coalesce(' USING (' || own.old || ')', '') || coalesce(' WITH CHECK (' || own.new || ')', '');
        EXECUTE format('DROP POLICY IF EXISTS woz_read ON {schema}.%I', own.name);
        EXECUTE format('CREATE POLICY woz_read ON {schema}.%I FOR SELECT USING (true)', own.name);
        EXECUTE format('DROP POLICY IF EXISTS woz_manages ON {schema}.%I', own.name);
        EXECUTE format('CREATE POLICY woz_manages ON {schema}.%I USING (''manager'' = ANY ({schema}.woz_roles()))',
                       own.name);
    END LOOP;
    -- Before version 15 everybody may make what they like beside the project's; its owner goes on making tables there.
    SELECT nspowner, (SELECT relowner FROM pg_class WHERE oid = '{schema}.annotator'::regclass)::regrole AS projects
    INTO own FROM pg_namespace WHERE oid = '{schema}'::regnamespace;
    IF pg_has_role(own.nspowner, 'USAGE') THEN
        EXECUTE format('GRANT CREATE ON SCHEMA {schema} TO %s', own.projects);
        REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC;
    END IF;
END $$;
