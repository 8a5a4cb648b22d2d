using KeysCluster.Leases;
using KeysCluster.Validation.Leases;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Renews the leases of the clients that ask this silo, many by one statement: renewals that arrive while a statement
/// runs share the next one.
/// </summary>
internal sealed class ClientLeases(
    ILeaseStore store, ILease siloLease, EventLog log, LeaseOptions options, TimeProvider time)
    : IDisposable
{
    /// <summary>Bounds the memory of reads: a client could ask for many at once.</summary>
    private readonly SemaphoreSlim _logReads = new(4);

    private readonly Lock _gate = new();
    private Batch _next = new();
    private bool _isRunning;

    /// <summary>Acquires a lease; null when clients have too many.</summary>
    public async Task<ClientLeaseGrant?> AcquireAsync(Guid id, LeaseHolder holder) =>
        await store.AcquireAsync(id, holder, options.Duration, CancellationToken.None) is { } position
            ? CreateGrant(position, [])
            : null;

    /// <summary>Renews a lease; null when it has expired, or the client has to start with an empty cache.</summary>
    public async Task<ClientLeaseGrant?> RenewAsync(Guid id, LogPosition applied)
    {
        // The read precedes the renewal, so that the client has every event that its renewed lease depends on.
        if (await ReadLogAsync(applied) is not ({ } position, { } events)) return null;
        return (await JoinBatchAsync(id, applied)).Contains(id)
            ? CreateGrant(position, events)
            : null;
    }

    public void Dispose() => _logReads.Dispose();

    public Task ReleaseAsync(Guid id) => store.ReleaseAsync(id, CancellationToken.None);

    private ClientLeaseGrant CreateGrant(LogPosition position, IReadOnlyList<LogEvent> events) =>
        new(options.Duration, position, events, time.GetUtcNow(), options.MaxClockOffset);

    private async Task<(LogPosition Position, IReadOnlyList<LogEvent> Events)?> ReadLogAsync(LogPosition applied)
    {
        // Without a lease, this silo may have stopped following the log.
        if (siloLease.Epoch != 0 && log.Read(applied) is { } recent) return recent;

        // This silo has started after the client's last renewal, or the client names an old position.
        await _logReads.WaitAsync();
        try
        {
            var read = await store.ReadLogAsync(applied, CancellationToken.None);
            return read.Position.Timeline == applied.Timeline ? (read.Position, read.Events) : null;
        }
        finally
        {
            _logReads.Release();
        }
    }

    private Task<IReadOnlySet<Guid>> JoinBatchAsync(Guid id, LogPosition applied)
    {
        lock (_gate)
        {
            _next.Leases[id] = applied;
            var renewed = _next.Renewed.Task;
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(RunBatchesAsync);
            }

            return renewed;
        }
    }

    private async Task RunBatchesAsync()
    {
        while (true)
        {
            Batch batch;
            lock (_gate)
            {
                if (_next.Leases.Count == 0)
                {
                    _isRunning = false;
                    return;
                }

                (batch, _next) = (_next, new Batch());
            }

            try
            {
                batch.Renewed.SetResult(await store.RenewAsync(batch.Leases, CancellationToken.None));
            }
            catch (Exception exception)
            {
                batch.Renewed.SetException(exception);
            }
        }
    }

    private sealed class Batch
    {
        public Dictionary<Guid, LogPosition> Leases { get; } = [];

        public TaskCompletionSource<IReadOnlySet<Guid>> Renewed { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
