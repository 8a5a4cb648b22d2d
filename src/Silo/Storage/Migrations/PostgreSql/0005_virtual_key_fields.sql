-- What a virtual key carries: the rows by which lists are filtered, external ids that are unique, and a limit on the
-- keys of a project.
--
-- The tables are empty until the trigger of this script fills them; SchemaMigrator copies the states that are older.
-- Each filter has an index that starts with it. They end with CreatedAt and Id, or are sorted by the filtered value, so
-- that a page is a range of one index.

SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS KeysVirtualKey
(
    ServiceId       varchar(150) COLLATE "C" NOT NULL,
    ProjectId       varchar(512) COLLATE "C" NOT NULL,
    CreatedAt       varchar(24)  COLLATE "C" NOT NULL,
    Id              varchar(512) COLLATE "C" NOT NULL,
    Name            text         COLLATE "C" NOT NULL,
    Status          text         COLLATE "C" NOT NULL,
    Environment     text         COLLATE "C" NOT NULL,
    ExternalId      text         COLLATE "C",
    PrincipalUserId text         COLLATE "C",
    ExpiresAt       varchar(24)  COLLATE "C",
    PRIMARY KEY (ServiceId, ProjectId, Id)
);

-- A table of its own, because a rotation changes it.
CREATE TABLE IF NOT EXISTS KeysRetiringKey
(
    ServiceId     varchar(150) COLLATE "C" NOT NULL,
    ProjectId     varchar(512) COLLATE "C" NOT NULL,
    Id            varchar(512) COLLATE "C" NOT NULL,
    RetiringUntil varchar(24)  COLLATE "C" NOT NULL,
    PRIMARY KEY (ServiceId, ProjectId, Id)
);

-- The number of virtual keys of a project that are not revoked, and its limit.
CREATE TABLE IF NOT EXISTS KeysProjectUsage
(
    ServiceId      varchar(150) COLLATE "C" NOT NULL,
    ProjectId      varchar(512) COLLATE "C" NOT NULL,
    VirtualKeys    integer NOT NULL DEFAULT 0,
    MaxVirtualKeys integer NOT NULL DEFAULT 10000,
    PRIMARY KEY (ServiceId, ProjectId)
)
WITH (fillfactor = 50);

DO $$
BEGIN
    IF to_regclass('ux_KeysVirtualKey_ExternalId') IS NULL THEN
        CREATE UNIQUE INDEX ux_KeysVirtualKey_ExternalId ON KeysVirtualKey (ServiceId, ProjectId, ExternalId)
            WHERE ExternalId IS NOT NULL AND Status <> 'revoked';
        CREATE INDEX ix_KeysVirtualKey_CreatedAt ON KeysVirtualKey (ServiceId, ProjectId, CreatedAt, Id);
        CREATE INDEX ix_KeysVirtualKey_ExternalId ON KeysVirtualKey (ServiceId, ProjectId, ExternalId, CreatedAt, Id)
            WHERE ExternalId IS NOT NULL;
        CREATE INDEX ix_KeysVirtualKey_PrincipalUserId
            ON KeysVirtualKey (ServiceId, ProjectId, PrincipalUserId, CreatedAt, Id)
            WHERE PrincipalUserId IS NOT NULL;
        CREATE INDEX ix_KeysVirtualKey_ExpiresAt ON KeysVirtualKey (ServiceId, ProjectId, ExpiresAt, Id)
            WHERE ExpiresAt IS NOT NULL;
        CREATE INDEX ix_KeysVirtualKey_Name ON KeysVirtualKey (ServiceId, ProjectId, Name, Id);
        CREATE INDEX ix_KeysVirtualKey_Status ON KeysVirtualKey (ServiceId, ProjectId, Status, CreatedAt, Id);
        CREATE INDEX ix_KeysVirtualKey_Environment
            ON KeysVirtualKey (ServiceId, ProjectId, Environment, CreatedAt, Id);
        CREATE INDEX ix_KeysRetiringKey_RetiringUntil
            ON KeysRetiringKey (ServiceId, ProjectId, RetiringUntil, Id);
    END IF;
END
$$;

-- Returns the row of a state.
CREATE OR REPLACE FUNCTION keys_virtual_key_row(service_id text, state jsonb) RETURNS KeysVirtualKey
LANGUAGE sql STABLE
RETURN ROW(
    service_id, state ->> 'project_id', state ->> 'created_at', state ->> 'id',
    COALESCE(state ->> 'name', ''),
    CASE WHEN state ->> 'revoked_at' IS NOT NULL THEN 'revoked'
         WHEN state ->> 'disabled_at' IS NOT NULL THEN 'disabled'
         ELSE 'active' END,
    COALESCE(state ->> 'environment', 'live'), state ->> 'external_id', state ->> 'principal_user_id',
    state ->> 'expires_at')::KeysVirtualKey;

-- Members that the service writes without an event, because they follow from others or change no verdict, and secrets,
-- which are compared without their times of use.
CREATE OR REPLACE FUNCTION keys_derived_members() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN '{last_used_at,schema_version,erase_at,grain_hash,updated_at,retiring_until,secrets}'::text[];

CREATE OR REPLACE FUNCTION keys_state_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- NEW is null after a DELETE, OLD after an INSERT.
    state_name text := COALESCE(NEW.GrainTypeString, OLD.GrainTypeString);
    new_state jsonb;
    old_state jsonb;
    state jsonb;
    owner_id text;
    project_id text;
    list_owner text;
    change jsonb;
    number bigint;
    revision bigint;
    old_number bigint;
    old_revision bigint;
    database_action text;
    added_keys integer;
    project_keys integer;
    max_keys integer;
BEGIN
    IF state_name NOT IN ('virtual-key', 'project') OR COALESCE(NEW.PayloadBinary, OLD.PayloadBinary) IS NULL THEN
        RETURN NULL;
    END IF;

    new_state := keys_state_fields(NEW.PayloadBinary);
    old_state := keys_state_fields(OLD.PayloadBinary);
    state := COALESCE(new_state, old_state);
    owner_id := state ->> 'id';
    IF state_name = 'project' THEN
        project_id := owner_id;
        list_owner := '';
    ELSE
        project_id := state ->> 'project_id';
        list_owner := project_id;
    END IF;

    change := state -> 'change';
    number := (change ->> 'number')::bigint;
    revision := (state ->> 'revision')::bigint;
    old_number := (old_state #>> '{change,number}')::bigint;
    old_revision := (old_state ->> 'revision')::bigint;

    IF state_name = 'virtual-key' THEN
        -- Revoked keys do not count. The row of the project is locked until the commit, so the limit is exact.
        added_keys := (new_state ->> 'revoked_at' IS NULL AND new_state IS NOT NULL)::integer
            - (old_state ->> 'revoked_at' IS NULL AND old_state IS NOT NULL)::integer;
        IF added_keys <> 0 THEN
            INSERT INTO KeysProjectUsage AS u (ServiceId, ProjectId, VirtualKeys)
            VALUES (COALESCE(NEW.ServiceId, OLD.ServiceId), project_id, added_keys)
            ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = u.VirtualKeys + added_keys
            RETURNING u.VirtualKeys, u.MaxVirtualKeys INTO project_keys, max_keys;
            IF added_keys > 0 AND project_keys > max_keys THEN
                RAISE EXCEPTION 'too_many_virtual_keys' USING ERRCODE = 'KC001';
            END IF;
        END IF;

        -- A rotation changes none of these, so it leaves the row and its indexes alone.
        IF new_state IS NULL THEN
            DELETE FROM KeysVirtualKey
            WHERE ServiceId = OLD.ServiceId AND ProjectId = project_id AND Id = owner_id;
        ELSIF old_state IS NULL
            OR (new_state ->> 'name', new_state ->> 'revoked_at', new_state ->> 'disabled_at',
                new_state ->> 'external_id', new_state ->> 'principal_user_id', new_state ->> 'expires_at')
            IS DISTINCT FROM
               (old_state ->> 'name', old_state ->> 'revoked_at', old_state ->> 'disabled_at',
                old_state ->> 'external_id', old_state ->> 'principal_user_id', old_state ->> 'expires_at') THEN
            INSERT INTO KeysVirtualKey SELECT * FROM keys_virtual_key_row(NEW.ServiceId, new_state)
            ON CONFLICT (ServiceId, ProjectId, Id) DO UPDATE
            SET Name = excluded.Name, Status = excluded.Status, ExternalId = excluded.ExternalId,
                PrincipalUserId = excluded.PrincipalUserId, ExpiresAt = excluded.ExpiresAt;
        END IF;

        IF new_state ->> 'retiring_until' IS NULL THEN
            IF old_state #> '{secrets,replaced,0}' IS NOT NULL THEN
                DELETE FROM KeysRetiringKey
                WHERE ServiceId = OLD.ServiceId AND ProjectId = project_id AND Id = owner_id;
            END IF;
        ELSIF new_state ->> 'retiring_until' IS DISTINCT FROM old_state ->> 'retiring_until' THEN
            INSERT INTO KeysRetiringKey (ServiceId, ProjectId, Id, RetiringUntil)
            VALUES (NEW.ServiceId, project_id, owner_id, new_state ->> 'retiring_until')
            ON CONFLICT (ServiceId, ProjectId, Id) DO UPDATE SET RetiringUntil = excluded.RetiringUntil;
        END IF;

    ELSIF new_state ->> 'max_virtual_keys' IS DISTINCT FROM old_state ->> 'max_virtual_keys' THEN
        INSERT INTO KeysProjectUsage (ServiceId, ProjectId, MaxVirtualKeys)
        VALUES (COALESCE(NEW.ServiceId, OLD.ServiceId), project_id,
                COALESCE((new_state ->> 'max_virtual_keys')::integer, 10000))
        ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET MaxVirtualKeys = excluded.MaxVirtualKeys;
    END IF;

    -- The state was deleted or cleared.
    IF new_state IS NULL THEN
        DELETE FROM KeysStateIndex
        WHERE ServiceId = OLD.ServiceId AND StateName = state_name AND Owner = list_owner
          AND CreatedAt = state ->> 'created_at' AND Id = owner_id;
        database_action := 'deleted';

    ELSE
        -- The state is new, or is written again after it was cleared.
        IF old_state IS NULL THEN
            INSERT INTO KeysStateIndex
                (ServiceId, StateName, Owner, CreatedAt, Id,
                 GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
            VALUES
                (NEW.ServiceId, state_name, list_owner, state ->> 'created_at', owner_id,
                 NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString);
        END IF;

        -- The same row as UpsertReminderRowKey writes for the reminder. An older build, which stores no hash, registers
        -- the reminder itself. The grain removes the row when nothing is left to erase.
        IF state ->> 'erase_at' IS DISTINCT FROM old_state ->> 'erase_at'
            AND state ->> 'erase_at' IS NOT NULL AND state ->> 'grain_hash' IS NOT NULL THEN
            INSERT INTO OrleansRemindersTable AS r
                (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
            VALUES
                (NEW.ServiceId, CASE state_name WHEN 'project' THEN 'project/' ELSE 'vk/' END || owner_id,
                 'erase-ended-secrets', (state ->> 'erase_at')::timestamptz + interval '1 second', 60000,
                 (state ->> 'grain_hash')::integer, 0)
            ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
            SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash,
                Version = r.Version + 1;
        END IF;

        IF TG_OP = 'UPDATE' THEN
            -- The service increments the version with each write, and neither number nor revision ever decreases.
            IF NEW.Version <> OLD.Version + 1 OR revision < old_revision OR number < old_number THEN
                database_action := 'altered';

            -- The state was written again after it was cleared, or the service numbered an event.
            ELSIF old_state IS NULL OR number <> old_number OR (number IS NOT NULL AND old_number IS NULL) THEN
                NULL;

            -- An older build does not number its changes.
            ELSIF revision IS DISTINCT FROM old_revision THEN
                number := NULL;

            -- The service writes these members without an event. They change no verdict and nothing that a caller set.
            ELSIF state - keys_derived_members() = old_state - keys_derived_members()
                AND (state -> 'secrets' IS NOT DISTINCT FROM old_state -> 'secrets'
                    OR keys_secrets_without_use(state -> 'secrets')
                        IS NOT DISTINCT FROM keys_secrets_without_use(old_state -> 'secrets')) THEN
                RETURN NULL;

            ELSE
                database_action := 'altered';
            END IF;
        END IF;
    END IF;

    IF database_action IS NOT NULL THEN
        number := NULL;
        change := jsonb_build_object(
            'action', database_action, 'actor_kind', 'database', 'actor', session_user,
            'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
    END IF;

    INSERT INTO KeysEvent
        (ServiceId, StateName, Id, ProjectId, Number, Revision, Type, ActorKind, ActorId, Actor, RequestId,
         SourceAddress, SecretId, Changes, At)
    VALUES
        (COALESCE(NEW.ServiceId, OLD.ServiceId), state_name, owner_id, project_id, number, revision,
         change ->> 'action', change ->> 'actor_kind', change ->> 'actor_id', change ->> 'actor',
         change ->> 'request_id', change ->> 'source_address', change ->> 'secret_id', change -> 'changes',
         change ->> 'at');
    RETURN NULL;
END
$$;

-- Copies the states that are older than the trigger, and counts them. Runs once, outside a transaction, and commits
-- after each batch, so that no writer waits for it longer than a batch takes. A row that a writer has copied meanwhile
-- is newer, and stays.
CREATE OR REPLACE PROCEDURE keys_index_virtual_keys() LANGUAGE plpgsql AS $$
DECLARE
    last_row KeysStateIndex;
    batch KeysStateIndex[];
    project record;
BEGIN
    IF EXISTS (SELECT 1 FROM KeysSettings WHERE Name = 'virtual_keys_indexed') THEN
        RETURN;
    END IF;

    last_row.ServiceId := '';
    last_row.Owner := '';
    last_row.CreatedAt := '';
    last_row.Id := '';
    LOOP
        batch := ARRAY(
            SELECT i FROM KeysStateIndex i
            WHERE i.StateName = 'virtual-key'
              AND (i.ServiceId, i.Owner, i.CreatedAt, i.Id)
                > (last_row.ServiceId, last_row.Owner, last_row.CreatedAt, last_row.Id)
            ORDER BY i.ServiceId, i.Owner, i.CreatedAt, i.Id
            LIMIT 1000);
        EXIT WHEN batch = '{}';
        last_row := batch[array_upper(batch, 1)];

        WITH states AS MATERIALIZED (
            SELECT s.ServiceId, keys_state_fields(s.PayloadBinary) AS state
            FROM unnest(batch) i
            JOIN OrleansStorage s
                ON s.GrainIdHash = i.GrainIdHash AND s.GrainTypeHash = i.GrainTypeHash
                AND s.ServiceId = i.ServiceId AND s.GrainTypeString = i.StateName
                AND s.GrainIdN0 = i.GrainIdN0 AND s.GrainIdN1 = i.GrainIdN1
                AND COALESCE(s.GrainIdExtensionString, '') = COALESCE(i.GrainIdExtensionString, '')
            WHERE s.PayloadBinary IS NOT NULL),
        indexed AS (
            INSERT INTO KeysVirtualKey
            SELECT (keys_virtual_key_row(ServiceId, state)).* FROM states
            ON CONFLICT DO NOTHING)
        INSERT INTO KeysRetiringKey
        SELECT ServiceId, state ->> 'project_id', state ->> 'id', max(secret ->> 'valid_until')
        FROM states, jsonb_array_elements(state #> '{secrets,replaced}') secret
        WHERE state ->> 'revoked_at' IS NULL AND secret ->> 'is_expired' IS NULL
        GROUP BY 1, 2, 3
        ON CONFLICT DO NOTHING;
        COMMIT;
    END LOOP;

    -- A create holds the row of its project until it has committed, so the count that follows contains it.
    FOR project IN SELECT DISTINCT ServiceId, ProjectId FROM KeysVirtualKey LOOP
        INSERT INTO KeysProjectUsage AS u (ServiceId, ProjectId) VALUES (project.ServiceId, project.ProjectId)
        ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = u.VirtualKeys;
        UPDATE KeysProjectUsage u
        SET VirtualKeys = (
            SELECT count(*) FROM KeysVirtualKey k
            WHERE k.ServiceId = u.ServiceId AND k.ProjectId = u.ProjectId AND k.Status <> 'revoked')
        WHERE u.ServiceId = project.ServiceId AND u.ProjectId = project.ProjectId;
        COMMIT;
    END LOOP;

    INSERT INTO KeysSettings (Name, Value) VALUES ('virtual_keys_indexed', 'true') ON CONFLICT DO NOTHING;
END
$$;
