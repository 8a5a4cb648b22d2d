using Npgsql;

namespace KeysCluster.TestKit;

/// <summary>
/// A PostgreSQL server of the tests' own, on a loopback port, with its data in a temporary folder and its durability
/// left on. It can be stopped, crashed and started again; disposal ends it and removes the folder.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly PostgresPrograms _programs;
    private readonly string _root;
    private int _databaseCount;

    private PostgresServer(PostgresPrograms programs, string root)
    {
        _programs = programs;
        _root = root;
    }

    /// <summary>The loopback port, the same after every start.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The folder of its data and its log, which disposal removes.</summary>
    public string Folder => _root;

    private string DataFolder => Path.Combine(_root, "data");

    /// <summary>Makes an empty server and starts it.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresServer> CreateAsync()
    {
        var programs = PostgresPrograms.Find();
        var root = Directory.CreateTempSubdirectory("keys-pg-").FullName;
        var server = new PostgresServer(programs, root);
        try
        {
            await PostgresPrograms.ChangeOwnerAsync(root);
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

    /// <summary>The connection string of a database of this server.</summary>
    public string GetConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Database = database,
    }.ConnectionString;

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databaseCount)}";
        await using var dataSource = NpgsqlDataSource.Create(GetConnectionString("postgres"));
        await using var command = dataSource.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return GetConnectionString(name);
    }

    /// <summary>Starts the server again on the same port and data, and waits until it answers.</summary>
    public Task StartAsync() => _programs.RunAsync(
        "pg_ctl", _root, "start", "-w", "-t", "60", "-D", DataFolder, "-l", Path.Combine(_root, "server.log"));

    /// <summary>An orderly stop: sessions are ended, everything is written.</summary>
    public Task StopAsync() => StopAsync("fast");

    /// <summary>A crash: the server ends at once and has to recover from its log at the next start.</summary>
    public Task KillAsync() => StopAsync("immediate");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(Path.Combine(DataFolder, "postmaster.pid")))
            await KillAsync();

        Directory.Delete(_root, recursive: true);
    }

    // pg_ctl signals the process that the data folder's pid file names, which is this server and no other.
    private Task StopAsync(string mode) => _programs.RunAsync("pg_ctl", _root, "stop", "-w", "-D", DataFolder, "-m", mode);

    private async Task InitializeAsync()
    {
        await _programs.RunAsync("initdb", _root,
            "-D", DataFolder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");

        string[] settings =
        [
            "listen_addresses = '127.0.0.1'",
            $"port = {Port}",
            $"unix_socket_directories = '{_root}'",
            "max_connections = 300",
            "fsync = on",
        ];
        await File.AppendAllLinesAsync(Path.Combine(DataFolder, "postgresql.conf"), settings);
    }
}
