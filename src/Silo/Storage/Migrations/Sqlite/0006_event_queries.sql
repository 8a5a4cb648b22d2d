-- The indexes by which the API lists events. Each starts with a filter and ends with the order of the list.

CREATE INDEX IF NOT EXISTS ix_KeysEvent_Project ON KeysEvent (ServiceId, ProjectId, Position);
CREATE INDEX IF NOT EXISTS ix_KeysEvent_Type ON KeysEvent (ServiceId, ProjectId, StateName, Type, Position);
CREATE INDEX IF NOT EXISTS ix_KeysEvent_Actor ON KeysEvent (ServiceId, ProjectId, COALESCE(ActorId, Actor), Position);
CREATE INDEX IF NOT EXISTS ix_KeysEvent_ProjectAt ON KeysEvent (ServiceId, ProjectId, At, Position);

-- Also for the deletion of old events.
CREATE INDEX IF NOT EXISTS ix_KeysEvent_At ON KeysEvent (ServiceId, At, Position);
