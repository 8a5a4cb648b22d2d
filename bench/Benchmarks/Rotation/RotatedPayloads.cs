using Npgsql;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>The stored states of a key after each of its first rotations.</summary>
internal static class RotatedPayloads
{
    private const string Sql = """
        SELECT PayloadBinary FROM OrleansStorage
        WHERE GrainTypeString = 'virtual-key' ORDER BY ModifiedOn DESC LIMIT 1
        """;

    public static async Task<IReadOnlyList<byte[]>> ReadAsync(
        string connectionString, GrainRotation rotation, int rotations)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        var payloads = new List<byte[]>();
        await rotation.PrepareAsync(1);
        for (var pass = 0; pass < rotations; pass++)
        {
            await rotation.RotateAsync(worker: 0, key: 0, pass);
            await using var command = database.CreateCommand(Sql);
            payloads.Add((byte[])(await command.ExecuteScalarAsync())!);
        }

        return payloads;
    }
}
