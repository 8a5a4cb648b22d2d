using KeysCluster.Grains.Receipts;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Owners;

/// <summary>
/// Loads, applies a rule, writes, answers: what the grains of virtual keys and projects do alike. What holds is decided in
/// the lifecycles.
/// </summary>
internal abstract class SecretOwnerGrain<TState, TView> : Grain, IRemindable
    where TState : SecretOwner<TView>
    where TView : class
{
    /// <summary>
    /// How long a grain stays that nobody calls. Longer than <see cref="LastUse.WriteInterval"/>, after which nothing of it
    /// is in memory alone, and short: awake, a million keys that are used now and then take 4 GB.
    /// </summary>
    protected const double MinutesAwake = 2;

    /// <summary>When to try again to erase while many others of this silo do.</summary>
    private static readonly TimeSpan EraseAgain = TimeSpan.FromSeconds(5);

    private readonly SecretOwnerServices _services;
    private readonly DurableState<TState> _state;
    private readonly ErasureReminder _reminder;
    private readonly EndTelling _telling;

    protected SecretOwnerGrain(
        string stateName, IGrainContext context, HeldStates<TState> held, SecretOwnerServices services, ILogger logger)
    {
        _services = services;
        Key = context.GrainId.Key.ToString()!;
        _state = new DurableState<TState>(stateName, context, held, logger);
        _reminder = new ErasureReminder(this, services.Reminders, EarliestErasure, services.Time, logger);
        _telling = new EndTelling(this, services.Fence, services.Settling, Untold);
        Uses = new LastUse(this, WriteUses);
    }

    protected Pepper Pepper => _services.Pepper;

    protected TimeProvider Time => _services.Time;

    protected LastUse Uses { get; }

    private KeysInstruments Instruments => _services.Instruments;

    protected string Key { get; }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.Load();
        if (Untold() is not null) _telling.SettleSoon();
        if (EarliestErasure() is not { } earliest) return;
        _reminder.EnsureSoon();
        if (earliest <= Time.GetNow()) this.RegisterGrainTimer(EraseEnded, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await WriteUses();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => EraseEnded();

    /// <summary>The state, when there is one; for a call that may create it.</summary>
    protected TState? Published => _state.Published;

    /// <summary>The state, when there is one. An activation that holds none goes at once.</summary>
    protected TState? Existing()
    {
        var state = _state.Published;
        if (state is null) DeactivateOnIdle();
        return state;
    }

    /// <summary>Takes note of a use that a silo's memory has answered.</summary>
    protected void Record(SecretId secret, DateTimeOffset at)
    {
        var now = Time.GetNow();
        if (Existing()?.Secrets.Find(secret.ToString()) is { } used) Uses.Record(used.Id, at < now ? at : now);
    }

    /// <summary>The state for a call that only reads.</summary>
    protected async ValueTask<TState?> Current() => await _state.Current() ?? Existing();

    protected TView View(TState state, DateTimeOffset now) => Uses.AppliedTo<TState, TView>(state).View(now);

    /// <summary>Carries out a rule on the state that is there, or on none when it creates one.</summary>
    protected async Task<Answer> Change(
        TState? state, IdempotentRequest? request, Func<DateTimeOffset, Decision<TState?>> rule)
    {
        var now = Time.GetNow();
        var keyHash = request is null ? null : Pepper.Hash(request.KeyDigest);
        if (keyHash is not null && state?.Receipts.Find(keyHash, now) is { } receipt)
        {
            await Prove(state);
            return Replay(receipt, request!);
        }

        var (outcome, next) = rule(now);
        if (next is null || ReferenceEquals(next, state))
        {
            if (state is null) DeactivateOnIdle();
            else await Prove(state);
            return new Answer(outcome, next is null ? null : View(next, now));
        }

        var isEnding = state is not null && SecretOwnerLifecycle.EndsSooner(state, next, now);
        if (isEnding) next = next with { EndedAt = now };

        // Taken before the write: a use meanwhile would make this answer differ from the receipt's.
        var view = View(next, now);
        if (keyHash is not null)
        {
            if (!next.Receipts.HasRoom(now)) return new Answer(ChangeOutcome.TooManyReceipts, View(state!, now));
            next = next with { Receipts = next.Receipts.Add(Receipt(request!, keyHash, view, now), now) };
        }

        // Beside the write. It does not fail, and both have ended before anything else happens.
        var arming = _reminder.Arm(state?.EarliestErasure(), next.EarliestErasure(), now);
        try
        {
            await Write(next);
        }
        finally
        {
            await arming;
        }

        Instruments.Changed(next.Change.Action);
        if (state is not null)
        {
            // What a change before this one ended may have been left untold by a failure.
            if (isEnding || _telling.IsDue) await _telling.Settle(next.Revision);
            else await _services.Fence.Tell(this.GetGrainId(), next.Revision);
        }

        return new Answer(outcome, view);
    }

    /// <summary>
    /// For an answer that writes nothing, such as that of a change which is sent again: nobody has changed the state
    /// elsewhere, and what it ends has ended on every silo.
    /// </summary>
    private async Task Prove(TState state)
    {
        await _state.Confirm();
        if (_telling.IsDue) await _telling.Settle(state.Revision);
    }

    private Answer Replay(Receipt<TView> receipt, IdempotentRequest request) =>
        receipt.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint.ToArray())
            ? new Answer(ChangeOutcome.Replayed, receipt.Answer, Pepper.Open(receipt.SealedSecret, Key))
            : new Answer(ChangeOutcome.IdempotencyConflict, null);

    private Receipt<TView> Receipt(IdempotentRequest request, byte[] keyHash, TView answer, DateTimeOffset now) => new()
    {
        KeyHash = keyHash,
        Fingerprint = request.Fingerprint.ToArray(),
        SealedSecret = Pepper.Seal(request.SealedSecret, Key),
        Answer = answer,
        EndsAt = now + IdempotentRequest.ReceiptLifetime,
    };

    /// <summary>Runs when the reminder ticks, and on an activation that finds it overdue.</summary>
    private async Task EraseEnded()
    {
        if (!await _services.Erasing.WaitAsync(TimeSpan.Zero))
        {
            // Not here: callers would wait behind this turn.
            this.RegisterGrainTimer(EraseEnded, EraseAgain, Timeout.InfiniteTimeSpan);
            return;
        }

        try
        {
            await EraseNow();
        }
        finally
        {
            _services.Erasing.Release();
        }
    }

    private async Task EraseNow()
    {
        var now = Time.GetNow();
        if (Existing() is { } state)
        {
            var remaining = SecretOwnerLifecycle.EraseEnded<TState, TView>(state, now);
            if (!ReferenceEquals(remaining, state))
            {
                await Write(remaining);
                Instruments.Erased(state.Secrets.Replaced.Length - remaining.Secrets.Replaced.Length);
            }
        }

        await _reminder.Rearm(_state.Published?.EarliestErasure(), now);
    }

    /// <summary>When something is next due to be erased, as far as this activation may tell.</summary>
    private DateTimeOffset? EarliestErasure() => _state.IsFenced ? null : _state.Published?.EarliestErasure();

    /// <summary>The revision up to which someone may not have heard of an end, as far as this activation may tell.</summary>
    private long? Untold() =>
        !_state.IsFenced && _state.Published is { } state && SecretOwnerLifecycle.MayBeUntold(state, Time.GetNow())
            ? state.Revision
            : null;

    private async Task Write(TState next)
    {
        await _state.Write(Uses.AppliedTo<TState, TView>(next));
        Uses.KeepOnly(next.Secrets);
    }

    private async Task WriteUses()
    {
        if (_state.IsFenced || _state.Published is not { } state) return;
        var used = Uses.AppliedTo<TState, TView>(state);
        if (ReferenceEquals(used, state)) return;
        try
        {
            await _state.Write(used);
        }
        catch (StorageUnavailableException)
        {
            // Nobody waits for it. It is logged, the activation ends, and the uses of a minute are lost.
        }
    }

    /// <summary>How a change ended, what people see after it, and the sealed secret when it was replayed.</summary>
    protected readonly record struct Answer(ChangeOutcome Outcome, TView? View, byte[]? SealedSecret = null);
}
