using System.Diagnostics;
using KeysCluster.Grains.Idempotency;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.Idempotency;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// Runs the five steps of every change of a virtual key or project, in the order on which the guarantees depend:
/// replay, decide, persist, invalidate, respond. Source: docs/architecture.md.
/// </summary>
internal sealed class ChangeExecutor<TState>(
    GrainId grainId,
    DurableState<TState> storage,
    ErasureReminder reminder,
    SecretHolderServices services)
    where TState : SecretHolderState
{
    private readonly string _key = grainId.Key.ToString()!;

    /// <summary>
    /// Returns the record under the idempotency key of a request; null if the request is a new one.
    /// </summary>
    public IdempotencyRecord? FindRecord(TState current, IdempotentRequest? request) => request is null
        ? null
        : FindRecord(current, request, services.Ring.Peppers, services.Time.GetUtcNowMilliseconds());

    /// <summary>Runs a change.</summary>
    /// <param name="current">The state before the change; null when the change creates it.</param>
    /// <param name="decide">The rule, a pure function of the time.</param>
    /// <param name="caller">The caller of a request, whom the event of a replay names.</param>
    /// <param name="request">Set when the caller may repeat the change.</param>
    /// <exception cref="KeysCluster.Storage.StorageUnavailableException">
    /// The outcome of the write, or the invalidation of some cache, is unknown. The caller may retry.
    /// </exception>
    public async Task<ChangeResult<TState>> ExecuteAsync(
        TState? current,
        Func<DateTimeOffset, Decision<TState>> decide,
        Caller caller = default,
        IdempotentRequest? request = null)
    {
        var startedAt = Stopwatch.GetTimestamp();

        // Every rule compares deadlines with this time, and a change is final for the whole cluster. The clock is
        // checked after the time was read, so that a step ahead before that is noticed.
        var now = services.Time.GetUtcNowMilliseconds();
        if (!services.Clock.IsAccurate) throw new StorageUnavailableException();

        // 1. Replay: a repeated request gets the secret of the first one and changes nothing.
        var peppers = services.Ring.Peppers;
        if (request is not null && FindRecord(current, request, peppers, now) is { } record)
            return await ReplayAsync(current!, caller, record, request, peppers, now);

        // 2. Decide.
        var decision = decide(now);
        var next = decision.State;
        if (next is null || ReferenceEquals(next, current))
        {
            // The response acknowledges an earlier change, whose caller may have received no response.
            if (current is not null && next is not null) await storage.EnsureDurableAsync();
            if (decision.RequiresInvalidation) await services.Fence.InvalidateAndWaitAsync(grainId, current!.Revision);
            return new(decision.Outcome, next, now);
        }

        if (request is not null)
        {
            if (!next.IdempotencyRecords.HasRoom(now))
                return new(ChangeOutcome.TooManyIdempotencyRecords, current, now);

            var added = CreateRecord(caller, request, peppers.Current, next, now);
            next = next with
            {
                IdempotencyRecords = next.IdempotencyRecords.Add(added, services.Clock.GetEraseBefore(now)),
            };
        }

        // 3. Persist: the state, its event and its erasure reminder, in one transaction.
        try
        {
            await PersistAsync(current, next);
        }
        catch (StateConstraintException violation)
        {
            return new(violation.Outcome, current, now);
        }

        services.Metrics.CountChange(next.LastEvent.Type);
        reminder.ArmIfSoon(next.EraseAt, now);

        // 4. Invalidate. A new key or project is in no cache. Only a change that ends validity waits.
        if (decision.RequiresInvalidation) await services.Fence.InvalidateAndWaitAsync(grainId, next.Revision);
        else if (current is not null) services.Fence.Push(grainId, next.Revision);

        // 5. Respond.
        services.Metrics.RecordDuration(next.LastEvent.Type, startedAt);
        return new(decision.Outcome, next, now);
    }

    /// <summary>
    /// Hands out the secret of an earlier request again, which is an event. The write also ensures that the earlier
    /// change is durable.
    /// </summary>
    private async Task<ChangeResult<TState>> ReplayAsync(
        TState current,
        Caller caller,
        IdempotencyRecord record,
        IdempotentRequest request,
        PepperSet peppers,
        DateTimeOffset now)
    {
        if (!record.Matches(request)) return new(ChangeOutcome.IdempotencyConflict, null, now);

        var next = current with
        {
            LastEvent = StateEvent.Create(EventTypes.Replayed, caller, now, record.SecretId),
        };
        await PersistAsync(current, next);
        await services.Fence.InvalidateAndWaitAsync(grainId, next.Revision);
        return new(ChangeOutcome.Replayed, next, now, peppers.Find(record.PepperId)!.Open(record.SealedSecret, _key));
    }

    /// <summary>Returns the record of a repeated request; null if the request is a new one.</summary>
    /// <exception cref="StorageUnavailableException">
    /// This is unknown, because the pepper of a record is missing. A new secret could be the second one of the request.
    /// </exception>
    private IdempotencyRecord? FindRecord(
        TState? current, IdempotentRequest request, PepperSet peppers, DateTimeOffset now)
    {
        if (current is null) return null;
        var record = current.IdempotencyRecords.Find(request.KeyDigest, peppers, now, out var missingPepperId);
        if (missingPepperId is null) return record;
        services.MissingPeppers.Report(missingPepperId);
        throw new StorageUnavailableException();
    }

    private Task PersistAsync(TState? current, TState next) =>
        storage.WriteAsync(EventRecorder.Record(current, next));

    private IdempotencyRecord CreateRecord(
        Caller caller, IdempotentRequest request, Pepper pepper, TState next, DateTimeOffset now) => new()
        {
            KeyHash = pepper.HashIdempotencyKey(request.KeyDigest),
            PepperId = pepper.Id,
            RequestHash = request.RequestHash.ToArray(),
            SealedSecret = pepper.Seal(next.SelectVariant(request), _key),
            // The event of a change that makes a secret names it.
            SecretId = next.LastEvent.SecretId!,
            RotatedByItself = FindRetiringCaller(caller, next),
            ExpiresAt = now + IdempotentRequest.RecordLifetime,
        };

    /// <summary>
    /// Returns the id of the secret of the caller if the change has made it retiring: a retiring one makes no change.
    /// </summary>
    private static string? FindRetiringCaller(Caller caller, TState next) =>
        caller.Origin is { Kind: ActorKind.ApiKey, ActorId: { } secretId }
        && next.FindSecret(secretId)?.ValidUntil is not null
            ? secretId
            : null;
}
