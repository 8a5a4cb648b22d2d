using System.Globalization;
using System.Net.Sockets;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.SecretCanary;

/// <summary>Takes in what a process exports over OTLP, as bytes.</summary>
internal sealed class OtlpListener : IAsyncDisposable
{
    private readonly HttpListener _http = new();
    private readonly Dictionary<string, MemoryStream> _received = [];
    private readonly Task _loop;
    private readonly int _port = FreePort.Next();

    public OtlpListener()
    {
        _http.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _http.Start();
        _loop = ReceiveAsync();
    }

    /// <summary>Makes a process export here, soon and everything.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_TRACES_SAMPLER"] = "always_on",
    };

    /// <summary>All bytes that came for a signal: <c>traces</c> or <c>metrics</c>.</summary>
    public byte[] GetReceived(string signal)
    {
        lock (_received) return _received.TryGetValue($"/v1/{signal}", out var bytes) ? bytes.ToArray() : [];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Close();
        await _loop;
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
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or SocketException)
            {
                // Closed, or a process that was killed while it exported.
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
    }
}
