using System.Net.Http.Json;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>A silo whose connections to its peers and to PostgreSQL can be blocked.</summary>
internal sealed class IsolatableSilo(RestartableProcess process, PostgresProxy postgres, int siloPort, int controlPort)
    : IAsyncDisposable
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _control = new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{controlPort}"),
        Timeout = TimeSpan.FromSeconds(10),
    };

    public RestartableProcess Process => process;

    /// <summary>The proxy through which the silo connects to PostgreSQL.</summary>
    public PostgresProxy Postgres => postgres;

    /// <summary>The port of the silo in the membership table.</summary>
    public int SiloPort => siloPort;

    public Task IsolateFromPeersAsync() => PostControlAsync("isolate");

    public Task ReconnectPeersAsync() => PostControlAsync("heal");

    /// <summary>Returns the ids of the grains that are active on the silo, as <c>type/key</c>.</summary>
    public async Task<string[]> GetActivationsAsync() =>
        (await _control.GetFromJsonAsync<string[]>(RelativeUri("activations")))!;

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await process.DisposeAsync();
        await postgres.DisposeAsync();
    }

    private async Task PostControlAsync(string action)
    {
        try
        {
            (await _control.PostAsync(RelativeUri(action), null)).Dispose();
        }
        catch (HttpRequestException)
        {
            // A silo that learns that it was declared dead exits and needs no control.
            if (!await process.TryWaitForExitAsync(ExitTimeout)) throw;
        }
    }

    private static Uri RelativeUri(string path) => new(path, UriKind.Relative);
}
