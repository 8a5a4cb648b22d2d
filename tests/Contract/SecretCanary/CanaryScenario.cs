using System.Text;
using KeysCluster.Contract.Tests.Idempotency;
using KeysCluster.Contract.Tests.Projects;
using KeysCluster.Contract.Tests.Services;
using KeysCluster.Contract.Tests.VirtualKeys;

namespace KeysCluster.Contract.Tests.SecretCanary;

/// <summary>
/// Uses every kind of secret in every kind of request, valid and invalid, and searches the responses for secrets.
/// </summary>
internal sealed class CanaryScenario(
    ServiceProcess process, string adminKey, string namedAdminKey, SecretScanner scanner)
{
    /// <summary>The last path that is requested. Traces that contain it are complete.</summary>
    public const string LastPath = "/api/end-of-the-canary-scenario";

    private readonly List<string> _leaks = [];

    /// <summary>The id of the virtual key that was used.</summary>
    public string KeyId { get; private set; } = "";

    /// <summary>The display prefix of its first secret.</summary>
    public string DisplayPrefix { get; private set; } = "";

    /// <summary>Runs the scenario.</summary>
    /// <returns>The secrets that were found in responses other than those that create or replay them.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string? firstApiKey)
    {
        scanner.AddOpaque("the admin key", adminKey);
        scanner.AddOpaque("the named admin key", namedAdminKey);
        using var admin = process.CreateClient(adminKey);
        var (projectId, apiKey) = await admin.CreateProjectAsync("canary");
        scanner.Add("an API key", apiKey);
        var rotatedProject = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(projectId));
        scanner.Add("a second API key", rotatedProject.Json.GetProperty("api_key").GetString()!);
        await SendAndScanAsync(admin, HttpMethod.Get, Routes.Projects);
        if (firstApiKey is not null)
        {
            scanner.Add("the first API key", firstApiKey);
            using var firstKeyClient = process.CreateClient(firstApiKey);
            await SendAndScanAsync(firstKeyClient, HttpMethod.Get, Routes.VirtualKeys);
        }

        using var namedAdmin = process.CreateClient(namedAdminKey);
        (await namedAdmin.SendAsync(HttpMethod.Get, Routes.Project(projectId))).EnsureStatus(HttpStatusCode.OK);
        await SendAndScanAsync(namedAdmin, HttpMethod.Get, Routes.VirtualKeys);

        // The other API key is retiring by now, and can only read.
        var created = await admin.SendCreateApiKeyAsync(projectId, Permissions.All);
        scanner.Add("a third API key", created.Secret);
        await SendAndScanAsync(admin, HttpMethod.Get, Routes.ApiKeys(projectId));
        using var client = process.CreateClient(created.Secret);
        var (id, secret) = await client.CreateAsync("canary");
        (KeyId, DisplayPrefix) = (id, secret[..VirtualKeyAssert.DisplayPrefixLength]);
        scanner.Add("a secret", secret);
        var rotated = (await client.RotateAsync(id)).Secret;
        scanner.Add("a second secret", rotated);

        await VerifyAsync(client, secret, rotated);
        await SendInvalidBodiesAsync(client, id, secret);
        await ReplayCreateAsync(client, Routes.VirtualKeys, "secret");
        await ReplayRotateAsync(client, Routes.Rotate(id), "secret");
        await ReplayCreateAsync(admin, Routes.Projects, "api_key");
        await ReplayRotateAsync(admin, Routes.RotateApiKey(projectId), "api_key");
        await AuthenticateAsync(projectId, apiKey, wrongKeys:
            [secret, apiKey + "0", adminKey + "0", namedAdminKey + "0", apiKey[..^1]]);

        await SendAndScanAsync(client, HttpMethod.Get, Routes.VirtualKeys);
        await SendAndScanAsync(client, HttpMethod.Post, Routes.Revoke(id));
        await SendAndScanAsync(client, HttpMethod.Post, Routes.Verify, JsonSerializer.Serialize(new { secret }));
        await SendAndScanAsync(client, HttpMethod.Post, Routes.Rotate(id));
        await SendAndScanAsync(client, HttpMethod.Get, $"{Routes.Events}?limit=200");
        await SendAndScanAsync(client, HttpMethod.Get, Routes.VirtualKeyEvents(id));
        await SendAndScanAsync(admin, HttpMethod.Get, $"{Routes.AllEvents}?limit=200");
        Scan(await admin.GetWithHeadersAsync(Routes.AllEvents, ("Accept", "application/x-ndjson")));
        await SendAndScanAsync(client, HttpMethod.Get, LastPath);
        return _leaks;
    }

    /// <summary>Creates invalid bodies that contain a secret wherever an error message might repeat it.</summary>
    private static string[] CreateInvalidBodies(string secret) =>
    [
        secret,
        $"\"{secret}\"",
        $"[\"{secret}\"]",
        $$"""{"secret":"{{secret}}" """,
        $$"""{"secret":["{{secret}}"],"name":["{{secret}}"]}""",
        $$"""{"{{secret}}":1,"{{secret}}":2}""",
        $$"""{"{{secret}}":"\ud800"}""",
        $$$"""{"secret":{"{{{secret}}}":1},"name":{"{{{secret}}}":1}}""",
        $$"""{"name":"{{secret}}\u0000","secret":7}""",
        $$"""{"name":"n","environment":"{{secret}}","secret":null}""",
        $$"""{"secret":["{{secret}}"]}""",
        $$$"""{"secret":{"{{{secret}}}":1}}""",
        $$"""{"secret":"s","permissions":["{{secret}} {{secret}}"]}""",
        $$"""{"secret":"s","ip_address":"{{secret}}"}""",
        $$"""{"name":["{{secret}}"]}""",
        $$$"""{"name":{"{{{secret}}}":1}}""",
        $$"""{"name":"{{secret}}\u0000"}""",
        $$"""{"name":"n","environment":"{{secret}}"}""",
        $$"""{"name":"n","expires_at":"{{secret}}"}""",
        $$"""{"name":"n","external_id":"{{secret}}\u0000"}""",
        $$"""{"name":"n","permissions":["{{secret}} {{secret}}"]}""",
        $$$"""{"name":"n","metadata":{"{{{secret}}}":1}}""",
        $$$"""{"name":"n","metadata":{"{{{secret}}}":"{{{secret}}}\u0000"}}""",
        $$"""{"name":"n","config":"{{secret}}"}""",
        $$$"""{"name":"n","config":{"{{{secret}}}":1e400}}""",
        $$"""{"name":"n","allowed_ips":["{{secret}}"]}""",
        $$"""{"name":"n","routing_mode":"{{secret}}"}""",
        $$$"""{"name":"n","budget":{"{{{secret}}}":1}}""",
        $$"""{"name":"n","scopes":[{"scope_type":"project","scope_id":"{{secret}}"}]}""",
    ];

    private async Task VerifyAsync(KeysClient client, string secret, string rotated)
    {
        string[] texts =
        [
            secret, rotated, secret[..^1], secret + "x", " " + secret, ForgedSecret.WithDifferentOwner(secret),
        ];
        foreach (var text in texts) Scan(await client.SendVerifyAsync(text));
    }

    private async Task SendInvalidBodiesAsync(KeysClient client, string id, string secret)
    {
        foreach (var body in CreateInvalidBodies(secret))
        {
            (HttpMethod Method, string Path)[] calls =
            [
                (HttpMethod.Post, Routes.Verify), (HttpMethod.Post, Routes.VirtualKeys),
                (HttpMethod.Post, Routes.Rotate(id)), (HttpMethod.Patch, Routes.VirtualKey(id)),
            ];
            foreach (var (method, path) in calls)
            {
                var response = await client.SendTextAsync(method, path, body);
                Assert.InRange((int)response.Status, 400, 499);
                Scan(response);
            }
        }
    }

    private async Task AuthenticateAsync(string projectId, string apiKey, string[] wrongKeys)
    {
        using var anonymous = process.CreateClient();
        foreach (var wrongKey in wrongKeys)
        {
            using var client = process.CreateClient(wrongKey);
            await SendAndScanAsync(client, HttpMethod.Get, Routes.VirtualKeys);
            var basic = ("Authorization", $"Basic {GetBasicCredentials(wrongKey)}");
            Scan(await anonymous.GetWithHeadersAsync(Routes.VirtualKeys, basic, ("X-Auth-Token", apiKey)));
        }

        var credentials = GetBasicCredentials(apiKey);
        scanner.AddOpaque("Basic credentials", credentials);
        Scan(await anonymous.GetWithHeadersAsync(Routes.VirtualKeys, ("Authorization", $"Basic {credentials}")));
        Scan(await anonymous.GetWithHeadersAsync(Routes.VirtualKeys, ("X-Auth-Token", apiKey)));

        string GetBasicCredentials(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{projectId}:{key}"));
    }

    private Task ReplayCreateAsync(KeysClient client, string path, string secretMember) =>
        ReplayAsync(client, path, """{"name":"canary"}""", """{"name":"another"}""", secretMember);

    private Task ReplayRotateAsync(KeysClient client, string path, string secretMember) =>
        ReplayAsync(client, path, "{}", """{"grace_period_seconds":1}""", secretMember);

    /// <summary>Makes a change with an Idempotency-Key and replays it, which returns the secret again.</summary>
    private async Task ReplayAsync(
        KeysClient client, string path, string body, string differentBody, string secretMember)
    {
        var key = $"canary {Guid.NewGuid()}";
        scanner.AddOpaque("an idempotency key", key);
        var first = await client.PostIdempotentAsync(key, path, body);
        scanner.Add("an idempotent secret", first.Json.GetProperty(secretMember).GetString()!);
        ReplayAssert.IsReplay(first, await client.PostIdempotentAsync(key, path, body));

        var conflict = await client.PostIdempotentAsync(key, path, differentBody);
        conflict.EnsureStatus(HttpStatusCode.Conflict);
        Scan(conflict);
        Scan(await client.PostIdempotentAsync($"{key}\u0001", path, body));
        Scan(await client.PostIdempotentAsync(key, path, "{"));
    }

    private async Task SendAndScanAsync(KeysClient client, HttpMethod method, string path, string? body = null) =>
        Scan(body is null ? await client.SendAsync(method, path) : await client.SendTextAsync(method, path, body));

    private void Scan(ApiResponse response) =>
        _leaks.AddRange(scanner.FindIn($"a response {(int)response.Status}", response.Body));
}
