using System.Data.Common;
using System.Globalization;
using KeysCluster.Silo.Storage;
using KeysCluster.Time;

namespace KeysCluster.Storage.Tests;

/// <summary>A row of the table <c>KeysEvent</c>, as the triggers write it.</summary>
internal sealed record EventRow
{
    public string StateName { get; init; } = "virtual-key";

    public string Id { get; init; } = "vk_1";

    public string ProjectId { get; init; } = "project_a";

    public string Type { get; init; } = "rotated";

    public string Actor { get; init; } = "sk-lw-ABC123";

    public string? ActorId { get; init; }

    public string? Changes { get; init; }

    public string At { get; init; } = "2026-11-22T10:15:00.000Z";

    /// <summary>Inserts the row.</summary>
    /// <returns>Its position, as text.</returns>
    public async Task<string> InsertAsync(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        var changes = connection is Npgsql.NpgsqlConnection ? "@Changes::jsonb" : "@Changes";
        command.CommandText = $"""
            INSERT INTO KeysEvent
                (ServiceId, StateName, Id, ProjectId, Revision, Type, ActorKind, ActorId, Actor, Changes, At)
            VALUES (@ServiceId, @StateName, @Id, @ProjectId, 1, @Type, 'api_key', @ActorId, @Actor, {changes}, @At)
            RETURNING Position
            """;
        command.AddParameter("@ServiceId", StorageTest.ServiceId);
        command.AddParameter("@StateName", StateName);
        command.AddParameter("@Id", Id);
        command.AddParameter("@ProjectId", ProjectId);
        command.AddParameter("@Type", Type);
        command.AddParameter("@ActorId", (object?)ActorId ?? DBNull.Value);
        command.AddParameter("@Actor", Actor);
        command.AddParameter("@Changes", (object?)Changes ?? DBNull.Value);
        command.AddParameter("@At", At);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!;
    }

    /// <summary>Inserts the row in a transaction of its own.</summary>
    /// <returns>Its position, as text.</returns>
    public async Task<string> InsertAsync(TestDatabase database)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        return await InsertAsync(connection);
    }

    /// <summary>Inserts many rows of another key and actor.</summary>
    public static async Task InsertManyAsync(TestDatabase database, int count, DateTimeOffset at) =>
        await database.ExecuteScalarAsync($"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
            INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, Actor, At)
            SELECT 'keys', 'virtual-key', 'vk_2', 'project_a', 1, 'rotated', 'common',
                   '{UtcMillisecondJsonConverter.Format(at)}'
            FROM numbers
            """);
}
