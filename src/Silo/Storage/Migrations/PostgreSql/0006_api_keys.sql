-- API keys, and projects that are archived and erased. An archived project is listed under the owner 'archived'.

SET LOCAL lock_timeout = '2s';

-- Members that the service writes without an event, because they follow from others or change no verdict, and secrets
-- and API keys, which are compared without their times of use.
CREATE OR REPLACE FUNCTION keys_derived_members() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN '{last_used_at,schema_version,erase_at,grain_hash,updated_at,retiring_until,secrets,api_keys}'::text[];

CREATE OR REPLACE FUNCTION keys_api_keys_without_use(api_keys jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (
    SELECT jsonb_agg(
        jsonb_set(api_key, '{secrets}', keys_secrets_without_use(api_key -> 'secrets')) ORDER BY position)
    FROM jsonb_array_elements(api_keys) WITH ORDINALITY AS keys (api_key, position));

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
    old_max_keys integer;
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
        list_owner := CASE WHEN state ->> 'archived_at' IS NULL THEN '' ELSE 'archived' END;
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

    ELSE
        -- While a project is being erased, its limit is negative: no key is created, and deletions are no events.
        max_keys := CASE WHEN new_state ->> 'erasure_requested_at' IS NOT NULL THEN -1
                         ELSE COALESCE((new_state ->> 'max_virtual_keys')::integer, 10000) END;
        old_max_keys := CASE WHEN old_state ->> 'erasure_requested_at' IS NOT NULL THEN -1
                             ELSE COALESCE((old_state ->> 'max_virtual_keys')::integer, 10000) END;
        IF max_keys <> old_max_keys THEN
            INSERT INTO KeysProjectUsage (ServiceId, ProjectId, MaxVirtualKeys)
            VALUES (COALESCE(NEW.ServiceId, OLD.ServiceId), project_id, max_keys)
            ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET MaxVirtualKeys = excluded.MaxVirtualKeys;
        END IF;

        IF new_state ->> 'archived_at' IS NOT NULL AND old_state IS NOT NULL AND old_state ->> 'archived_at' IS NULL THEN
            UPDATE KeysStateIndex SET Owner = list_owner
            WHERE ServiceId = NEW.ServiceId AND StateName = state_name AND Owner = ''
              AND CreatedAt = state ->> 'created_at' AND Id = owner_id;
        END IF;
    END IF;

    -- The state was deleted or cleared.
    IF new_state IS NULL THEN
        DELETE FROM KeysStateIndex
        WHERE ServiceId = OLD.ServiceId AND StateName = state_name AND Owner = list_owner
          AND CreatedAt = state ->> 'created_at' AND Id = owner_id;
        IF state_name = 'virtual-key' AND EXISTS (
            SELECT 1 FROM KeysProjectUsage u
            WHERE u.ServiceId = OLD.ServiceId AND u.ProjectId = project_id AND u.MaxVirtualKeys < 0) THEN
            RETURN NULL;
        END IF;

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
                        IS NOT DISTINCT FROM keys_secrets_without_use(old_state -> 'secrets'))
                AND (state -> 'api_keys' IS NOT DISTINCT FROM old_state -> 'api_keys'
                    OR keys_api_keys_without_use(state -> 'api_keys')
                        IS NOT DISTINCT FROM keys_api_keys_without_use(old_state -> 'api_keys')) THEN
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
