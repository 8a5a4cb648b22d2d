-- API keys, and projects that are archived and erased. An archived project is listed under the owner 'archived'.

-- The trigger of events, which ignores the times of use of API keys as well.
DROP TRIGGER IF EXISTS keys_state_update;
CREATE TRIGGER keys_state_update AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysEvent
        (ServiceId, StateName, Id, ProjectId, Number, Revision, Type, ActorKind, ActorId, Actor, RequestId,
         SourceAddress, SecretId, Changes, At)
    SELECT NEW.ServiceId, NEW.GrainTypeString, json_extract(state, '$.id'),
           json_extract(state, CASE NEW.GrainTypeString WHEN 'project' THEN '$.id' ELSE '$.project_id' END),
           CASE kind WHEN 'numbered' THEN number END, revision,
           CASE kind WHEN 'altered' THEN 'altered' ELSE json_extract(state, '$.change.action') END,
           CASE kind WHEN 'altered' THEN 'database' ELSE json_extract(state, '$.change.actor_kind') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.actor_id') END,
           CASE kind WHEN 'altered' THEN 'database' ELSE json_extract(state, '$.change.actor') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.request_id') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.source_address') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.secret_id') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.changes') END,
           CASE kind WHEN 'altered' THEN strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
                ELSE json_extract(state, '$.change.at') END
    FROM (
        SELECT *, CASE
            -- The service increments the version with each write, and neither number nor revision ever decreases.
            WHEN NEW.Version <> OLD.Version + 1 OR revision < old_revision OR number < old_number THEN 'altered'
            -- The state was written again after it was cleared, or the service numbered an event.
            WHEN OLD.PayloadBinary IS NULL OR number IS NOT NULL AND number IS NOT old_number THEN 'numbered'
            -- An older build does not number its changes.
            WHEN revision IS NOT old_revision THEN 'unnumbered'
            -- Compares the members as sets, because builds may order them differently, without those that the service
            -- writes without an event: they change no verdict and nothing that a caller set.
            WHEN EXISTS (
                SELECT 1
                FROM (
                    SELECT 1 AS side, fullkey, path, key, type, atom FROM json_tree(state)
                    UNION ALL
                    SELECT 2, fullkey, path, key, type, atom FROM json_tree(old_state))
                WHERE NOT IFNULL(
                    path = '$' AND key IN ('last_used_at', 'schema_version', 'erase_at', 'grain_hash', 'updated_at',
                        'retiring_until')
                    OR key = 'last_used_at'
                        AND (path = '$.secrets.current' OR path GLOB '$.secrets.replaced[[][0-9]*]'
                            OR path GLOB '$.api_keys[[][0-9]*].secrets.current'
                            OR path GLOB '$.api_keys[[][0-9]*].secrets.replaced[[][0-9]*]'), 0)
                GROUP BY fullkey, type, atom
                HAVING COUNT(DISTINCT side) = 1) THEN 'altered'
            END AS kind
        FROM (
            SELECT state, old_state,
                   json_extract(state, '$.change.number') AS number,
                   json_extract(state, '$.revision') AS revision,
                   json_extract(old_state, '$.change.number') AS old_number,
                   json_extract(old_state, '$.revision') AS old_revision
            FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state, CAST(OLD.PayloadBinary AS TEXT) AS old_state))
        -- Keeps SQLite from inserting the expression of kind wherever it is used.
        LIMIT 1)
    WHERE kind IS NOT NULL;

    -- The same row as UpsertReminderRowKey writes for the reminder, with the time in the form of Microsoft.Data.Sqlite.
    INSERT INTO OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
    SELECT NEW.ServiceId,
           CASE NEW.GrainTypeString WHEN 'project' THEN 'project/' ELSE 'vk/' END || json_extract(state, '$.id'),
           'erase-ended-secrets',
           rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', json_extract(state, '$.erase_at'), '+1 second'), '0'), '.'),
           60000, json_extract(state, '$.grain_hash'), 0
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE json_extract(state, '$.erase_at') IS NOT NULL AND json_extract(state, '$.grain_hash') IS NOT NULL
      AND json_extract(state, '$.erase_at') IS NOT json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.erase_at')
    ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
    SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = Version + 1;
END;

-- While a project is being erased, its limit is negative: no key is created, and deletions are no events.
DROP TRIGGER IF EXISTS keys_state_delete;
CREATE TRIGGER keys_state_delete AFTER DELETE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner IN ('', 'archived', json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id'))
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');

    INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, ActorKind, Actor, At)
    SELECT OLD.ServiceId, OLD.GrainTypeString, json_extract(state, '$.id'),
           json_extract(state, CASE OLD.GrainTypeString WHEN 'project' THEN '$.id' ELSE '$.project_id' END),
           json_extract(state, '$.revision'), 'deleted', 'database', 'database',
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM (SELECT CAST(OLD.PayloadBinary AS TEXT) AS state)
    WHERE NOT EXISTS (
        SELECT 1 FROM KeysProjectUsage
        WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(state, '$.project_id') AND MaxVirtualKeys < 0);
END;

DROP TRIGGER IF EXISTS keys_state_clear;
CREATE TRIGGER keys_state_clear AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL AND NEW.PayloadBinary IS NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner IN ('', 'archived', json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id'))
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');

    INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, ActorKind, Actor, At)
    SELECT OLD.ServiceId, OLD.GrainTypeString, json_extract(state, '$.id'),
           json_extract(state, CASE OLD.GrainTypeString WHEN 'project' THEN '$.id' ELSE '$.project_id' END),
           json_extract(state, '$.revision'), 'deleted', 'database', 'database',
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM (SELECT CAST(OLD.PayloadBinary AS TEXT) AS state);
END;

DROP TRIGGER IF EXISTS keys_project_update;
CREATE TRIGGER keys_project_update AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'project' AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysProjectUsage (ServiceId, ProjectId, MaxVirtualKeys)
    SELECT NEW.ServiceId, json_extract(state, '$.id'),
           CASE WHEN json_extract(state, '$.erasure_requested_at') IS NOT NULL THEN -1
                ELSE IFNULL(json_extract(state, '$.max_virtual_keys'), 10000) END
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state, CAST(OLD.PayloadBinary AS TEXT) AS old_state)
    WHERE json_extract(state, '$.max_virtual_keys') IS NOT json_extract(old_state, '$.max_virtual_keys')
       OR json_extract(state, '$.erasure_requested_at') IS NOT json_extract(old_state, '$.erasure_requested_at')
    ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET MaxVirtualKeys = excluded.MaxVirtualKeys;

    UPDATE KeysStateIndex SET Owner = 'archived'
    WHERE ServiceId = NEW.ServiceId AND StateName = 'project' AND Owner = ''
      AND CreatedAt = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id')
      AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.archived_at') IS NOT NULL;
END;
