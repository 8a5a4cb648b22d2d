using System.Data.Common;
using System.Globalization;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Lists states through the table <c>KeysStateIndex</c>, which triggers maintain. The SQL runs on PostgreSQL and on
/// SQLite. The inner query selects the page from the index; the join then finds the row of <c>OrleansStorage</c> for
/// each entry, through a view that omits the members that lists do not show. So a page costs the same at any size of
/// the table.
/// </summary>
/// <remarks>
/// The view also omits the MAC, which covers the complete state. No verdict depends on a list.
/// </remarks>
internal sealed class StateIndex(
    DbDataSource dataSource,
    string serviceId,
    StateMac mac,
    AlteredStateMonitor altered,
    MissingPepperMonitor missingPeppers)
    : IStateIndex
{
    internal const string FirstSql = $"""
        {Head}
            ORDER BY CreatedAt DESC, Id DESC
            LIMIT @Limit) i
        {Tail}
        """;

    internal const string AfterSql = $"""
        {Head} AND (CreatedAt, Id) < (@CreatedAt, @Id)
            ORDER BY CreatedAt DESC, Id DESC
            LIMIT @Limit) i
        {Tail}
        """;

    internal const string PageSql = $"""
        {Head}
            ORDER BY CreatedAt DESC, Id DESC
            LIMIT @Limit OFFSET @Offset) i
        {Tail}
        """;

    internal const string CountSql = """
        SELECT COUNT(*) FROM KeysStateIndex
        WHERE ServiceId = @ServiceId AND StateName = @StateName AND Owner = @Owner
        """;

    private const string Head = """
        SELECT i.CreatedAt, i.Id, s.Payload, NULL AS SortText
        FROM (
            SELECT * FROM KeysStateIndex
            WHERE ServiceId = @ServiceId AND StateName = @StateName AND Owner = @Owner
        """;

    // COALESCE keeps the last comparison out of the index lookup; the other columns identify almost every row.
    internal const string StateJoin = """
        JOIN KeysListedState s
            ON s.GrainIdHash = i.GrainIdHash AND s.GrainTypeHash = i.GrainTypeHash
            AND s.ServiceId = i.ServiceId AND s.GrainTypeString = i.StateName
            AND s.GrainIdN0 = i.GrainIdN0 AND s.GrainIdN1 = i.GrainIdN1
            AND COALESCE(s.GrainIdExtensionString, '') = COALESCE(i.GrainIdExtensionString, '')
        """;

    private const string Tail = $"""
        {StateJoin}
        ORDER BY i.CreatedAt DESC, i.Id DESC
        """;

    public Task<IReadOnlyList<IndexedState>> ListAfterAsync(
        string stateName, string project, IndexPosition? after, int limit, CancellationToken cancellationToken)
    {
        if (after is not { } position) return ReadAsync(FirstSql, stateName, project, limit, cancellationToken);

        return ReadAsync(AfterSql, stateName, project, limit, cancellationToken,
            ("@CreatedAt", UtcMillisecondJsonConverter.Format(position.CreatedAt)), ("@Id", position.Id));
    }

    public Task<IReadOnlyList<IndexedState>> FindVirtualKeysAsync(
        string project,
        VirtualKeyFilter filter,
        IndexPosition? after,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken)
    {
        var query = new VirtualKeyQuery(filter, after, now);
        return ReadAsync(
            query.Sql, StorageNames.VirtualKey, project, limit, cancellationToken, [.. query.Parameters]);
    }

    public Task<IReadOnlyList<IndexedState>> ListPageAsync(
        string stateName, string project, long offset, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return ReadAsync(PageSql, stateName, project, limit, cancellationToken, ("@Offset", offset));
    }

    public async Task<long> CountAsync(string stateName, string project, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, CountSql, stateName, project);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Inserts the limit into the SQL. PostgreSQL reuses a query plan only if it knows the limit; planning a page takes
    /// as long as reading it.
    /// </summary>
    internal static string WithLimit(string sql, int limit) =>
        sql.Replace("@Limit", limit.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async Task<IReadOnlyList<IndexedState>> ReadAsync(
        string sql,
        string stateName,
        string project,
        int limit,
        CancellationToken cancellationToken,
        params (string Name, object Value)[] parameters)
    {
        // SQLite has no limit if it is negative.
        ArgumentOutOfRangeException.ThrowIfNegative(limit);

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, WithLimit(sql, limit), stateName, project);
        foreach (var (name, value) in parameters) command.AddParameter(name, value);

        var states = new List<IndexedState>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var createdAt = DateTimeOffset.Parse(reader.GetString(0), CultureInfo.InvariantCulture);
            var position = new IndexPosition(
                createdAt, reader.GetString(1), reader.IsDBNull(3) ? null : reader.GetString(3));
            states.Add(new IndexedState(position, Open(stateName, position.Id, reader.GetFieldValue<byte[]>(2))));
        }

        return states;
    }

    /// <summary>
    /// Returns the state without its MAC; an empty array, which is no state, if it was altered, or if the pepper is
    /// missing that would show whether it was.
    /// </summary>
    private byte[] Open(string stateName, string id, byte[] payload)
    {
        try
        {
            return StateMac.FindPepperId(payload) is null ? payload : mac.Open(payload);
        }
        catch (AlteredStateException exception)
        {
            altered.Report(stateName, id, exception.Reason);
            return [];
        }
        catch (MissingStatePepperException exception)
        {
            missingPeppers.Report(exception.PepperId);
            return [];
        }
    }

    private DbCommand CreateCommand(DbConnection connection, string sql, string stateName, string project)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@StateName", stateName);
        command.AddParameter("@Owner", project);
        return command;
    }
}
