-- Privileges of the database roles. deploy/postgresql/roles.sql creates the roles; keys_grant_privileges gives them
-- what they need, and does nothing where they do not exist. Source: docs/adr/0024-database-roles.md.

SET LOCAL lock_timeout = '2s';


-- -----------------------------------------------------------------------------------------------------------------
-- Settings that only the owner of the schema may change
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS KeysOwnerSettings
(
    Name  varchar(150) COLLATE "C" PRIMARY KEY,
    Value text NOT NULL
);


-- -----------------------------------------------------------------------------------------------------------------
-- Deletion of events. The role of the service cannot delete events except through these functions.
-- -----------------------------------------------------------------------------------------------------------------

-- Deletes events of a service from before a time, but none that is younger than the setting 'events_keep_for'.
CREATE OR REPLACE FUNCTION keys_delete_events(service_id text, before text, max_rows integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    keep_for interval := (SELECT Value::interval FROM KeysOwnerSettings WHERE Name = 'events_keep_for');
    latest text := to_char(
        (clock_timestamp() - keep_for) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') COLLATE "C";
    deleted integer;
BEGIN
    DELETE FROM KeysEvent WHERE Position IN (
        SELECT Position FROM KeysEvent
        WHERE ServiceId = service_id AND At COLLATE "C" < LEAST(before COLLATE "C", latest)
        ORDER BY At COLLATE "C"
        LIMIT max_rows);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

-- Deletes events of a project that is being erased, without the events of the request to erase it. The trigger has set
-- the negative limit of such a project.
CREATE OR REPLACE FUNCTION keys_erase_events(service_id text, project text, max_rows integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    deleted integer;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM KeysProjectUsage
        WHERE ServiceId = service_id AND ProjectId = project AND MaxVirtualKeys < 0) THEN
        RETURN 0;
    END IF;

    DELETE FROM KeysEvent WHERE Position IN (
        SELECT Position FROM KeysEvent
        WHERE ServiceId = service_id AND ProjectId = project AND Type <> 'erasure_requested'
        LIMIT max_rows);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

REVOKE ALL ON PROCEDURE keys_index_virtual_keys() FROM PUBLIC;


-- -----------------------------------------------------------------------------------------------------------------
-- Grants. The migration calls the function each time, so that it covers roles that were created later.
-- -----------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION keys_grant_privileges() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    -- These run with the privileges of the owner. The fixed search path keeps a caller from substituting objects of its
    -- own; without pg_temp at its end, temporary tables would come first. Nobody may attach the trigger function to
    -- another table, which would write events of any content. A script that replaces a function resets all this.
    FOREACH name IN ARRAY '{keys_state_written(),"keys_delete_events(text,text,integer)",
        "keys_erase_events(text,text,integer)"}'::text[] LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = %I, pg_temp', name, current_schema());
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
    END LOOP;

    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'keys_service') THEN
        REVOKE ALL ON OrleansQuery, OrleansMembershipTable, OrleansMembershipVersionTable, OrleansStorage,
            OrleansRemindersTable, KeysListedState, KeysStateIndex, KeysVirtualKey, KeysRetiringKey, KeysProjectUsage,
            KeysEvent, KeysLease, KeysSettings, KeysOwnerSettings, schemaversions, KeysWebhookLeader,
            KeysWebhookDelivery FROM keys_service;

        -- SQL that silos execute, and what only the migrations write.
        GRANT SELECT ON OrleansQuery, KeysOwnerSettings, schemaversions TO keys_service;

        -- What only the trigger writes, as the owner.
        GRANT SELECT ON KeysListedState, KeysStateIndex, KeysVirtualKey, KeysRetiringKey, KeysProjectUsage, KeysEvent
            TO keys_service;

        GRANT SELECT, INSERT, UPDATE, DELETE ON OrleansStorage, OrleansRemindersTable, OrleansMembershipTable,
            OrleansMembershipVersionTable, KeysLease, KeysWebhookLeader, KeysWebhookDelivery TO keys_service;
        GRANT SELECT, INSERT, UPDATE ON KeysSettings TO keys_service;
        GRANT EXECUTE ON FUNCTION keys_delete_events(text, text, integer), keys_erase_events(text, text, integer)
            TO keys_service;
    END IF;

    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'keys_gateways') THEN
        GRANT SELECT ON OrleansQuery, OrleansMembershipTable, OrleansMembershipVersionTable TO keys_gateways;
    END IF;
END
$$;

REVOKE ALL ON FUNCTION keys_grant_privileges() FROM PUBLIC;
