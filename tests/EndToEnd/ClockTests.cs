using System.Net;
using System.Text;
using System.Text.Json;
using KeysCluster.TestKit;
using Microsoft.Data.Sqlite;

namespace KeysCluster.EndToEnd.Tests;

public sealed class ClockTests
{
    /// <summary>An erasure reminder ticks once a minute.</summary>
    private static readonly TimeSpan ErasureTimeout = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_replaced_secret_is_refused_after_a_day_and_its_hash_is_erased_from_the_database()
    {
        await using var service = new EmbeddedService();
        string id, old, current;
        await using (var process = await service.StartAsync())
        {
            using var client = process.CreateClient(service.ApiKey);
            (id, old) = await client.CreateAsync();
            current = (await client.RotateAsync(id)).Secret;
            await process.StopAsync();
        }

        var hash = ReadStoredHashes(service, id)[1];
        Assert.True(DatabaseFilesContain(service, hash));

        using var clock = new FakeClock(TimeSpan.FromSeconds(86300));
        await using (var before = await service.StartAsync(clock.Environment))
        {
            using var client = before.CreateClient(service.ApiKey);
            Assert.Equal("retiring", await client.VerifyAsync(old));
            await before.StopAsync();
        }

        clock.Set(TimeSpan.FromSeconds(86400));
        await using (var after = await service.StartAsync(clock.Environment))
        {
            using var client = after.CreateClient(service.ApiKey);
            await Wait.UntilAsync(() => ReadStoredHashes(service, id).Count == 1, ErasureTimeout);
            Assert.Equal("not_found", await client.VerifyAsync(old));
            Assert.Equal("active", await client.VerifyAsync(current));
            await after.StopAsync();
        }

        Assert.False(DatabaseFilesContain(service, hash));
    }

    [Fact]
    public async Task An_idempotency_key_that_is_used_every_day_creates_a_key_each_day()
    {
        await using var service = new EmbeddedService();
        using var clock = new FakeClock(TimeSpan.Zero);
        var ids = new HashSet<string>();
        for (var day = 0; day < 4; day++)
        {
            // A minute more than a day later, when the record of the day before has expired.
            clock.Set(day * TimeSpan.FromSeconds(86460));
            await using var process = await service.StartAsync(clock.Environment);
            using var client = process.CreateClient(service.ApiKey);
            var created = await CreateAsync(client);
            var repeated = await CreateAsync(client);

            Assert.Equal(created, repeated);
            Assert.True(ids.Add(created.Id), $"The key of an earlier day was returned on day {day}.");
            Assert.Equal("active", await client.VerifyAsync(created.Secret));
            await process.StopAsync();
        }

        static async Task<(string Id, string Secret)> CreateAsync(KeysClient client)
        {
            var response = await client.PostIdempotentAsync(
                "daily-virtual-key", Routes.VirtualKeys, """{"name":"n"}""");
            response.EnsureStatus(HttpStatusCode.Created);
            return (response.Json.GetProperty("virtual_key").GetProperty("id").GetString()!, response.Secret);
        }
    }

    /// <summary>Returns the hashes in the stored state of a key, the current one first.</summary>
    private static List<string> ReadStoredHashes(EmbeddedService service, string id)
    {
        using var connection = new SqliteConnection($"Data Source={service.DatabaseFile};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT CAST(PayloadBinary AS TEXT) FROM OrleansStorage WHERE GrainIdExtensionString = $id";
        command.Parameters.AddWithValue("$id", id);
        var secrets = JsonDocument.Parse((string)command.ExecuteScalar()!).RootElement.GetProperty("secrets");
        return
        [
            secrets.GetProperty("current").GetProperty("hash").GetString()!,
            .. secrets.GetProperty("replaced").EnumerateArray()
                .Select(secret => secret.GetProperty("hash").GetString()!),
        ];
    }

    private static bool DatabaseFilesContain(EmbeddedService service, string text) =>
        Directory.GetFiles(service.DataDirectory, "keys.db*")
            .Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0);
}
