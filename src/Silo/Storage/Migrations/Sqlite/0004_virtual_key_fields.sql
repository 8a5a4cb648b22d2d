-- What a virtual key carries: the rows by which lists are filtered, external ids that are unique, and a limit on the
-- keys of a project.
--
-- Each filter has an index that starts with it. They end with CreatedAt and Id, or are sorted by the filtered value, so
-- that a page is a range of one index.

CREATE TABLE IF NOT EXISTS KeysVirtualKey
(
    ServiceId       TEXT NOT NULL,
    ProjectId       TEXT NOT NULL,
    CreatedAt       TEXT NOT NULL,
    Id              TEXT NOT NULL,
    Name            TEXT NOT NULL,
    Status          TEXT NOT NULL,
    Environment     TEXT NOT NULL,
    ExternalId      TEXT,
    PrincipalUserId TEXT,
    ExpiresAt       TEXT,
    PRIMARY KEY (ServiceId, ProjectId, Id)
) STRICT, WITHOUT ROWID;

-- A table of its own, because a rotation changes it.
CREATE TABLE IF NOT EXISTS KeysRetiringKey
(
    ServiceId     TEXT NOT NULL,
    ProjectId     TEXT NOT NULL,
    Id            TEXT NOT NULL,
    RetiringUntil TEXT NOT NULL,
    PRIMARY KEY (ServiceId, ProjectId, Id)
) STRICT, WITHOUT ROWID;

-- The number of virtual keys of a project that are not revoked, and its limit.
CREATE TABLE IF NOT EXISTS KeysProjectUsage
(
    ServiceId      TEXT    NOT NULL,
    ProjectId      TEXT    NOT NULL,
    VirtualKeys    INTEGER NOT NULL DEFAULT 0,
    MaxVirtualKeys INTEGER NOT NULL DEFAULT 10000,
    PRIMARY KEY (ServiceId, ProjectId)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS ux_KeysVirtualKey_ExternalId ON KeysVirtualKey (ServiceId, ProjectId, ExternalId)
    WHERE ExternalId IS NOT NULL AND Status <> 'revoked';
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_CreatedAt ON KeysVirtualKey (ServiceId, ProjectId, CreatedAt, Id);
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_ExternalId ON KeysVirtualKey (ServiceId, ProjectId, ExternalId, CreatedAt, Id)
    WHERE ExternalId IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_PrincipalUserId
    ON KeysVirtualKey (ServiceId, ProjectId, PrincipalUserId, CreatedAt, Id)
    WHERE PrincipalUserId IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_ExpiresAt ON KeysVirtualKey (ServiceId, ProjectId, ExpiresAt, Id)
    WHERE ExpiresAt IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_Name ON KeysVirtualKey (ServiceId, ProjectId, Name, Id);
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_Status ON KeysVirtualKey (ServiceId, ProjectId, Status, CreatedAt, Id);
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_Environment ON KeysVirtualKey (ServiceId, ProjectId, Environment, CreatedAt, Id);
CREATE INDEX IF NOT EXISTS ix_KeysRetiringKey_RetiringUntil ON KeysRetiringKey (ServiceId, ProjectId, RetiringUntil, Id);

-- The states that exist already.
INSERT INTO KeysVirtualKey
SELECT ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.created_at'),
       json_extract(state, '$.id'), IFNULL(json_extract(state, '$.name'), ''),
       CASE WHEN json_extract(state, '$.revoked_at') IS NOT NULL THEN 'revoked'
            WHEN json_extract(state, '$.disabled_at') IS NOT NULL THEN 'disabled'
            ELSE 'active' END,
       IFNULL(json_extract(state, '$.environment'), 'live'), json_extract(state, '$.external_id'),
       json_extract(state, '$.principal_user_id'), json_extract(state, '$.expires_at')
FROM (
    SELECT ServiceId, CAST(PayloadBinary AS TEXT) AS state FROM OrleansStorage
    WHERE GrainTypeString = 'virtual-key' AND PayloadBinary IS NOT NULL AND json_valid(CAST(PayloadBinary AS TEXT)))
WHERE true
ON CONFLICT DO NOTHING;

INSERT INTO KeysRetiringKey
SELECT ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.id'),
       MAX(json_extract(secret.value, '$.valid_until'))
FROM (
    SELECT ServiceId, CAST(PayloadBinary AS TEXT) AS state FROM OrleansStorage
    WHERE GrainTypeString = 'virtual-key' AND PayloadBinary IS NOT NULL AND json_valid(CAST(PayloadBinary AS TEXT))),
    json_each(state, '$.secrets.replaced') secret
WHERE json_extract(state, '$.revoked_at') IS NULL AND IFNULL(json_extract(secret.value, '$.is_expired'), 0) = 0
GROUP BY 1, 2, 3
ON CONFLICT DO NOTHING;

INSERT INTO KeysProjectUsage (ServiceId, ProjectId, VirtualKeys)
SELECT ServiceId, ProjectId, COUNT(*) FROM KeysVirtualKey WHERE Status <> 'revoked' GROUP BY 1, 2
ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = excluded.VirtualKeys;

-- The trigger of events with one more member that the service writes without an event.
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
                        AND (path = '$.secrets.current' OR path GLOB '$.secrets.replaced[[][0-9]*]'), 0)
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

-- Virtual keys. Revoked keys do not count against the limit of the project.
DROP TRIGGER IF EXISTS keys_virtual_key_insert;
CREATE TRIGGER keys_virtual_key_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'virtual-key' AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysProjectUsage (ServiceId, ProjectId, VirtualKeys)
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.revoked_at') IS NULL
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE true
    ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = VirtualKeys + excluded.VirtualKeys;

    SELECT RAISE(ABORT, 'too_many_virtual_keys')
    FROM KeysProjectUsage
    WHERE ServiceId = NEW.ServiceId AND ProjectId = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.project_id')
      AND VirtualKeys > MaxVirtualKeys AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.revoked_at') IS NULL;

    INSERT INTO KeysVirtualKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.created_at'),
           json_extract(state, '$.id'), IFNULL(json_extract(state, '$.name'), ''),
           CASE WHEN json_extract(state, '$.revoked_at') IS NOT NULL THEN 'revoked'
                WHEN json_extract(state, '$.disabled_at') IS NOT NULL THEN 'disabled'
                ELSE 'active' END,
           IFNULL(json_extract(state, '$.environment'), 'live'), json_extract(state, '$.external_id'),
           json_extract(state, '$.principal_user_id'), json_extract(state, '$.expires_at')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state);

    INSERT INTO KeysRetiringKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.id'), json_extract(state, '$.retiring_until')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE json_extract(state, '$.retiring_until') IS NOT NULL;
END;

DROP TRIGGER IF EXISTS keys_virtual_key_update;
CREATE TRIGGER keys_virtual_key_update AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'virtual-key' AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysProjectUsage (ServiceId, ProjectId, VirtualKeys)
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'),
           (json_extract(state, '$.revoked_at') IS NULL)
           - (OLD.PayloadBinary IS NOT NULL AND json_extract(old_state, '$.revoked_at') IS NULL)
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state, CAST(OLD.PayloadBinary AS TEXT) AS old_state)
    WHERE (json_extract(state, '$.revoked_at') IS NULL)
       <> (OLD.PayloadBinary IS NOT NULL AND json_extract(old_state, '$.revoked_at') IS NULL)
    ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = VirtualKeys + excluded.VirtualKeys;

    INSERT INTO KeysVirtualKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.created_at'),
           json_extract(state, '$.id'), IFNULL(json_extract(state, '$.name'), ''),
           CASE WHEN json_extract(state, '$.revoked_at') IS NOT NULL THEN 'revoked'
                WHEN json_extract(state, '$.disabled_at') IS NOT NULL THEN 'disabled'
                ELSE 'active' END,
           IFNULL(json_extract(state, '$.environment'), 'live'), json_extract(state, '$.external_id'),
           json_extract(state, '$.principal_user_id'), json_extract(state, '$.expires_at')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE true
    ON CONFLICT (ServiceId, ProjectId, Id) DO UPDATE
    SET Name = excluded.Name, Status = excluded.Status, ExternalId = excluded.ExternalId,
        PrincipalUserId = excluded.PrincipalUserId, ExpiresAt = excluded.ExpiresAt
    WHERE (Name, Status, IFNULL(ExternalId, ''), IFNULL(PrincipalUserId, ''), IFNULL(ExpiresAt, ''))
       <> (excluded.Name, excluded.Status, IFNULL(excluded.ExternalId, ''), IFNULL(excluded.PrincipalUserId, ''),
           IFNULL(excluded.ExpiresAt, ''));

    DELETE FROM KeysRetiringKey
    WHERE ServiceId = NEW.ServiceId AND ProjectId = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id')
      AND RetiringUntil IS NOT json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.retiring_until');

    INSERT INTO KeysRetiringKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.id'), json_extract(state, '$.retiring_until')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE json_extract(state, '$.retiring_until') IS NOT NULL
    ON CONFLICT DO NOTHING;
END;

DROP TRIGGER IF EXISTS keys_virtual_key_clear;
CREATE TRIGGER keys_virtual_key_clear AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString = 'virtual-key' AND OLD.PayloadBinary IS NOT NULL AND NEW.PayloadBinary IS NULL
BEGIN
    DELETE FROM KeysVirtualKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    DELETE FROM KeysRetiringKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    UPDATE KeysProjectUsage SET VirtualKeys = VirtualKeys - 1
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.revoked_at') IS NULL;
END;

DROP TRIGGER IF EXISTS keys_virtual_key_delete;
CREATE TRIGGER keys_virtual_key_delete AFTER DELETE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString = 'virtual-key' AND OLD.PayloadBinary IS NOT NULL
BEGIN
    DELETE FROM KeysVirtualKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    DELETE FROM KeysRetiringKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    UPDATE KeysProjectUsage SET VirtualKeys = VirtualKeys - 1
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.revoked_at') IS NULL;
END;

-- The limits of projects.
DROP TRIGGER IF EXISTS keys_project_insert;
CREATE TRIGGER keys_project_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'project' AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.max_virtual_keys') IS NOT NULL
BEGIN
    INSERT INTO KeysProjectUsage (ServiceId, ProjectId, MaxVirtualKeys)
    SELECT NEW.ServiceId, json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id'),
           json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.max_virtual_keys')
    WHERE true
    ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET MaxVirtualKeys = excluded.MaxVirtualKeys;
END;

DROP TRIGGER IF EXISTS keys_project_update;
CREATE TRIGGER keys_project_update AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'project' AND NEW.PayloadBinary IS NOT NULL
 AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.max_virtual_keys')
     IS NOT json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.max_virtual_keys')
BEGIN
    INSERT INTO KeysProjectUsage (ServiceId, ProjectId, MaxVirtualKeys)
    SELECT NEW.ServiceId, json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id'),
           IFNULL(json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.max_virtual_keys'), 10000)
    WHERE true
    ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET MaxVirtualKeys = excluded.MaxVirtualKeys;
END;
