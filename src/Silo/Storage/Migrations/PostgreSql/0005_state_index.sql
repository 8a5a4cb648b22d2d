-- The lists of the API: one row per stored virtual key and project, kept by the transaction that writes the state.
-- Owner, CreatedAt and Id never change in a state's life, so an update of a state leaves the index alone.

CREATE TABLE KeysStateIndex
(
    ServiceId              varchar(150) COLLATE "C" NOT NULL,
    StateName              varchar(512) COLLATE "C" NOT NULL,
    Owner                  varchar(512) COLLATE "C" NOT NULL,
    CreatedAt              varchar(24)  COLLATE "C" NOT NULL,
    Id                     varchar(512) COLLATE "C" NOT NULL,
    GrainIdHash            integer      NOT NULL,
    GrainTypeHash          integer      NOT NULL,
    GrainIdN0              bigint       NOT NULL,
    GrainIdN1              bigint       NOT NULL,
    GrainIdExtensionString varchar(512) COLLATE "C",
    PRIMARY KEY (ServiceId, StateName, Owner, CreatedAt, Id),
    -- The order of the texts is the order of the instants only while their width is fixed.
    CONSTRAINT KeysStateIndex_CreatedAt CHECK (CreatedAt LIKE '____-__-__T__:__:__.___Z')
);

-- A caller may put U+0000 into a name, and PostgreSQL reads no field of a JSON text that has it anywhere. The escape is
-- replaced for reading only; replacing its digits cannot break the text, whatever stands before them.
CREATE FUNCTION keys_state_json(payload bytea) RETURNS json
LANGUAGE sql IMMUTABLE
RETURN replace(convert_from(payload, 'UTF8'), '\u0000', '\ufffd')::json;

CREATE FUNCTION keys_state_owner(state_name text, state json) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE state_name WHEN 'project' THEN '' ELSE state ->> 'project_id' END;

CREATE FUNCTION keys_state_index_add() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state json := keys_state_json(NEW.PayloadBinary);
BEGIN
    INSERT INTO KeysStateIndex
        (ServiceId, StateName, Owner, CreatedAt, Id,
         GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
    VALUES
        (NEW.ServiceId, NEW.GrainTypeString, keys_state_owner(NEW.GrainTypeString, state),
         state ->> 'created_at', state ->> 'id',
         NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString);
    RETURN NULL;
END
$$;

CREATE FUNCTION keys_state_index_remove() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state json := keys_state_json(OLD.PayloadBinary);
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner = keys_state_owner(OLD.GrainTypeString, state)
      AND CreatedAt = state ->> 'created_at' AND Id = state ->> 'id';
    RETURN NULL;
END
$$;

CREATE TRIGGER keys_state_index_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN (NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL)
EXECUTE FUNCTION keys_state_index_add();

CREATE TRIGGER keys_state_index_restore AFTER UPDATE OF PayloadBinary ON OrleansStorage FOR EACH ROW
WHEN (NEW.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NULL AND NEW.PayloadBinary IS NOT NULL)
EXECUTE FUNCTION keys_state_index_add();

CREATE TRIGGER keys_state_index_clear AFTER UPDATE OF PayloadBinary ON OrleansStorage FOR EACH ROW
WHEN (NEW.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL AND NEW.PayloadBinary IS NULL)
EXECUTE FUNCTION keys_state_index_remove();

CREATE TRIGGER keys_state_index_delete AFTER DELETE ON OrleansStorage FOR EACH ROW
WHEN (OLD.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL)
EXECUTE FUNCTION keys_state_index_remove();
