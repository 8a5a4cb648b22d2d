using System.Text;
using KeysCluster.Contract.Services;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.SecretCanary;

/// <summary>Uses every secret in every way, right and wrong, and keeps what was answered.</summary>
internal sealed class CanaryScenario(ServiceProcess process, string adminKey, SecretScanner hunt)
{
    /// <summary>The last path asked for, by which one knows that telemetry has caught up.</summary>
    public const string LastPath = "/api/the-end-of-the-walk";

    private readonly List<string> _leaks = [];

    /// <summary>The id of the key that was walked through.</summary>
    public string KeyId { get; private set; } = "";

    /// <summary>What people may see of its first secret.</summary>
    public string DisplayPrefix { get; private set; } = "";

    /// <summary>Secrets that were in answers where they do not belong.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(string? printedApiKey)
    {
        hunt.AddOpaque("the admin key", adminKey);
        using var admin = process.CreateClient(adminKey);
        var created = await admin.SendAsync(HttpMethod.Post, Routes.Projects, new { name = "canary" });
        var apiKey = created.Json.GetProperty("api_key").GetString()!;
        var projectId = created.Json.GetProperty("project").GetProperty("id").GetString()!;
        hunt.Add("an API key", apiKey);
        hunt.Add("a second API key", (await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(projectId))).Json
            .GetProperty("api_key").GetString()!);
        await SendAndScanAsync(admin, HttpMethod.Get, Routes.Projects);
        if (printedApiKey is not null)
        {
            hunt.Add("the printed API key", printedApiKey);
            using var first = process.CreateClient(printedApiKey);
            await SendAndScanAsync(first, HttpMethod.Get, Routes.VirtualKeys);
        }

        using var client = process.CreateClient(apiKey);
        var (id, secret) = await client.CreateAsync("canary");
        (KeyId, DisplayPrefix) = (id, secret[..17]);
        hunt.Add("a secret", secret);
        var rotated = (await client.RotateAsync(id)).Secret;
        hunt.Add("a second secret", rotated);

        string[] texts = [secret, rotated, secret[..^1], secret + "x", " " + secret, Verification.ForgedSecret.WithDifferentOwner(secret)];
        foreach (var text in texts) await SendAndScanAsync(client, HttpMethod.Post, Routes.Verify, JsonSerializer.Serialize(new { secret = text }));
        foreach (var body in CreateInvalidBodies(secret))
        {
            await SendAndScanAsync(client, HttpMethod.Post, Routes.Verify, body);
            await SendAndScanAsync(client, HttpMethod.Post, Routes.VirtualKeys, body);
            await SendAndScanAsync(client, HttpMethod.Post, Routes.Rotate(id), body);
            await SendAndScanAsync(client, HttpMethod.Patch, Routes.VirtualKey(id), body);
        }

        await ReplayAsync(client, Routes.VirtualKeys, """{"name":"canary"}""", "secret");
        await ReplayAsync(client, Routes.Rotate(id), "{}", "secret");
        await ReplayAsync(admin, Routes.Projects, """{"name":"canary"}""", "api_key");
        await ReplayAsync(admin, Routes.RotateApiKey(projectId), "{}", "api_key");
        foreach (var wrong in new[] { secret, apiKey + "0", adminKey + "0", apiKey[..^1] })
        {
            using var stranger = process.CreateClient(wrong);
            await SendAndScanAsync(stranger, HttpMethod.Get, Routes.VirtualKeys);
            using var nobody = process.CreateClient();
            var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{projectId}:{wrong}"))}";
            Scan(await nobody.GetWithHeadersAsync(Routes.VirtualKeys, ("Authorization", basic), ("X-Auth-Token", apiKey)));
        }

        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{projectId}:{apiKey}"));
        hunt.AddOpaque("Basic credentials", credentials);
        using var browser = process.CreateClient();
        Scan(await browser.GetWithHeadersAsync(Routes.VirtualKeys, ("Authorization", $"Basic {credentials}")));
        Scan(await browser.GetWithHeadersAsync(Routes.VirtualKeys, ("X-Auth-Token", apiKey)));
        await SendAndScanAsync(client, HttpMethod.Get, Routes.VirtualKeys);
        await SendAndScanAsync(client, HttpMethod.Post, Routes.Revoke(id));
        await SendAndScanAsync(client, HttpMethod.Post, Routes.Verify, JsonSerializer.Serialize(new { secret }));
        await SendAndScanAsync(client, HttpMethod.Post, Routes.Rotate(id));
        await SendAndScanAsync(client, HttpMethod.Get, LastPath);
        return _leaks;
    }

    /// <summary>Bodies that no call can use and that hold a secret where a message might repeat it.</summary>
    private static string[] CreateInvalidBodies(string secret) =>
    [
        secret, $"\"{secret}\"", $"[\"{secret}\"]", $"{{\"secret\":\"{secret}\"", $"{{\"secret\":[\"{secret}\"],\"name\":[\"{secret}\"]}}",
        $"{{\"{secret}\":1,\"{secret}\":2}}", $"{{\"{secret}\":\"\\ud800\"}}", $"{{\"secret\":{{\"{secret}\":1}},\"name\":{{\"{secret}\":1}}}}",
        $"{{\"name\":\"{secret}\\u0000\",\"secret\":7}}", $"{{\"name\":\"n\",\"environment\":\"{secret}\",\"secret\":null}}",
    ];

    /// <summary>Makes a change under an Idempotency-Key and replays it: the one answer that repeats a secret.</summary>
    private async Task ReplayAsync(KeysClient caller, string path, string body, string member)
    {
        var key = $"canary {Guid.NewGuid()}";
        hunt.AddOpaque("an idempotency key", key);
        var secret = (await caller.PostIdempotentAsync(key, path, body)).Json.GetProperty(member).GetString()!;
        hunt.Add("an idempotent secret", secret);
        var replay = await caller.PostIdempotentAsync(key, path, body);
        if (!replay.Headers.ContainsKey("Idempotent-Replayed") || replay.Json.GetProperty(member).GetString() != secret)
            throw new InvalidOperationException($"No replay at {path}: {(int)replay.Status}");

        var conflict = await caller.PostIdempotentAsync(key, path, """{"name":"another","grace_period_seconds":1}""");
        conflict.EnsureStatus(HttpStatusCode.Conflict);
        Scan(conflict);
        Scan(await caller.PostIdempotentAsync($"{key}\u0001", path, body));
        Scan(await caller.PostIdempotentAsync(key, path, "{"));
    }

    private async Task SendAndScanAsync(KeysClient client, HttpMethod method, string path, string? body = null) =>
        Scan(body is null ? await client.SendAsync(method, path) : await client.SendTextAsync(method, path, body));

    /// <summary>A rotation with unknown members hands out a new secret: that one is hunted too, from then on.</summary>
    private void Scan(ApiResponse answer)
    {
        var found = hunt.FindIn($"an answer {(int)answer.Status}", answer.Body);
        _leaks.AddRange(found);
        if (answer.Status == HttpStatusCode.OK && answer.Json.TryGetProperty("secret", out var secret))
            hunt.Add("a further secret", secret.GetString()!);
    }
}
