using System.Net;

namespace KeysCluster.Cli.Tests.Services;

/// <summary>A proxy in front of the service that injects faults.</summary>
internal sealed class FaultyProxy : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _service;
    private readonly List<ProxiedRequest> _requests = [];
    private readonly Lock _gate = new();

    /// <summary>Starts a proxy.</summary>
    /// <param name="service">The address of the service.</param>
    public FaultyProxy(Uri service)
    {
        _service = new HttpClient { BaseAddress = service };
        Address = new Uri($"http://127.0.0.1:{FreePort.NextAsText()}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = ReceiveAsync();
    }

    public Uri Address { get; }

    /// <summary>Chooses the fault for a request by the number of those before it.</summary>
    public Func<int, ProxyFault> Choose { get; set; } = _ => ProxyFault.None;

    public IReadOnlyList<ProxiedRequest> Requests
    {
        get
        {
            lock (_gate) return [.. _requests];
        }
    }

    public void Dispose()
    {
        _listener.Close();
        _service.Dispose();
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        ProxyFault fault;
        lock (_gate)
        {
            fault = Choose(_requests.Count);
            _requests.Add(new ProxiedRequest(
                context.Request.HttpMethod,
                context.Request.Url!.AbsolutePath,
                context.Request.Headers["Idempotency-Key"]));
        }

        if (fault is ProxyFault.Unavailable or ProxyFault.UnavailableForLong)
        {
            context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            if (fault == ProxyFault.UnavailableForLong) context.Response.Headers["Retry-After"] = "30";
            context.Response.Close();
            return;
        }

        using var response = await ForwardAsync(context.Request);
        var body = await response.Content.ReadAsByteArrayAsync();
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        foreach (var name in (string[])["X-Request-Id", "Idempotent-Replayed"])
        {
            if (response.Headers.TryGetValues(name, out var values)) context.Response.Headers[name] = values.Single();
        }

        if (fault == ProxyFault.CutResponse)
        {
            context.Response.ContentLength64 = body.Length;
            await context.Response.OutputStream.WriteAsync(body.AsMemory(0, body.Length / 2));
            context.Response.Abort();
            return;
        }

        if (body.Length > 0) await context.Response.OutputStream.WriteAsync(body);
        context.Response.Close();
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpListenerRequest request)
    {
        using var forwarded = new HttpRequestMessage(new HttpMethod(request.HttpMethod), request.RawUrl);
        foreach (var name in (string[])["Authorization", "Idempotency-Key"])
        {
            if (request.Headers[name] is { } value) forwarded.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.HasEntityBody)
        {
            forwarded.Content = new StreamContent(request.InputStream);
            forwarded.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        return await _service.SendAsync(forwarded);
    }
}
