using System.Diagnostics;
using KeysCluster.Grains.Caching;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// The state of a grain as storage is known to contain it. A change becomes visible to readers after its write has
/// succeeded. After a failed write the stored state is unknown: this activation serves nothing more and ends, and the
/// next one loads from storage. Sources: docs/adr/0003-storage.md, docs/adr/0007-leases.md.
/// </summary>
internal sealed partial class DurableState<TState>(
    string name, IGrainContext context, StateCache<TState> cache, ILogger logger)
    where TState : SecretHolderState
{
    private readonly IGrainStorage _storage =
        context.ActivationServices.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider);

    private readonly StorageMetrics _metrics = context.ActivationServices.GetRequiredService<StorageMetrics>();

    private readonly string _key = context.GrainId.Key.ToString()!;

    private GrainState<TState> _row = new();
    private bool _isFaulted;

    /// <summary>
    /// True after this activation has written. A state that it has only read may be a commit that did not wait for its
    /// standby, which a failover could still lose.
    /// </summary>
    private bool _hasWritten;

    /// <summary>The last state known to be durable; null when there is none.</summary>
    /// <remarks>
    /// Another activation, on a silo that this one cannot reach, may have written a later state. A write then fails. A
    /// response that writes nothing needs <see cref="EnsureDurableAsync"/> or <see cref="ReadLatestAsync"/>.
    /// </remarks>
    /// <exception cref="StorageUnavailableException">A write failed and its outcome is unknown.</exception>
    public TState? LastWritten =>
        _isFaulted ? throw new StorageUnavailableException() : _row.RecordExists ? _row.State : null;

    public bool IsFaulted => _isFaulted;

    /// <summary>
    /// True when a newer build has written the state. Source: docs/adr/0012-states-from-newer-builds.md.
    /// </summary>
    public bool IsReadOnly => _row.RecordExists && HasNewerSchema(_row.State!);

    /// <summary>Reads the state when the grain activates. A failure fails the activation.</summary>
    public async Task LoadAsync() => _row = await ReadAsync();

    /// <summary>
    /// Returns the state for a reader. The silo's cache proves that it lacks no acknowledged change that takes validity
    /// away, so the state of this activation is returned while the cache has the same revision. A higher revision in
    /// the cache comes from another activation, and is the current one. Without a cache entry the state is read from
    /// storage. A silo that the others have declared dead may lack another change until its lease expires.
    /// </summary>
    public async ValueTask<TState?> ReadLatestAsync()
    {
        var written = LastWritten;
        if (written is not null && cache.Find(_key)?.State is { } cached && cached.Revision >= written.Revision)
            return cached.Revision > written.Revision ? cached : written;
        var row = await ReadAsync();
        return row.RecordExists ? row.State : null;
    }

    /// <summary>
    /// Ensures that storage contains the state of this activation durably. If not, the activation ends.
    /// </summary>
    /// <exception cref="StorageUnavailableException">
    /// It does not, or this is unknown. The next call loads from storage.
    /// </exception>
    public async Task EnsureDurableAsync()
    {
        if (!_hasWritten && !IsReadOnly && LastWritten is { } written)
        {
            // An earlier commit is replicated when a later one is.
            await WriteAsync(written);
            return;
        }

        var row = await ReadAsync();
        if (row.ETag != _row.ETag) throw Fault(null);
        if (row.RecordExists) cache.Invalidate(_key, row.State!.Revision);
    }

    /// <summary>Writes a state and makes it visible.</summary>
    /// <exception cref="StateConstraintException">The database refused the write, and nothing was written.</exception>
    /// <exception cref="StorageUnavailableException">
    /// The write failed and its outcome is unknown, or a newer build has written the state, and nothing was written.
    /// </exception>
    public async Task WriteAsync(TState next)
    {
        if (_isFaulted) throw new StorageUnavailableException();
        if (HasNewerSchema(next))
        {
            LogNewerSchema(logger, name, context.GrainId, next.SchemaVersion, SecretHolderState.CurrentSchemaVersion);
            throw new StorageUnavailableException();
        }

        using var fill = cache.BeginFill(_key);
        var attempt = new GrainState<TState>(next, _row.ETag) { RecordExists = _row.RecordExists };
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            await _storage.WriteStateAsync(name, context.GrainId, attempt);
            _metrics.RecordWrite(name, WriteOutcome.Written, startedAt);
        }
        catch (StateConstraintException)
        {
            _metrics.RecordWrite(name, WriteOutcome.Refused, startedAt);
            throw;
        }
        catch (Exception exception)
        {
            _metrics.RecordWrite(name, WriteOutcome.Unknown, startedAt);
            cache.InvalidateAll(_key);
            throw Fault(exception);
        }

        // Reads that began before the commit must not be cached after it. The fence invalidates other silos.
        cache.Invalidate(_key, next.Revision);
        StateCache<TState>.Commit(fill, next);
        attempt.RecordExists = true;
        _row = attempt;
        _hasWritten = true;
    }

    private static bool HasNewerSchema(TState state) => state.SchemaVersion > SecretHolderState.CurrentSchemaVersion;

    private async Task<GrainState<TState>> ReadAsync()
    {
        using var fill = cache.BeginFill(_key);
        var row = new GrainState<TState>();
        try
        {
            await _storage.ReadStateAsync(name, context.GrainId, row);
        }
        catch (Exception exception)
        {
            LogReadFailed(logger, exception, name, context.GrainId);
            throw new StorageUnavailableException();
        }

        StateCache<TState>.Commit(fill, row.RecordExists ? row.State : null);
        return row;
    }

    private StorageUnavailableException Fault(Exception? exception)
    {
        _isFaulted = true;
        LogUnknownOutcome(logger, exception, name, context.GrainId);
        context.Deactivate(new DeactivationReason(
            DeactivationReasonCode.ApplicationRequested, "The stored state is unknown."));
        return new StorageUnavailableException();
    }
}
