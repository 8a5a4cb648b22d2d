-- Who did what to which key, one row per revision, written by the transaction that writes the revision: a change that
-- cannot be audited is not made. It holds the display prefix of a secret, never a secret or a hash of one.

CREATE TABLE KeysAudit
(
    Seq           bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ServiceId     varchar(150) COLLATE "C" NOT NULL,
    StateName     varchar(512) COLLATE "C" NOT NULL,
    Id            varchar(512) COLLATE "C" NOT NULL,
    ProjectId     varchar(512) COLLATE "C" NOT NULL,
    Revision      bigint       NOT NULL,
    Action        text         NOT NULL,
    Actor         text         NOT NULL,
    At            text         NOT NULL,
    DisplayPrefix text
);

CREATE INDEX ix_KeysAudit_Id ON KeysAudit (ServiceId, StateName, Id, Seq);

CREATE FUNCTION keys_audit_append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state json := keys_state_json(NEW.PayloadBinary);
BEGIN
    -- Writes within a revision record use or erase what has expired; they are nobody's act.
    IF TG_OP = 'UPDATE' THEN
        IF (keys_state_json(OLD.PayloadBinary) ->> 'revision') IS NOT DISTINCT FROM (state ->> 'revision') THEN
            RETURN NULL;
        END IF;
    END IF;

    INSERT INTO KeysAudit (ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At, DisplayPrefix)
    VALUES
        (NEW.ServiceId, NEW.GrainTypeString, state ->> 'id',
         CASE NEW.GrainTypeString WHEN 'project' THEN state ->> 'id' ELSE state ->> 'project_id' END,
         (state ->> 'revision')::bigint,
         state #>> '{change,action}', state #>> '{change,actor}', state #>> '{change,at}',
         state #>> '{secrets,current,display_prefix}');
    RETURN NULL;
END
$$;

CREATE TRIGGER keys_audit_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN (NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL)
EXECUTE FUNCTION keys_audit_append();

CREATE TRIGGER keys_audit_update AFTER UPDATE OF PayloadBinary ON OrleansStorage FOR EACH ROW
WHEN (NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL)
EXECUTE FUNCTION keys_audit_append();
