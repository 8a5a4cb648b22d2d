using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>Loads, applies the lifecycle, writes, answers. What holds is decided in <see cref="VirtualKeyLifecycle"/>.</summary>
[GrainType("vk")]
internal sealed class VirtualKeyGrain : Grain, IVirtualKeyGrain, IRemindable
{
    private readonly DurableState<VirtualKeyState> _state;
    private readonly ErasureReminder _reminder;
    private readonly LastUse _lastUse;
    private readonly Pepper _pepper;
    private readonly TimeProvider _time;
    private readonly KeysInstruments _instruments;

    public VirtualKeyGrain(
        IGrainContext context,
        Pepper pepper,
        KeysInstruments instruments,
        ILogger<VirtualKeyGrain> logger,
        [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
    {
        _state = new DurableState<VirtualKeyState>(StorageNames.VirtualKey, context, logger);
        _reminder = new ErasureReminder(this, logger);
        _lastUse = new LastUse(this, WriteLastUse);
        _pepper = pepper;
        _time = time;
        _instruments = instruments;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.Load();
        if (_state.Published?.Secrets.EarliestDeadline() <= _time.GetNow())
            this.RegisterGrainTimer(EraseEnded, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!_state.IsFenced) await WriteLastUse();
    }

    public async Task<VirtualKeyResult> Create(CreateVirtualKey command)
    {
        if (_state.Published is not null) return new(ChangeOutcome.AlreadyExists, null);
        var now = _time.GetNow();
        var state = VirtualKeyLifecycle.Create(
            this.GetPrimaryKeyString(), command, StoredSecret.Of(command.Secret, _pepper, now), now);
        await Write(state);
        return new(ChangeOutcome.Done, state.ToVirtualKey(now));
    }

    public ValueTask<VirtualKey?> Get(Caller caller)
    {
        var state = Owned(caller);
        return new(state is null ? null : _lastUse.AppliedTo(state).ToVirtualKey(_time.GetNow()));
    }

    public Task<VirtualKeyResult> Update(UpdateVirtualKey command) =>
        Change(command.Caller, (state, now) => VirtualKeyLifecycle.Update(state, command, now));

    public Task<VirtualKeyResult> Rotate(Caller caller, NewSecret secret) =>
        Change(caller, (state, now) =>
            VirtualKeyLifecycle.Rotate(state, StoredSecret.Of(secret, _pepper, now), caller.Actor, now));

    public Task<VirtualKeyResult> Revoke(Caller caller) =>
        Change(caller, (state, now) => VirtualKeyLifecycle.Revoke(state, caller.Actor, now));

    public ValueTask<Verdict> Validate(SecretDigest digest, ProjectId? project)
    {
        var verdict = VerdictOn(digest, project, _time.GetNow());
        _instruments.Validated(verdict.Code);
        return new(verdict);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => EraseEnded();

    /// <summary>Runs when the reminder ticks, and on an activation that finds it overdue.</summary>
    private async Task EraseEnded()
    {
        var now = _time.GetNow();
        if (Existing() is { } state)
        {
            var remaining = VirtualKeyLifecycle.EraseEnded(state, now);
            if (!ReferenceEquals(remaining, state))
            {
                await _state.Write(_lastUse.AppliedTo(remaining));
                _instruments.Erased(state.Secrets.Replaced.Length - remaining.Secrets.Replaced.Length);
            }
        }

        await _reminder.Rearm(_state.Published?.Secrets.EarliestDeadline(), now);
    }

    private Verdict VerdictOn(SecretDigest digest, ProjectId? project, DateTimeOffset now)
    {
        if (Existing() is not { } state) return Verdict.NotFound;
        if (project is { } scope && scope.ToString() != state.ProjectId) return Verdict.NotFound;

        var (code, validUntil) = VirtualKeyLifecycle.Validate(state, _pepper.Hash(digest), now);
        if (code == VerdictCode.NotFound) return Verdict.NotFound;
        var verdict = new Verdict { Code = code, Key = state.ToVirtualKey(now), ValidUntil = validUntil };
        if (verdict.IsValid) _lastUse.Record(now);
        return verdict;
    }

    private async Task<VirtualKeyResult> Change(
        Caller caller, Func<VirtualKeyState, DateTimeOffset, Decision<VirtualKeyState>> rule)
    {
        if (Owned(caller) is not { } state) return new(ChangeOutcome.NotFound, null);
        var now = _time.GetNow();
        var (outcome, next) = rule(state, now);
        if (!ReferenceEquals(next, state))
        {
            await _reminder.Arm(state.Secrets, next.Secrets, now);
            await Write(next);
        }

        return new(outcome, _lastUse.AppliedTo(next).ToVirtualKey(now));
    }

    private async Task Write(VirtualKeyState next)
    {
        await _state.Write(_lastUse.AppliedTo(next));
        _instruments.Changed(next.Change.Action);
    }

    private async Task WriteLastUse()
    {
        if (_state.Published is not { } state) return;
        var used = _lastUse.AppliedTo(state);
        if (!ReferenceEquals(used, state)) await _state.Write(used);
    }

    /// <summary>The key when it belongs to the caller.</summary>
    private VirtualKeyState? Owned(Caller caller) =>
        Existing() is { } state && state.ProjectId == caller.Project.ToString() ? state : null;

    /// <summary>The key. An activation that holds none goes at once.</summary>
    private VirtualKeyState? Existing()
    {
        var state = _state.Published;
        if (state is null) DeactivateOnIdle();
        return state;
    }
}
