namespace KeysCluster.Silo.Moves;

/// <summary>
/// The SQL that compares the indexes of virtual keys and projects with the states, by the functions of the cluster's
/// schema: which keys a list shows, which external ids are taken, and how many keys a project has.
/// </summary>
internal static class IndexDifferences
{
    /// <summary>Returns a row for each table: its name, and how many of its rows are missing or wrong.</summary>
    public const string Sql = $"""
        WITH states AS MATERIALIZED (
            SELECT ServiceId, GrainTypeString AS StateName, keys_state_fields(PayloadBinary) AS state,
                   GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString
            FROM OrleansStorage
            WHERE GrainTypeString IN ('virtual-key', 'project') AND PayloadBinary IS NOT NULL),
        indexed AS MATERIALIZED (
            SELECT ServiceId, StateName,
                   CASE WHEN StateName = 'virtual-key' THEN state ->> 'project_id'
                        WHEN state ->> 'archived_at' IS NULL THEN ''
                        ELSE 'archived' END COLLATE "C" AS Owner,
                   (state ->> 'created_at') COLLATE "C" AS CreatedAt, (state ->> 'id') COLLATE "C" AS Id,
                   GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString
            FROM states),
        virtual_keys AS MATERIALIZED (
            SELECT (keys_virtual_key_row(ServiceId, state)).* FROM states WHERE StateName = 'virtual-key'),
        counts AS MATERIALIZED (
            SELECT ServiceId, ProjectId, count(*)::integer AS VirtualKeys
            FROM virtual_keys WHERE Status <> 'revoked' GROUP BY 1, 2)
        SELECT 'KeysStateIndex', count(*) FROM (
            (SELECT * FROM indexed EXCEPT SELECT {IndexColumns} FROM KeysStateIndex)
            UNION ALL
            (SELECT {IndexColumns} FROM KeysStateIndex EXCEPT SELECT * FROM indexed)) d
        UNION ALL
        SELECT 'KeysVirtualKey', count(*) FROM (
            (SELECT * FROM virtual_keys EXCEPT SELECT * FROM KeysVirtualKey)
            UNION ALL
            (SELECT * FROM KeysVirtualKey EXCEPT SELECT * FROM virtual_keys)) d
        UNION ALL
        SELECT 'KeysProjectUsage', count(*)
        FROM KeysProjectUsage u FULL JOIN counts c ON c.ServiceId = u.ServiceId AND c.ProjectId = u.ProjectId
        WHERE COALESCE(u.VirtualKeys, 0) <> COALESCE(c.VirtualKeys, 0)
        """;

    private const string IndexColumns = """
        ServiceId, StateName, Owner, CreatedAt, Id, GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1,
        GrainIdExtensionString
        """;
}
