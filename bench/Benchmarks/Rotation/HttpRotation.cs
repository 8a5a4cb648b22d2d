using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>Rotations over HTTP of a node that runs as a process of its own.</summary>
internal sealed class HttpRotation : IRotation
{
    private readonly ServiceProcess _silo;
    private readonly KeysClient _client;
    private readonly List<Uri> _keys = [];

    private HttpRotation(ServiceProcess node, KeysClient client) => (_silo, _client) = (node, client);

    public string Name => "rotate_http";

    /// <summary>Starts the node, which brings the database to its schema.</summary>
    public static async Task<HttpRotation> StartAsync(string connectionString)
    {
        var cluster = new ClusterService(connectionString);
        var node = await cluster.StartSiloAsync(environment: new Dictionary<string, string>
        {
            ["Api__RequestsPerSecond"] = "1000000",
        });
        return new HttpRotation(node, node.CreateClient(await cluster.CreateProjectAsync(node)));
    }

    public async Task PrepareAsync(int keys)
    {
        _keys.Clear();
        foreach (var batch in Enumerable.Range(0, keys).Chunk(ClosedLoop.MaxConcurrency))
        {
            var created = await Task.WhenAll(batch.Select(_ => _client.CreateAsync()));
            _keys.AddRange(created.Select(key =>
                new Uri($"/api/gateway/v1/virtual-keys/{key.Id}/rotate", UriKind.Relative)));
        }
    }

    public async Task RotateAsync(int worker, int key, int pass)
    {
        using var answer = await _client.Http.PostAsync(_keys[key], content: null);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _silo.DisposeAsync();
    }
}
