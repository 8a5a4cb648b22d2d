using KeysCluster.Grains.Validation;
using KeysCluster.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// A grain's state as storage is known to hold it. A change becomes visible to readers when its write has succeeded
/// and not before. After a failed write the truth is unknown: nothing is served any more, the activation ends, and
/// the next one reads what storage holds. Sources: docs/adr/0003-storage.md, docs/adr/0007-leases.md.
/// </summary>
internal sealed partial class DurableState<TState>(
    string name, IGrainContext context, HeldStates<TState> held, ILogger logger)
    where TState : class, IRevised
{
    private readonly IGrainStorage _storage =
        context.ActivationServices.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider);

    private readonly string _key = context.GrainId.Key.ToString()!;

    private GrainState<TState> _row = new();
    private bool _isFenced;

    /// <summary>
    /// Whether this activation has written. What it has only read may be a commit that was cut short in its wait for a
    /// standby: a failover could still lose it.
    /// </summary>
    private bool _hasWritten;

    /// <summary>The last state known to be durable; null when there is none.</summary>
    /// <remarks>
    /// Another activation, on a silo that this one cannot reach, may have written a later one. A write would then fail; an
    /// answer that writes nothing needs <see cref="Confirm"/> or <see cref="Current"/>.
    /// </remarks>
    /// <exception cref="StorageUnavailableException">A write failed and its outcome is not known.</exception>
    public TState? Published =>
        _isFenced ? throw new StorageUnavailableException() : _row.RecordExists ? _row.State : null;

    public bool IsFenced => _isFenced;

    /// <summary>Reads the state, once, when the grain activates. A failure fails the activation.</summary>
    public async Task Load() => _row = await Read();

    /// <summary>
    /// The state for a reader: what is published while the silo holds it or a later one, else what storage has.
    /// </summary>
    public async ValueTask<TState?> Current()
    {
        var published = Published;
        if (published is not null && held.Find(_key)?.State is { } seen && seen.Revision >= published.Revision)
            return seen.Revision > published.Revision ? seen : published;
        var row = await Read();
        return row.RecordExists ? row.State : null;
    }

    /// <summary>
    /// Makes sure that the published state is the one that storage has, and that it stays there; if not, the activation ends.
    /// </summary>
    /// <exception cref="StorageUnavailableException">It is not, or cannot be told: the next call reads the truth.</exception>
    public async Task Confirm()
    {
        if (!_hasWritten && Published is { } published)
        {
            // A commit is safe when a later one is.
            await Write(published);
            return;
        }

        var row = await Read();
        if (row.ETag != _row.ETag) throw Fence(null);
        if (row.RecordExists) held.Invalidate(_key, row.State!.Revision);
    }

    /// <summary>Writes a state and publishes it.</summary>
    /// <exception cref="StorageUnavailableException">The write failed; whether it happened is not known.</exception>
    public async Task Write(TState next)
    {
        if (_isFenced) throw new StorageUnavailableException();
        using var pending = held.Begin(_key);
        var attempt = new GrainState<TState>(next, _row.ETag) { RecordExists = _row.RecordExists };
        try
        {
            await _storage.WriteStateAsync(name, context.GrainId, attempt);
        }
        catch (Exception exception)
        {
            held.Forget(_key);
            throw Fence(exception);
        }

        // Reads that began before the commit must not be held after it; other silos are told by the fence.
        held.Invalidate(_key, next.Revision);
        pending.Complete(next);
        attempt.RecordExists = true;
        _row = attempt;
        _hasWritten = true;
    }

    private async Task<GrainState<TState>> Read()
    {
        using var pending = held.Begin(_key);
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

        pending.Complete(row.RecordExists ? row.State : null);
        return row;
    }

    private StorageUnavailableException Fence(Exception? exception)
    {
        _isFenced = true;
        LogFenced(logger, exception, name, context.GrainId);
        context.Deactivate(new DeactivationReason(
            DeactivationReasonCode.ApplicationRequested, "What storage holds is not known here."));
        return new StorageUnavailableException();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Reading {State} of {GrainId} failed.")]
    private static partial void LogReadFailed(ILogger logger, Exception exception, string state, GrainId grainId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error,
        Message = "What storage holds of {State} of {GrainId} is not known here; the activation ends and the next one reads it.")]
    private static partial void LogFenced(ILogger logger, Exception? exception, string state, GrainId grainId);
}
