using KeysCluster.Benchmarks.Reporting;
using KeysCluster.Benchmarks.Rotation;
using KeysCluster.TestKit;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Benchmarks.Webhooks;

/// <summary>
/// Measures rotations over HTTP by one silo, without webhooks and with webhooks whose endpoints are dead, in rounds in
/// which they alternate; and then how soon a healthy endpoint receives a revocation.
/// </summary>
internal static class WebhookRounds
{
    public const int Count = 7;
    public const int WebhookCount = ProjectCount * WebhooksPerProject;
    public const string Without = "without_webhooks";
    public const string OfOtherProjects = "dead_webhooks_of_other_projects";
    public const string OfTheProject = "dead_webhook_of_the_project";

    private const int ProjectCount = 5;
    private const int WebhooksPerProject = 20;

    /// <summary>Each creation is a delivery to every webhook of the project.</summary>
    private const int KeysPerProject = 5;

    private const int Keys = 1000;

    private static readonly string[] Subjects = [Without, OfOtherProjects, OfTheProject];

    /// <summary>
    /// Until the attempts of deleted webhooks have ended, and so that a new webhook does not deliver the creation of
    /// the keys: it delivers the events of the five seconds before.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(6);

    /// <summary>
    /// How old the webhooks of other projects are. Their endpoints then count as failing, and are tried less and less
    /// often. The first attempts are not measured.
    /// </summary>
    public static readonly TimeSpan WebhookAge = TimeSpan.FromSeconds(20);

    public static async Task<WebhookFigures> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var rotation = await HttpRotation.StartAsync(await server.CreateDatabaseAsync());
        using var endpoints = new DeadEndpoints();
        var others = new List<KeysClient>();
        for (var n = 0; n < ProjectCount; n++) others.Add(await rotation.CreateProjectClientAsync());
        var measurements = new List<Measurement>();
        for (var round = 0; round <= Count; round++)
        {
            for (var turn = 0; turn < Subjects.Length; turn++)
            {
                var subject = Subjects[(turn + round) % Subjects.Length];
                var loop = await MeasureAsync(subject, rotation, others, endpoints);
                Console.WriteLine($"round {round}: rotations, {subject}: {loop.PerSecond:F0}/s");

                // The first round warms up.
                if (round > 0) measurements.Add(new Measurement(subject, round, loop));
            }
        }

        foreach (var client in others) client.Dispose();
        return new WebhookFigures
        {
            Rotations = [.. Subjects.Select(subject => CreateFigures(subject, measurements))],
            Arrival = await ArrivalRounds.RunAsync(rotation),
        };
    }

    private static async Task<LoopResult> MeasureAsync(
        string subject, HttpRotation rotation, List<KeysClient> others, DeadEndpoints endpoints)
    {
        await rotation.PrepareAsync(Keys);
        await Task.Delay(Pause);
        await using var webhooks = subject switch
        {
            OfOtherProjects => await DeadWebhooks.CreateAsync(others, WebhooksPerProject, endpoints),
            OfTheProject => await DeadWebhooks.CreateAsync([rotation.Client], perProject: 1, endpoints),
            _ => null,
        };
        if (subject == OfOtherProjects)
        {
            foreach (var client in others) await client.CreateManyAsync(KeysPerProject);
            await Task.Delay(WebhookAge);
        }

        return await ClosedLoop.RunAsync(rotation, Keys, ClosedLoop.MaxConcurrency, pass: 0);
    }

    private static LoadFigures CreateFigures(string subject, List<Measurement> all)
    {
        var baselines = all.Where(other => other.Subject == Without).ToDictionary(other => other.Round);
        var measurements = all.FindAll(measurement => measurement.Subject == subject);
        var milliseconds = Percentiles.From(measurements
            .SelectMany(measurement => measurement.Loop.Latencies)
            .Select(latency => latency.TotalMilliseconds));
        return new LoadFigures
        {
            Name = subject,
            Pass = "first",
            Concurrency = ClosedLoop.MaxConcurrency,
            ThroughputOverBaseline = Spread.From(measurements.Select(measurement =>
                measurement.Loop.PerSecond / baselines[measurement.Round].Loop.PerSecond)),
            PerSecond = Spread.From(measurements.Select(measurement => measurement.Loop.PerSecond)),
            P50Milliseconds = milliseconds.P50,
            P99Milliseconds = milliseconds.P99,
        };
    }

    private sealed record Measurement(string Subject, int Round, LoopResult Loop);
}
