namespace KeysCluster.Cli.Tests.Services;

/// <summary>A service of the embedded topology, and the collection of the tests that share it.</summary>
[CollectionDefinition(CollectionName)]
public sealed class CliService : IAsyncLifetime, ICollectionFixture<CliService>
{
    public const string CollectionName = "Service";

    private readonly EmbeddedService _embedded = new();
    private ServiceProcess? _process;

    public Uri Address => _process?.Address ?? throw new InvalidOperationException("The process is not started.");

    public string AdminKey => _embedded.AdminKey;

    /// <summary>Creates a project for one test.</summary>
    public async Task<IssuedProject> CreateProjectAsync(string name = "a project")
    {
        using var admin = CreateClient(AdminKey);
        return await admin.Projects.CreateAsync(name);
    }

    /// <summary>Creates a client that presents a key.</summary>
    public KeysClient CreateClient(string key, Uri? address = null) =>
        KeysClient.Create(new KeysClientOptions { BaseAddress = address ?? Address, ApiKey = key });

    /// <summary>Creates a command line that is signed in by variables, with a project of its own.</summary>
    internal async Task<CommandLine> CreateCommandLineAsync() => CreateCommandLine((await CreateProjectAsync()).ApiKey);

    /// <summary>Creates a command line that is signed in by variables.</summary>
    internal CommandLine CreateCommandLine(string key, Uri? address = null) => new()
    {
        Variables = { ["KEYS_URL"] = (address ?? Address).AbsoluteUri, ["KEYS_API_KEY"] = key },
    };

    public async Task InitializeAsync() => _process = await _embedded.StartAsync();

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await _embedded.DisposeAsync();
    }
}
