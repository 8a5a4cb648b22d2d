using System.Net;
using System.Text.Json;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Import;

/// <summary>A service that only imports: it keeps hashes, and refuses the names that a test chooses.</summary>
internal sealed class ImportStub : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<IReadOnlyList<ImportVirtualKey>> _requests = [];
    private readonly HashSet<string> _hashes = [];
    private readonly Lock _gate = new();
    private int _running;

    public ImportStub()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort.NextAsText()}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = ReceiveAsync();
    }

    public Uri Address { get; }

    /// <summary>Chooses the status of a request by its number and keys.</summary>
    public Func<int, IReadOnlyList<ImportVirtualKey>, HttpStatusCode> Choose { get; set; } =
        (_, _) => HttpStatusCode.OK;

    /// <summary>The error of each name that is refused.</summary>
    public Dictionary<string, string> Refused { get; } = [];

    /// <summary>What a request waits for, by its number, before it is executed.</summary>
    public Func<int, Task> Gate { get; set; } = _ => Task.CompletedTask;

    /// <summary>The largest number of requests that were processed at the same time.</summary>
    public int MaxRunning { get; private set; }

    /// <summary>The keys of each request.</summary>
    public IReadOnlyList<IReadOnlyList<ImportVirtualKey>> Requests
    {
        get
        {
            lock (_gate) return [.. _requests];
        }
    }

    public IReadOnlyList<ImportVirtualKey> Keys => [.. Requests.SelectMany(keys => keys)];

    public CommandLine CreateCommandLine() => new()
    {
        Variables = { ["KEYS_URL"] = Address.AbsoluteUri, ["KEYS_API_KEY"] = "sk-lw-a" },
    };

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = AnswerAsync(context);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            Assert.Equal("/api/gateway/v1/virtual-keys/import", context.Request.Url!.AbsolutePath);
            var body = await JsonSerializer.DeserializeAsync<Body>(context.Request.InputStream, KeysJson.Options);
            int number;
            lock (_gate)
            {
                _requests.Add(body!.Keys);
                number = _requests.Count;
                MaxRunning = Math.Max(MaxRunning, ++_running);
            }

            await Gate(number);
            var status = Choose(number, body.Keys);
            context.Response.StatusCode = (int)status;
            context.Response.ContentType = "application/json";
            object response = status == HttpStatusCode.OK
                ? new { Results = Import(body.Keys) }
                : new { Error = "stubbed", Message = "The stub refuses the request." };
            lock (_gate) _running--;
            await JsonSerializer.SerializeAsync(context.Response.OutputStream, response, KeysJson.Options);
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The client has gone.
        }
    }

    private List<ImportResult> Import(IReadOnlyList<ImportVirtualKey> keys)
    {
        lock (_gate)
        {
            return
            [
                .. keys.Select(key => Refused.TryGetValue(key.Name, out var code)
                    ? new ImportResult(ImportStatus.Failed, null, new ImportError(code, "The stub refuses the key."))
                    : new ImportResult(
                        _hashes.Add(key.Hash) ? ImportStatus.Imported : ImportStatus.Unchanged, "vk_1", null)),
            ];
        }
    }

    private sealed record Body(IReadOnlyList<ImportVirtualKey> Keys);
}
