using KeysCluster.Cli.Tests.Services;
using Npgsql;

namespace KeysCluster.Cli.Tests.Data;

/// <summary>A new database of a cluster, and a file with its connection string.</summary>
internal sealed class MoveTarget(string connectionString, string file)
{
    public string ConnectionString => connectionString;

    /// <summary>The file that <c>--connection-file</c> names.</summary>
    public string File => file;

    /// <summary>Creates an empty database.</summary>
    public static async Task<MoveTarget> CreateAsync(PostgresServer server, CommandLine cli)
    {
        var connectionString = await server.CreateDatabaseAsync();
        return Create(connectionString, cli);
    }

    public static MoveTarget Create(string connectionString, CommandLine cli)
    {
        var file = cli.GetPath($"connection-{Guid.NewGuid():N}");
        System.IO.File.WriteAllText(file, connectionString);
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new MoveTarget(connectionString, file);
    }

    /// <summary>Executes SQL, and returns the first value of its result.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Creates the schema, as a silo does that starts.</summary>
    public Task MigrateAsync() => ProgramRunner.RunSuccessfullyAsync(
        "dotnet",
        [Repository.GetProgramPath("Silo"), "migrate"],
        new Dictionary<string, string?> { ["ConnectionStrings__Migrations"] = ConnectionString });

    /// <summary>Starts a silo of the cluster.</summary>
    /// <param name="secrets">The folder that <c>--secrets-directory</c> named.</param>
    /// <param name="serviceId">The service id.</param>
    public Task<ServiceProcess> StartSiloAsync(string secrets, string serviceId = "keys")
    {
        var settings = new ClusterService(ConnectionString).CreateSettings();
        settings.Remove("Keys:Pepper");
        settings.Remove("Keys:AdminKey");
        settings["Hosting:SecretsDirectory"] = secrets;
        settings["Hosting:DrainDelay"] = "00:00:00";
        settings["Cluster:ServiceId"] = serviceId;
        return ServiceProcess.StartAsync("Silo", settings);
    }
}
