using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>
/// Calls silos and front ends and records each call under a request id of its own, which the event of a change then
/// contains. It returns a secret separately from the record.
/// </summary>
internal sealed class RecordingClient : IDisposable
{
    /// <summary>Longer than the limit of 10 s for a response, so that a late response is recorded as late.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(12);

    private readonly HistoryLog _history;
    private readonly Dictionary<string, HttpClient> _clients;
    private readonly Dictionary<string, HttpClient> _validators;
    private readonly ConcurrentDictionary<string, string> _secretIds = new();
    private readonly string _adminKey;
    private int _requests;

    public RecordingClient(HistoryLog history, IEnumerable<CallTarget> targets, string adminKey)
    {
        (_history, _adminKey) = (history, adminKey);
        var all = targets.ToList();
        _clients = all.ToDictionary(target => target.Name, target => CreateClient(target.Address));
        _validators = all.Where(target => target.ValidatorAddress is not null)
            .ToDictionary(target => target.Name, target => CreateClient(target.ValidatorAddress!));
        Targets = [.. _clients.Keys];
        ValidatorTargets = [.. _validators.Keys];
    }

    /// <summary>The names of the silos, front ends and proxies.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>The names of the processes whose validator can be called without REST.</summary>
    public IReadOnlyList<string> ValidatorTargets { get; }

    public Task<(RecordedCall Call, string? Secret)> CreateAsync(string target, string apiKey, string operation) =>
        SendAsync(
            HttpMethod.Post,
            Routes.VirtualKeys,
            apiKey,
            NewCall(CallKind.Create, target, operation) with { Operation = operation },
            new { name = operation });

    /// <summary>Creates a project whose API keys are tracked like the secrets of a virtual key.</summary>
    public Task<(RecordedCall Call, string? Secret)> CreateProjectAsync(string target, string operation) =>
        SendAsync(
            HttpMethod.Post,
            Routes.Projects,
            _adminKey,
            NewCall(CallKind.Create, target, operation) with { Operation = operation },
            new { name = operation });

    public async Task<RecordedCall> RotateAsync(string target, TrackedKey key, TimeSpan grace, string? operation)
    {
        var (call, secret) = await SendAsync(
            HttpMethod.Post,
            key.IsProject ? Routes.RotateApiKey(key.Id) : Routes.Rotate(key.Id),
            GetCredential(key),
            NewCall(CallKind.Rotate, target, key.Id) with { Operation = operation, Grace = grace },
            new { grace_period_seconds = (int)grace.TotalSeconds });
        if (secret is not null && call.IssuedSecret is { } id) key.AddSecret(id, secret, call.View!.Retiring);
        return call;
    }

    /// <summary>Verifies a secret over REST, or authenticates with an API key.</summary>
    public async Task<RecordedCall> ValidateAsync(string target, TrackedKey key, (string Id, string Text) secret)
    {
        if (key.IsProject)
        {
            var authentication = NewCall(CallKind.Authenticate, target, key.Id) with { Secret = secret.Id };
            return (await SendAsync(
                HttpMethod.Get, $"{Routes.VirtualKeys}?limit=1", secret.Text, authentication)).Call;
        }

        var call = NewCall(CallKind.Validate, target, key.Id) with { Secret = secret.Id };
        return (await SendAsync(HttpMethod.Post, Routes.Verify, key.ApiKey, call, new { secret = secret.Text })).Call;
    }

    /// <summary>Validates a secret by the <c>IVirtualKeyValidator</c> in a process.</summary>
    public async Task<RecordedCall> ValidateInProcessAsync(
        string target, TrackedKey key, (string Id, string Text) secret)
    {
        var call = NewCall(CallKind.Validate, target, key.Id) with { Secret = secret.Id, IsInProcess = true };
        using var request = new HttpRequestMessage(HttpMethod.Post, "validate")
        {
            Content = new StringContent(secret.Text),
        };
        return (await SendAsync(_validators[target], request, call)).Call;
    }

    public async Task<RecordedCall> ExpireOneAsync(string target, TrackedKey key, string secret)
    {
        var call = NewCall(CallKind.ExpireOne, target, key.Id) with { Secret = secret };
        return (await SendAsync(HttpMethod.Delete, GetRetiringRoute(key, secret), GetCredential(key), call)).Call;
    }

    public async Task<RecordedCall> ExpireAllAsync(string target, TrackedKey key)
    {
        var path = key.IsProject ? Routes.RetiringApiKeys(key.Id) : Routes.RetiringSecrets(key.Id);
        var call = NewCall(CallKind.ExpireAll, target, key.Id);
        return (await SendAsync(HttpMethod.Delete, path, GetCredential(key), call)).Call;
    }

    public async Task<RecordedCall> ChangeDeadlineAsync(
        string target, TrackedKey key, string secret, DateTimeOffset deadline)
    {
        var call = NewCall(CallKind.ChangeDeadline, target, key.Id) with { Secret = secret, RequestedEnd = deadline };
        return (await SendAsync(
            HttpMethod.Patch,
            GetRetiringRoute(key, secret),
            GetCredential(key),
            call,
            new { valid_until = deadline })).Call;
    }

    /// <summary>Sets the expiry of a key, or clears it.</summary>
    public async Task<RecordedCall> UpdateExpiryAsync(string target, TrackedKey key, DateTimeOffset? expiry)
    {
        var call = NewCall(CallKind.Update, target, key.Id) with { RequestedEnd = expiry };
        return (await SendAsync(
            HttpMethod.Patch, Routes.VirtualKey(key.Id), key.ApiKey, call, new { expires_at = expiry })).Call;
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
        var path = key.IsProject ? Routes.Project(key.Id) : Routes.VirtualKey(key.Id);
        var call = NewCall(CallKind.Read, target, key.Id) with { Operation = operation };
        return (await SendAsync(HttpMethod.Get, path, GetCredential(key), call)).Call;
    }

    /// <summary>
    /// Lists the newest keys of a project. Records one call for each of the given keys that the page must contain.
    /// </summary>
    public async Task ListAsync(string target, string apiKey, IReadOnlyList<TrackedKey> keys, int limit)
    {
        var template = NewCall(CallKind.List, target, "") with { RequestId = "" };
        var (call, page) = await SendListAsync(template, apiKey, limit);
        if (page is not { } json) return;

        var shown = json.GetProperty("data").EnumerateArray()
            .ToDictionary(key => KeyViewReader.GetText(key, "id")!, KeyViewReader.ReadVirtualKey);
        var isLastPage = KeyViewReader.GetText(json, "next_cursor") is null;
        var oldest = json.GetProperty("data").EnumerateArray()
            .Min(key => KeyViewReader.GetTime(key, "created_at")) ?? DateTimeOffset.MinValue;
        foreach (var key in keys)
        {
            var view = shown.GetValueOrDefault(key.Id);
            if (view is null && !isLastPage && key.CreatedAt <= oldest) continue;
            _history.Add(call with { Key = key.Id, View = view, RequestId = NextRequestId() });
        }
    }

    public void Dispose()
    {
        foreach (var http in _clients.Values.Concat(_validators.Values)) http.Dispose();
    }

    private static HttpClient CreateClient(Uri address) => new() { BaseAddress = address, Timeout = RequestTimeout };

    private static string GetRetiringRoute(TrackedKey key, string secret) => key.IsProject
        ? Routes.RetiringApiKey(key.Id, secret)
        : Routes.RetiringSecret(key.Id, secret);

    /// <summary>The API keys of a tracked project expire during the run, so the administrator changes it.</summary>
    private string GetCredential(TrackedKey key) => key.IsProject ? _adminKey : key.ApiKey;

    private RecordedCall NewCall(CallKind kind, string target, string key) => new()
    {
        Kind = kind,
        Target = target,
        Key = key,
        RequestId = NextRequestId(),
        Start = default,
        End = default,
    };

    private string NextRequestId() =>
        $"call-{Interlocked.Increment(ref _requests).ToString(CultureInfo.InvariantCulture)}";

    private async Task<(RecordedCall Call, string? Secret)> SendAsync(
        HttpMethod method, string path, string apiKey, RecordedCall call, object? body = null)
    {
        using var request = CreateRequest(method, path, apiKey, call, body);
        return await SendAsync(_clients[call.Target], request, call);
    }

    private static HttpRequestMessage CreateRequest(
        HttpMethod method, string path, string apiKey, RecordedCall call, object? body = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        if (call.RequestId.Length > 0) request.Headers.Add("X-Request-Id", call.RequestId);
        if (call.Operation is { } operation && call.IsChange) request.Headers.Add("Idempotency-Key", operation);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return request;
    }

    private async Task<(RecordedCall Call, JsonElement? Page)> SendListAsync(
        RecordedCall call, string apiKey, int limit)
    {
        using var request = CreateRequest(HttpMethod.Get, $"{Routes.VirtualKeys}?limit={limit}", apiKey, call);
        call = Begin(call);
        try
        {
            using var response = await _clients[call.Target].SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            call = End(call, (int)response.StatusCode);
            return (call, response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : null);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            // A list without a response shows nothing.
            return (call, null);
        }
    }

    private async Task<(RecordedCall Call, string? Secret)> SendAsync(
        HttpClient http, HttpRequestMessage request, RecordedCall call)
    {
        call = Begin(call);
        try
        {
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            call = End(call, (int)response.StatusCode) with { RetryAfter = response.Headers.RetryAfter?.Delta };
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
            return (_history.Add(End(call, status: null) with { Code = code }), null);
        }
    }

    private RecordedCall Begin(RecordedCall call) =>
        call with { ClockTolerance = _history.ClockTolerance, Start = _history.Now() };

    private RecordedCall End(RecordedCall call, int? status)
    {
        var end = _history.Now();
        var tolerance = _history.ClockTolerance;
        return call with
        {
            End = end,
            Status = status,
            ClockTolerance = tolerance > call.ClockTolerance ? tolerance : call.ClockTolerance,
        };
    }

    private (RecordedCall Call, string? Secret) RecordResponse(RecordedCall call, string text)
    {
        JsonElement json;
        try
        {
            json = JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return (_history.Add(call with { Code = "no_json" }), null);
        }

        if (call.Outcome != Outcome.Done)
            return (_history.Add(call with { Code = KeyViewReader.GetText(json, "error") }), null);

        switch (call.Kind)
        {
            case CallKind.Authenticate:
                return (_history.Add(call), null);
            case CallKind.Validate:
                var code = KeyViewReader.GetText(json, "code");
                var validUntil = VerdictCodes.IsAccepting(code) ? KeyViewReader.GetTime(json, "valid_until") : null;
                return (_history.Add(call with { Code = code, ValidUntil = validUntil }), null);
            default:
                return RecordOwner(call, json);
        }
    }

    private (RecordedCall Call, string? Secret) RecordOwner(RecordedCall call, JsonElement json)
    {
        var isProject = json.TryGetProperty("project", out var owner);
        if (!isProject) owner = json.GetProperty("virtual_key");
        var secret = KeyViewReader.GetText(json, isProject ? "api_key" : "secret");
        call = _history.Add(call with
        {
            Key = KeyViewReader.GetText(owner, "id")!,
            View = isProject ? KeyViewReader.ReadProject(owner) : KeyViewReader.ReadVirtualKey(owner),
            IssuedSecret = secret is null ? null : FindSecretId(owner, secret),
        });
        return (call, secret);
    }

    /// <summary>
    /// Returns the id of a secret in a response. A replay can contain a secret that has expired meanwhile, which the
    /// resource does not show.
    /// </summary>
    private string? FindSecretId(JsonElement owner, string secret)
    {
        if (KeyViewReader.FindSecretId(owner, secret) is not { } id) return _secretIds.GetValueOrDefault(secret);
        _secretIds[secret] = id;
        return id;
    }
}
