using System.Globalization;
using System.Net;
using System.Text.Json;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A virtual key led through every change there is, one step at a time, and what was acknowledged of it so far.</summary>
internal sealed class SteeredKey
{
    public const string VirtualKeys = "/api/gateway/v1/virtual-keys";
    private const string Refused = "refused";

    /// <summary>What must be as it was answered, whatever happens to the process; uses may be a minute behind.</summary>
    private static readonly string[] Lasting =
        ["id", "secret_id", "name", "status", "revision", "updated_at", "expires_at", "disabled_at", "disabled_reason"];

    private readonly Dictionary<string, string> _codes = [];
    private readonly List<(string Key, string Path, string Request, Answer Answer)> _receipts = [];
    private JsonElement _key;
    private string? _current;

    private int _stepsMade;

    /// <summary>How many steps there are.</summary>
    public static int StepCount => new SteeredKey().Steps.Length;

    private Func<KeysClient, Task>[] Steps =>
        [Create, client => Rotate(client, 3600), client => Rotate(client, 7200), Move, Cut, Disable, Enable, SetExpiry];

    private string Path => $"{VirtualKeys}/{_key.GetProperty("id").GetString()}";

    /// <summary>Makes the next steps.</summary>
    public async Task Go(KeysClient client, int steps)
    {
        for (var i = 0; i < steps; i++) await Steps[_stepsMade++](client);
    }

    /// <summary>Fails unless everything that was acknowledged so far holds.</summary>
    public async Task Stands(KeysClient client)
    {
        var answer = await KeysClient.WhenAvailableAsync(() => client.SendAsync(HttpMethod.Get, Path));
        answer.Expect(HttpStatusCode.OK);
        Assert.Equal(LastingOf(_key), LastingOf(answer.Json.GetProperty("virtual_key")));
        foreach (var (secret, code) in _codes)
        {
            var found = await client.VerifyAsync(secret);
            Assert.Equal(code, found is "expired_secret" or "not_found" ? Refused : found);
        }

        foreach (var (key, path, request, first) in _receipts)
        {
            var replay = await client.PostOnceAsync(key, path, request);
            Assert.Equal(first.Status, replay.Status);
            Assert.Equal("true", replay.Headers["Idempotent-Replayed"]);
            Assert.Equal(first.Body, replay.Body);
        }
    }

    private async Task Create(KeysClient client) => await Mint(client, VirtualKeys, """{"name":"steered"}""");

    private async Task Rotate(KeysClient client, int grace)
    {
        var replaced = _current!;
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"grace_period_seconds":{{grace}}}""");
        await Mint(client, $"{Path}/rotate", body);
        _codes[replaced] = "retiring";
    }

    private async Task Move(KeysClient client)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddDays(10);
        await Change(client, HttpMethod.Patch, $"{Path}/retiring-secrets/{RetiringId(1)}", new { valid_until = deadline });
    }

    private async Task Cut(KeysClient client)
    {
        await Change(client, HttpMethod.Delete, $"{Path}/retiring-secrets/{RetiringId(1)}");
        _codes[_codes.Keys.ElementAt(1)] = Refused;
    }

    private async Task Disable(KeysClient client)
    {
        await Change(client, HttpMethod.Post, $"{Path}/disable", new { reason = "a crash" });
        (_codes[_codes.Keys.First()], _codes[_current!]) = ("disabled", "disabled");
    }

    private async Task Enable(KeysClient client)
    {
        await Change(client, HttpMethod.Post, $"{Path}/enable");
        (_codes[_codes.Keys.First()], _codes[_current!]) = ("retiring", "active");
    }

    private async Task SetExpiry(KeysClient client) =>
        await Change(client, HttpMethod.Patch, Path, new { expires_at = TimeProvider.System.GetUtcNow().AddDays(1) });

    private async Task Mint(KeysClient client, string path, string body)
    {
        var key = Guid.NewGuid().ToString();
        var answer = await client.PostOnceAsync(key, path, body);
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Body);
        _receipts.Add((key, path, body, answer));
        _key = answer.Json.GetProperty("virtual_key");
        _current = answer.Secret;
        _codes.Add(_current, "active");
    }

    private async Task Change(KeysClient client, HttpMethod method, string path, object? body = null)
    {
        var answer = await client.SendAsync(method, path, body);
        answer.Expect(HttpStatusCode.OK);
        _key = answer.Json.GetProperty("virtual_key");
    }

    /// <summary>Latest deadline first.</summary>
    private string RetiringId(int index) => _key.GetProperty("retiring_secrets")[index].GetProperty("id").GetString()!;

    private static IEnumerable<string?> LastingOf(JsonElement key) =>
    [
        .. Lasting.Select(member => $"{member}: {key.GetProperty(member).GetString()}"),
        .. key.GetProperty("retiring_secrets").EnumerateArray()
            .Select(secret => $"{secret.GetProperty("id").GetString()} until {secret.GetProperty("valid_until").GetString()}"),
    ];
}
