using System.Globalization;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>A silo and a front end of each of two builds, the previous and the current one, in one cluster.</summary>
internal sealed class MixedVersionCluster : IAsyncDisposable
{
    private const int MinKeysPerSiloAndEnvironment = 2;
    private const int MaxKeys = 200;

    private readonly ValidatingClient _service;

    private MixedVersionCluster(SiloAndFrontEnd previous, SiloAndFrontEnd current, ValidatingClient service) =>
        (Previous, Current, _service) = (previous, current, service);

    public SiloAndFrontEnd Previous { get; }

    public SiloAndFrontEnd Current { get; }

    public KeysClient[] Clients => [.. Previous.Clients, .. Current.Clients];

    /// <summary>
    /// Starts both builds on the same database, the silo and the front end of one before those of the other.
    /// </summary>
    public static async Task<MixedVersionCluster> StartAsync(
        ClusterService cluster, PreviousBuild previousBuild, bool previousFirst)
    {
        if (!previousFirst)
        {
            // As in every upgrade, the previous build has created the database.
            await using var creator = await cluster.StartSiloAsync(program: previousBuild.SiloPath);
            Assert.Equal(0, await creator.StopAsync());
        }

        var (previousPort, currentPort) = (FreePort.Next(), FreePort.Next());
        ServiceProcess previousSilo, currentSilo, previousFrontEnd, currentFrontEnd;
        if (previousFirst)
        {
            previousSilo = await StartSiloAsync(cluster, previousPort, previousBuild.SiloPath);
            previousFrontEnd = await cluster.StartFrontEndAsync(previousBuild.FrontEndPath);
            currentSilo = await StartSiloAsync(cluster, currentPort);
            currentFrontEnd = await cluster.StartFrontEndAsync();
        }
        else
        {
            currentSilo = await StartSiloAsync(cluster, currentPort);
            currentFrontEnd = await cluster.StartFrontEndAsync();
            previousSilo = await StartSiloAsync(cluster, previousPort, previousBuild.SiloPath);
            previousFrontEnd = await cluster.StartFrontEndAsync(previousBuild.FrontEndPath);
        }

        var apiKey = await cluster.CreateProjectAsync(previousFirst ? previousSilo : currentSilo);
        return new MixedVersionCluster(
            new SiloAndFrontEnd(previousSilo, previousPort, previousFrontEnd, apiKey),
            new SiloAndFrontEnd(currentSilo, currentPort, currentFrontEnd, apiKey),
            await ValidatingClient.StartAsync(cluster.ConnectionString));
    }

    /// <summary>
    /// Creates keys of both environments through all processes, until each silo has activated several of each
    /// environment.
    /// </summary>
    public async Task<IReadOnlyList<MixedVersionKey>> CreateKeysAsync()
    {
        var keys = new List<MixedVersionKey>();
        while (keys.Count < MaxKeys)
        {
            foreach (var environment in (string[])["live", "test"])
            {
                foreach (var client in Clients)
                    keys.Add(await MixedVersionKey.CreateAsync(client, environment, _service.Validator));
            }

            var ports = await GetSiloPortsAsync();
            foreach (var key in keys) key.IsOnPreviousSilo = ports[key.Id] == Previous.SiloPort;
            var placements = keys.CountBy(key => (key.Environment, key.IsOnPreviousSilo)).ToList();
            if (placements.Count(placement => placement.Value >= MinKeysPerSiloAndEnvironment) == 4) return keys;
        }

        throw new InvalidOperationException($"One silo has activated too few of {MaxKeys} keys.");
    }

    public Task<MixedVersionKey> CreateKeyAsync(KeysClient client, string environment) =>
        MixedVersionKey.CreateAsync(client, environment, _service.Validator);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await Previous.DisposeAsync();
        await Current.DisposeAsync();
    }

    private static Task<ServiceProcess> StartSiloAsync(ClusterService cluster, int port, string program = "Silo") =>
        cluster.StartSiloAsync(program: program, settings: new Dictionary<string, string>
        {
            ["Cluster:SiloPort"] = port.ToString(CultureInfo.InvariantCulture),
            ["Keys:RequireStateMac"] = "false",
        });

    /// <summary>Returns the port of the silo on which each virtual key is active.</summary>
    private async Task<Dictionary<string, int>> GetSiloPortsAsync()
    {
        var management = _service.Client.GetGrain<IManagementGrain>(0);
        var grains = await management.GetDetailedGrainStatistics();
        return grains
            .Where(grain => grain.GrainId.Type.ToString() == GrainTypeNames.VirtualKey)
            .ToDictionary(grain => grain.GrainId.Key.ToString()!, grain => grain.SiloAddress.Endpoint.Port);
    }
}
