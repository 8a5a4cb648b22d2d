using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace KeysCluster.TestKit;

/// <summary>The cluster topology on a database of a PostgreSQL server.</summary>
public sealed class ClusterService(string connectionString)
{
    private readonly string _pepper = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The database of the cluster.</summary>
    public string ConnectionString => connectionString;

    /// <summary>Authenticates the admin API.</summary>
    public string AdminKey { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The settings of a node, on ports of its own.</summary>
    public Dictionary<string, string> CreateSettings() => new()
    {
        ["ConnectionStrings:Keys"] = connectionString,
        ["Keys:AdminKey"] = AdminKey,
        ["Keys:Pepper"] = _pepper,
        ["Cluster:SiloPort"] = FreePort.NextAsText(),
        ["Cluster:GatewayPort"] = FreePort.NextAsText(),
        ["Hosting:DrainDelay"] = "00:00:00",
    };

    /// <summary>Starts a node with the REST API in it.</summary>
    /// <param name="drainDelay">How long it goes on serving when it is asked to stop.</param>
    /// <param name="environment">Further environment variables.</param>
    /// <param name="program">The path of another build's silo.</param>
    public Task<ServiceProcess> StartSiloAsync(
        TimeSpan drainDelay = default, IReadOnlyDictionary<string, string>? environment = null, string program = "Silo")
    {
        var settings = CreateSettings();
        settings["Hosting:DrainDelay"] = drainDelay.ToString("c", CultureInfo.InvariantCulture);
        return ServiceProcess.StartAsync(program, settings, environment);
    }

    /// <summary>Starts a front end alone.</summary>
    public Task<ServiceProcess> StartFrontEndAsync() => ServiceProcess.StartAsync("Api", CreateSettings());

    /// <summary>Makes a project through one of the nodes.</summary>
    /// <returns>Its API key.</returns>
    public async Task<string> CreateProjectAsync(ServiceProcess node, string name = "a project")
    {
        using var admin = node.CreateClient(AdminKey);
        var answer = await admin.SendAsync(HttpMethod.Post, "/api/projects", new { name });
        answer.EnsureStatus(HttpStatusCode.Created);
        return answer.Json.GetProperty("api_key").GetString()!;
    }
}
