using System.Runtime.CompilerServices;
using KeysCluster.Silo.Storage.Migrations;
using Npgsql;
using NpgsqlTypes;

namespace KeysCluster.Silo.Moves;

/// <summary>
/// The PostgreSQL database of the cluster. Everything is written in one transaction, so that a move that is interrupted
/// leaves nothing, and silos see all of the data or none of it.
/// </summary>
internal sealed class TargetDatabase : IAsyncDisposable
{
    /// <summary>The setting by which a move that was interrupted finds out that it is complete.</summary>
    private const string MoveIdName = "move_id";

    /// <summary>The prefix of the settings of <see cref="Peppers.PepperRegistry"/>.</summary>
    private const string PepperPrefix = "pepper";

    // Silos publish that they live every few seconds; 6 is SiloStatus.Dead.
    private const string RunningSilosSql = """
        SELECT count(*) FROM OrleansMembershipTable
        WHERE Status <> 6 AND IAmAliveTime > clock_timestamp() - interval '2 minutes'
        """;

    // The lock lets others read. A silo that starts waits for its first write.
    private static readonly string LockSql = $"""
        SET LOCAL lock_timeout = '10s';
        LOCK TABLE {string.Join(", ", MovedTables.Names)}, OrleansMembershipTable IN SHARE ROW EXCLUSIVE MODE
        """;

    private readonly NpgsqlConnection _connection;

    private TargetDatabase(NpgsqlConnection connection) => _connection = connection;

    /// <summary>The database, as <c>host:port/name</c>.</summary>
    public string Name => $"{_connection.Host}:{_connection.Port}/{_connection.Database}";

    /// <exception cref="MoveException">The database cannot be reached.</exception>
    public static async Task<TargetDatabase> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        // A statement may take long, and a pooled connection would stay open.
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }
                .ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return new TargetDatabase(connection);
        }
        catch (NpgsqlException exception)
        {
            await connection.DisposeAsync();
            throw new MoveException(
                exception is PostgresException ? MoveFailure.Refused : MoveFailure.Unavailable,
                $"The PostgreSQL database cannot be used: {exception.Message}",
                exception);
        }
    }

    /// <summary>Ensures that the role may migrate, and disable a trigger.</summary>
    public async Task EnsureOwnerAsync(CancellationToken cancellationToken)
    {
        if (await new PostgresSchema(_connection).MayBeChangedAsync(cancellationToken)) return;
        throw new MoveException(
            MoveFailure.Refused,
            $"The role {_connection.UserName} is not the owner of the schema of {Name}. Use the one that migrates "
            + "(ConnectionStrings:Migrations).");
    }

    /// <summary>Ensures that no silo uses the database, and that it has no data.</summary>
    /// <param name="settings">The values for the whole database that are to be moved.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    public async Task EnsureEmptyAsync(
        IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        if (await ExistsAsync("OrleansMembershipTable", cancellationToken)
            && await ReadScalarAsync<long>(RunningSilosSql, cancellationToken) > 0)
        {
            throw new MoveException(
                MoveFailure.Refused, $"Silos use the database {Name}. Stop all of them, and wait for two minutes.");
        }

        foreach (var table in MovedTables.Names.Where(table => table != MovedTables.Settings))
        {
            if (await ExistsAsync(table, cancellationToken)
                && await ReadScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM {table})", cancellationToken))
            {
                throw new MoveException(
                    MoveFailure.Refused,
                    $"The database {Name} is not empty: {table} has rows. Move to a new database; nothing is merged.");
            }
        }

        foreach (var (name, value) in await ReadSettingsAsync(cancellationToken))
        {
            if (!name.StartsWith(PepperPrefix, StringComparison.Ordinal) || settings.GetValueOrDefault(name) == value)
                continue;
            throw new MoveException(
                MoveFailure.Refused,
                $"A silo with another pepper has used the database {Name}. Move to a new database.");
        }
    }

    /// <summary>Returns whether a move was committed here.</summary>
    public async Task<bool> HasMoveAsync(string moveId, CancellationToken cancellationToken) =>
        (await ReadSettingsAsync(cancellationToken)).GetValueOrDefault(MoveIdName) == moveId;

    /// <summary>Returns the tables, with the columns of the source.</summary>
    /// <exception cref="MoveException">A column of the source has no place here.</exception>
    public async Task<IReadOnlyList<MovedTable>> ReadTablesAsync(
        SourceDatabase source, CancellationToken cancellationToken)
    {
        var tables = new List<MovedTable>();
        foreach (var name in MovedTables.Names)
        {
            var types = await ReadColumnTypesAsync(name, cancellationToken);
            var columns = source.ListColumns(name).Select(column =>
                types.GetValueOrDefault(column) is { } type && MovedColumn.TryCreate(column, type) is { } moved
                    ? moved
                    : throw new MoveException(MoveFailure.Failed, $"The column {name}.{column} cannot be moved."));
            tables.Add(new MovedTable(name, [.. columns]));
        }

        return tables;
    }

    public ValueTask<NpgsqlTransaction> BeginAsync(CancellationToken cancellationToken) =>
        _connection.BeginTransactionAsync(cancellationToken);

    /// <summary>Keeps all others from writing until the transaction ends.</summary>
    public async Task LockAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(LockSql, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new MoveException(MoveFailure.Refused, $"Others use the database {Name}. Stop them.", exception);
        }
    }

    /// <summary>
    /// Disables the trigger that writes events and indexes: both are moved as they are. The trigger is disabled for
    /// this transaction only, because it is enabled again before the commit.
    /// </summary>
    public Task DisableTriggerAsync(CancellationToken cancellationToken) =>
        ExecuteAsync($"ALTER TABLE {MovedTables.States} DISABLE TRIGGER USER", cancellationToken);

    /// <inheritdoc cref="DisableTriggerAsync" />
    public Task EnableTriggerAsync(CancellationToken cancellationToken) =>
        ExecuteAsync($"ALTER TABLE {MovedTables.States} ENABLE TRIGGER USER", cancellationToken);

    /// <summary>Writes rows, and returns their digest.</summary>
    public async Task<RowDigest> CopyAsync(
        MovedTable table, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var digest = new RowDigest();
        await using var importer = await _connection.BeginBinaryImportAsync(
            $"COPY {table.Name} ({table.ColumnsSql}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        importer.Timeout = Timeout.InfiniteTimeSpan;
        foreach (var row in rows)
        {
            await importer.StartRowAsync(cancellationToken);
            for (var ordinal = 0; ordinal < row.Length; ordinal++)
                await table.Columns[ordinal].WriteAsync(importer, row[ordinal], cancellationToken);
            digest.Add(row);
        }

        await importer.CompleteAsync(cancellationToken);
        return digest;
    }

    /// <summary>Removes settings that a silo has written: those of the source take their place.</summary>
    public async Task DeleteSettingsAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"DELETE FROM {MovedTables.Settings} WHERE Name = ANY ($1)", _connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. names] });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Lets the next event have a later position than all of the source.</summary>
    public Task ContinuePositionsAsync(long last, CancellationToken cancellationToken) => ExecuteAsync(
        $"SELECT setval(pg_get_serial_sequence('{MovedTables.Events}', 'position'), {Math.Max(last, 1)}, {last > 0})",
        cancellationToken);

    /// <summary>Reads the rows of a table as they are stored.</summary>
    /// <param name="table">The table.</param>
    /// <param name="settings">The names of the settings to read, when that is the table.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    public async IAsyncEnumerable<object?[]> ReadAsync(
        MovedTable table,
        IEnumerable<string> settings,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {table.ColumnsSql} FROM {table.Name}", _connection);
        if (table.Name == MovedTables.Settings)
        {
            command.CommandText += " WHERE Name = ANY ($1)";
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. settings] });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return [.. table.Columns.Select((column, ordinal) => column.ReadPostgres(reader, ordinal))];
    }

    /// <summary>Returns the tables of which rows do not follow from the states, with the number of the rows.</summary>
    public async Task<IReadOnlyList<(string Table, long Rows)>> FindIndexDifferencesAsync(
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(IndexDifferences.Sql, _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var differences = new List<(string Table, long Rows)>();
        while (await reader.ReadAsync(cancellationToken))
            if (reader.GetInt64(1) > 0) differences.Add((reader.GetString(0), reader.GetInt64(1)));
        return differences;
    }

    /// <summary>Without statistics, the first queries of the silos would have bad plans.</summary>
    public Task AnalyzeAsync(CancellationToken cancellationToken) =>
        ExecuteAsync($"ANALYZE {string.Join(", ", MovedTables.Names)}", cancellationToken);

    /// <summary>Records that the move is complete, in its transaction.</summary>
    public async Task WriteMoveAsync(string moveId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"INSERT INTO {MovedTables.Settings} (Name, Value) VALUES ($1, $2)", _connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = MoveIdName });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = moveId });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<Dictionary<string, string>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>();
        if (!await ExistsAsync(MovedTables.Settings, cancellationToken)) return settings;
        await using var command = new NpgsqlCommand($"SELECT Name, Value FROM {MovedTables.Settings}", _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) settings[reader.GetString(0)] = reader.GetString(1);
        return settings;
    }

    /// <summary>The names of the schema are in lower case here, and compared without regard to it.</summary>
    private async Task<Dictionary<string, string>> ReadColumnTypesAsync(
        string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT column_name, data_type FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = lower($1)
            """,
            _connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadAsync(cancellationToken)) types[reader.GetString(0)] = reader.GetString(1);
        return types;
    }

    private Task<bool> ExistsAsync(string table, CancellationToken cancellationToken) =>
        ReadScalarAsync<bool>($"SELECT to_regclass('{table}') IS NOT NULL", cancellationToken);

    private async Task<T> ReadScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
