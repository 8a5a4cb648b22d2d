using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Alerts;

/// <summary>Silos and a front end with management addresses, on a PostgreSQL server of their own.</summary>
internal sealed class WatchedCluster : IAsyncDisposable
{
    private readonly List<ServiceProcess> _silos = [];
    private ServiceProcess? _frontEnd;

    private WatchedCluster(PostgresServer server, ClusterService service) => (Server, Service) = (server, service);

    public PostgresServer Server { get; }

    public ClusterService Service { get; }

    public IReadOnlyList<ServiceProcess> Silos => _silos;

    public ServiceProcess FrontEnd => _frontEnd!;

    public IReadOnlyList<ServiceProcess> Processes => [.. _silos, FrontEnd];

    public string ApiKey { get; private set; } = "";

    public static async Task<WatchedCluster> StartAsync(
        int silos, Dictionary<string, string>? settings = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var server = await PostgresServer.CreateAsync();
        var cluster = new WatchedCluster(server, new ClusterService(await server.CreateDatabaseAsync()));
        try
        {
            for (var i = 0; i < silos; i++)
                cluster._silos.Add(await cluster.StartSiloAsync(settings, environment));
            cluster._frontEnd = await cluster.Service.StartFrontEndAsync(settings: AddManagementAddress([]));
            cluster.ApiKey = await cluster.Service.CreateProjectAsync(cluster._silos[0]);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another silo, which the caller disposes.</summary>
    public Task<ServiceProcess> StartSiloAsync(
        Dictionary<string, string>? settings = null, IReadOnlyDictionary<string, string>? environment = null) =>
        Service.StartSiloAsync(settings: AddManagementAddress(settings ?? []), environment: environment);

    public async ValueTask DisposeAsync()
    {
        if (_frontEnd is not null) await _frontEnd.DisposeAsync();
        foreach (var silo in _silos) await silo.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static Dictionary<string, string> AddManagementAddress(Dictionary<string, string> settings) =>
        new(settings) { ["Hosting:ManagementUrl"] = $"http://127.0.0.1:{FreePort.NextAsText()}" };
}
