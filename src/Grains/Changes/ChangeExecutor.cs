using KeysCluster.Grains.Idempotency;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.Idempotency;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// Runs the five steps of every change of a virtual key or project, in the order on which the guarantees depend:
/// replay, decide, persist, invalidate, respond. Source: docs/architecture.md.
/// </summary>
internal sealed class ChangeExecutor<TState>(
    GrainId grainId,
    DurableState<TState> storage,
    ErasureReminder reminder,
    InvalidationRetrier invalidation,
    LastUsedTracker lastUsed,
    SecretHolderServices services)
    where TState : SecretHolderState
{
    private readonly string _key = grainId.Key.ToString()!;

    /// <summary>Runs a change that its caller does not repeat.</summary>
    public Task<ChangeResult<TState>> ExecuteAsync(TState? current, Func<DateTimeOffset, Decision<TState>> decide) =>
        ExecuteAsync(current, request: null, decide);

    /// <summary>Runs a change.</summary>
    /// <param name="current">The state before the change; null when the change creates it.</param>
    /// <param name="request">Set when the caller may repeat the change.</param>
    /// <param name="decide">The rule, a pure function of the time.</param>
    /// <exception cref="KeysCluster.Storage.StorageUnavailableException">
    /// The outcome of the write, or the invalidation of some cache, is unknown. The caller may retry.
    /// </exception>
    public async Task<ChangeResult<TState>> ExecuteAsync(
        TState? current, IdempotentRequest? request, Func<DateTimeOffset, Decision<TState>> decide)
    {
        var now = services.Time.GetUtcNowMilliseconds();

        // 1. Replay: a repeated request gets the recorded response and changes nothing.
        var keyHash = request is null ? null : services.Pepper.Hash(request.KeyDigest);
        if (keyHash is not null && current?.IdempotencyRecords.Find(keyHash, now) is { } record)
        {
            await EnsureCompletedAsync(current);
            return Replay(record, request!, now);
        }

        // 2. Decide.
        var (outcome, next) = decide(now);
        if (next is null || ReferenceEquals(next, current))
        {
            if (current is not null) await EnsureCompletedAsync(current);
            return new(outcome, next is null ? null : lastUsed.ApplyTo(next), now);
        }

        var shortensValidity = current is not null && SecretHolderLifecycle.ShortensValidity(current, next, now);
        if (shortensValidity) next = next with { LastInvalidatingChangeAt = now };

        // Applied before the write: a use during the write would make the response differ from the recorded one.
        next = lastUsed.ApplyTo(next);
        if (keyHash is not null)
        {
            if (!next.IdempotencyRecords.HasRoom(now))
            {
                var unchanged = current is null ? null : lastUsed.ApplyTo(current);
                return new(ChangeOutcome.TooManyIdempotencyRecords, unchanged, now);
            }

            var records = next.IdempotencyRecords.Add(CreateRecord(request!, keyHash, next, now), now);
            next = next with { IdempotencyRecords = records };
        }

        // 3. Persist.
        await PersistAsync(current, next, now);
        services.Metrics.CountChange(next.LastChange.Action);

        // 4. Invalidate. A new key or project is in no cache.
        if (current is not null) await InvalidateAsync(next, shortensValidity);

        // 5. Respond.
        return new(outcome, next, now);
    }

    /// <summary>
    /// Ensures that the state is durable and that every cache is invalidated, before a response that writes nothing.
    /// Such a response acknowledges an earlier change, whose caller may have received no response.
    /// </summary>
    private async Task EnsureCompletedAsync(TState state)
    {
        await storage.EnsureDurableAsync();
        if (invalidation.HasPending) await invalidation.InvalidateAndWaitAsync(state.Revision);
    }

    private async Task PersistAsync(TState? current, TState next, DateTimeOffset now)
    {
        // The registration runs during the write and does not throw. Both have completed before the change continues.
        var registration = reminder.ArmAsync(current?.GetNextErasureDue(), next.GetNextErasureDue(), now);
        try
        {
            await storage.WriteAsync(next);
            lastUsed.Retain(next.Secrets);
        }
        finally
        {
            await registration;
        }
    }

    private Task InvalidateAsync(TState next, bool shortensValidity)
    {
        // An earlier change may have shortened validity without reaching every cache.
        if (shortensValidity || invalidation.HasPending) return invalidation.InvalidateAndWaitAsync(next.Revision);
        return services.Fence.NotifyAsync(grainId, next.Revision);
    }

    private ChangeResult<TState> Replay(IdempotencyRecord record, IdempotentRequest request, DateTimeOffset now) =>
        record.RequestHash.AsSpan().SequenceEqual(request.RequestHash.ToArray())
            ? new(ChangeOutcome.Replayed, null, now, record, services.Pepper.Open(record.SealedSecret, _key))
            : new(ChangeOutcome.IdempotencyConflict, null, now);

    private IdempotencyRecord CreateRecord(
        IdempotentRequest request, byte[] keyHash, TState next, DateTimeOffset now) => new()
        {
            KeyHash = keyHash,
            RequestHash = request.RequestHash.ToArray(),
            SealedSecret = services.Pepper.Seal(request.SealedSecret, _key),
            Response = next.ToRecordedResponse(now),
            ExpiresAt = now + IdempotentRequest.RecordLifetime,
        };
}
