using System.Net;
using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// The lifecycle that the grains of virtual keys and projects share: activation, erasure of expired hashes, and times
/// of last use. Changes run through <see cref="ChangeExecutor{TState}"/>; rules live in the <c>*Lifecycle</c> classes.
/// </summary>
internal abstract class SecretHolderGrain<TState> : Grain, IRemindable
    where TState : SecretHolderState
{
    /// <summary>
    /// The idle time after which a grain is collected. It exceeds <see cref="LastUsedTracker.WriteInterval"/>, so that
    /// nothing is lost, and is short otherwise: a million activations take 4 GB.
    /// </summary>
    protected const double IdleMinutes = 2;

    /// <summary>The delay before another attempt while too many grains of this silo erase.</summary>
    private static readonly TimeSpan ErasureRetryDelay = TimeSpan.FromSeconds(5);

    private readonly SecretHolderServices _services;
    private readonly DurableState<TState> _storage;
    private readonly ErasureReminder _reminder;

    // Calls that interleave, such as RecordUse and Validate, use the state and the tracker between any two awaits of a
    // change. The state is immutable and replaced as a whole, and the tracker keeps what a change has not written yet.
    protected SecretHolderGrain(
        string stateName,
        IGrainContext context,
        StateCache<TState> cache,
        SecretHolderServices services,
        ILogger logger)
    {
        _services = services;
        Key = context.GrainId.Key.ToString()!;
        _storage = new DurableState<TState>(stateName, context, cache, logger);
        _reminder = new ErasureReminder(this, services.Time, logger);
        LastUsed = new LastUsedTracker(this, WriteLastUsedAsync);
        Changes = new ChangeExecutor<TState>(context.GrainId, _storage, _reminder, services);
    }

    protected ChangeExecutor<TState> Changes { get; }

    protected LastUsedTracker LastUsed { get; }

    protected string Key { get; }

    protected Pepper Pepper => Peppers.Current;

    protected PepperSet Peppers => _services.Ring.Peppers;

    protected TimeProvider Time => _services.Time;

    protected DatabaseClock Clock => _services.Clock;

    /// <summary>The last durable state, with the uses since then; null when there is none.</summary>
    protected TState? State => _storage.LastWritten is { } state ? LastUsed.ApplyTo(state) : null;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _storage.LoadAsync();
        if (GetEraseAt() <= Clock.GetEraseBefore(Time.GetUtcNowMilliseconds())) ScheduleErasure(TimeSpan.Zero);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        WriteLastUsedAsync();

    public Task ReceiveReminder(string reminderName, TickStatus status) => EraseExpiredAsync();

    /// <summary>Deactivates a grain without state, so that calls with forged ids do not fill memory.</summary>
    protected void DeactivateIfEmpty()
    {
        if (_storage.LastWritten is null) DeactivateOnIdle();
    }

    /// <summary>Returns <see cref="State"/>; deactivates the grain when there is none.</summary>
    protected TState? GetStateOrDeactivate()
    {
        DeactivateIfEmpty();
        return State;
    }

    /// <summary>
    /// Returns the state for a call that only reads, even when another activation has written a later one.
    /// </summary>
    protected async ValueTask<TState?> ReadLatestAsync()
    {
        var state = await _storage.ReadLatestAsync();
        if (state is null) DeactivateIfEmpty();
        return state is null ? null : LastUsed.ApplyTo(state);
    }

    /// <param name="secret">The id of the secret.</param>
    /// <param name="at">The time of the use.</param>
    /// <param name="digest">The digest of the secret; null if it is unknown, so that it cannot be rehashed.</param>
    /// <param name="address">The address of the client; null if unknown.</param>
    protected void TrackUse(
        SecretId secret, DateTimeOffset at, Sha256Digest? digest = null, IPAddress? address = null)
    {
        var now = Time.GetUtcNowMilliseconds();
        DeactivateIfEmpty();
        if (_storage.LastWritten?.FindSecret(secret.ToString()) is not { } used) return;

        // The time is the caller's.
        var notBefore = at < used.CreatedAt ? used.CreatedAt : at;
        LastUsed.Record(used.Id, new SecretUse(notBefore < now ? notBefore : now, address?.ToString()));
        if (digest is { } presented) RehashUsed(used.Id, presented);
    }

    /// <summary>
    /// Has a used secret rehashed with the next write of its last use, if it is not under the current pepper.
    /// </summary>
    protected void RehashUsed(string secretId, Sha256Digest digest)
    {
        if (!_storage.IsFaulted && _storage.LastWritten?.FindSecret(secretId) is { } used)
            LastUsed.Rehash(used, digest, _services.Ring.Peppers);
    }

    /// <summary>Erases what is due, and returns the state without it; the same instance when nothing was.</summary>
    protected virtual Task<TState> EraseAsync(TState state, DateTimeOffset now) =>
        Task.FromResult(SecretHolderLifecycle.EraseExpired(state, now, Clock.GetEraseBefore(now)));

    protected void ScheduleErasure(TimeSpan delay) =>
        this.RegisterGrainTimer(EraseExpiredAsync, delay, Timeout.InfiniteTimeSpan);

    private async Task EraseExpiredAsync()
    {
        // Without waiting, because the calls of this grain would wait as well.
        if (!await _services.ErasureThrottle.WaitAsync(TimeSpan.Zero))
        {
            ScheduleErasure(ErasureRetryDelay);
            return;
        }

        try
        {
            await EraseAndRearmAsync();
        }
        finally
        {
            _services.ErasureThrottle.Release();
        }
    }

    private async Task EraseAndRearmAsync()
    {
        // The reminder remains, and the silo of the newer build erases.
        if (_storage.IsReadOnly) return;

        _reminder.Reset();
        var now = Time.GetUtcNowMilliseconds();
        if (GetStateOrDeactivate() is { } state)
        {
            var remaining = await EraseAsync(state, now);
            if (!ReferenceEquals(remaining, state))
            {
                await _storage.WriteAsync(EventRecorder.Record(state, remaining));
                _services.Metrics.CountErasedSecrets(CountReplaced(state) - CountReplaced(remaining));
            }
        }

        if (GetEraseAt() is { } next)
        {
            _reminder.ArmIfSoon(next, now);
            return;
        }

        await _reminder.RemoveAsync(_storage.EnsureDurableAsync);
    }

    private static int CountReplaced(TState state) => state.SecretSets.Sum(secrets => secrets.Replaced.Length);

    private async Task WriteLastUsedAsync()
    {
        if (_storage.IsFaulted || _storage.IsReadOnly || _storage.LastWritten is not { } state) return;
        LastUsed.Retain(state);
        var used = LastUsed.ApplyTo(state);
        if (ReferenceEquals(used, state)) return;
        try
        {
            var rehashed = SecretHolderLifecycle.FindRehashed(state, used);
            await _storage.WriteAsync(rehashed.Count == 0
                ? used
                : EventRecorder.Record(
                    state, SecretHolderLifecycle.WithRehashEvent(used, rehashed, Time.GetUtcNowMilliseconds())));
            _services.Metrics.CountRehashedSecrets(rehashed.Count);
        }
        catch (StorageUnavailableException)
        {
            // No caller waits for this write. DurableState has logged the failure; up to a minute of uses is lost.
        }
    }

    private DateTimeOffset? GetEraseAt() => _storage.IsFaulted ? null : _storage.LastWritten?.EraseAt;
}
