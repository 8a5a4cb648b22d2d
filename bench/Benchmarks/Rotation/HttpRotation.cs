using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>Rotations over HTTP, by a silo in another process.</summary>
internal sealed class HttpRotation : IRotation
{
    private readonly ClusterService _cluster;
    private readonly ServiceProcess _silo;
    private KeysClient? _client;
    private Uri[] _paths = [];

    private HttpRotation(ClusterService cluster, ServiceProcess silo) => (_cluster, _silo) = (cluster, silo);

    public string Name => "rotate_http";

    /// <summary>The client of the project whose keys are rotated.</summary>
    public KeysClient Client => _client ?? throw new InvalidOperationException("No keys were prepared.");

    /// <summary>Starts the silo, which migrates the database.</summary>
    public static async Task<HttpRotation> StartAsync(string connectionString)
    {
        var cluster = new ClusterService(connectionString);
        return new HttpRotation(cluster, await cluster.StartSiloAsync(settings: ClusterService.Unthrottled));
    }

    public async Task PrepareAsync(int keys)
    {
        // A project has a limit of keys, which the rounds together would exceed.
        _client?.Dispose();
        _client = await CreateProjectClientAsync();
        var created = await _client.CreateManyAsync(keys, ClosedLoop.MaxConcurrency);
        _paths = [.. created.Select(key => new Uri(Routes.Rotate(key.Id), UriKind.Relative))];
    }

    /// <summary>Creates a project, and returns a client of it.</summary>
    public async Task<KeysClient> CreateProjectClientAsync() =>
        _silo.CreateClient(await _cluster.CreateProjectAsync(_silo));

    public async Task RotateAsync(int worker, int key, int pass)
    {
        using var response = await _client!.Http.PostAsync(_paths[key], content: null);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _silo.DisposeAsync();
    }
}
