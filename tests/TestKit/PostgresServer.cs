using Npgsql;

namespace KeysCluster.TestKit;

/// <summary>
/// A PostgreSQL server on a loopback port, with its data in a temporary folder. It writes durably, as in production. It
/// can be stopped, crashed and started again.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly PostgresPrograms _programs;
    private int _databaseCount;

    private PostgresServer(PostgresPrograms programs, string folder) => (_programs, Folder) = (programs, folder);

    /// <summary>The loopback port. It stays the same across restarts.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The folder of the data and the log. Disposal deletes it.</summary>
    public string Folder { get; }

    private string DataFolder => Path.Combine(Folder, "data");

    /// <summary>Creates an empty server and starts it.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresServer> CreateAsync()
    {
        var programs = PostgresPrograms.Find();
        var server = new PostgresServer(programs, Directory.CreateTempSubdirectory("keys-pg-").FullName);
        try
        {
            await PostgresPrograms.ChangeOwnerAsync(server.Folder);
            await server.InitializeAsync();
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the connection string of a database.</summary>
    public string GetConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Database = database,
    }.ConnectionString;

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databaseCount)}";
        await using var dataSource = NpgsqlDataSource.Create(GetConnectionString("postgres"));
        await using var command = dataSource.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return GetConnectionString(name);
    }

    /// <summary>Starts the server and waits until it accepts connections.</summary>
    public Task StartAsync() => _programs.RunAsync(
        "pg_ctl", Folder, "start", "-w", "-t", "60", "-D", DataFolder, "-l", Path.Combine(Folder, "server.log"));

    /// <summary>Stops the server in order: it closes all sessions and writes all data.</summary>
    public Task StopAsync() => StopAsync("fast");

    /// <summary>Crashes the server: it exits immediately and recovers from its log at the next start.</summary>
    public Task KillAsync() => StopAsync("immediate");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(Path.Combine(DataFolder, "postmaster.pid"))) await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    // pg_ctl signals the process in the pid file of the data folder, so it cannot stop another server.
    private Task StopAsync(string mode) =>
        _programs.RunAsync("pg_ctl", Folder, "stop", "-w", "-D", DataFolder, "-m", mode);

    private async Task InitializeAsync()
    {
        await _programs.RunAsync("initdb", Folder,
            "-D", DataFolder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");

        string[] settings =
        [
            "listen_addresses = '127.0.0.1'",
            $"port = {Port}",
            $"unix_socket_directories = '{Folder}'",
            "max_connections = 300",
            "fsync = on",
        ];
        await File.AppendAllLinesAsync(Path.Combine(DataFolder, "postgresql.conf"), settings);
    }
}
