using KeysCluster.Benchmarks.Loads;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Http;

/// <summary>A node in another process with a number of keys, asked to verify the secret of each in turn.</summary>
internal sealed class VerifySilo : IAsyncDisposable
{
    private const int CreateConcurrency = 16;

    private readonly ServiceProcess _silo;
    private readonly string _folder;

    private VerifySilo(ServiceProcess node, string folder, WrkPostData posts) => (_silo, _folder, PostData) = (node, folder, posts);

    /// <summary>A body for each secret.</summary>
    public WrkPostData PostData { get; }

    public ILoad Load => new WrkLoad("verify_http", new Uri(_silo.Address, "/api/gateway/v1/virtual-keys/verify"), PostData);

    public static async Task<VerifySilo> StartAsync(string connectionString, int keys)
    {
        var cluster = new ClusterService(connectionString);
        var node = await cluster.StartSiloAsync(environment: new Dictionary<string, string>
        {
            ["Api__RequestsPerSecond"] = "1000000",
        });
        try
        {
            var apiKey = await cluster.CreateProjectAsync(node);
            var folder = Directory.CreateTempSubdirectory("keys-verify-").FullName;
            var file = Path.Combine(folder, "bodies");
            await File.WriteAllLinesAsync(file, await CreateBodiesAsync(node, apiKey, keys));
            return new VerifySilo(node, folder, new WrkPostData(file, apiKey));
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<List<string>> CreateBodiesAsync(ServiceProcess node, string apiKey, int keys)
    {
        using var client = node.CreateClient(apiKey);
        var bodies = new List<string>();
        foreach (var batch in Enumerable.Range(0, keys).Chunk(CreateConcurrency))
        {
            var created = await Task.WhenAll(batch.Select(_ => client.CreateAsync()));
            if (await client.VerifyAsync(created[0].Secret) is var code and not "active")
                throw new InvalidOperationException($"A new secret is {code}: there is nothing to measure.");
            bodies.AddRange(created.Select(key => $$"""{"secret":"{{key.Secret}}"}"""));
        }

        return bodies;
    }
}
