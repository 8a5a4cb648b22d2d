using System.Net;
using System.Text;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Webhooks;

/// <summary>
/// The endpoint of the webhooks of a run, in this process. No fault hits it, but it refuses some messages and is slow
/// to accept others.
/// </summary>
internal sealed class WebhookEndpoint : IDisposable
{
    private const string Root = "/webhooks/";

    private readonly HttpListener _listener = new();
    private readonly HistoryLog _history;
    private readonly WebhookReplies _replies;
    private readonly string _url;

    public WebhookEndpoint(HistoryLog history, SeededRandom random)
    {
        (_history, _replies) = (history, new WebhookReplies(random));
        _url = $"http://127.0.0.1:{FreePort.NextAsText()}{Root}";
        _listener.Prefixes.Add(_url);
        _listener.Start();
        _ = ReceiveAsync();
    }

    public WebhookLog Log { get; } = new();

    /// <summary>Creates a webhook of a project, which delivers events of all types.</summary>
    public async Task SubscribeAsync(Uri address, string project, string apiKey)
    {
        using var client = new KeysClient(address, apiKey);
        var created = await KeysClient.RetryWhileUnavailableAsync(
            () => client.SendAsync(HttpMethod.Post, Routes.Webhooks, new { url = _url + project }));
        created.EnsureStatus(HttpStatusCode.Created);
        Log.AddWebhook(project, created.Json.GetProperty("secret").GetString()!);
    }

    /// <summary>Accepts every message from now on.</summary>
    public void AcceptAll() => _replies.AcceptAll();

    public void Dispose() => _listener.Close();

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

            _ = RespondAsync(context);
        }
    }

    private async Task RespondAsync(HttpListenerContext context)
    {
        try
        {
            var arrivedAt = _history.Now();
            using var content = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(content);

            // The silo was killed in the middle of the body.
            if (content.Length < context.Request.ContentLength64) return;
            var body = Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
            var project = context.Request.Url!.AbsolutePath[Root.Length..];
            var delivery = Log.Receive(project, name => context.Request.Headers[name], body, arrivedAt);
            var reply = _replies.Next(delivery.Refusals);
            if (reply.IsSlow) await Task.Delay(reply.Delay);

            // Before the response, after which the next message of the key may arrive.
            Log.Respond(delivery, reply, arrivedAt, _history.Now());
            context.Response.StatusCode = (int)reply.Status;
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The silo was killed, or gave up.
        }
    }
}
