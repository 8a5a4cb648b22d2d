using KeysCluster.Silo.Peppers;
using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;
using Microsoft.Extensions.Configuration;

namespace KeysCluster.Storage.Tests.Peppers;

/// <summary><c>tests/EndToEnd/Peppers</c> has the status of states that the service has written.</summary>
public abstract class PepperStatusTests : StorageTest
{
    private protected PepperStatusTests()
    {
    }

    private protected PepperStatusTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Every_state_is_read_once()
    {
        foreach (var id in Enumerable.Range(0, 100).Select(i => $"vk_{i}"))
            await WriteAsync(TestKeyState.StateName, id, TestKeyState.Create(id));
        await WriteAsync("project", "project_a", TestKeyState.Create("project_a"));

        var names = new List<string>();
        await foreach (var state in new StoredStates(Database.DataSource, ServiceId).ReadAsync(default))
        {
            Assert.NotEmpty(state.Payload);
            names.Add(state.StateName);
        }

        Assert.Equal((100, 1), (names.Count(name => name == "virtual-key"), names.Count(name => name == "project")));
    }

    /// <summary>Nobody knows which pepper such a state depends on.</summary>
    [Fact]
    public async Task No_pepper_can_be_removed_while_a_state_cannot_be_read()
    {
        Assert.Contains("default can be removed", await GetStatusAsync(), StringComparison.Ordinal);

        await WriteAsync(TestKeyState.StateName, "vk_1", TestKeyState.Create("vk_1"));

        var status = await GetStatusAsync();
        Assert.Contains("States that cannot be read: 1.", status, StringComparison.Ordinal);
        Assert.DoesNotContain("default can be removed", status, StringComparison.Ordinal);
    }

    private async Task<string> GetStatusAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Keys:Pepper"] = Convert.ToBase64String(new byte[32]),
            ["Keys:Peppers:next"] = Convert.ToBase64String(new byte[33]),
            ["Keys:CurrentPepper"] = "next",
        }).Build();
        var status = new PepperStatus(
            NamedPeppers.Read(configuration), new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await status.ReadAsync(new StoredStates(Database.DataSource, ServiceId), listed: null, default);
        return status.Format();
    }
}
