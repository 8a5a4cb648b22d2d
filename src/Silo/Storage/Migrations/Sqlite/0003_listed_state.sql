-- What a list reads of a state: without idempotency records and the changes of its last event, which may be most of a
-- large state. Most states are small, and are read as they are, like a payload that is not a state.
CREATE VIEW IF NOT EXISTS KeysListedState AS
SELECT GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString,
       CASE WHEN length(PayloadBinary) > 4096 AND json_valid(CAST(PayloadBinary AS TEXT))
            THEN CAST(json_remove(CAST(PayloadBinary AS TEXT), '$.receipts', '$.change.changes') AS BLOB)
            ELSE PayloadBinary END AS Payload
FROM OrleansStorage;
