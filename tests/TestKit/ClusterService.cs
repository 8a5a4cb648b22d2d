using System.Globalization;
using System.Security.Cryptography;

namespace KeysCluster.TestKit;

/// <summary>The cluster topology: silos and front ends on a database of a PostgreSQL server.</summary>
public sealed class ClusterService(string connectionString)
{
    /// <summary>Settings that lift the rate limit.</summary>
    public static IReadOnlyDictionary<string, string> Unthrottled { get; } =
        new Dictionary<string, string> { ["Api:RequestsPerSecond"] = "1000000" };

    /// <summary>The connection string of the database, as its superuser.</summary>
    public string ConnectionString => connectionString;

    /// <summary>The connection string of silos.</summary>
    public string SiloConnectionString => GetConnectionString(PostgresRoles.Service);

    /// <summary>The connection string of front ends and validating services.</summary>
    public string GatewaysConnectionString => GetConnectionString(PostgresRoles.Gateways);

    /// <summary>The pepper of the silos, in base64.</summary>
    public string Pepper { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private bool HasRoles { get; init; }

    /// <summary>The key of the administrator.</summary>
    public string AdminKey { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    /// <summary>
    /// Returns the settings of a silo. Each call chooses new Orleans ports. Tests that fail on purpose are
    /// not limited.
    /// </summary>
    public Dictionary<string, string> CreateSettings() => new()
    {
        ["ConnectionStrings:Keys"] = SiloConnectionString,
        ["Keys:AdminKey"] = AdminKey,
        ["Keys:Pepper"] = Pepper,
        ["Cluster:SiloPort"] = FreePort.NextAsText(),
        ["Cluster:GatewayPort"] = FreePort.NextAsText(),
        ["Api:FailedAuthenticationsPerMinute"] = "1000000",
        ["Api:InvalidVerificationsPerSecond"] = "1000000",
        ["Webhooks:AllowPrivateAddresses"] = "true",
    };

    /// <summary>Starts a silo, which also serves the REST API.</summary>
    /// <param name="drainDelay">How long the silo continues to serve after SIGTERM.</param>
    /// <param name="environment">Additional environment variables.</param>
    /// <param name="program">The path of the silo of another build.</param>
    /// <param name="settings">Additional settings.</param>
    public Task<ServiceProcess> StartSiloAsync(
        TimeSpan drainDelay = default,
        IReadOnlyDictionary<string, string>? environment = null,
        string program = "Silo",
        IReadOnlyDictionary<string, string>? settings = null) =>
        StartAsync(program, drainDelay, settings, environment);

    /// <summary>Starts a front end.</summary>
    /// <param name="program">The path of the front end of another build.</param>
    /// <param name="settings">Additional settings.</param>
    public Task<ServiceProcess> StartFrontEndAsync(
        string program = "Api", IReadOnlyDictionary<string, string>? settings = null) =>
        StartAsync(
            program,
            TimeSpan.Zero,
            new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
            {
                ["ConnectionStrings:Keys"] = GatewaysConnectionString,
            });

    /// <summary>
    /// Creates a database with the roles of the service, which the command <c>migrate</c> has migrated. Its silos and
    /// front ends connect with the role of each.
    /// </summary>
    public static async Task<ClusterService> CreateWithRolesAsync(PostgresServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var database = await server.CreateDatabaseAsync();
        await PostgresRoles.CreateAsync(database);
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Migrations"] = PostgresRoles.Connect(database, PostgresRoles.Owner),
        };
        await ProgramRunner.RunSuccessfullyAsync(
            "dotnet", [Repository.GetProgramPath("Silo"), "migrate"], settings);
        return new ClusterService(database) { HasRoles = true };
    }

    /// <summary>Creates a project and returns its API key.</summary>
    public async Task<string> CreateProjectAsync(ServiceProcess process, string name = "a project")
    {
        using var admin = process.CreateClient(AdminKey);
        return (await admin.CreateProjectAsync(name)).ApiKey;
    }

    private string GetConnectionString(string role) =>
        HasRoles ? PostgresRoles.Connect(connectionString, role) : connectionString;

    private Task<ServiceProcess> StartAsync(
        string program,
        TimeSpan drainDelay,
        IReadOnlyDictionary<string, string>? settings = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var all = CreateSettings();
        all["Hosting:DrainDelay"] = drainDelay.ToString("c", CultureInfo.InvariantCulture);
        foreach (var (key, value) in settings ?? new Dictionary<string, string>()) all[key] = value;
        return ServiceProcess.StartAsync(program, all, environment);
    }
}
