-- What a list reads of a state: without idempotency records and the changes of its last event, which may be most of a
-- large state.

-- The caller receives a payload that is not a state as it is, and leaves it out of the list. Its name is in the log.
CREATE OR REPLACE FUNCTION keys_listed_payload(payload bytea) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN convert_to(
        ((convert_from(payload, 'UTF8')::jsonb - 'receipts') #- '{change,changes}')::text, 'UTF8');
EXCEPTION WHEN data_exception THEN
    RETURN payload;
END
$$;

-- Most states are small, and are read as they are.
CREATE OR REPLACE VIEW KeysListedState AS
SELECT GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString,
       CASE WHEN octet_length(PayloadBinary) > 4096 THEN keys_listed_payload(PayloadBinary) ELSE PayloadBinary END
           AS Payload
FROM OrleansStorage;
