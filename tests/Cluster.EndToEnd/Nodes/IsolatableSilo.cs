using System.Net.Http.Json;

namespace KeysCluster.Cluster.EndToEnd.Nodes;

/// <summary>A silo with what can be done to it beside ending it: its ways to its peers and to PostgreSQL can be blocked.</summary>
internal sealed class IsolatableSilo(NodeProcess process, PostgresProxy postgres, int siloPort, int controlPort) : IAsyncDisposable
{
    private readonly HttpClient _control = new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{controlPort}"),
        Timeout = TimeSpan.FromSeconds(10),
    };

    public NodeProcess Process => process;

    public PostgresProxy Postgres => postgres;

    /// <summary>Names it in the membership table.</summary>
    public int SiloPort => siloPort;

    public Task IsolateFromPeersAsync() => PostControlAsync("isolate");

    public Task ReconnectPeersAsync() => PostControlAsync("heal");

    /// <summary>The grains that live on it, as <c>type/key</c>.</summary>
    public async Task<string[]> GetActivationsAsync() => (await _control.GetFromJsonAsync<string[]>(RelativeUri("activations")))!;

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
            // It learns that it was declared dead, and has no peers any more.
            if (!await process.TryWaitForExitAsync()) throw;
        }
    }

    private static Uri RelativeUri(string path) => new(path, UriKind.Relative);
}
