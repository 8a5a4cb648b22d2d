using System.Net;
using System.Text;

namespace KeysCluster.TestKit;

/// <summary>An endpoint that records the messages of webhooks.</summary>
public sealed class WebhookReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<ReceivedMessage> _messages = [];
    private readonly Lock _gate = new();
    private Func<ReceivedMessage, HttpStatusCode> _respond = _ => HttpStatusCode.NoContent;

    public WebhookReceiver()
    {
        Url = $"http://127.0.0.1:{FreePort.NextAsText()}/webhooks/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = ReceiveAsync();
    }

    public string Url { get; }

    /// <summary>How long the endpoint takes for each message.</summary>
    public TimeSpan ResponseTime { get; set; }

    /// <summary>The messages in the order in which they arrived, with those that were refused.</summary>
    public IReadOnlyList<ReceivedMessage> Messages
    {
        get
        {
            lock (_gate) return [.. _messages];
        }
    }

    /// <summary>The messages that were accepted, each id once, in the order in which they first were.</summary>
    public IReadOnlyList<ReceivedMessage> Accepted =>
        [.. Messages.Where(message => (int)message.Status < 300).DistinctBy(message => message.Id)];

    /// <summary>Answers every message from now on by a function.</summary>
    public void RespondWith(Func<ReceivedMessage, HttpStatusCode> respond) => Volatile.Write(ref _respond, respond);

    /// <summary>Waits until messages of these types were accepted, in this order, and returns them.</summary>
    public async Task<IReadOnlyList<ReceivedMessage>> WaitForAsync(string virtualKeyId, params string[] types)
    {
        IReadOnlyList<ReceivedMessage> received = [];
        await Wait.UntilAsync(
            () =>
            {
                received = [.. Accepted.Where(message => message.VirtualKeyId == virtualKeyId)];
                return received.Count >= types.Length;
            },
            description: $"{types.Length} messages about {virtualKeyId}");
        if (!received.Select(message => message.Type).SequenceEqual(types))
        {
            var listed = string.Join(", ", received.Select(message => message.Type));
            throw new InvalidOperationException($"Received {listed}");
        }

        return received;
    }

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

            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var headers = context.Request.Headers;
        var message = new ReceivedMessage(
            headers["webhook-id"]!,
            headers.AllKeys.ToDictionary(name => name!, name => headers[name]!, StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync());
        message = message with { Status = Volatile.Read(ref _respond)(message) };
        lock (_gate) _messages.Add(message);
        if (ResponseTime > TimeSpan.Zero)
        {
            using var timer = new PeriodicTimer(ResponseTime);
            await timer.WaitForNextTickAsync();
        }

        context.Response.StatusCode = (int)message.Status;
        context.Response.Close();
    }
}
