using System.Globalization;
using System.Net.Http.Json;
using KeysCluster.Cluster.EndToEnd.Clients;
using KeysCluster.Cluster.Node;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>A silo or front end whose connections to its peers and to PostgreSQL can be blocked.</summary>
internal sealed class ClusterNode(
    RestartableProcess process, PostgresProxy postgres, int siloPort, int controlPort, FakeClock? clock)
    : IAsyncDisposable
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _control = new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{controlPort}"),
        Timeout = TimeSpan.FromSeconds(10),
    };

    public RestartableProcess Process => process;

    public string Name => process.Name;

    /// <summary>The proxy through which the node connects to PostgreSQL.</summary>
    public PostgresProxy Postgres => postgres;

    /// <summary>The port of the silo in the membership table; 0 for a front end.</summary>
    public int SiloPort => siloPort;

    /// <summary>The wall clock of the node; null when a test cannot change it.</summary>
    public FakeClock? Clock => clock;

    public CallTarget Target => new(process.Name, process.Address, _control.BaseAddress);

    /// <summary>Blocks a silo's connections with other silos, or a front end's connections with all silos.</summary>
    public Task IsolateFromPeersAsync() => PostControlAsync("isolate");

    /// <summary>Blocks one direction on the connections that this node opened to a silo.</summary>
    /// <param name="peer">The port of the silo.</param>
    /// <param name="direction"><c>Send</c> or <c>Receive</c>.</param>
    public Task BlockPeerAsync(int peer, string direction) =>
        PostControlAsync(string.Create(CultureInfo.InvariantCulture, $"block?peer={peer}&direction={direction}"));

    /// <summary>Delays all bytes between the node and its peers.</summary>
    public Task DelayPeersAsync(NetworkDelay delay) => PostControlAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"delay?latency={delay.Latency.TotalMilliseconds:0}&loss={delay.LossRate}")
        + string.Create(CultureInfo.InvariantCulture, $"&retransmission={delay.Retransmission.TotalMilliseconds:0}"));

    public Task ReconnectPeersAsync() => PostControlAsync("heal");

    /// <summary>Returns the ids of the grains that are active on the silo, as <c>type/key</c>.</summary>
    public async Task<string[]> GetActivationsAsync() =>
        (await _control.GetFromJsonAsync<string[]>(RelativeUri("activations")))!;

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await process.DisposeAsync();
        clock?.Dispose();
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
