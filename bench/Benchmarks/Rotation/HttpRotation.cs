using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>Rotations over HTTP, by a silo in another process.</summary>
internal sealed class HttpRotation : IRotation
{
    private readonly ServiceProcess _silo;
    private readonly KeysClient _client;
    private Uri[] _paths = [];

    private HttpRotation(ServiceProcess silo, KeysClient client) => (_silo, _client) = (silo, client);

    public string Name => "rotate_http";

    /// <summary>Starts the silo, which migrates the database.</summary>
    public static async Task<HttpRotation> StartAsync(string connectionString)
    {
        var cluster = new ClusterService(connectionString);
        var silo = await cluster.StartSiloAsync(settings: ClusterService.Unthrottled);
        return new HttpRotation(silo, silo.CreateClient(await cluster.CreateProjectAsync(silo)));
    }

    public async Task PrepareAsync(int keys)
    {
        var created = await _client.CreateManyAsync(keys, ClosedLoop.MaxConcurrency);
        _paths = [.. created.Select(key => new Uri(Routes.Rotate(key.Id), UriKind.Relative))];
    }

    public async Task RotateAsync(int worker, int key, int pass)
    {
        using var response = await _client.Http.PostAsync(_paths[key], content: null);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _silo.DisposeAsync();
    }
}
