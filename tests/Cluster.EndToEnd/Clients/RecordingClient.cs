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
    private const string VirtualKeysPath = "/api/gateway/v1/virtual-keys";

    /// <summary>Longer than the 10 s within which there must be an answer, so that a late one is seen as late.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(12);

    private readonly HistoryLog _log;
    private readonly Dictionary<string, HttpClient> _nodes;

    public RecordingClient(HistoryLog log, IEnumerable<NodeProcess> nodes)
    {
        _log = log;
        _nodes = nodes.ToDictionary(node => node.Name, node => new HttpClient { BaseAddress = node.Address, Timeout = RequestTimeout });
        Nodes = [.. _nodes.Keys];
    }

    public IReadOnlyList<string> Nodes { get; }

    public async Task<(RecordedCall Call, string? Secret, string? KeyId)> CreateAsync(string node, string apiKey, string operation) =>
        await SendAsync(HttpMethod.Post, "", apiKey, NewCall(CallKind.Create, node, operation) with { Operation = operation },
            new { name = operation });

    public async Task<RecordedCall> RotateAsync(string node, TrackedKey key, TimeSpan grace, string? operation)
    {
        var blank = NewCall(CallKind.Rotate, node, key.Id) with { Operation = operation, Grace = grace };
        var (call, secret, _) = await SendAsync(HttpMethod.Post, $"/{key.Id}/rotate", key.ApiKey, blank,
            new { grace_period_seconds = (int)grace.TotalSeconds });
        if (secret is not null) key.AddSecret(call.View!.Secret, secret, call.View.Retiring.Keys);
        return call;
    }

    public async Task<RecordedCall> ValidateAsync(string node, TrackedKey key, (string Id, string Text) secret) => (await SendAsync(
        HttpMethod.Post, "/verify", key.ApiKey, NewCall(CallKind.Validate, node, key.Id) with { Secret = secret.Id },
        new { secret = secret.Text })).Call;

    public async Task<RecordedCall> ExpireOneAsync(string node, TrackedKey key, string secret) => (await SendAsync(
        HttpMethod.Delete, $"/{key.Id}/retiring-secrets/{secret}", key.ApiKey,
        NewCall(CallKind.CutOne, node, key.Id) with { Secret = secret })).Call;

    public async Task<RecordedCall> ExpireAllAsync(string node, TrackedKey key) => (await SendAsync(
        HttpMethod.Delete, $"/{key.Id}/retiring-secrets", key.ApiKey, NewCall(CallKind.CutAll, node, key.Id))).Call;

    public async Task<RecordedCall> ChangeAsync(CallKind kind, string node, TrackedKey key)
    {
        var path = kind switch
        {
            CallKind.Revoke => "revoke",
            CallKind.Disable => "disable",
            CallKind.Enable => "enable",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return (await SendAsync(HttpMethod.Post, $"/{key.Id}/{path}", key.ApiKey, NewCall(kind, node, key.Id), new { })).Call;
    }

    public async Task<RecordedCall> ReadAsync(string node, TrackedKey key, string? operation = null) => (await SendAsync(
        HttpMethod.Get, $"/{key.Id}", key.ApiKey, NewCall(CallKind.Read, node, key.Id) with { Operation = operation })).Call;

    public void Dispose()
    {
        foreach (var http in _nodes.Values) http.Dispose();
    }

    private static RecordedCall NewCall(CallKind kind, string node, string key) =>
        new() { Kind = kind, Node = node, Key = key, Start = default, End = default };

    private async Task<(RecordedCall Call, string? Secret, string? KeyId)> SendAsync(
        HttpMethod method, string path, string apiKey, RecordedCall blank, object? body = null)
    {
        using var request = new HttpRequestMessage(method, VirtualKeysPath + path);
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
            return RecordResponse(call, text);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            var code = exception is OperationCanceledException ? "time_out"
                : exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } ? "connection_refused"
                : "connection_lost";
            return (_log.Add(call with { End = _log.Now(), Status = null, Code = code }), null, null);
        }
    }

    private (RecordedCall Call, string? Secret, string? KeyId) RecordResponse(RecordedCall call, string text)
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
            return (_log.Add(call with { Code = GetText(json, "error") }), null, null);
        if (call.Kind == CallKind.Validate)
        {
            var until = GetText(json, "valid_until");
            return (_log.Add(call with { Code = GetText(json, "code"), ValidUntil = until is null ? null : ParseTime(until) }), null, null);
        }

        var key = json.GetProperty("virtual_key");
        var id = GetText(key, "id")!;
        call = _log.Add(call with { Key = id, View = ParseKey(key) });
        return (call, GetText(json, "secret"), id);
    }

    private static KeyView ParseKey(JsonElement key) => new(
        long.Parse(GetText(key, "revision")!, CultureInfo.InvariantCulture),
        GetText(key, "secret_id")!,
        GetText(key, "revoked_at") is not null,
        GetText(key, "disabled_at") is not null,
        key.GetProperty("retiring_secrets").EnumerateArray().ToDictionary(
            secret => GetText(secret, "id")!, secret => ParseTime(GetText(secret, "valid_until")!)));

    private static string? GetText(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset ParseTime(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
