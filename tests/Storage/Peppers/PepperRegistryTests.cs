using KeysCluster.Grains.Secrets;
using KeysCluster.Hosting;
using KeysCluster.Silo.Peppers;
using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests.Peppers;

/// <summary>A silo starts with a database only if it has a pepper that the database was written with.</summary>
public abstract class PepperRegistryTests : StorageTest
{
    private static readonly Pepper Old = new(new byte[32]);
    private static readonly Pepper Next = Pepper.WithHashKeys(new byte[32]);
    private static readonly Pepper Other = new([.. Enumerable.Repeat((byte)1, 32)]);

    private protected PepperRegistryTests()
    {
    }

    private protected PepperRegistryTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task A_silo_starts_with_any_pepper_that_the_database_was_written_with()
    {
        await StartAsync(Old);
        await StartAsync(Next, Old);
        await StartAsync(Old);
        await StartAsync(Next);

        await Assert.ThrowsAsync<StartupException>(() => StartAsync(Other));
        await StartAsync(Other, Next);
        await StartAsync(Other);
    }

    [Fact]
    public async Task A_pepper_that_was_never_current_is_not_one_that_the_database_was_written_with()
    {
        await StartAsync(Old, Next);

        await Assert.ThrowsAsync<StartupException>(() => StartAsync(Next));
    }

    /// <summary>A build that knows one pepper compares it with this value, and would refuse valid secrets.</summary>
    [Fact]
    public async Task A_build_that_knows_one_pepper_starts_until_another_one_becomes_the_current_one()
    {
        await StartAsync(Old);
        Assert.Equal(Old.Id, await GetLastAsync());

        await StartAsync(Next, Old);
        Assert.Equal(Next.Id, await GetLastAsync());

        // Another silo has not made it the current one yet.
        await StartAsync(Old, Next);
        Assert.Equal(Next.Id, await GetLastAsync());
    }

    [Fact]
    public async Task A_database_of_a_build_that_knows_one_pepper_keeps_it()
    {
        await new DatabaseMetadata(Database.DataSource).GetOrAddAsync("pepper_id", Old.Id, default);

        await StartAsync(Next, Old);
        await StartAsync(Old);
    }

    private Task StartAsync(Pepper current, params Pepper[] others) =>
        new PepperRegistry(new DatabaseMetadata(Database.DataSource))
            .EnsureKnownAsync(new PepperSet(current, others), CancellationToken.None);

    private Task<string> GetLastAsync() =>
        new DatabaseMetadata(Database.DataSource).GetOrAddAsync("pepper_id", "none", default);
}
