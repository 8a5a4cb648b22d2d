using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Observed;

/// <summary>A collector that accepts everything over HTTP and keeps nothing.</summary>
internal sealed class OtlpSink : IDisposable
{
    private readonly HttpListener _listener = new();
    private int _requests;

    public OtlpSink()
    {
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url { get; } = $"http://127.0.0.1:{FreePort.NextAsText()}/";

    /// <summary>The number of exports so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public void Dispose() => _listener.Close();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                context.Response.Close();
                Interlocked.Increment(ref _requests);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
