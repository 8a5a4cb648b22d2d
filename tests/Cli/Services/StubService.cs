using System.Net;
using System.Text;

namespace KeysCluster.Cli.Tests.Services;

/// <summary>A service that answers each path with the same text.</summary>
internal sealed class StubService : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, string> _responses;

    /// <summary>Starts a service.</summary>
    /// <param name="responses">The JSON for each path.</param>
    public StubService(Dictionary<string, string> responses)
    {
        _responses = responses;
        Address = new Uri($"http://127.0.0.1:{FreePort.NextAsText()}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = AnswerAsync();
    }

    public Uri Address { get; }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var isKnown = _responses.TryGetValue(context.Request.Url!.AbsolutePath, out var json);
                context.Response.StatusCode = (int)(isKnown ? HttpStatusCode.OK : HttpStatusCode.NotFound);
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(json ?? "{}"));
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
