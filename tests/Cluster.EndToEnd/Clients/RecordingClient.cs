using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>
/// Calls silos and front ends over REST and records each call. It returns a secret separately from the record.
/// </summary>
internal sealed class RecordingClient : IDisposable
{
    /// <summary>Longer than the limit of 10 s for a response, so that a late response is recorded as late.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(12);

    private readonly HistoryLog _history;
    private readonly Dictionary<string, HttpClient> _clients;

    public RecordingClient(HistoryLog history, IEnumerable<RestartableProcess> processes)
    {
        _history = history;
        _clients = processes.ToDictionary(
            process => process.Name,
            process => new HttpClient { BaseAddress = process.Address, Timeout = RequestTimeout });
        Targets = [.. _clients.Keys];
    }

    /// <summary>The names of the silos and front ends.</summary>
    public IReadOnlyList<string> Targets { get; }

    public Task<(RecordedCall Call, string? Secret, string? KeyId)> CreateAsync(
        string target, string apiKey, string operation) =>
        SendAsync(
            HttpMethod.Post,
            Routes.VirtualKeys,
            apiKey,
            NewCall(CallKind.Create, target, operation) with { Operation = operation },
            new { name = operation });

    public async Task<RecordedCall> RotateAsync(string target, TrackedKey key, TimeSpan grace, string? operation)
    {
        var (call, secret, _) = await SendAsync(
            HttpMethod.Post,
            Routes.Rotate(key.Id),
            key.ApiKey,
            NewCall(CallKind.Rotate, target, key.Id) with { Operation = operation, Grace = grace },
            new { grace_period_seconds = (int)grace.TotalSeconds });
        if (secret is not null) key.AddSecret(call.View!.Secret, secret, call.View.Retiring.Keys);
        return call;
    }

    public async Task<RecordedCall> ValidateAsync(string target, TrackedKey key, (string Id, string Text) secret)
    {
        var call = NewCall(CallKind.Validate, target, key.Id) with { Secret = secret.Id };
        return (await SendAsync(HttpMethod.Post, Routes.Verify, key.ApiKey, call, new { secret = secret.Text })).Call;
    }

    public async Task<RecordedCall> ExpireOneAsync(string target, TrackedKey key, string secret)
    {
        var call = NewCall(CallKind.ExpireOne, target, key.Id) with { Secret = secret };
        return (await SendAsync(HttpMethod.Delete, Routes.RetiringSecret(key.Id, secret), key.ApiKey, call)).Call;
    }

    public async Task<RecordedCall> ExpireAllAsync(string target, TrackedKey key)
    {
        var call = NewCall(CallKind.ExpireAll, target, key.Id);
        return (await SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(key.Id), key.ApiKey, call)).Call;
    }

    public async Task<RecordedCall> ChangeAsync(CallKind kind, string target, TrackedKey key)
    {
        var path = kind switch
        {
            CallKind.Revoke => Routes.Revoke(key.Id),
            CallKind.Disable => Routes.Disable(key.Id),
            CallKind.Enable => Routes.Enable(key.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return (await SendAsync(HttpMethod.Post, path, key.ApiKey, NewCall(kind, target, key.Id), new { })).Call;
    }

    public async Task<RecordedCall> ReadAsync(string target, TrackedKey key, string? operation = null)
    {
        var call = NewCall(CallKind.Read, target, key.Id) with { Operation = operation };
        return (await SendAsync(HttpMethod.Get, Routes.VirtualKey(key.Id), key.ApiKey, call)).Call;
    }

    public void Dispose()
    {
        foreach (var http in _clients.Values) http.Dispose();
    }

    private static RecordedCall NewCall(CallKind kind, string target, string key) =>
        new() { Kind = kind, Target = target, Key = key, Start = default, End = default };

    private async Task<(RecordedCall Call, string? Secret, string? KeyId)> SendAsync(
        HttpMethod method, string path, string apiKey, RecordedCall template, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        if (template.Operation is { } operation && template.IsChange) request.Headers.Add("Idempotency-Key", operation);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

        var call = template with { Start = _history.Now() };
        try
        {
            using var response = await _clients[call.Target].SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            call = call with
            {
                End = _history.Now(),
                Status = (int)response.StatusCode,
                RetryAfter = response.Headers.RetryAfter?.Delta,
            };
            return RecordResponse(call, text);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            var code = exception switch
            {
                OperationCanceledException => "time_out",
                HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "connection_refused",
                _ => "connection_lost",
            };
            return (_history.Add(call with { End = _history.Now(), Status = null, Code = code }), null, null);
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
            return (_history.Add(call with { Code = "no_json" }), null, null);
        }

        if (call.Outcome != Outcome.Done)
            return (_history.Add(call with { Code = GetText(json, "error") }), null, null);

        if (call.Kind == CallKind.Validate)
        {
            DateTimeOffset? validUntil = GetText(json, "valid_until") is { } until ? ParseTime(until) : null;
            return (_history.Add(call with { Code = GetText(json, "code"), ValidUntil = validUntil }), null, null);
        }

        var key = json.GetProperty("virtual_key");
        var id = GetText(key, "id")!;
        call = _history.Add(call with { Key = id, View = ParseKey(key) });
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
