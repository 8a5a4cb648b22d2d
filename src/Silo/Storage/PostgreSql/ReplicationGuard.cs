using System.Diagnostics;
using Npgsql;

namespace KeysCluster.Silo.Storage.PostgreSql;

/// <summary>
/// Fails a commit that a synchronous standby may not have. A commit waits for the standby. When the command times out
/// in that wait, the driver cancels it, and PostgreSQL responds with a warning and success: the write is committed, but
/// a failover can lose it. A commit that took as long as the command timeout has therefore an unknown outcome.
/// Source: docs/adr/0003-storage.md.
/// </summary>
internal sealed class ReplicationGuard : IWriteGuard
{
    private readonly TimeSpan _maxDuration;

    /// <param name="connectionString">
    /// Contains the command timeout, after which the driver cancels a command; zero if it never does.
    /// </param>
    public ReplicationGuard(string connectionString)
    {
        var timeout = TimeSpan.FromSeconds(new NpgsqlConnectionStringBuilder(connectionString).CommandTimeout);

        // Less than the timeout, because timers are not exact.
        _maxDuration = timeout == TimeSpan.Zero ? TimeSpan.MaxValue : timeout * 0.9;
    }

    public async Task ExecuteAsync(Func<Task> writeAsync)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await StateConstraints.ExecuteAsync(writeAsync);
        ThrowIfUnconfirmed(startedAt);
    }

    /// <summary>Checks a commit after it has succeeded.</summary>
    /// <param name="startedAt">The timestamp of <see cref="Stopwatch"/> before the write began.</param>
    /// <exception cref="TimeoutException">A failover can lose the commit.</exception>
    public void ThrowIfUnconfirmed(long startedAt)
    {
        if (Stopwatch.GetElapsedTime(startedAt) >= _maxDuration)
        {
            throw new TimeoutException(
                "A synchronous standby may not have the write, which took as long as the command timeout.");
        }
    }
}
