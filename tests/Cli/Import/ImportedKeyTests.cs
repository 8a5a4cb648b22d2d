using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Import;

/// <summary>The secrets of each system are valid after an import into a service.</summary>
[Trait("Speed", "slow")]
public sealed class ImportedKeyTests : IAsyncLifetime
{
    private readonly EmbeddedService _embedded = new();
    private ServiceProcess? _process;

    public static TheoryData<string> Dumps => [.. Dump.All.Keys];

    private Uri Address => _process!.Address;

    [Theory]
    [MemberData(nameof(Dumps))]
    public async Task Secrets_of_another_system_are_valid_and_a_rotation_replaces_them(string name)
    {
        var dump = Dump.All[name];
        using var cli = new CommandLine
        {
            Variables = { ["KEYS_URL"] = Address.AbsoluteUri, ["KEYS_API_KEY"] = _embedded.ApiKey },
        };
        string[] import = ["import", .. dump.Arguments, "--yes", "--json"];

        var first = (await cli.RunAsync(import)).Expect(ExitCodes.Success).Json;
        var second = (await cli.RunAsync(import)).Expect(ExitCodes.Success).Json;

        Assert.Equal(dump.Secrets.Length, first.GetProperty("imported").GetInt32());
        Assert.Equal(
            (0, dump.Secrets.Length),
            (second.GetProperty("imported").GetInt32(), second.GetProperty("unchanged").GetInt32()));
        using var client = KeysClient.Create(
            new KeysClientOptions { BaseAddress = Address, ApiKey = _embedded.ApiKey });
        foreach (var secret in dump.Secrets)
        {
            var expected = dump.Disabled.Contains(secret) ? VerdictCode.Disabled : VerdictCode.Active;
            var verify = new VerifySecret { Secret = secret, IpAddress = "10.1.2.3" };
            Assert.Equal(expected, (await client.VirtualKeys.VerifyAsync(verify)).Code);
        }

        var key = (await client.VirtualKeys.VerifyAsync(
            new VerifySecret { Secret = dump.Secrets[0], IpAddress = "10.1.2.3" })).VirtualKey!;
        var rotated = await client.VirtualKeys.RotateAsync(key.Id, TimeSpan.Zero);
        Assert.StartsWith("vk-lw-live_", rotated.Secret, StringComparison.Ordinal);
        var replaced = await client.VirtualKeys.VerifyAsync(new VerifySecret { Secret = dump.Secrets[0] });
        Assert.False(replaced.Valid);
    }

    public async Task InitializeAsync()
    {
        var settings = _embedded.CreateSettings();
        settings["Keys:ImportKeys:langwatch"] = Dump.LangWatchPepper;
        _process = await _embedded.StartWithSettingsAsync(settings);
    }

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await _embedded.DisposeAsync();
    }
}
