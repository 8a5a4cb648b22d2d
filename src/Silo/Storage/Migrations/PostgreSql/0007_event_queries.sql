-- The indexes by which the API lists events. Each starts with a filter and ends with the order of the list.
--
-- Events are written with each change, so the indexes of a table with rows are created without blocking writers, which
-- is not possible in a transaction: EventIndexes does so after the scripts. Here, they are created while the table is
-- empty.

SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE FUNCTION keys_event_indexes() RETURNS TABLE (IndexName text, Columns text)
LANGUAGE sql IMMUTABLE AS $$
    VALUES
        ('ix_keysevent_project', 'ServiceId, ProjectId, Position'),
        ('ix_keysevent_type', 'ServiceId, ProjectId, StateName, Type COLLATE "C", Position'),
        ('ix_keysevent_actor', 'ServiceId, ProjectId, COALESCE(ActorId, Actor) COLLATE "C", Position'),
        ('ix_keysevent_projectat', 'ServiceId, ProjectId, At COLLATE "C", Position'),
        -- Also for the deletion of old events.
        ('ix_keysevent_at', 'ServiceId, At COLLATE "C", Position')
$$;

DO $$
DECLARE
    missing record;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM KeysEvent) THEN
        FOR missing IN SELECT * FROM keys_event_indexes() WHERE to_regclass(IndexName) IS NULL LOOP
            EXECUTE format('CREATE INDEX %I ON KeysEvent (%s)', missing.IndexName, missing.Columns);
        END LOOP;
    END IF;
END
$$;
