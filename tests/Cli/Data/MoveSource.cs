using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Data;

/// <summary>
/// The data directory of an embedded service that has stopped, with one key, and a PostgreSQL server. Each test moves a
/// copy of the folder.
/// </summary>
public sealed class MoveSource : IAsyncLifetime
{
    private readonly EmbeddedService _embedded = new();
    private readonly PostgresFixture _postgres = new();

    public PostgresServer Server => _postgres.Server;

    public string ApiKey => _embedded.ApiKey;

    /// <summary>The id of the key.</summary>
    public string KeyId { get; private set; } = "";

    public string Secret { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        await using var process = await _embedded.StartAsync();
        using var client = KeysClient.Create(
            new KeysClientOptions { BaseAddress = process.Address, ApiKey = _embedded.ApiKey });
        var created = await client.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "checkout" });
        (KeyId, Secret) = (created.VirtualKey.Id, created.Secret);
        await process.StopAsync();
    }

    public async Task DisposeAsync()
    {
        await _embedded.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>Copies the folder, with the modes of its files.</summary>
    internal string Copy(CommandLine cli)
    {
        var copy = cli.GetPath($"data-{Guid.NewGuid():N}");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(copy);
        else Directory.CreateDirectory(copy, File.GetUnixFileMode(_embedded.DataDirectory));
        foreach (var file in Directory.GetFiles(_embedded.DataDirectory))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }
}
