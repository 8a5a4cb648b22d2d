using KeysCluster.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// A grain's state as storage is known to hold it. A change becomes visible to readers when its write has succeeded
/// and not before. After a failed write the truth is unknown: nothing is served any more, the activation ends, and
/// the next one reads what storage holds. Source: docs/adr/0003-storage.md.
/// </summary>
internal sealed partial class DurableState<TState>(string name, IGrainContext context, ILogger logger)
    where TState : class
{
    private readonly IGrainStorage _storage =
        context.ActivationServices.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider);

    private GrainState<TState> _row = new();
    private bool _isFenced;

    /// <summary>The last state known to be durable; null when there is none.</summary>
    /// <exception cref="StorageUnavailableException">A write failed and its outcome is not known.</exception>
    public TState? Published =>
        _isFenced ? throw new StorageUnavailableException() : _row.RecordExists ? _row.State : null;

    public bool IsFenced => _isFenced;

    /// <summary>Reads the state, once, when the grain activates. A failure fails the activation.</summary>
    public async Task Load()
    {
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

        _row = row;
    }

    /// <summary>Writes a state and publishes it.</summary>
    /// <exception cref="StorageUnavailableException">The write failed; whether it happened is not known.</exception>
    public async Task Write(TState next)
    {
        if (_isFenced) throw new StorageUnavailableException();
        var attempt = new GrainState<TState>(next, _row.ETag) { RecordExists = _row.RecordExists };
        try
        {
            await _storage.WriteStateAsync(name, context.GrainId, attempt);
        }
        catch (Exception exception)
        {
            _isFenced = true;
            LogWriteFailed(logger, exception, name, context.GrainId);
            context.Deactivate(new DeactivationReason(
                DeactivationReasonCode.ApplicationRequested, "A write failed and its outcome is not known."));
            throw new StorageUnavailableException();
        }

        attempt.RecordExists = true;
        _row = attempt;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Reading {State} of {GrainId} failed.")]
    private static partial void LogReadFailed(ILogger logger, Exception exception, string state, GrainId grainId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error,
        Message = "Writing {State} of {GrainId} failed; the activation ends and the next one reads what is stored.")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception, string state, GrainId grainId);
}
