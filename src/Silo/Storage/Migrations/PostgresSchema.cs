using KeysCluster.Hosting;
using Npgsql;

namespace KeysCluster.Silo.Storage.Migrations;

/// <summary>
/// The schema of a PostgreSQL database, as far as it concerns the roles that use it. Source:
/// docs/adr/0024-database-roles.md.
/// </summary>
internal sealed class PostgresSchema(NpgsqlConnection connection)
{
    /// <summary>The name of the shortest time for which events are kept, in <c>KeysOwnerSettings</c>.</summary>
    private const string EventRetention = "events_keep_for";

    // The owner of one table owns all of them: the migration creates them, and roles.sql transfers them together.
    private const string MayBeChangedSql = """
        SELECT COALESCE(
            (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('OrleansStorage')),
            has_schema_privilege(current_schema(), 'CREATE'),
            false)
        """;

    private const string AppliedScriptsSql = "SELECT scriptname FROM schemaversions";

    // What the migration does after its scripts and indexes: copied states, and restored events.
    private const string UnfinishedSql = """
        SELECT 2 > (
                SELECT COUNT(*) FROM KeysSettings
                WHERE Name IN ('virtual_keys_indexed', 'not_retiring_keys_indexed')),
            EXISTS (SELECT 1 FROM KeysEvent WHERE Xid >= pg_snapshot_xmax(pg_current_snapshot()))
        """;

    private const string SetEventRetentionSql = $"""
        INSERT INTO KeysOwnerSettings (Name, Value) VALUES ('{EventRetention}', @KeepFor::text)
        ON CONFLICT (Name) DO UPDATE SET Value = excluded.Value
        """;

    /// <summary>Returns whether the role may migrate: it owns the schema, or may create it.</summary>
    public async Task<bool> MayBeChangedAsync(CancellationToken cancellationToken) =>
        (bool)(await ExecuteScalarAsync(MayBeChangedSql, cancellationToken))!;

    /// <exception cref="StartupException">
    /// The schema is older than this build, or the role cannot read it.
    /// </exception>
    public async Task EnsureCurrentAsync(CancellationToken cancellationToken)
    {
        try
        {
            if ((await FindDifferencesAsync(cancellationToken)).Count == 0) return;
        }
        catch (PostgresException exception) when (
            exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            // The database is empty, or was migrated before the role existed.
        }

        throw new StartupException(
            "The schema of the database is not that of this build, and the role of ConnectionStrings:Keys may not "
            + "change it: run the command migrate, with the owner of the schema in ConnectionStrings:Migrations.");
    }

    /// <summary>Returns what the migration of this build would change, as sentences.</summary>
    /// <exception cref="PostgresException">There is no schema, or the role cannot read it.</exception>
    public async Task<IReadOnlyList<string>> FindDifferencesAsync(CancellationToken cancellationToken)
    {
        var applied = await ReadAppliedScriptsAsync(cancellationToken);
        var missing = MigrationScripts.PostgreSql.Where(script => !applied.Contains(script.Name)).ToList();

        // The rest needs the tables and functions of the scripts.
        if (missing.Count > 0) return [.. missing.Select(script => $"The script {script.Name} is not applied.")];

        var differences = new List<string>();
        foreach (var (name, _, isInvalid) in await ConcurrentIndexes.FindMissingAsync(connection, cancellationToken))
            differences.Add($"The index {name} is {(isInvalid ? "invalid" : "missing")}.");
        await using var command = new NpgsqlCommand(UnfinishedSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetBoolean(0)) differences.Add("Virtual keys of an earlier build are not indexed.");
        if (reader.GetBoolean(1)) differences.Add("There are events of a server with later transaction ids.");
        return differences;
    }

    /// <summary>Sets how long no silo may delete an event, whatever its own setting is.</summary>
    public async Task SetEventRetentionAsync(TimeSpan keepFor, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SetEventRetentionSql, connection);
        command.Parameters.AddWithValue("KeepFor", keepFor);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Grants the roles of the service what they need, as far as the roles exist.</summary>
    public Task GrantPrivilegesAsync(CancellationToken cancellationToken) =>
        ExecuteScalarAsync("SELECT keys_grant_privileges()", cancellationToken);

    private async Task<HashSet<string>> ReadAppliedScriptsAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(AppliedScriptsSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new HashSet<string>();
        while (await reader.ReadAsync(cancellationToken)) applied.Add(reader.GetString(0));
        return applied;
    }

    private async Task<object?> ExecuteScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
