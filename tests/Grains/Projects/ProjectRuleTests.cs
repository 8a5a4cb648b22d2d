using KeysCluster.Grains.Owners;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.Projects;

public sealed class ProjectRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;
    private static readonly DateTimeOffset Deadline = Start.AddHours(24);
    private readonly Secret _first = ProjectApiKey.Mint(Sample.Project);
    private ProjectState _state;

    public ProjectRuleTests() => _state = ProjectLifecycle.Create(
        Sample.Project.ToString(),
        new CreateProject("a project", NewSecret.Of(_first, Start), "admin"),
        Sample.Stored(_first, Start),
        Start);

    private ChangeOutcome Rotate(DateTimeOffset now)
    {
        var apiKey = ProjectApiKey.Mint(Sample.Project);
        var command = new RotateSecret { Caller = new Caller(Sample.Project, "admin"), Secret = NewSecret.Of(apiKey, now) };
        (var outcome, _state) = SecretOwnerLifecycle.Rotate<ProjectState, Project>(
            _state, StoredSecret.Of(command.Secret, Sample.Pepper, now), command, now);
        return outcome;
    }

    private static ProjectState EraseEnded(ProjectState state, DateTimeOffset now) =>
        SecretOwnerLifecycle.EraseEnded<ProjectState, Project>(state, now);

    private bool Authenticates(Secret apiKey, DateTimeOffset now) =>
        _state.Secrets.Find(Sample.HashOf(apiKey)) is { } found && !found.HasEnded(now);

    [Fact]
    public void A_project_accepts_its_api_key_and_no_other()
    {
        Assert.True(Authenticates(_first, Start));
        Assert.False(Authenticates(ProjectApiKey.Mint(Sample.Project), Start));
    }

    [Fact]
    public void A_replaced_api_key_is_good_until_one_tick_before_its_deadline()
    {
        Rotate(Start);

        Assert.True(Authenticates(_first, Deadline.AddTicks(-1)));
        Assert.Single(_state.View(Deadline.AddTicks(-1)).RetiringApiKeys);
    }

    [Fact]
    public void A_replaced_api_key_is_bad_exactly_at_its_deadline()
    {
        Rotate(Start);

        Assert.False(Authenticates(_first, Deadline));
        Assert.Empty(_state.View(Deadline).RetiringApiKeys);
    }

    [Fact]
    public void The_thirty_third_rotation_is_refused_and_changes_nothing_until_the_first_has_ended()
    {
        for (var i = 0; i < 32; i++) Assert.Equal(ChangeOutcome.Done, Rotate(Start.AddMinutes(i)));
        var before = _state;

        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, Rotate(Deadline.AddTicks(-1)));
        Assert.Same(before, _state);
        Assert.Equal(ChangeOutcome.Done, Rotate(Deadline));
    }

    [Fact]
    public void Only_ended_api_keys_are_erased()
    {
        Rotate(Start);
        Rotate(Start.AddHours(1));
        var before = _state;

        Assert.Same(before, EraseEnded(before, Deadline.AddTicks(-1)));
        Assert.Single(EraseEnded(before, Deadline).Secrets.Replaced);
        Assert.Empty(EraseEnded(before, Deadline.AddHours(1)).Secrets.Replaced);
    }
}
