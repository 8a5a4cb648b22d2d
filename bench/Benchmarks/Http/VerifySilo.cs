using KeysCluster.Benchmarks.Loads;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Http;

/// <summary>A silo in another process, with a number of keys, and a load that verifies their secrets in turn.</summary>
internal sealed class VerifySilo : IAsyncDisposable
{
    private readonly ServiceProcess _silo;
    private readonly string _folder;

    private VerifySilo(ServiceProcess silo, string folder, WrkPostData requests) =>
        (_silo, _folder, Requests) = (silo, folder, requests);

    /// <summary>A request for each secret.</summary>
    public WrkPostData Requests { get; }

    public ILoad Load => new WrkLoad("verify_http", new Uri(_silo.Address, Routes.Verify), Requests);

    public static async Task<VerifySilo> StartAsync(string connectionString, int keys)
    {
        var cluster = new ClusterService(connectionString);
        var silo = await cluster.StartSiloAsync(settings: ClusterService.Unthrottled);
        try
        {
            var apiKey = await cluster.CreateProjectAsync(silo);
            var folder = Directory.CreateTempSubdirectory("keys-verify-").FullName;
            var file = Path.Combine(folder, "bodies");
            await File.WriteAllLinesAsync(file, await CreateBodiesAsync(silo, apiKey, keys));
            return new VerifySilo(silo, folder, new WrkPostData(file, apiKey));
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<IEnumerable<string>> CreateBodiesAsync(ServiceProcess silo, string apiKey, int count)
    {
        using var client = silo.CreateClient(apiKey);
        var keys = await client.CreateManyAsync(count);
        return await client.VerifyAsync(keys[0].Secret) is var code and not "active"
            ? throw new InvalidOperationException($"The verdict on a new secret is {code}.")
            : keys.Select(key => $$"""{"secret":"{{key.Secret}}"}""");
    }
}
