using System.Globalization;
using System.Net;
using System.Text.Json;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A virtual key led through every change there is, one step at a time, and what was acknowledged of it so far.</summary>
internal sealed class ScriptedKey
{
    public const string VirtualKeys = "/api/gateway/v1/virtual-keys";
    private const string Refused = "refused";

    /// <summary>What must be as it was answered, whatever happens to the process; uses may be a minute behind.</summary>
    private static readonly string[] DurableMembers =
        ["id", "secret_id", "name", "status", "revision", "updated_at", "expires_at", "disabled_at", "disabled_reason"];

    private readonly Dictionary<string, string> _expectedCodes = [];
    private readonly List<(string Key, string Path, string Request, ApiResponse Answer)> _idempotencyRecords = [];
    private JsonElement _key;
    private string? _currentSecret;

    private int _completedSteps;

    /// <summary>How many steps there are.</summary>
    public static int StepCount => new ScriptedKey().Steps.Length;

    private Func<KeysClient, Task>[] Steps =>
        [CreateAsync, client => RotateAsync(client, 3600), client => RotateAsync(client, 7200), ChangeDeadlineAsync, ExpireRetiringSecretAsync, DisableAsync, EnableAsync, SetExpiryAsync];

    private string Path => $"{VirtualKeys}/{_key.GetProperty("id").GetString()}";

    /// <summary>Makes the next steps.</summary>
    public async Task AdvanceAsync(KeysClient client, int steps)
    {
        for (var i = 0; i < steps; i++) await Steps[_completedSteps++](client);
    }

    /// <summary>Fails unless everything that was acknowledged so far holds.</summary>
    public async Task AssertUnchangedAsync(KeysClient client)
    {
        var answer = await KeysClient.RetryWhileUnavailableAsync(() => client.SendAsync(HttpMethod.Get, Path));
        answer.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(ReadDurableMembers(_key), ReadDurableMembers(answer.Json.GetProperty("virtual_key")));
        foreach (var (secret, code) in _expectedCodes)
        {
            var found = await client.VerifyAsync(secret);
            Assert.Equal(code, found is "expired_secret" or "not_found" ? Refused : found);
        }

        foreach (var (key, path, request, first) in _idempotencyRecords)
        {
            var replay = await client.PostIdempotentAsync(key, path, request);
            Assert.Equal(first.Status, replay.Status);
            Assert.Equal("true", replay.Headers["Idempotent-Replayed"]);
            Assert.Equal(first.Body, replay.Body);
        }
    }

    private async Task CreateAsync(KeysClient client) => await IssueSecretAsync(client, VirtualKeys, """{"name":"steered"}""");

    private async Task RotateAsync(KeysClient client, int grace)
    {
        var replaced = _currentSecret!;
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"grace_period_seconds":{{grace}}}""");
        await IssueSecretAsync(client, $"{Path}/rotate", body);
        _expectedCodes[replaced] = "retiring";
    }

    private async Task ChangeDeadlineAsync(KeysClient client)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddDays(10);
        await SendChangeAsync(client, HttpMethod.Patch, $"{Path}/retiring-secrets/{GetRetiringSecretId(1)}", new { valid_until = deadline });
    }

    private async Task ExpireRetiringSecretAsync(KeysClient client)
    {
        await SendChangeAsync(client, HttpMethod.Delete, $"{Path}/retiring-secrets/{GetRetiringSecretId(1)}");
        _expectedCodes[_expectedCodes.Keys.ElementAt(1)] = Refused;
    }

    private async Task DisableAsync(KeysClient client)
    {
        await SendChangeAsync(client, HttpMethod.Post, $"{Path}/disable", new { reason = "a crash" });
        (_expectedCodes[_expectedCodes.Keys.First()], _expectedCodes[_currentSecret!]) = ("disabled", "disabled");
    }

    private async Task EnableAsync(KeysClient client)
    {
        await SendChangeAsync(client, HttpMethod.Post, $"{Path}/enable");
        (_expectedCodes[_expectedCodes.Keys.First()], _expectedCodes[_currentSecret!]) = ("retiring", "active");
    }

    private async Task SetExpiryAsync(KeysClient client) =>
        await SendChangeAsync(client, HttpMethod.Patch, Path, new { expires_at = TimeProvider.System.GetUtcNow().AddDays(1) });

    private async Task IssueSecretAsync(KeysClient client, string path, string body)
    {
        var key = Guid.NewGuid().ToString();
        var answer = await client.PostIdempotentAsync(key, path, body);
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Body);
        _idempotencyRecords.Add((key, path, body, answer));
        _key = answer.Json.GetProperty("virtual_key");
        _currentSecret = answer.Secret;
        _expectedCodes.Add(_currentSecret, "active");
    }

    private async Task SendChangeAsync(KeysClient client, HttpMethod method, string path, object? body = null)
    {
        var answer = await client.SendAsync(method, path, body);
        answer.EnsureStatus(HttpStatusCode.OK);
        _key = answer.Json.GetProperty("virtual_key");
    }

    /// <summary>Latest deadline first.</summary>
    private string GetRetiringSecretId(int index) => _key.GetProperty("retiring_secrets")[index].GetProperty("id").GetString()!;

    private static IEnumerable<string?> ReadDurableMembers(JsonElement key) =>
    [
        .. DurableMembers.Select(member => $"{member}: {key.GetProperty(member).GetString()}"),
        .. key.GetProperty("retiring_secrets").EnumerateArray()
            .Select(secret => $"{secret.GetProperty("id").GetString()} until {secret.GetProperty("valid_until").GetString()}"),
    ];
}
