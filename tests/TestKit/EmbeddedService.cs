namespace KeysCluster.TestKit;

/// <summary>The embedded topology with a data directory of its own, which outlives its processes until disposal.</summary>
public sealed class EmbeddedService : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-data-").FullName;
    private string? _apiKey;

    /// <summary>The folder with the database, the pepper and the admin key.</summary>
    public string DataDirectory => Path.Combine(_folder, "data");

    /// <summary>The database in it.</summary>
    public string DatabaseFile => Path.Combine(DataDirectory, "keys.db");

    /// <summary>The API key that the first start printed.</summary>
    public string ApiKey => _apiKey ?? throw new InvalidOperationException("There was no first start yet.");

    /// <summary>The admin key that the first start made.</summary>
    public string AdminKey => File.ReadAllText(Path.Combine(DataDirectory, "admin-key")).Trim();

    /// <summary>The settings of a process on this data directory, on ports of its own.</summary>
    public Dictionary<string, string> CreateSettings() => new()
    {
        ["Keys:DataDirectory"] = DataDirectory,
        ["Cluster:SiloPort"] = FreePort.NextAsText(),
        ["Cluster:GatewayPort"] = FreePort.NextAsText(),
    };

    /// <summary>Starts a process on this data directory.</summary>
    public async Task<ServiceProcess> StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = await ServiceProcess.StartAsync("Silo", CreateSettings(), environment);
        if (_apiKey is null) _apiKey = await process.ReadPrintedApiKeyAsync();
        return process;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
