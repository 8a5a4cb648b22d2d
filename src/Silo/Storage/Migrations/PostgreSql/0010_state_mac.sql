-- States have a MAC, which changes with each write. Source: docs/adr/0025-authenticated-states.md.

-- Members that the service writes without an event: they follow from others, change no verdict, or are secrets and API
-- keys, which are compared without their times of use.
CREATE OR REPLACE FUNCTION keys_derived_members() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN '{last_used_at,schema_version,erase_at,grain_hash,updated_at,retiring_until,secrets,api_keys,mac}'::text[];

-- As before, and without the MAC, which cannot be verified without the rest of the state.
CREATE OR REPLACE FUNCTION keys_listed_payload(payload bytea) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN convert_to(
        ((convert_from(payload, 'UTF8')::jsonb - 'mac' - 'receipts') #- '{change,changes}')::text, 'UTF8');
EXCEPTION WHEN data_exception THEN
    RETURN payload;
END
$$;
