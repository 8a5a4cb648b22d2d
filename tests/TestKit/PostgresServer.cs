using Npgsql;

namespace KeysCluster.TestKit;

/// <summary>
/// A PostgreSQL server on a loopback port, with its data in a temporary folder. It writes durably, as in production. It
/// can be stopped, crashed and started again.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int MaxStartAttempts = 60;

    private static readonly TimeSpan StartRetryDelay = TimeSpan.FromSeconds(1);

    private readonly PostgresPrograms _programs;
    private int _databaseCount;

    private PostgresServer(PostgresPrograms programs, string folder) => (_programs, Folder) = (programs, folder);

    /// <summary>The loopback port. It stays the same across restarts.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The folder of the data and the log. Disposal deletes it.</summary>
    public string Folder { get; }

    private string DataFolder => Path.Combine(Folder, "data");

    /// <summary>Creates an empty server and starts it.</summary>
    /// <param name="parent">The parent of the folder of the server; by default that of temporary files.</param>
    /// <param name="settings">Additional lines of <c>postgresql.conf</c>.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static Task<PostgresServer> CreateAsync(string? parent = null, IReadOnlyList<string>? settings = null) =>
        CreateAsync(parent, server => server.InitializeAsync(settings ?? []));

    /// <summary>
    /// Creates a standby of this server, which follows it under the application name <c>standby</c>, and starts it.
    /// </summary>
    public Task<PostgresServer> CreateStandbyAsync() => CreateAsync(Path.GetDirectoryName(Folder), async standby =>
    {
        var primary = $"host=127.0.0.1 port={Port} user=postgres application_name=standby";
        await _programs.RunAsync("pg_basebackup", standby.Folder,
            "-D", standby.DataFolder, "-d", primary, "--write-recovery-conf", "--checkpoint=fast", "--no-sync");
        string[] settings = [$"port = {standby.Port}", $"unix_socket_directories = '{standby.Folder}'"];
        await File.AppendAllLinesAsync(Path.Combine(standby.DataFolder, "postgresql.conf"), settings);
    });

    private static async Task<PostgresServer> CreateAsync(string? parent, Func<PostgresServer, Task> initializeAsync)
    {
        var programs = PostgresPrograms.Find();
        var folder = parent is null
            ? Directory.CreateTempSubdirectory("keys-pg-").FullName
            : Directory.CreateDirectory(Path.Combine(parent, $"keys-pg-{Guid.NewGuid():N}")).FullName;
        var server = new PostgresServer(programs, folder);
        try
        {
            await PostgresPrograms.ChangeOwnerAsync(server.Folder);
            await initializeAsync(server);
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

    /// <summary>Ends the recovery of a standby, which then accepts writes on a new timeline.</summary>
    public Task PromoteAsync() => _programs.RunAsync("pg_ctl", Folder, "promote", "-w", "-t", "60", "-D", DataFolder);

    /// <summary>Starts the server if it has exited, as it does when its disk is full.</summary>
    public async Task EnsureStartedAsync()
    {
        // The server may be recovering from a crash, during which it accepts no connections, or about to exit.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (GetProcesses().Count == 0) await StartAsync();
                await _programs.RunAsync("pg_isready", Folder, "-h", "127.0.0.1", "-p", $"{Port}");
                return;
            }
            catch (InvalidOperationException) when (attempt < MaxStartAttempts)
            {
                await Task.Delay(StartRetryDelay);
            }
        }
    }

    /// <summary>Suspends all processes of the server (SIGSTOP). Its connections stay open.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Resumes the server after <see cref="PauseAsync"/>.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

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

    // The server is first, so that it starts no other process meanwhile.
    private async Task SignalAsync(string signal) =>
        await ProgramRunner.RunAsync("kill", [$"-{signal}", .. GetProcesses()]);

    /// <summary>Returns the ids of the server and its child processes; none when it does not run.</summary>
    private List<string> GetProcesses()
    {
        var pidFile = Path.Combine(DataFolder, "postmaster.pid");
        if (!File.Exists(pidFile)) return [];
        var server = File.ReadLines(pidFile).First().Trim();
        var children = $"/proc/{server}/task/{server}/children";
        return File.Exists(children)
            ? [server, .. File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries)]
            : [];
    }

    private async Task InitializeAsync(IReadOnlyList<string> additional)
    {
        await _programs.RunAsync("initdb", Folder,
            "-D", DataFolder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");

        string[] settings =
        [
            .. additional,
            "listen_addresses = '127.0.0.1'",
            $"port = {Port}",
            $"unix_socket_directories = '{Folder}'",
            "max_connections = 300",
            "fsync = on",
        ];
        await File.AppendAllLinesAsync(Path.Combine(DataFolder, "postgresql.conf"), settings);
    }
}
