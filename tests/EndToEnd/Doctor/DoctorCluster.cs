using System.Net;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.EndToEnd.Tests.Doctor;

/// <summary>
/// A cluster whose silo has stopped, so that nothing repairs a fault before the doctor finds it. Each test has a copy
/// of its database.
/// </summary>
public sealed class DoctorCluster : IAsyncLifetime
{
    private PostgresServer? _server;
    private ClusterService? _cluster;
    private int _copies;

    public PostgresServer Server => _server ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>A virtual key with five events.</summary>
    public string KeyId { get; private set; } = "";

    private ClusterService Cluster => _cluster ?? throw new InvalidOperationException("There is no cluster.");

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.CreateAsync();
        _cluster = await ClusterService.CreateWithRolesAsync(_server);
        using var receiver = new WebhookReceiver();
        await using var silo = await ServiceProcess.StartAsync("Silo", CreateSettings(_cluster.ConnectionString));
        using var client = silo.CreateClient(await _cluster.CreateProjectAsync(silo));
        (await client.SendAsync(HttpMethod.Post, Routes.Webhooks, new { url = receiver.Url }))
            .EnsureStatus(HttpStatusCode.Created);
        (KeyId, _) = await client.CreateAsync();
        for (var i = 0; i < 4; i++) await client.RotateAsync(KeyId);
        await Wait.UntilAsync(() => receiver.Accepted.Count >= 5);
        Assert.Equal(0, await silo.StopAsync());
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>Copies the database, and returns the connection string of the superuser.</summary>
    public async Task<string> CopyAsync()
    {
        var source = new NpgsqlConnectionStringBuilder(Cluster.ConnectionString).Database;
        var copy = $"copy_{Interlocked.Increment(ref _copies)}";
        await ExecuteAsync(Server.GetConnectionString("postgres"), $"CREATE DATABASE {copy} TEMPLATE {source}");
        return Server.GetConnectionString(copy);
    }

    /// <summary>Returns the settings of a silo on a copy, with the role of silos.</summary>
    public Dictionary<string, string> CreateSettings(string database)
    {
        var settings = Cluster.CreateSettings();
        settings["ConnectionStrings:Keys"] = PostgresRoles.Connect(database, PostgresRoles.Service);
        settings["Cluster:LeaseDuration"] = "00:00:01";
        settings["Hosting:DrainDelay"] = "00:00:00";
        return settings;
    }

    /// <summary>Executes a statement as the superuser, and closes the connection, so that others can copy.</summary>
    public static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
