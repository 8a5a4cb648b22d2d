-- The lists of the API: one row per stored virtual key and project, kept by the transaction that writes the state.
-- Owner, CreatedAt and Id never change in a state's life, so an update of a state leaves the index alone.
-- The payload is cast to text because json_extract takes a BLOB for SQLite's own binary JSON.

CREATE TABLE KeysStateIndex
(
    ServiceId              TEXT    NOT NULL,
    StateName              TEXT    NOT NULL,
    Owner                  TEXT    NOT NULL,
    -- The order of the texts is the order of the instants only while their width is fixed.
    CreatedAt              TEXT    NOT NULL CHECK (CreatedAt LIKE '____-__-__T__:__:__.___Z'),
    Id                     TEXT    NOT NULL,
    GrainIdHash            INTEGER NOT NULL,
    GrainTypeHash          INTEGER NOT NULL,
    GrainIdN0              INTEGER NOT NULL,
    GrainIdN1              INTEGER NOT NULL,
    GrainIdExtensionString TEXT,
    PRIMARY KEY (ServiceId, StateName, Owner, CreatedAt, Id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER keys_state_index_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysStateIndex
        (ServiceId, StateName, Owner, CreatedAt, Id,
         GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
    VALUES
        (NEW.ServiceId, NEW.GrainTypeString,
         CASE NEW.GrainTypeString WHEN 'project' THEN ''
              ELSE json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.project_id') END,
         json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.created_at'),
         json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id'),
         NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString);
END;

CREATE TRIGGER keys_state_index_restore AFTER UPDATE OF PayloadBinary ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NULL AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysStateIndex
        (ServiceId, StateName, Owner, CreatedAt, Id,
         GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
    VALUES
        (NEW.ServiceId, NEW.GrainTypeString,
         CASE NEW.GrainTypeString WHEN 'project' THEN ''
              ELSE json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.project_id') END,
         json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.created_at'),
         json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id'),
         NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString);
END;

CREATE TRIGGER keys_state_index_clear AFTER UPDATE OF PayloadBinary ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL AND NEW.PayloadBinary IS NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner = CASE OLD.GrainTypeString WHEN 'project' THEN ''
                       ELSE json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id') END
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
END;

CREATE TRIGGER keys_state_index_delete AFTER DELETE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner = CASE OLD.GrainTypeString WHEN 'project' THEN ''
                       ELSE json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id') END
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
END;
