using System.Globalization;
using System.Security.Cryptography;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Cluster.EndToEnd.Nodes;

/// <summary>Silos and front ends on loopback, with a PostgreSQL of their own.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private ProcessCluster(PostgresServer postgres, string connectionString, string logFolder)
    {
        Postgres = postgres;
        LogFolder = logFolder;
        Membership = new MembershipTable(connectionString);
    }

    public PostgresServer Postgres { get; }

    public MembershipTable Membership { get; }

    /// <summary>The log of each node; it outlives the cluster.</summary>
    public string LogFolder { get; }

    public List<IsolatableSilo> Silos { get; } = [];

    public List<NodeProcess> FrontEnds { get; } = [];

    public string AdminKey { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    public IReadOnlyList<NodeProcess> Nodes => [.. Silos.Select(silo => silo.Process), .. FrontEnds];

    public static async Task<ProcessCluster> StartAsync(
        int silos, int frontEnds, IReadOnlyDictionary<string, string>? siloSettings = null)
    {
        var postgres = await PostgresServer.CreateAsync();
        var database = await postgres.CreateDatabaseAsync();
        var cluster = new ProcessCluster(postgres, database, Directory.CreateTempSubdirectory("keys-history-").FullName);
        var pepper = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        for (var i = 1; i <= silos; i++) cluster.AddSilo($"silo-{i}", database, pepper, siloSettings);
        for (var i = 1; i <= frontEnds; i++) cluster.AddFrontEnd($"front-end-{i}", database);
        try
        {
            foreach (var node in cluster.Nodes) node.Start();
            foreach (var node in cluster.Nodes)
            {
                if (!await node.TryWaitUntilReadyAsync())
                    throw new InvalidOperationException($"{node.Name} does not start; its log is in {cluster.LogFolder}.");
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a project.</summary>
    /// <returns>Its id and its API key.</returns>
    public async Task<(string Id, string ApiKey)> CreateProjectAsync(string name)
    {
        using var admin = new KeysClient(Nodes[0].Address, AdminKey);
        var answer = await KeysClient.RetryWhileUnavailableAsync(() => admin.SendAsync(HttpMethod.Post, "/api/projects", new { name }));
        answer.EnsureStatus(System.Net.HttpStatusCode.Created);
        return (answer.Json.GetProperty("project").GetProperty("id").GetString()!, answer.Json.GetProperty("api_key").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var frontEnd in FrontEnds) await frontEnd.DisposeAsync();
        foreach (var silo in Silos) await silo.DisposeAsync();
        await Membership.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private void AddSilo(string name, string database, string pepper, IReadOnlyDictionary<string, string>? more)
    {
        var proxy = new PostgresProxy(Postgres.Port);
        var (siloPort, controlPort) = (FreePort.Next(), FreePort.Next());
        var settings = new Dictionary<string, string>(more ?? new Dictionary<string, string>())
        {
            ["ConnectionStrings:Keys"] = new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ConnectionString,
            ["Keys:AdminKey"] = AdminKey,
            ["Keys:Pepper"] = pepper,
            ["Cluster:SiloPort"] = siloPort.ToString(CultureInfo.InvariantCulture),
            ["Cluster:GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["Test:ControlPort"] = controlPort.ToString(CultureInfo.InvariantCulture),
        };
        var process = new NodeProcess(
            name, Repository.GetProgramPath("Cluster.Node", "tests"), NewAddress(), settings, Path.Combine(LogFolder, $"{name}.log"));
        Silos.Add(new IsolatableSilo(process, proxy, siloPort, controlPort));
    }

    private void AddFrontEnd(string name, string database) => FrontEnds.Add(new NodeProcess(
        name, Repository.GetProgramPath("Api"), NewAddress(), new Dictionary<string, string>
        {
            ["ConnectionStrings:Keys"] = database,
            ["Keys:AdminKey"] = AdminKey,
        },
        Path.Combine(LogFolder, $"{name}.log")));

    private static Uri NewAddress() => new($"http://127.0.0.1:{FreePort.Next()}");
}
