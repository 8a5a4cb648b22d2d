using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Data;

/// <summary>A service that runs, and a backup that was made while it changed a key.</summary>
public sealed class BackedUpService : IAsyncLifetime
{
    private readonly EmbeddedService _embedded = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keys-backup-");
    private ServiceProcess? _process;

    /// <summary>The folder of the running service.</summary>
    public string DataDirectory => _embedded.DataDirectory;

    public string Backup => Path.Combine(_folder.FullName, "backup");

    public string Pepper => Path.Combine(_folder.FullName, "pepper");

    public string ApiKey => _embedded.ApiKey;

    /// <summary>A secret whose rotation was acknowledged before the backup began.</summary>
    public string SecretBefore { get; private set; } = "";

    /// <summary>What the command wrote.</summary>
    internal CommandResult? Result { get; private set; }

    public async Task InitializeAsync()
    {
        _process = await _embedded.StartAsync();
        using var client = KeysClient.Create(
            new KeysClientOptions { BaseAddress = _process.Address, ApiKey = _embedded.ApiKey });
        var key = await client.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "checkout" });
        SecretBefore = (await client.VirtualKeys.RotateAsync(key.VirtualKey.Id)).Secret;

        using var stop = new CancellationTokenSource();
        var changing = ChangeAsync(client, key.VirtualKey.Id, stop.Token);
        using var cli = new CommandLine();
        Result = await cli.RunAsync(
            "backup", Backup, "--data-directory", DataDirectory, "--pepper-file", Pepper, "--json");
        await stop.CancelAsync();
        Assert.True(await changing > 0);
        Result.Expect(ExitCodes.Success);
    }

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await _embedded.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Changes the key without a pause, and returns how often.</summary>
    private static async Task<int> ChangeAsync(KeysClient client, string id, CancellationToken cancellationToken)
    {
        var count = 0;
        do
        {
            await client.VirtualKeys.UpdateAsync(
                id, new UpdateVirtualKey { Description = $"Change {count}" }, CancellationToken.None);
            count++;
        }
        while (!cancellationToken.IsCancellationRequested);
        return count;
    }
}
