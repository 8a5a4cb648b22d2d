using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Storage;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(ClusterCollection.Name)]
public sealed class ProjectCommandTests : IAsyncLifetime
{
    private static readonly IdempotentRequest OriginalRequest = TestData.CreateIdempotentRequest("retry");
    private static readonly IdempotentRequest RetriedRequest = TestData.CreateIdempotentRequest("retry", sealedSecret: "sealed by the second");
    private static readonly IdempotentRequest ConflictingRequest = TestData.CreateIdempotentRequest("retry", asked: "something else");

    private readonly KeysTestCluster _cluster;
    private readonly ProjectId _id;
    private readonly IProjectGrain _project;
    private readonly Secret _first;

    public ProjectCommandTests(KeysTestCluster cluster)
    {
        _cluster = cluster;
        _id = ProjectId.New(cluster.Now);
        _project = cluster.Grains.GetGrain<IProjectGrain>(_id.ToString());
        _first = ProjectApiKey.Mint(_id);
    }

    private Caller Caller => new(_id, "admin");

    private ProjectState Stored =>
        _cluster.Storage.Row(StorageNames.Project, _project.GetGrainId())!.DeserializeState<ProjectState>();

    public async Task InitializeAsync() =>
        Assert.Equal(ChangeOutcome.Done, (await CreateAsync(_first, TestData.CreateIdempotentRequest("creation"))).Outcome);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_retried_creation_is_replayed_and_a_different_request_is_a_conflict()
    {
        var replayed = await CreateAsync(ProjectApiKey.Mint(_id), TestData.CreateIdempotentRequest("creation", sealedSecret: "sealed again"));
        Assert.Equal(ChangeOutcome.Replayed, replayed.Outcome);
        Assert.Equal(TestData.CreateIdempotentRequest("creation").SealedSecret, replayed.SealedSecret);
        Assert.Equal(_first.DisplayPrefix, replayed.Project!.ApiKeyDisplayPrefix);

        Assert.Equal(
            new(ChangeOutcome.IdempotencyConflict, null),
            await CreateAsync(_first, TestData.CreateIdempotentRequest("creation", asked: "something else")));
        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await CreateAsync(_first, TestData.CreateIdempotentRequest("another")));
    }

    [Fact]
    public async Task A_retried_rotation_is_replayed_and_a_different_request_is_a_conflict()
    {
        var second = ProjectApiKey.Mint(_id);
        var rotated = await RotateAsync(second, GracePeriod.Default, OriginalRequest);
        await RotateAsync(ProjectApiKey.Mint(_id), TimeSpan.Zero);
        var third = Stored.Secrets.CurrentSecret.Id;

        var replayed = await RotateAsync(ProjectApiKey.Mint(_id), GracePeriod.Default, RetriedRequest);

        Assert.Equal(ChangeOutcome.Replayed, replayed.Outcome);
        Assert.Equal(OriginalRequest.SealedSecret, replayed.SealedSecret);
        Assert.Equal(
            (rotated.Project!.ApiKeyId, second.DisplayPrefix),
            (replayed.Project!.ApiKeyId, replayed.Project.ApiKeyDisplayPrefix));
        Assert.Equal(ChangeOutcome.IdempotencyConflict, (await RotateAsync(second, GracePeriod.Default, ConflictingRequest)).Outcome);
        Assert.Equal(third, Stored.Secrets.CurrentSecret.Id);
    }

    [Fact]
    public async Task A_retiring_API_key_can_be_expired_immediately_while_others_stay_valid()
    {
        var (second, third) = (ProjectApiKey.Mint(_id), ProjectApiKey.Mint(_id));
        await RotateAsync(second, GracePeriod.Default);
        var rotated = await RotateAsync(third, GracePeriod.Default);
        var leaked = rotated.Project!.RetiringApiKeys.Single(key => key.DisplayPrefix == _first.DisplayPrefix);

        var cut = await _project.ExpireRetiringApiKeys(new ExpireRetiringSecretsCommand(Caller, leaked.Id));

        Assert.Equal(ChangeOutcome.Done, cut.Outcome);
        Assert.Equal(second.DisplayPrefix, Assert.Single(cut.Project!.RetiringApiKeys).DisplayPrefix);
        Assert.False(await AuthenticateAsync(_first));
        Assert.True(await AuthenticateAsync(second));
        Assert.Equal(
            ChangeOutcome.RetiringSecretNotFound,
            (await _project.ExpireRetiringApiKeys(new ExpireRetiringSecretsCommand(Caller, cut.Project.ApiKeyId))).Outcome);
        await _project.ExpireRetiringApiKeys(new ExpireRetiringSecretsCommand(Caller, null));
        Assert.False(await AuthenticateAsync(second));
        Assert.True(await AuthenticateAsync(third));
    }

    [Fact]
    public async Task The_deadline_of_a_retiring_API_key_can_be_changed()
    {
        var rotated = await RotateAsync(ProjectApiKey.Mint(_id), TimeSpan.FromHours(1));
        var retiring = Assert.Single(rotated.Project!.RetiringApiKeys).Id;
        var deadline = _cluster.Now.AddHours(3);

        Assert.Equal(
            ChangeOutcome.DeadlineTooFar,
            (await _project.ChangeDeadline(new ChangeDeadlineCommand(Caller, retiring, _cluster.Now.AddDays(31)))).Outcome);
        Assert.Equal(
            ChangeOutcome.Done, (await _project.ChangeDeadline(new ChangeDeadlineCommand(Caller, retiring, deadline))).Outcome);

        _cluster.Clock.SetUtcNow(deadline - TestData.Millisecond);
        Assert.True(await AuthenticateAsync(_first));
        _cluster.Clock.SetUtcNow(deadline);
        Assert.False(await AuthenticateAsync(_first));
    }

    [Fact]
    public async Task Each_API_key_has_its_own_last_use_that_survives_a_reactivation()
    {
        await AuthenticateAsync(_first);
        var firstUse = _cluster.Now;
        _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = ProjectApiKey.Mint(_id);
        await RotateAsync(second, GracePeriod.Default);
        Assert.Null((await _project.Get())!.ApiKeyLastUsedAt);
        await AuthenticateAsync(second);
        await _cluster.DeactivateAsync(_project.GetGrainId());

        var shown = (await _project.Get())!;
        Assert.Equal(_cluster.Now, shown.ApiKeyLastUsedAt);
        Assert.Equal(firstUse, Assert.Single(shown.RetiringApiKeys).LastUsedAt);
    }

    private Task<ProjectResult> CreateAsync(Secret apiKey, IdempotentRequest request) => _project.Create(
        new CreateProjectCommand("a project", NewSecret.From(apiKey, _cluster.Now), "admin", request));

    private Task<ProjectResult> RotateAsync(Secret apiKey, TimeSpan grace, IdempotentRequest? request = null) =>
        _project.RotateApiKey(new RotateSecretCommand
        {
            Caller = Caller,
            Secret = NewSecret.From(apiKey, _cluster.Now),
            GracePeriod = grace,
            Idempotency = request,
        });

    private ValueTask<bool> AuthenticateAsync(Secret apiKey) => _project.Authenticate(apiKey.ComputeDigest());
}
