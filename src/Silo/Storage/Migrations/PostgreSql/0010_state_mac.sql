-- States have a MAC, which changes with each write. Source: docs/adr/0025-authenticated-states.md.

-- Members that the service writes without an event: they follow from others, change no verdict, or are secrets and API
-- keys, which are compared without their times of use.
CREATE OR REPLACE FUNCTION keys_derived_members() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN '{last_used_at,schema_version,erase_at,grain_hash,updated_at,retiring_until,secrets,api_keys,mac}'::text[];
