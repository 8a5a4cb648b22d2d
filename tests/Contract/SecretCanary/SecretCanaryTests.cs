using System.Security.Cryptography;
using System.Text;

namespace KeysCluster.Contract.Tests.SecretCanary;

/// <summary>No log, trace, metric, file or other response contains a secret.</summary>
public sealed class SecretCanaryTests
{
    private const string NamedAdminKey = "ak-lw-CANARY0123456789CANARY0123456789CANARY0123456789";

    [Fact]
    public async Task The_embedded_service_never_emits_or_stores_a_secret()
    {
        await using var telemetry = new OtlpListener();
        await using var embedded = new EmbeddedService();
        var scanner = new SecretScanner();
        CanaryScenario scenario;
        string output;
        await using (var process = await embedded.StartAsync(CreateEnvironment(telemetry)))
        {
            scenario = new CanaryScenario(process, embedded.AdminKey, NamedAdminKey, scanner);
            Assert.Empty(await scenario.RunAsync(embedded.ApiKey));
            await telemetry.WaitForAsync(CanaryScenario.LastPath);
            Assert.Empty(scanner.FindInFiles(embedded.DataDirectory, except: ["admin-key", "project-api-key", "lock"]));
            AssertFindsHarmlessValues(scenario, embedded.DataDirectory, except: ["lock"]);
            await process.StopAsync();
            output = process.Output;
        }

        var pepper = await File.ReadAllTextAsync(Path.Combine(embedded.DataDirectory, "pepper"));
        AssertEmitsNoPepper(pepper.Trim(), telemetry, output);
        Assert.Empty(scanner.FindInFiles(embedded.DataDirectory, except: ["admin-key", "project-api-key"]));
        var files = scanner.FindInFiles(embedded.DataDirectory).Select(found => found.Split(' ')[^1]).Distinct();
        Assert.Equal(["admin-key", "project-api-key"], files.Order());
        Assert.Empty(FindInLogsAndTelemetry(scanner, telemetry, output));
        AssertEmitsHarmlessValues(scenario, telemetry, output);
    }

    [Fact, Trait("Requires", "PostgreSQL")]
    public async Task A_silo_on_PostgreSQL_never_emits_or_stores_a_secret()
    {
        await using var telemetry = new OtlpListener();
        await using var server = await PostgresServer.CreateAsync();
        var cluster = await ClusterService.CreateWithRolesAsync(server);
        var scanner = new SecretScanner();
        CanaryScenario scenario;
        string output;
        await using (var process = await cluster.StartSiloAsync(environment: CreateEnvironment(telemetry)))
        {
            scenario = new CanaryScenario(process, cluster.AdminKey, NamedAdminKey, scanner);
            Assert.Empty(await scenario.RunAsync(firstApiKey: null));
            await telemetry.WaitForAsync(CanaryScenario.LastPath);
            await process.StopAsync();
            output = process.Output;
        }

        await server.StopAsync();
        AssertEmitsNoPepper(cluster.Pepper, telemetry, output);
        AssertTracesFromHttpToSql(telemetry);
        Assert.Empty(scanner.FindInFiles(server.Folder));
        AssertFindsHarmlessValues(scenario, server.Folder);
        Assert.Empty(FindInLogsAndTelemetry(scanner, telemetry, output));
        AssertEmitsHarmlessValues(scenario, telemetry, output);
    }

    [Fact]
    public void The_scanner_finds_every_form_of_a_secret()
    {
        const string secret = "vk-lw-live_0123456789ABCDEFGHJKMNPQRSTVWXYZ01ARZ3NDEKTSV4RRFFQ69G5FAV0000000";
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(secret));
        var scanner = new SecretScanner();
        scanner.Add("it", secret);
        string[] texts =
        [
            $"x{secret}x", "6789ABCDEFGHJKMNPQRSTVWXYZ", Convert.ToHexString(digest), Convert.ToHexStringLower(digest),
            Convert.ToBase64String(digest),
        ];
        Assert.All(texts, text => Assert.NotEmpty(scanner.FindIn("a text", text)));
        Assert.NotEmpty(scanner.FindIn("bytes", (byte[])[0, .. digest, 0]));
        Assert.Empty(scanner.FindIn("a text", "vk-lw-live_012345 01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    }

    /// <summary>Returns verbose settings with the digest of a second admin key.</summary>
    private static Dictionary<string, string> CreateEnvironment(OtlpListener telemetry)
    {
        var environment = CanaryTelemetry.CreateVerboseEnvironment(telemetry);
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(NamedAdminKey));
        environment["Keys__AdminKeys__canary"] = $"sha256:{Convert.ToHexStringLower(digest)}";
        return environment;
    }

    private static List<string> FindInLogsAndTelemetry(SecretScanner scanner, OtlpListener telemetry, string output) =>
    [
        .. scanner.FindIn("the logs", output),
        .. scanner.FindIn("exported logs", telemetry.GetReceived("logs")),
        .. scanner.FindIn("traces", telemetry.GetReceived("traces")),
        .. scanner.FindIn("metrics", telemetry.GetReceived("metrics")),
    ];

    private static void AssertEmitsNoPepper(string pepper, OtlpListener telemetry, string output)
    {
        var scanner = new SecretScanner();
        scanner.AddKey("pepper", Convert.FromBase64String(pepper));
        Assert.Empty(FindInLogsAndTelemetry(scanner, telemetry, output));
    }

    /// <summary>Asserts that a trace leads from a request through a grain to a statement.</summary>
    private static void AssertTracesFromHttpToSql(OtlpListener telemetry)
    {
        var spans = ExportedSpan.Parse(telemetry.GetReceived("traces"));
        Assert.Contains(spans.GroupBy(span => span.TraceId), trace =>
            new[] { "Microsoft.AspNetCore", "KeysCluster.GrainCalls", "Npgsql" }
                .All(scope => trace.Any(span => span.Scope == scope)));
    }

    /// <summary>Asserts that the files contain values that may be stored, so a secret would be found too.</summary>
    private static void AssertFindsHarmlessValues(CanaryScenario scenario, string folder, params string[] except)
    {
        var scanner = new SecretScanner();
        scanner.AddOpaque("id", scenario.KeyId);
        scanner.AddOpaque("prefix", scenario.DisplayPrefix);
        var found = scanner.FindInFiles(folder, except);
        Assert.Contains(found, hit => hit.StartsWith("id,", StringComparison.Ordinal));
        Assert.Contains(found, hit => hit.StartsWith("prefix,", StringComparison.Ordinal));
    }

    /// <summary>Asserts that logs, traces and metrics were recorded at every level.</summary>
    private static void AssertEmitsHarmlessValues(CanaryScenario scenario, OtlpListener telemetry, string output)
    {
        foreach (var level in new[] { "trce:", "dbug:", "info:" })
            Assert.Contains(level, output, StringComparison.Ordinal);
        Assert.Contains(scenario.KeyId, output, StringComparison.Ordinal);
        var scanner = new SecretScanner();
        scanner.AddOpaque("id", scenario.KeyId);
        Assert.NotEmpty(scanner.FindIn("traces", telemetry.GetReceived("traces")));
        Assert.NotEmpty(scanner.FindIn("exported logs", telemetry.GetReceived("logs")));
        foreach (var signal in new[] { "traces", "metrics", "logs" })
        {
            var exported = Encoding.UTF8.GetString(telemetry.GetReceived(signal));
            foreach (var attribute in new[] { "keyscluster-silo", "service.version", "service.instance.id" })
                Assert.Contains(attribute, exported, StringComparison.Ordinal);
        }

        var logs = Encoding.UTF8.GetString(telemetry.GetReceived("logs"));
        Assert.Contains("event.id", logs, StringComparison.Ordinal);
    }
}
