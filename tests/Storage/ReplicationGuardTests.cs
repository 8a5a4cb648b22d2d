using System.Diagnostics;
using KeysCluster.Silo.Storage.PostgreSql;
using Npgsql;

namespace KeysCluster.Storage.Tests;

public sealed class ReplicationGuardTests
{
    [Theory]
    [InlineData(10, 8.9, true)]
    [InlineData(10, 9.1, false)]
    [InlineData(10, 11, false)]
    [InlineData(1, 0.5, true)]
    [InlineData(1, 0.95, false)]
    [InlineData(0, 3600, true)]
    public void A_commit_that_took_as_long_as_its_command_timeout_fails(
        int commandTimeout, double seconds, bool isConfirmed)
    {
        var guard = new ReplicationGuard($"Host=localhost;Command Timeout={commandTimeout}");
        var startedAt = Stopwatch.GetTimestamp() - (long)(seconds * Stopwatch.Frequency);

        var failure = Record.Exception(() => guard.ThrowIfUnconfirmed(startedAt));

        Assert.Equal(isConfirmed, failure is null);
        if (!isConfirmed) Assert.IsType<TimeoutException>(failure);
    }

    /// <summary>A pool without a free connection makes no commit of ordinary duration fail.</summary>
    [Fact]
    public void The_longest_wait_for_a_connection_leaves_a_write_two_seconds_until_it_is_unconfirmed()
    {
        using var databases = new PostgresDataSources("Host=localhost");
        var settings = new NpgsqlConnectionStringBuilder(databases.Grains.ConnectionString);

        var guard = new ReplicationGuard(databases.Grains.ConnectionString);
        guard.ThrowIfUnconfirmed(Stopwatch.GetTimestamp() - (settings.Timeout + 2) * Stopwatch.Frequency);
    }
}
