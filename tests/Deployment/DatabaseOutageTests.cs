using System.Collections.Concurrent;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>PostgreSQL is away for less than the lease, behind the proxy and the probes of the deployment.</summary>
[Trait("Requires", "PostgreSQL")]
public sealed class DatabaseOutageTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>Longer than the default: a busy machine takes seconds to restart PostgreSQL.</summary>
    private static readonly Dictionary<string, string> Settings = new() { ["Cluster:LeaseDuration"] = "00:00:30" };

    /// <summary>HAProxy checks twice as often as Kubernetes.</summary>
    private const int MinProbes = 2;

    [Fact]
    public async Task No_cached_validation_is_refused_and_no_process_is_removed()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var firstSilo = await cluster.StartSiloAsync(settings: Settings);
        await using var secondSilo = await cluster.StartSiloAsync(settings: Settings);
        await using var firstFrontEnd = await cluster.StartFrontEndAsync();
        await using var secondFrontEnd = await cluster.StartFrontEndAsync();
        var apiKey = await cluster.CreateProjectAsync(firstFrontEnd);
        string secret;
        using (var client = firstFrontEnd.CreateClient(apiKey)) secret = (await client.CreateAsync()).Secret;
        ServiceProcess[] processes = [firstSilo, secondSilo, firstFrontEnd, secondFrontEnd];
        foreach (var process in processes)
        {
            using var client = process.CreateClient(apiKey);
            Assert.Equal("active", await client.VerifyAsync(secret));
        }

        await using var proxy = new ProxyProcess(firstFrontEnd.Address.Port, secondFrontEnd.Address.Port);
        using var proxyClient = new KeysClient(proxy.Address, apiKey);
        await Wait.UntilAsync(async () =>
        {
            try
            {
                return (await proxyClient.SendVerifyAsync(secret)).Status == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });

        await using var firstSiloProber = new ReadinessProber("silo.yaml", firstSilo.Address);
        await using var secondSiloProber = new ReadinessProber("silo.yaml", secondSilo.Address);
        await using var firstFrontEndProber = new ReadinessProber("front-end.yaml", firstFrontEnd.Address);
        await using var secondFrontEndProber = new ReadinessProber("front-end.yaml", secondFrontEnd.Address);
        ReadinessProber[] probers =
            [firstSiloProber, secondSiloProber, firstFrontEndProber, secondFrontEndProber];
        var answers = new ConcurrentQueue<string>();
        using var load = new CancellationTokenSource();
        var verifying = Task.Run(VerifyAsync);

        await postgres.Server.StopAsync();
        var before = probers.Select(prober => prober.ProbeCount).ToList();
        await Wait.UntilAsync(() => probers.Zip(before).All(pair => pair.First.ProbeCount >= pair.Second + MinProbes));
        foreach (var process in processes)
        {
            using var client = process.CreateClient(apiKey);
            Assert.Equal("storage_unavailable", (await client.ListAsync()).ErrorCode);
        }

        // The next renewals of the leases fail, within a third of their duration.
        await Wait.UntilAsync(async () =>
        {
            var readiness = await proxyClient.SendAsync(HttpMethod.Get, "/health/ready");
            return readiness.Json.GetProperty("status").GetString() == "degraded";
        });
        await postgres.Server.StartAsync();
        await load.CancelAsync();
        await verifying;

        Assert.Multiple(
            () => Assert.All(answers, answer => Assert.Equal("OK active", answer)),
            () => Assert.True(answers.Count > 20, $"{answers.Count} validations"),
            () => Assert.All(probers, prober => Assert.False(prober.WasRemoved)));

        async Task VerifyAsync()
        {
            while (!load.IsCancellationRequested)
            {
                var response = await proxyClient.SendVerifyAsync(secret);
                var code = response.Json.TryGetProperty("code", out var verdict) ? verdict.GetString() : response.Body;
                answers.Enqueue($"{response.Status} {code}");
            }
        }
    }
}
