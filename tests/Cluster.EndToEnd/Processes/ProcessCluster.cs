using System.Globalization;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>Silos and front ends on loopback, with a PostgreSQL server of their own.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private readonly ClusterService _service;

    private ProcessCluster(PostgresServer postgres, ClusterService service, string logFolder)
    {
        (Postgres, _service, LogFolder) = (postgres, service, logFolder);
        Membership = new MembershipTable(service.ConnectionString);
    }

    public PostgresServer Postgres { get; }

    public MembershipTable Membership { get; }

    /// <summary>The folder with a log of each process. Disposal does not delete it.</summary>
    public string LogFolder { get; }

    public List<IsolatableSilo> Silos { get; } = [];

    public List<RestartableProcess> FrontEnds { get; } = [];

    public IReadOnlyList<RestartableProcess> Processes => [.. Silos.Select(silo => silo.Process), .. FrontEnds];

    /// <summary>Starts a cluster.</summary>
    /// <param name="silos">The number of silos.</param>
    /// <param name="frontEnds">The number of front ends.</param>
    /// <param name="siloSettings">Additional settings of the silos.</param>
    public static async Task<ProcessCluster> StartAsync(
        int silos, int frontEnds, IReadOnlyDictionary<string, string>? siloSettings = null)
    {
        var postgres = await PostgresServer.CreateAsync();
        var service = new ClusterService(await postgres.CreateDatabaseAsync());
        var logFolder = Directory.CreateTempSubdirectory("keys-history-").FullName;
        var cluster = new ProcessCluster(postgres, service, logFolder);
        for (var i = 1; i <= silos; i++) cluster.AddSilo($"silo-{i}", siloSettings);
        for (var i = 1; i <= frontEnds; i++) cluster.AddFrontEnd($"front-end-{i}");
        try
        {
            // One after the other, because the start of a .NET process uses all cores of a small machine for seconds.
            foreach (var process in cluster.Processes)
            {
                await process.StartAsync();
                if (!await process.TryWaitUntilReadyAsync())
                    throw new InvalidOperationException($"{process.Name} does not start; its log is in {logFolder}.");
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<(string Id, string ApiKey)> CreateProjectAsync(string name)
    {
        using var admin = new KeysClient(Processes[0].Address, _service.AdminKey);
        return await admin.CreateProjectAsync(name);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var frontEnd in FrontEnds) await frontEnd.DisposeAsync();
        foreach (var silo in Silos) await silo.DisposeAsync();
        await Membership.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private void AddSilo(string name, IReadOnlyDictionary<string, string>? additional)
    {
        var proxy = new PostgresProxy(Postgres.Port);
        var connection = new NpgsqlConnectionStringBuilder(_service.ConnectionString) { Port = proxy.Port };
        var (siloPort, controlPort) = (FreePort.Next(), FreePort.Next());
        var settings = _service.CreateSettings();
        settings["ConnectionStrings:Keys"] = connection.ConnectionString;
        settings["Cluster:SiloPort"] = siloPort.ToString(CultureInfo.InvariantCulture);
        settings["Test:ControlPort"] = controlPort.ToString(CultureInfo.InvariantCulture);
        foreach (var (key, value) in additional ?? new Dictionary<string, string>()) settings[key] = value;

        var process = CreateProcess(name, Repository.GetProgramPath("Cluster.Node", "tests"), settings);
        Silos.Add(new IsolatableSilo(process, proxy, siloPort, controlPort));
    }

    private void AddFrontEnd(string name) =>
        FrontEnds.Add(CreateProcess(name, Repository.GetProgramPath("Api"), _service.CreateSettings()));

    private RestartableProcess CreateProcess(
        string name, string program, IReadOnlyDictionary<string, string> settings) => new(
        name,
        program,
        new Uri($"http://127.0.0.1:{FreePort.Next()}"),
        settings,
        Path.Combine(LogFolder, $"{name}.log"));
}
