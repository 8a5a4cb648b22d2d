using System.Globalization;
using System.Net;
using System.Text.Json;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>
/// A virtual key that goes through a script with every kind of change, one step at a time. It records each acknowledged
/// change, to check it later.
/// </summary>
internal sealed class ScriptedKey
{
    private const string RefusedCode = "refused";

    /// <summary>The members that must be as acknowledged. Times of last use may be a minute old.</summary>
    private static readonly string[] DurableMembers =
        ["id", "secret_id", "name", "status", "revision", "updated_at", "expires_at", "disabled_at", "disabled_reason"];

    private readonly List<string> _secrets = [];
    private readonly Dictionary<string, string> _expectedCodes = [];
    private readonly List<IdempotentExchange> _exchanges = [];
    private readonly Func<KeysClient, Task>[] _steps;
    private JsonElement _key;
    private int _completedSteps;

    public ScriptedKey() => _steps =
    [
        CreateAsync,
        client => RotateAsync(client, 3600),
        client => RotateAsync(client, 7200),
        ChangeDeadlineAsync,
        ExpireRetiringSecretAsync,
        DisableAsync,
        EnableAsync,
        SetExpiryAsync,
    ];

    public static int StepCount { get; } = new ScriptedKey()._steps.Length;

    private string Id => _key.GetProperty("id").GetString()!;

    /// <summary>Makes the next steps.</summary>
    public async Task AdvanceAsync(KeysClient client, int steps)
    {
        for (var i = 0; i < steps; i++) await _steps[_completedSteps++](client);
    }

    /// <summary>Asserts that every acknowledged change is still in effect.</summary>
    public async Task AssertUnchangedAsync(KeysClient client)
    {
        var read = await KeysClient.RetryWhileUnavailableAsync(() => client.GetAsync(Id));
        read.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(ReadDurableMembers(_key), ReadDurableMembers(read.Json.GetProperty("virtual_key")));
        foreach (var (secret, expected) in _expectedCodes)
        {
            // The hash of an expired secret is erased at any time.
            var code = await client.VerifyAsync(secret);
            Assert.Equal(expected, code is "expired_secret" or "not_found" ? RefusedCode : code);
        }

        foreach (var exchange in _exchanges)
        {
            var replay = await client.PostIdempotentAsync(exchange.Key, exchange.Path, exchange.Body);
            Assert.Equal(exchange.Response.Status, replay.Status);
            Assert.Equal("true", replay.Headers["Idempotent-Replayed"]);
            Assert.Equal(exchange.Response.Secret, replay.Secret);
        }
    }

    private Task CreateAsync(KeysClient client) =>
        IssueSecretAsync(client, Routes.VirtualKeys, """{"name":"scripted"}""");

    private async Task RotateAsync(KeysClient client, int gracePeriodSeconds)
    {
        var replaced = _secrets[^1];
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"grace_period_seconds":{{gracePeriodSeconds}}}""");
        await IssueSecretAsync(client, Routes.Rotate(Id), body);
        _expectedCodes[replaced] = "retiring";
    }

    private Task ChangeDeadlineAsync(KeysClient client) => SendChangeAsync(
        client,
        HttpMethod.Patch,
        Routes.RetiringSecret(Id, GetSecondRetiringSecretId()),
        new { valid_until = TimeProvider.System.GetUtcNow().AddDays(10) });

    /// <summary>
    /// Expires the second secret: the changed deadline made the first one the last to expire, and the list starts with
    /// the latest deadline.
    /// </summary>
    private async Task ExpireRetiringSecretAsync(KeysClient client)
    {
        await SendChangeAsync(client, HttpMethod.Delete, Routes.RetiringSecret(Id, GetSecondRetiringSecretId()));
        _expectedCodes[_secrets[1]] = RefusedCode;
    }

    private async Task DisableAsync(KeysClient client)
    {
        await SendChangeAsync(client, HttpMethod.Post, Routes.Disable(Id), new { reason = "a crash" });
        (_expectedCodes[_secrets[0]], _expectedCodes[_secrets[^1]]) = ("disabled", "disabled");
    }

    private async Task EnableAsync(KeysClient client)
    {
        await SendChangeAsync(client, HttpMethod.Post, Routes.Enable(Id));
        (_expectedCodes[_secrets[0]], _expectedCodes[_secrets[^1]]) = ("retiring", "active");
    }

    private Task SetExpiryAsync(KeysClient client) => SendChangeAsync(
        client,
        HttpMethod.Patch,
        Routes.VirtualKey(Id),
        new { expires_at = TimeProvider.System.GetUtcNow().AddDays(1) });

    private async Task IssueSecretAsync(KeysClient client, string path, string body)
    {
        var idempotencyKey = Guid.NewGuid().ToString();
        var response = await client.PostIdempotentAsync(idempotencyKey, path, body);
        Assert.True(response.Status is HttpStatusCode.OK or HttpStatusCode.Created, response.Body);
        _exchanges.Add(new IdempotentExchange(idempotencyKey, path, body, response));
        _key = response.Json.GetProperty("virtual_key");
        _secrets.Add(response.Secret);
        _expectedCodes.Add(response.Secret, "active");
    }

    private async Task SendChangeAsync(KeysClient client, HttpMethod method, string path, object? body = null)
    {
        var response = await client.SendAsync(method, path, body);
        response.EnsureStatus(HttpStatusCode.OK);
        _key = response.Json.GetProperty("virtual_key");
    }

    private string GetSecondRetiringSecretId() =>
        _key.GetProperty("retiring_secrets")[1].GetProperty("id").GetString()!;

    private static IEnumerable<string?> ReadDurableMembers(JsonElement key) =>
    [
        .. DurableMembers.Select(member => $"{member}: {key.GetProperty(member).GetString()}"),
        .. key.GetProperty("retiring_secrets").EnumerateArray().Select(secret =>
            $"{secret.GetProperty("id").GetString()} until {secret.GetProperty("valid_until").GetString()}"),
    ];

    /// <summary>A request under an idempotency key, and its first response.</summary>
    private sealed record IdempotentExchange(string Key, string Path, string Body, ApiResponse Response);
}
