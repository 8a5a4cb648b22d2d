-- Who did what to which key, one row per revision, written by the transaction that writes the revision: a change that
-- cannot be audited is not made. It holds the display prefix of a secret, never a secret or a hash of one.

CREATE TABLE KeysAudit
(
    Seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    ServiceId     TEXT    NOT NULL,
    StateName     TEXT    NOT NULL,
    Id            TEXT    NOT NULL,
    ProjectId     TEXT    NOT NULL,
    Revision      INTEGER NOT NULL,
    Action        TEXT    NOT NULL,
    Actor         TEXT    NOT NULL,
    At            TEXT    NOT NULL,
    DisplayPrefix TEXT
) STRICT;

CREATE INDEX ix_KeysAudit_Id ON KeysAudit (ServiceId, StateName, Id, Seq);

CREATE TRIGGER keys_audit_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysAudit (ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At, DisplayPrefix)
    SELECT NEW.ServiceId, NEW.GrainTypeString, json_extract(state, '$.id'),
           CASE NEW.GrainTypeString WHEN 'project' THEN json_extract(state, '$.id')
                ELSE json_extract(state, '$.project_id') END,
           json_extract(state, '$.revision'), json_extract(state, '$.change.action'),
           json_extract(state, '$.change.actor'), json_extract(state, '$.change.at'),
           json_extract(state, '$.secrets.current.display_prefix')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state);
END;

-- Writes within a revision record use or erase what has expired; they are nobody's act.
CREATE TRIGGER keys_audit_update AFTER UPDATE OF PayloadBinary ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL
    AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.revision')
        IS NOT json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.revision')
BEGIN
    INSERT INTO KeysAudit (ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At, DisplayPrefix)
    SELECT NEW.ServiceId, NEW.GrainTypeString, json_extract(state, '$.id'),
           CASE NEW.GrainTypeString WHEN 'project' THEN json_extract(state, '$.id')
                ELSE json_extract(state, '$.project_id') END,
           json_extract(state, '$.revision'), json_extract(state, '$.change.action'),
           json_extract(state, '$.change.actor'), json_extract(state, '$.change.at'),
           json_extract(state, '$.secrets.current.display_prefix')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state);
END;
