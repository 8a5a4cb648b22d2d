using System.Diagnostics;
using System.Net;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;
using KeysCluster.TestKit.Reporting;
using Npgsql;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>
/// Measures a silo that starts after an outage in which many erasures became due, and serves meanwhile.
/// </summary>
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
    private static readonly TimeSpan BaselineDuration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RequestPause = TimeSpan.FromMilliseconds(20);

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
        await using var silo = await cluster.StartSiloAsync(settings: ClusterService.Unthrottled);
        var ready = Stopwatch.GetTimestamp();
        using var client = silo.CreateClient(apiKey);
        using var caughtUp = new CancellationTokenSource(CatchUpTimeout);
        var load = CreateKeysAsync(client, caughtUp.Token);

        TimeSpan? first = null, half = null;
        while (await CountAsync(database, CountRemindersSql, now) is var remaining and > 0)
        {
            caughtUp.Token.ThrowIfCancellationRequested();
            if (remaining < overdue) first ??= Stopwatch.GetElapsedTime(ready);
            if (remaining <= overdue / 2) half ??= Stopwatch.GetElapsedTime(ready);
            await Task.Delay(PollInterval, caughtUp.Token);
        }

        var all = Stopwatch.GetElapsedTime(ready);
        await caughtUp.CancelAsync();
        var during = await load;
        if (await CountAsync(database, CountHashesSql, FormatStored(now)) is var hashes and > 0)
            throw new InvalidOperationException($"{hashes} hashes were not erased.");

        using var baseline = new CancellationTokenSource(BaselineDuration);
        var after = await CreateKeysAsync(client, baseline.Token);
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

    /// <summary>Creates keys over HTTP by several clients, each with a short pause between its requests.</summary>
    private static async Task<List<TimedRequest>> CreateKeysAsync(KeysClient client, CancellationToken stop)
    {
        var requests = await Task.WhenAll(Enumerable.Range(0, ClientCount).Select(_ => Task.Run(async () =>
        {
            var own = new List<TimedRequest>();
            while (!stop.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                var response = await client.SendCreateAsync();
                own.Add(new(
                    Stopwatch.GetElapsedTime(start).TotalMilliseconds, response.Status == HttpStatusCode.Created));
                await Task.Delay(RequestPause, CancellationToken.None);
            }

            return own;
        })));
        return [.. requests.SelectMany(own => own)];
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql, object now)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue("Now", now);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Formats a time as stored states contain it.</summary>
    private static string FormatStored(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);

    private static LatencyFigures CreateFigures(List<TimedRequest> requests)
    {
        var milliseconds = Percentiles.From(requests.Select(request => request.Milliseconds));
        return new LatencyFigures
        {
            Requests = requests.Count,
            Failed = requests.Count(request => !request.Succeeded),
            P50Milliseconds = milliseconds.P50,
            P99Milliseconds = milliseconds.P99,
            MaxMilliseconds = milliseconds.Max,
        };
    }

    private readonly record struct TimedRequest(double Milliseconds, bool Succeeded);
}
