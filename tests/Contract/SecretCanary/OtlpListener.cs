using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace KeysCluster.Contract.Tests.SecretCanary;

/// <summary>Receives what a process exports over OTLP and keeps the bytes.</summary>
internal sealed class OtlpListener : IAsyncDisposable
{
    private static readonly TimeSpan ReceiveTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpListener _http = new();
    private readonly Dictionary<string, MemoryStream> _received = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Task _loop;
    private readonly int _port = FreePort.Next();

    public OtlpListener()
    {
        _http.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _http.Start();
        _loop = ReceiveAsync();
    }

    /// <summary>Creates the environment variables that make a process export everything to this listener.</summary>
    public Dictionary<string, string> CreateEnvironment() => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_TRACES_SAMPLER"] = "always_on",
    };

    /// <summary>Returns all bytes of a signal: <c>traces</c>, <c>metrics</c> or <c>logs</c>.</summary>
    public byte[] GetReceived(string signal)
    {
        lock (_received) return _received.TryGetValue($"/v1/{signal}", out var bytes) ? bytes.ToArray() : [];
    }

    /// <summary>Waits until the traces contain a text, and some metrics and logs have arrived.</summary>
    public async Task WaitForAsync(string textInTraces)
    {
        var marker = Encoding.ASCII.GetBytes(textInTraces);
        using var deadline = new CancellationTokenSource(ReceiveTimeout);
        while (GetReceived("traces").AsSpan().IndexOf(marker) < 0
            || GetReceived("metrics").Length == 0
            || GetReceived("logs").Length == 0)
            await _arrived.WaitAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Close();
        await _loop;
        _arrived.Dispose();
    }

    private async Task ReceiveAsync()
    {
        while (_http.IsListening)
        {
            try
            {
                var call = await _http.GetContextAsync();
                using var body = new MemoryStream();
                await call.Request.InputStream.CopyToAsync(body);
                Append(call.Request.Url!.AbsolutePath, body);
                call.Response.Close();
            }
            catch (Exception exception)
                when (exception is HttpListenerException or ObjectDisposedException or SocketException)
            {
                // This listener was closed, or the process was killed during an export.
            }
        }
    }

    private void Append(string path, MemoryStream body)
    {
        lock (_received)
        {
            if (!_received.TryGetValue(path, out var all)) _received.Add(path, all = new MemoryStream());
            body.WriteTo(all);
        }

        _arrived.Release();
    }
}
