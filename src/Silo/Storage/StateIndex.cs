using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Time;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Lists states by the table <c>KeysStateIndex</c>, which triggers keep. The texts run on PostgreSQL and on SQLite. A
/// page is cut out of the index first and joined afterwards, so it costs a stretch of the index and a look-up per row.
/// </summary>
internal sealed class StateIndex(DbDataSource dataSource, string serviceId) : IStateIndex
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
        SELECT s.PayloadBinary
        FROM (
            SELECT * FROM KeysStateIndex
            WHERE ServiceId = @ServiceId AND StateName = @StateName AND Owner = @Owner
        """;

    // COALESCE keeps this comparison off the unique index, whose other columns are as good as unique.
    private const string Tail = """
        JOIN OrleansStorage s
            ON s.GrainIdHash = i.GrainIdHash AND s.GrainTypeHash = i.GrainTypeHash
            AND s.ServiceId = i.ServiceId AND s.GrainTypeString = i.StateName
            AND s.GrainIdN0 = i.GrainIdN0 AND s.GrainIdN1 = i.GrainIdN1
            AND COALESCE(s.GrainIdExtensionString, '') = COALESCE(i.GrainIdExtensionString, '')
        ORDER BY i.CreatedAt DESC, i.Id DESC
        """;

    public Task<IReadOnlyList<TState>> ListAfter<TState>(
        string stateName, string owner, IndexPosition? after, int limit, CancellationToken cancellationToken)
    {
        if (after is not { } position) return Read<TState>(FirstSql, stateName, owner, limit, cancellationToken);

        return Read<TState>(AfterSql, stateName, owner, limit, cancellationToken,
            ("@CreatedAt", InstantJsonConverter.ToText(position.CreatedAt)), ("@Id", position.Id));
    }

    public Task<IReadOnlyList<TState>> ListPage<TState>(
        string stateName, string owner, long offset, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Read<TState>(PageSql, stateName, owner, limit, cancellationToken, ("@Offset", offset));
    }

    public async Task<long> Count(string stateName, string owner, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, CountSql, stateName, owner);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<IReadOnlyList<TState>> Read<TState>(
        string sql, string stateName, string owner, int limit, CancellationToken cancellationToken,
        params (string Name, object Value)[] position)
    {
        // SQLite takes a negative limit for none.
        ArgumentOutOfRangeException.ThrowIfNegative(limit);

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, WithLimit(sql, limit), stateName, owner);
        foreach (var (name, value) in position)
            command.Add(name, value);

        var states = new List<TState>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            states.Add(JsonSerializer.Deserialize<TState>(reader.GetFieldValue<byte[]>(0), StateJson.Options)!);

        return states;
    }

    /// <summary>
    /// The text with the limit in it. Without knowing it PostgreSQL plans a page anew each time, which takes as long as
    /// reading it.
    /// </summary>
    internal static string WithLimit(string sql, int limit) =>
        sql.Replace("@Limit", limit.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private DbCommand Command(DbConnection connection, string sql, string stateName, string owner)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Add("@ServiceId", serviceId);
        command.Add("@StateName", stateName);
        command.Add("@Owner", owner);
        return command;
    }
}
