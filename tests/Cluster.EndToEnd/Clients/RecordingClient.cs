using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Nodes;

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>Calls nodes over REST and records each call; hands out the secret of an answer beside its record.</summary>
internal sealed class RecordingClient : IDisposable
{
    private const string Root = "/api/gateway/v1/virtual-keys";

    /// <summary>Longer than the 10 s within which there must be an answer, so that a late one is seen as late.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly HistoryLog _log;
    private readonly Dictionary<string, HttpClient> _nodes;

    public RecordingClient(HistoryLog log, IEnumerable<NodeProcess> nodes)
    {
        _log = log;
        _nodes = nodes.ToDictionary(node => node.Name, node => new HttpClient { BaseAddress = node.Address, Timeout = Patience });
        Nodes = [.. _nodes.Keys];
    }

    public IReadOnlyList<string> Nodes { get; }

    public async Task<(Call Call, string? Secret, string? KeyId)> CreateAsync(string node, string apiKey, string operation) =>
        await SendAsync(HttpMethod.Post, "", apiKey, Blank(CallKind.Create, node, operation) with { Operation = operation },
            new { name = operation });

    public async Task<Call> RotateAsync(string node, TrackedKey key, TimeSpan grace, string? operation)
    {
        var blank = Blank(CallKind.Rotate, node, key.Id) with { Operation = operation, Grace = grace };
        var (call, secret, _) = await SendAsync(HttpMethod.Post, $"/{key.Id}/rotate", key.ApiKey, blank,
            new { grace_period_seconds = (int)grace.TotalSeconds });
        if (secret is not null) key.Issued(call.View!.Secret, secret, call.View.Retiring.Keys);
        return call;
    }

    public async Task<Call> ValidateAsync(string node, TrackedKey key, (string Id, string Text) secret) => (await SendAsync(
        HttpMethod.Post, "/verify", key.ApiKey, Blank(CallKind.Validate, node, key.Id) with { Secret = secret.Id },
        new { secret = secret.Text })).Call;

    public async Task<Call> CutOneAsync(string node, TrackedKey key, string secret) => (await SendAsync(
        HttpMethod.Delete, $"/{key.Id}/retiring-secrets/{secret}", key.ApiKey,
        Blank(CallKind.CutOne, node, key.Id) with { Secret = secret })).Call;

    public async Task<Call> CutAllAsync(string node, TrackedKey key) => (await SendAsync(
        HttpMethod.Delete, $"/{key.Id}/retiring-secrets", key.ApiKey, Blank(CallKind.CutAll, node, key.Id))).Call;

    public async Task<Call> ChangeAsync(CallKind kind, string node, TrackedKey key)
    {
        var path = kind switch
        {
            CallKind.Revoke => "revoke",
            CallKind.Disable => "disable",
            CallKind.Enable => "enable",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return (await SendAsync(HttpMethod.Post, $"/{key.Id}/{path}", key.ApiKey, Blank(kind, node, key.Id), new { })).Call;
    }

    public async Task<Call> ReadAsync(string node, TrackedKey key, string? operation = null) => (await SendAsync(
        HttpMethod.Get, $"/{key.Id}", key.ApiKey, Blank(CallKind.Read, node, key.Id) with { Operation = operation })).Call;

    public void Dispose()
    {
        foreach (var http in _nodes.Values) http.Dispose();
    }

    private static Call Blank(CallKind kind, string node, string key) =>
        new() { Kind = kind, Node = node, Key = key, Start = default, End = default };

    private async Task<(Call Call, string? Secret, string? KeyId)> SendAsync(
        HttpMethod method, string path, string apiKey, Call blank, object? body = null)
    {
        using var request = new HttpRequestMessage(method, Root + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        if (blank.Operation is { } operation && blank.IsChange) request.Headers.Add("Idempotency-Key", operation);
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

        var call = blank with { Start = _log.Now() };
        try
        {
            using var response = await _nodes[call.Node].SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            call = call with
            {
                End = _log.Now(),
                Status = (int)response.StatusCode,
                HasRetryAfter = response.Headers.RetryAfter is not null,
            };
            return Read(call, text);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            var code = exception is OperationCanceledException ? "time_out"
                : exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } ? "connection_refused"
                : "connection_lost";
            return (_log.Add(call with { End = _log.Now(), Status = null, Code = code }), null, null);
        }
    }

    private (Call Call, string? Secret, string? KeyId) Read(Call call, string text)
    {
        JsonElement json;
        try
        {
            json = JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return (_log.Add(call with { Code = "no_json" }), null, null);
        }

        if (call.Outcome != Outcome.Done)
            return (_log.Add(call with { Code = Text(json, "error") }), null, null);
        if (call.Kind == CallKind.Validate)
        {
            var until = Text(json, "valid_until");
            return (_log.Add(call with { Code = Text(json, "code"), ValidUntil = until is null ? null : Time(until) }), null, null);
        }

        var key = json.GetProperty("virtual_key");
        var id = Text(key, "id")!;
        call = _log.Add(call with { Key = id, View = View(key) });
        return (call, Text(json, "secret"), id);
    }

    private static KeyView View(JsonElement key) => new(
        long.Parse(Text(key, "revision")!, CultureInfo.InvariantCulture),
        Text(key, "secret_id")!,
        Text(key, "revoked_at") is not null,
        Text(key, "disabled_at") is not null,
        key.GetProperty("retiring_secrets").EnumerateArray().ToDictionary(
            secret => Text(secret, "id")!, secret => Time(Text(secret, "valid_until")!)));

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
