using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Projects;

/// <summary>Loads, applies the lifecycle, writes, answers. What holds is decided in <see cref="ProjectLifecycle"/>.</summary>
[GrainType("project")]
internal sealed class ProjectGrain : Grain, IProjectGrain, IRemindable
{
    private readonly DurableState<ProjectState> _state;
    private readonly ErasureReminder _reminder;
    private readonly Pepper _pepper;
    private readonly TimeProvider _time;
    private readonly KeysInstruments _instruments;

    public ProjectGrain(
        IGrainContext context,
        Pepper pepper,
        KeysInstruments instruments,
        ILogger<ProjectGrain> logger,
        [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
    {
        _state = new DurableState<ProjectState>(StorageNames.Project, context, logger);
        _reminder = new ErasureReminder(this, logger);
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

    public async Task<Project?> Create(CreateProject command)
    {
        if (_state.Published is not null) return null;
        var now = _time.GetNow();
        var state = ProjectLifecycle.Create(
            this.GetPrimaryKeyString(), command, StoredSecret.Of(command.ApiKey, _pepper, now), now);
        await _state.Write(state);
        return state.ToProject(now);
    }

    public ValueTask<Project?> Get() => new(Existing()?.ToProject(_time.GetNow()));

    public async Task<ProjectResult> RotateApiKey(NewSecret apiKey, string actor)
    {
        if (Existing() is not { } state) return new(ChangeOutcome.NotFound, null);
        var now = _time.GetNow();
        var (outcome, next) = ProjectLifecycle.RotateApiKey(state, StoredSecret.Of(apiKey, _pepper, now), actor, now);
        if (!ReferenceEquals(next, state))
        {
            await _reminder.Arm(state.Secrets, next.Secrets, now);
            await _state.Write(next);
        }

        return new(outcome, next.ToProject(now));
    }

    public ValueTask<bool> Authenticate(SecretDigest digest) => new(
        Existing() is { } state && ProjectLifecycle.Authenticates(state, _pepper.Hash(digest), _time.GetNow()));

    public Task ReceiveReminder(string reminderName, TickStatus status) => EraseEnded();

    /// <summary>Runs when the reminder ticks, and on an activation that finds it overdue.</summary>
    private async Task EraseEnded()
    {
        var now = _time.GetNow();
        if (Existing() is { } state)
        {
            var remaining = ProjectLifecycle.EraseEnded(state, now);
            if (!ReferenceEquals(remaining, state))
            {
                await _state.Write(remaining);
                _instruments.Erased(state.Secrets.Replaced.Length - remaining.Secrets.Replaced.Length);
            }
        }

        await _reminder.Rearm(_state.Published?.Secrets.EarliestDeadline(), now);
    }

    /// <summary>The project. An activation that holds none goes at once.</summary>
    private ProjectState? Existing()
    {
        var state = _state.Published;
        if (state is null) DeactivateOnIdle();
        return state;
    }
}
