using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>A node starts after an outage in which many erasures came due, and serves while it catches up.</summary>
internal static class ReminderCatchUp
{
    private const int ClientCount = 4;

    private const string CountHashesSql = """
        SELECT count(*) FROM OrleansStorage
        WHERE GrainTypeString = 'virtual-key'
          AND convert_from(PayloadBinary, 'UTF8')::json #>> '{secrets,replaced,0,valid_until}' < @Now
        """;

    private const string CountRemindersSql = "SELECT count(*) FROM OrleansRemindersTable WHERE StartTime < @Now";

    private static readonly TimeSpan CatchUpTimeout = TimeSpan.FromMinutes(5);

    public static async Task<CatchUpFigures> RunAsync(PostgresServer server, int overdue)
    {
        var cluster = new ClusterService(await server.CreateDatabaseAsync());
        await using var database = NpgsqlDataSource.Create(cluster.ConnectionString);
        string apiKey;
        await using (var migrating = await cluster.StartSiloAsync())
        {
            apiKey = await cluster.CreateProjectAsync(migrating);
            await migrating.StopAsync();
        }

        await OverdueKeys.WriteAsync(cluster.ConnectionString, database, overdue);
        var now = TimeProvider.System.GetUtcNow();
        await using var node = await cluster.StartSiloAsync(environment: new Dictionary<string, string>
        {
            ["Api__RequestsPerSecond"] = "1000000",
        });
        var ready = Stopwatch.GetTimestamp();
        using var client = node.CreateClient(apiKey);
        using var caughtUp = new CancellationTokenSource(CatchUpTimeout);
        var load = CreateKeysAsync(client, caughtUp.Token);

        TimeSpan? first = null, half = null;
        while (await CountAsync(database, CountRemindersSql, now) is var left and > 0)
        {
            caughtUp.Token.ThrowIfCancellationRequested();
            if (left < overdue) first ??= Stopwatch.GetElapsedTime(ready);
            if (left <= overdue / 2) half ??= Stopwatch.GetElapsedTime(ready);
            await Task.Delay(250, caughtUp.Token);
        }

        var all = Stopwatch.GetElapsedTime(ready);
        await caughtUp.CancelAsync();
        var during = await load;
        if (await CountAsync(database, CountHashesSql, now) is var hashes and > 0)
            throw new InvalidOperationException($"{hashes} hashes were not erased.");

        using var calm = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var after = await CreateKeysAsync(client, calm.Token);
        return new CatchUpFigures
        {
            Overdue = overdue,
            FirstAfterSeconds = (first ?? all).TotalSeconds,
            HalfAfterSeconds = (half ?? all).TotalSeconds,
            AllAfterSeconds = all.TotalSeconds,
            During = CreateFigures(during),
            After = CreateFigures(after),
        };
    }

    /// <summary>Creates keys over HTTP in a few loops, each with a short pause between its requests.</summary>
    private static async Task<List<TimedRequest>> CreateKeysAsync(KeysClient client, CancellationToken until)
    {
        var loops = await Task.WhenAll(Enumerable.Range(0, ClientCount).Select(_ => Task.Run(async () =>
        {
            var changes = new List<TimedRequest>();
            while (!until.IsCancellationRequested)
            {
                var begun = Stopwatch.GetTimestamp();
                var answer = await client.SendAsync(
                    HttpMethod.Post, "/api/gateway/v1/virtual-keys", new { name = "a key", environment = "live" });
                changes.Add(new(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, (int)answer.Status == 201));
                await Task.Delay(20, CancellationToken.None);
            }

            return changes;
        })));
        return [.. loops.SelectMany(loop => loop)];
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql, DateTimeOffset now)
    {
        await using var command = database.CreateCommand(sql);
        object value = sql == CountHashesSql ? now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null) : now;
        command.Parameters.AddWithValue("Now", value);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static LatencyFigures CreateFigures(List<TimedRequest> changes)
    {
        var milliseconds = Percentiles.From(changes.Select(change => change.Milliseconds));
        return new LatencyFigures
        {
            Requests = changes.Count,
            Failed = changes.Count(change => !change.Succeeded),
            P50Milliseconds = milliseconds.P50,
            P99Milliseconds = milliseconds.P99,
            MaxMilliseconds = milliseconds.Max,
        };
    }

    private readonly record struct TimedRequest(double Milliseconds, bool Succeeded);
}
