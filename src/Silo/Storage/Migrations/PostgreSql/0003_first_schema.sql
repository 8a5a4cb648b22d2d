-- Converts a database that has the first schema. Elsewhere the script does nothing.
--
-- It is not a part of the schema script, because it needs exclusive locks. Once that script is committed, no write
-- locks KeysAudit, so none queues behind this script while it waits for a long reader, such as a backup.

SET LOCAL lock_timeout = '2s';

DO $$
BEGIN
    IF to_regclass('KeysAudit') IS NOT NULL THEN
        -- Waits for writes that started before the trigger was replaced.
        LOCK TABLE KeysAudit IN ACCESS EXCLUSIVE MODE;

        -- 3 is the oldest transaction id, which is visible in every snapshot: readers that follow the events have
        -- already seen these.
        INSERT INTO KeysEvent (Position, Xid, ServiceId, StateName, Id, ProjectId, Revision, Type, Actor, At)
        OVERRIDING SYSTEM VALUE
        SELECT Seq, '3', ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At FROM KeysAudit;
        DROP TABLE KeysAudit;
    END IF;
END
$$;

DROP TABLE IF EXISTS KeysSiloLease;
