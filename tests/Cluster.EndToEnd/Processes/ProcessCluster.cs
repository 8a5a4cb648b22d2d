using System.Globalization;
using KeysCluster.Cluster.EndToEnd.Clients;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>Silos and front ends on loopback, with a PostgreSQL server of their own.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private const int MaxStartAttempts = 3;

    private readonly ClusterService _service;

    private readonly PostgresProxy _observer;

    private ProcessCluster(PostgresServer postgres, SmallDisk? disk, PostgresProxy observer, ClusterService service)
    {
        (Postgres, Disk, _observer, _service) = (postgres, disk, observer, service);
        LogFolder = Directory.CreateTempSubdirectory("keys-history-").FullName;
        Membership = new MembershipTable(service.ConnectionString);
    }

    /// <summary>The server that the nodes use. A failover replaces it.</summary>
    public PostgresServer Postgres { get; private set; }

    /// <summary>The disk of PostgreSQL; null when it is that of the machine.</summary>
    public SmallDisk? Disk { get; }

    /// <summary>The silo of the previous build; null when there is none.</summary>
    public string? PreviousSiloProgram { get; private init; }

    public bool HasFailOver { get; private init; }

    public MembershipTable Membership { get; }

    /// <summary>The folder with a log of each process. Disposal does not delete it.</summary>
    public string LogFolder { get; }

    public List<ClusterNode> Silos { get; } = [];

    public List<ClusterNode> FrontEnds { get; } = [];

    /// <summary>The proxy in front of the front ends; null when there is none.</summary>
    public ProxyProcess? Proxy { get; private set; }

    public IReadOnlyList<ClusterNode> Nodes => [.. Silos, .. FrontEnds];

    public IReadOnlyList<RestartableProcess> Processes => [.. Nodes.Select(node => node.Process)];

    public IReadOnlyList<CallTarget> Targets =>
    [
        .. Nodes.Select(node => node.Target),
        .. Proxy is { } proxy ? [new CallTarget(CallTarget.ProxyName, proxy.Address)] : Array.Empty<CallTarget>(),
    ];

    public string AdminKey => _service.AdminKey;

    /// <summary>Starts a cluster.</summary>
    /// <param name="silos">The number of silos.</param>
    /// <param name="frontEnds">The number of front ends.</param>
    /// <param name="siloSettings">Additional settings of the silos.</param>
    /// <param name="options">What else the cluster has.</param>
    public static async Task<ProcessCluster> StartAsync(
        int silos,
        int frontEnds,
        IReadOnlyDictionary<string, string>? siloSettings = null,
        ProcessClusterOptions? options = null)
    {
        options ??= new ProcessClusterOptions();
        var disk = options.HasSmallDisk ? await SmallDisk.TryCreateAsync() : null;
        var postgres = await PostgresServer.CreateAsync(disk?.Folder, disk is null ? null : SmallDisk.PostgresSettings);
        var observer = new PostgresProxy(postgres.Port);
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Port = observer.Port };
        var cluster = new ProcessCluster(postgres, disk, observer, new ClusterService(database.ConnectionString))
        {
            PreviousSiloProgram = options.PreviousSiloProgram,
            HasFailOver = options.HasFailOver,
        };
        for (var i = 1; i <= silos; i++)
            cluster.AddSilo($"silo-{i}", siloSettings, hasFakeClock: options.HasFakeClock && i == silos);
        for (var i = 1; i <= frontEnds; i++) cluster.AddFrontEnd($"{CallTarget.FrontEndPrefix}{i}");
        try
        {
            // One after the other, because the start of a .NET process uses all cores of a small machine for seconds.
            foreach (var process in cluster.Processes) await cluster.StartAsync(process);

            if (options.HasProxy && frontEnds > 0 && ProxyProcess.IsAvailable)
                cluster.Proxy = new ProxyProcess([.. cluster.FrontEnds.Select(node => node.Process.Address.Port)]);

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets commits wait for the standby, and waits until it follows.</summary>
    public async Task StartSynchronousReplicationAsync()
    {
        await using var database = NpgsqlDataSource.Create(Postgres.GetConnectionString("postgres"));
        foreach (var sql in (string[])
            ["ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()"])
        {
            await using var command = database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }

        await Wait.UntilAsync(async () =>
        {
            await using var command = database.CreateCommand(
                "SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync')");
            return await command.ExecuteScalarAsync() is true;
        });
    }

    /// <summary>Replaces the server, which must have stopped, by its promoted standby.</summary>
    public async Task SwitchToAsync(PostgresServer standby)
    {
        var previous = Postgres;
        Postgres = standby;
        foreach (var proxy in Nodes.Select(node => node.Postgres).Append(_observer)) proxy.SwitchTo(standby.Port);
        await previous.DisposeAsync();
    }

    public async Task<(string Id, string ApiKey)> CreateProjectAsync(string name)
    {
        using var admin = new KeysClient(Processes[0].Address, _service.AdminKey);
        return await admin.CreateProjectAsync(name);
    }

    /// <summary>Reads all events of virtual keys and projects.</summary>
    public Task<IReadOnlyList<OwnerEvent>> ReadEventsAsync() => EventTable.ReadAsync(_service.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        if (Proxy is { } proxy) await proxy.DisposeAsync();
        foreach (var node in FrontEnds.Concat(Silos)) await node.DisposeAsync();
        await Membership.DisposeAsync();
        await _observer.DisposeAsync();
        await Postgres.DisposeAsync();
        if (Disk is { } disk) await disk.DisposeAsync();
    }

    /// <summary>Starts a process, again when it exits, as an orchestrator does.</summary>
    private async Task StartAsync(RestartableProcess process)
    {
        for (var attempt = 1; attempt <= MaxStartAttempts; attempt++)
        {
            if (process.HasExited) await process.StartAsync();
            if (await process.TryWaitUntilReadyAsync()) return;
        }

        throw new InvalidOperationException($"{process.Name} does not start: see {LogFolder}.");
    }

    private void AddSilo(string name, IReadOnlyDictionary<string, string>? additional, bool hasFakeClock)
    {
        var siloPort = FreePort.Next();
        var settings = _service.CreateSettings();
        settings["Cluster:SiloPort"] = siloPort.ToString(CultureInfo.InvariantCulture);
        if (PreviousSiloProgram is not null) settings["Keys:RequireStateMac"] = "false";
        foreach (var (key, value) in additional ?? new Dictionary<string, string>()) settings[key] = value;
        var clock = hasFakeClock && FakeClock.IsAvailable ? new FakeClock(TimeSpan.Zero) : null;
        Silos.Add(CreateNode(name, settings, siloPort, clock));
    }

    private void AddFrontEnd(string name)
    {
        var settings = _service.CreateSettings();
        settings["Test:Role"] = "front-end";
        FrontEnds.Add(CreateNode(name, settings, siloPort: 0, clock: null));
    }

    private ClusterNode CreateNode(
        string name, Dictionary<string, string> settings, int siloPort, FakeClock? clock)
    {
        var proxy = new PostgresProxy(Postgres.Port);
        var controlPort = FreePort.Next();
        settings["ConnectionStrings:Keys"] =
            new NpgsqlConnectionStringBuilder(_service.ConnectionString) { Port = proxy.Port }.ConnectionString;
        settings["Test:ControlPort"] = controlPort.ToString(CultureInfo.InvariantCulture);
        var process = new RestartableProcess(
            name,
            Repository.GetProgramPath("Cluster.Node", "tests"),
            new Uri($"http://127.0.0.1:{FreePort.Next()}"),
            settings,
            Path.Combine(LogFolder, $"{name}.log"),
            clock?.Environment);
        return new ClusterNode(process, proxy, siloPort, controlPort, clock);
    }
}
