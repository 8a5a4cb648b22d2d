using KeysCluster.Grains.Projects;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Projects;

public sealed class ProjectRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly DateTimeOffset Deadline = Start.AddHours(24);
    private readonly Secret _first = ProjectApiKey.Mint(TestData.Project);
    private ProjectState _state;

    public ProjectRuleTests() => _state = ProjectLifecycle.Create(
        TestData.Project.ToString(),
        new CreateProjectCommand("a project", NewSecret.From(_first, Start), TestData.Admin),
        TestData.NewStoredSecret(_first, Start),
        Start).State!;

    [Fact]
    public void A_project_accepts_its_API_key_and_no_other()
    {
        Assert.True(IsAccepted(_first, Start));
        Assert.False(IsAccepted(ProjectApiKey.Mint(TestData.Project), Start));
    }

    [Fact]
    public void A_retiring_API_key_is_accepted_until_one_tick_before_its_deadline()
    {
        Rotate(Start);

        Assert.True(IsAccepted(_first, Deadline.AddTicks(-1)));
        Assert.Single(_state.ToProject(Deadline.AddTicks(-1)).RetiringApiKeys);
    }

    [Fact]
    public void A_retiring_API_key_expires_exactly_at_its_deadline()
    {
        Rotate(Start);

        Assert.False(IsAccepted(_first, Deadline));
        Assert.Empty(_state.ToProject(Deadline).RetiringApiKeys);
    }

    [Fact]
    public void A_33rd_retiring_API_key_is_refused_until_the_first_one_expires()
    {
        for (var i = 0; i < 32; i++) Assert.Equal(ChangeOutcome.Done, Rotate(Start.AddMinutes(i)));
        var before = _state;

        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, Rotate(Deadline.AddTicks(-1)));
        Assert.Same(before, _state);
        Assert.Equal(ChangeOutcome.Done, Rotate(Deadline));
    }

    [Fact]
    public void Only_expired_API_keys_are_erased()
    {
        Rotate(Start);
        Rotate(Start.AddHours(1));

        Assert.Same(_state, EraseExpired(Deadline.AddTicks(-1)));
        Assert.Single(EraseExpired(Deadline).Secrets.Replaced);
        Assert.Empty(EraseExpired(Deadline.AddHours(1)).Secrets.Replaced);
    }

    private ProjectState EraseExpired(DateTimeOffset eraseBefore) =>
        SecretHolderLifecycle.EraseExpired(_state, eraseBefore.AddSeconds(1), eraseBefore);

    private ChangeOutcome Rotate(DateTimeOffset now)
    {
        var caller = new Caller(TestData.Project, TestData.Admin);
        var command = TestData.NewRotateCommand(caller, ProjectApiKey.Mint(TestData.Project), now);
        var decision = ApiKeyLifecycle.Rotate(
            _state, _state.ApiKeys[0], command, TestData.Pepper, now, eraseBefore: now.AddSeconds(-1));
        _state = decision.State!;
        return decision.Outcome;
    }

    private bool IsAccepted(Secret apiKey, DateTimeOffset now) =>
        _state.Secrets.Find(TestData.Present(apiKey)) is { } stored
        && (_state.Evaluate(stored, now) is VerdictCode.Active or VerdictCode.Retiring);
}
