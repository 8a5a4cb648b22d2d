using System.Text;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.SecretCanary;

/// <summary>A secret is nowhere but with its owner: not in logs, traces, metrics, files or other answers.</summary>
public sealed class SecretCanaryTests
{
    [Fact]
    public async Task The_embedded_service_never_emits_or_stores_a_secret()
    {
        await using var telemetry = new OtlpListener();
        await using var embedded = new EmbeddedService();
        var hunt = new SecretScanner();
        CanaryScenario walk;
        string output;
        await using (var process = await embedded.StartAsync(CanaryTelemetry.CreateVerboseEnvironment(telemetry)))
        {
            walk = new CanaryScenario(process, embedded.AdminKey, hunt);
            Assert.Empty(await walk.RunAsync(embedded.ApiKey));
            await CanaryTelemetry.WaitForTelemetryAsync(telemetry, CanaryScenario.LastPath);
            Assert.Empty(hunt.FindInFiles(embedded.DataDirectory, except: ["admin-key", "lock"]));
            AssertFindsHarmlessValues(walk, embedded.DataDirectory, except: ["lock"]);
            await process.StopAsync();
            output = process.Output;
        }

        Assert.Empty(hunt.FindInFiles(embedded.DataDirectory, except: "admin-key"));
        Assert.Single(hunt.FindInFiles(embedded.DataDirectory), "the admin key, whole in admin-key");
        Assert.Empty(FindInLogsAndTelemetry(hunt, telemetry, RemovePrintedApiKey(output, embedded.ApiKey)));
        AssertEmitsHarmlessValues(walk, telemetry, output);
    }

    [Fact]
    public async Task A_silo_on_PostgreSQL_never_emits_or_stores_a_secret()
    {
        await using var telemetry = new OtlpListener();
        await using var server = await PostgresServer.CreateAsync();
        var cluster = new ClusterService(await server.CreateDatabaseAsync());
        var hunt = new SecretScanner();
        CanaryScenario walk;
        string output;
        await using (var process = await cluster.StartSiloAsync(environment: CanaryTelemetry.CreateVerboseEnvironment(telemetry)))
        {
            walk = new CanaryScenario(process, cluster.AdminKey, hunt);
            Assert.Empty(await walk.RunAsync(printedApiKey: null));
            await CanaryTelemetry.WaitForTelemetryAsync(telemetry, CanaryScenario.LastPath);
            await process.StopAsync();
            output = process.Output;
        }

        await server.StopAsync();
        Assert.Empty(hunt.FindInFiles(server.Folder));
        AssertFindsHarmlessValues(walk, server.Folder);
        Assert.Empty(FindInLogsAndTelemetry(hunt, telemetry, output));
        AssertEmitsHarmlessValues(walk, telemetry, output);
    }

    [Fact]
    public void The_scanner_finds_every_form_of_a_secret()
    {
        const string secret = "vk-lw-live_0123456789ABCDEFGHJKMNPQRSTVWXYZ01ARZ3NDEKTSV4RRFFQ69G5FAV0000000";
        var digest = System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(secret));
        var hunt = new SecretScanner();
        hunt.Add("it", secret);
        string[] texts =
        [
            $"x{secret}x", "6789ABCDEFGHJKMNPQRSTVWXYZ", Convert.ToHexString(digest), Convert.ToHexStringLower(digest),
            Convert.ToBase64String(digest),
        ];
        Assert.All(texts, text => Assert.NotEmpty(hunt.FindIn("a text", text)));
        Assert.NotEmpty(hunt.FindIn("bytes", (byte[])[0, .. digest, 0]));
        Assert.Empty(hunt.FindIn("a text", "vk-lw-live_012345 01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    }

    private static List<string> FindInLogsAndTelemetry(SecretScanner hunt, OtlpListener telemetry, string output) =>
    [
        .. hunt.FindIn("the logs", output),
        .. hunt.FindIn("traces", telemetry.GetReceived("traces")),
        .. hunt.FindIn("metrics", telemetry.GetReceived("metrics")),
    ];

    /// <summary>The first start prints the project's API key, in two lines and once: those and no other are left out.</summary>
    private static string RemovePrintedApiKey(string output, string apiKey)
    {
        var lines = output.Split('\n');
        string[] announced = [$"  Project API key  {apiKey}", $"    -H 'Authorization: Bearer {apiKey}' \\"];
        foreach (var line in announced) Assert.Single(lines, said => said.TrimEnd('\r') == line);
        return string.Join('\n', lines.Where(line => !announced.Contains(line.TrimEnd('\r'))));
    }

    /// <summary>What may be kept is found, so that what is not found is not there.</summary>
    private static void AssertFindsHarmlessValues(CanaryScenario walk, string folder, params string[] except)
    {
        var harmless = new SecretScanner();
        harmless.AddOpaque("id", walk.KeyId);
        harmless.AddOpaque("prefix", walk.DisplayPrefix);
        var found = harmless.FindInFiles(folder, except);
        Assert.Contains(found, hit => hit.StartsWith("id,", StringComparison.Ordinal));
        Assert.Contains(found, hit => hit.StartsWith("prefix,", StringComparison.Ordinal));
    }

    private static void AssertEmitsHarmlessValues(CanaryScenario walk, OtlpListener telemetry, string output)
    {
        foreach (var level in new[] { "trce:", "dbug:", "info:" }) Assert.Contains(level, output, StringComparison.Ordinal);
        Assert.Contains(walk.KeyId, output, StringComparison.Ordinal);
        var harmless = new SecretScanner();
        harmless.AddOpaque("id", walk.KeyId);
        Assert.NotEmpty(harmless.FindIn("traces", telemetry.GetReceived("traces")));
        Assert.NotEmpty(telemetry.GetReceived("metrics"));
    }
}
