using System.Data.Common;
using KeysCluster.Silo.Storage.Migrations;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeysCluster.Silo.Doctor;

/// <summary>Compares the schema of the database with that of this build.</summary>
internal sealed class SchemaCheck() : DatabaseCheck("schema", "operations/upgrading.md")
{
    private const string Place = "the schema of the database";

    // Those of the schema that ConcurrentIndexes does not list are created in transactions, but an operator may have
    // interrupted a REINDEX CONCURRENTLY.
    private const string InvalidIndexesSql = """
        SELECT c.relname FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
        WHERE NOT x.indisvalid AND c.relnamespace = current_schema()::regnamespace
        ORDER BY c.relname
        """;

    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, KeysSiloOptions options, DbDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var findings = connection is NpgsqlConnection postgres
            ? await CheckPostgresAsync(postgres, cancellationToken)
            : await CheckSqliteAsync(connection, cancellationToken);
        return findings.Count > 0 ? findings : [Ok("The schema is that of this build.")];
    }

    private async Task<List<Finding>> CheckPostgresAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string cure = "Run the command migrate as the owner of the schema. A silo whose role owns the schema "
            + "migrates it when it starts.";
        IReadOnlyList<string> differences;
        try
        {
            differences = await new PostgresSchema(connection).FindDifferencesAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            differences = ["The database has no schema."];
        }

        var findings = differences.Select(difference => Fail(difference, Place, cure)).ToList();
        await using var command = new NpgsqlCommand(InvalidIndexesSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var index = reader.GetString(0);
            if (differences.Any(difference => difference.Contains(index, StringComparison.Ordinal))) continue;
            findings.Add(Fail(
                $"The index {index} is invalid: queries do not use it.", index,
                $"Run as the owner of the schema: REINDEX INDEX CONCURRENTLY {index}"));
        }

        return findings;
    }

    private async Task<List<Finding>> CheckSqliteAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var applied = new HashSet<string>();
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT ScriptName FROM SchemaVersions";
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) applied.Add(reader.GetString(0));
        }
        catch (SqliteException)
        {
            // The table does not exist.
        }

        return
        [
            .. MigrationScripts.Sqlite
                .Where(script => !applied.Contains(script.Name))
                .Select(script => Fail(
                    $"The script {script.Name} is not applied.", Place,
                    "Start the service of this build, which upgrades the schema.")),
        ];
    }
}
