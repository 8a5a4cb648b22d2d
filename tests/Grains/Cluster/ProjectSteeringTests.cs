using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Storage;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class ProjectSteeringTests : IAsyncLifetime
{
    private static readonly IdempotentRequest Request = Sample.Request("retry");
    private static readonly IdempotentRequest Again = Sample.Request("retry", sealedSecret: "sealed by the second");
    private static readonly IdempotentRequest Other = Sample.Request("retry", asked: "something else");

    private readonly KeysTestCluster _cluster;
    private readonly ProjectId _id;
    private readonly IProjectGrain _project;
    private readonly Secret _first;

    public ProjectSteeringTests(KeysTestCluster cluster)
    {
        _cluster = cluster;
        _id = ProjectId.New(cluster.Now);
        _project = cluster.Grains.GetGrain<IProjectGrain>(_id.ToString());
        _first = ProjectApiKey.Mint(_id);
    }

    private Caller Caller => new(_id, "admin");

    private ProjectState Stored =>
        _cluster.Storage.Row(StorageNames.Project, _project.GetGrainId())!.State<ProjectState>();

    public async Task InitializeAsync() =>
        Assert.Equal(ChangeOutcome.Done, (await Create(_first, Sample.Request("creation"))).Outcome);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_creation_can_be_sent_again_but_not_changed()
    {
        var replayed = await Create(ProjectApiKey.Mint(_id), Sample.Request("creation", sealedSecret: "sealed again"));
        Assert.Equal(ChangeOutcome.Replayed, replayed.Outcome);
        Assert.Equal(Sample.Request("creation").SealedSecret, replayed.SealedSecret);
        Assert.Equal(_first.DisplayPrefix, replayed.Project!.ApiKeyDisplayPrefix);

        Assert.Equal(
            new(ChangeOutcome.IdempotencyConflict, null),
            await Create(_first, Sample.Request("creation", asked: "something else")));
        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await Create(_first, Sample.Request("another")));
    }

    [Fact]
    public async Task A_rotation_can_be_sent_again_but_not_changed()
    {
        var second = ProjectApiKey.Mint(_id);
        var rotated = await Rotate(second, GracePeriod.Default, Request);
        await Rotate(ProjectApiKey.Mint(_id), TimeSpan.Zero);
        var third = Stored.Secrets.Current.Id;

        var replayed = await Rotate(ProjectApiKey.Mint(_id), GracePeriod.Default, Again);

        Assert.Equal(ChangeOutcome.Replayed, replayed.Outcome);
        Assert.Equal(Request.SealedSecret, replayed.SealedSecret);
        Assert.Equal(
            (rotated.Project!.ApiKeyId, second.DisplayPrefix),
            (replayed.Project!.ApiKeyId, replayed.Project.ApiKeyDisplayPrefix));
        Assert.Equal(ChangeOutcome.IdempotencyConflict, (await Rotate(second, GracePeriod.Default, Other)).Outcome);
        Assert.Equal(third, Stored.Secrets.Current.Id);
    }

    [Fact]
    public async Task A_leaked_api_key_can_be_cut_at_once_and_others_go_on()
    {
        var (second, third) = (ProjectApiKey.Mint(_id), ProjectApiKey.Mint(_id));
        await Rotate(second, GracePeriod.Default);
        var rotated = await Rotate(third, GracePeriod.Default);
        var leaked = rotated.Project!.RetiringApiKeys.Single(key => key.DisplayPrefix == _first.DisplayPrefix);

        var cut = await _project.CutRetiringApiKeys(new CutRetiringSecrets(Caller, leaked.Id));

        Assert.Equal(ChangeOutcome.Done, cut.Outcome);
        Assert.Equal(second.DisplayPrefix, Assert.Single(cut.Project!.RetiringApiKeys).DisplayPrefix);
        Assert.False(await Authenticates(_first));
        Assert.True(await Authenticates(second));
        Assert.Equal(
            ChangeOutcome.RetiringSecretNotFound,
            (await _project.CutRetiringApiKeys(new CutRetiringSecrets(Caller, cut.Project.ApiKeyId))).Outcome);
        await _project.CutRetiringApiKeys(new CutRetiringSecrets(Caller, null));
        Assert.False(await Authenticates(second));
        Assert.True(await Authenticates(third));
    }

    [Fact]
    public async Task The_deadline_of_an_api_key_can_be_moved()
    {
        var rotated = await Rotate(ProjectApiKey.Mint(_id), TimeSpan.FromHours(1));
        var retiring = Assert.Single(rotated.Project!.RetiringApiKeys).Id;
        var deadline = _cluster.Now.AddHours(3);

        Assert.Equal(
            ChangeOutcome.DeadlineTooFar,
            (await _project.MoveDeadline(new MoveDeadline(Caller, retiring, _cluster.Now.AddDays(31)))).Outcome);
        Assert.Equal(
            ChangeOutcome.Done, (await _project.MoveDeadline(new MoveDeadline(Caller, retiring, deadline))).Outcome);

        _cluster.Clock.SetUtcNow(deadline - Sample.Millisecond);
        Assert.True(await Authenticates(_first));
        _cluster.Clock.SetUtcNow(deadline);
        Assert.False(await Authenticates(_first));
    }

    [Fact]
    public async Task Each_api_key_shows_its_own_last_use_also_after_a_restart()
    {
        await Authenticates(_first);
        var firstUse = _cluster.Now;
        _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = ProjectApiKey.Mint(_id);
        await Rotate(second, GracePeriod.Default);
        Assert.Null((await _project.Get())!.ApiKeyLastUsedAt);
        await Authenticates(second);
        await _cluster.Deactivate(_project.GetGrainId());

        var shown = (await _project.Get())!;
        Assert.Equal(_cluster.Now, shown.ApiKeyLastUsedAt);
        Assert.Equal(firstUse, Assert.Single(shown.RetiringApiKeys).LastUsedAt);
    }

    private Task<ProjectResult> Create(Secret apiKey, IdempotentRequest request) => _project.Create(
        new CreateProject("a project", NewSecret.Of(apiKey, _cluster.Now), "admin", request));

    private Task<ProjectResult> Rotate(Secret apiKey, TimeSpan grace, IdempotentRequest? request = null) =>
        _project.RotateApiKey(new RotateSecret
        {
            Caller = Caller,
            Secret = NewSecret.Of(apiKey, _cluster.Now),
            GracePeriod = grace,
            Idempotency = request,
        });

    private ValueTask<bool> Authenticates(Secret apiKey) => _project.Authenticate(apiKey.Digest());
}
