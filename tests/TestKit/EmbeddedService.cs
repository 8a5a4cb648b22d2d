namespace KeysCluster.TestKit;

/// <summary>The embedded topology. Its data directory outlives its processes and is deleted by disposal.</summary>
public sealed class EmbeddedService : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-data-").FullName;
    private string? _apiKey;

    /// <summary>The folder of the database, the pepper and the admin key.</summary>
    public string DataDirectory => Path.Combine(_folder, "data");

    /// <summary>The path of the database.</summary>
    public string DatabaseFile => Path.Combine(DataDirectory, "keys.db");

    /// <summary>The API key that the first start wrote to a file.</summary>
    public string ApiKey => _apiKey ?? throw new InvalidOperationException("The service was never started.");

    /// <summary>The admin key that the first start created.</summary>
    public string AdminKey => File.ReadAllText(Path.Combine(DataDirectory, "admin-key")).Trim();

    /// <summary>Returns the settings of a process. Tests that fail on purpose are not limited.</summary>
    public Dictionary<string, string> CreateSettings() => new()
    {
        ["Keys:DataDirectory"] = DataDirectory,
        ["Api:FailedAuthenticationsPerMinute"] = "1000000",
        ["Api:InvalidVerificationsPerSecond"] = "1000000",
        ["Webhooks:AllowPrivateAddresses"] = "true",
    };

    /// <summary>Starts a process on the data directory.</summary>
    public async Task<ServiceProcess> StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = await ServiceProcess.StartAsync("Silo", CreateSettings(), environment);
        _apiKey ??= await ReadApiKeyAsync(process);
        return process;
    }

    /// <summary>Starts a process on the data directory, with settings that contain it.</summary>
    public async Task<ServiceProcess> StartWithSettingsAsync(Dictionary<string, string> settings)
    {
        var process = await ServiceProcess.StartAsync("Silo", settings);
        _apiKey ??= await ReadApiKeyAsync(process);
        return process;
    }

    /// <summary>Starts a process that serves REST by HTTPS, and health at another address.</summary>
    /// <param name="certificate">The path of its certificate.</param>
    /// <param name="key">The path of the key.</param>
    public async Task<ServiceProcess> StartWithHttpsAsync(string certificate, string key)
    {
        var settings = CreateSettings();
        settings["Api:Tls:Certificate"] = certificate;
        settings["Api:Tls:Key"] = key;
        settings["Hosting:ManagementUrl"] = $"http://127.0.0.1:{FreePort.NextAsText()}";
        var address = new Uri($"https://127.0.0.1:{FreePort.NextAsText()}");
        var process = await ServiceProcess.StartAsync("Silo", settings, address: address);
        _apiKey ??= await ReadApiKeyAsync(process);
        return process;
    }

    /// <summary>Reads the file that the first start writes after it is ready.</summary>
    private async Task<string> ReadApiKeyAsync(ServiceProcess process)
    {
        await process.WaitForOutputAsync("Project API key");
        return (await File.ReadAllTextAsync(Path.Combine(DataDirectory, "project-api-key"))).Trim();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
