using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Storage;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(ClusterCollection.Name)]
public sealed class ProjectGrainTests : IAsyncLifetime
{
    private readonly KeysTestCluster _cluster;
    private readonly ProjectId _id;
    private readonly IProjectGrain _project;
    private readonly Secret _first;

    public ProjectGrainTests(KeysTestCluster cluster)
    {
        _cluster = cluster;
        _id = ProjectId.New(cluster.Now);
        _project = cluster.Grains.GetGrain<IProjectGrain>(_id.ToString());
        _first = ProjectApiKey.Mint(_id);
    }

    public async Task InitializeAsync() => Assert.Equal(ChangeOutcome.Done, (await CreateAsync(_first)).Outcome);

    public Task DisposeAsync() => Task.CompletedTask;

    private Task<ProjectResult> CreateAsync(Secret apiKey) =>
        _project.Create(new CreateProjectCommand("a project", NewSecret.From(apiKey, _cluster.Now), "admin"));

    private RotateSecretCommand CreateRotateCommand(Secret apiKey) =>
        new() { Caller = new Caller(_id, "admin"), Secret = NewSecret.From(apiKey, _cluster.Now) };

    private async Task<Secret> RotateAsync()
    {
        var apiKey = ProjectApiKey.Mint(_id);
        Assert.Equal(ChangeOutcome.Done, (await _project.RotateApiKey(CreateRotateCommand(apiKey))).Outcome);
        return apiKey;
    }

    private ValueTask<bool> AuthenticateAsync(Secret apiKey) => _project.Authenticate(apiKey.ComputeDigest());

    private ProjectState Stored =>
        _cluster.Storage.Row(StorageNames.Project, _project.GetGrainId())!.DeserializeState<ProjectState>();

    [Fact]
    public async Task A_created_project_is_returned_and_its_API_key_authenticates()
    {
        var shown = Assert.IsType<Project>(await _project.Get());

        Assert.Equal((_id, "a project", _first.DisplayPrefix), (shown.Id, shown.Name, shown.ApiKeyDisplayPrefix));
        Assert.True(await AuthenticateAsync(_first));
        Assert.False(await AuthenticateAsync(ProjectApiKey.Mint(_id)));
    }

    [Fact]
    public async Task Creating_a_project_twice_is_refused_and_the_first_API_key_stays_valid()
    {
        var other = ProjectApiKey.Mint(_id);

        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await CreateAsync(other));
        Assert.True(await AuthenticateAsync(_first));
        Assert.False(await AuthenticateAsync(other));
    }

    [Fact]
    public async Task A_retiring_API_key_authenticates_until_its_deadline_and_is_erased_after_it()
    {
        var second = await RotateAsync();
        var deadline = _cluster.Now.AddHours(24);

        _cluster.Clock.SetUtcNow(deadline - TestData.Millisecond);
        Assert.True(await AuthenticateAsync(_first));
        _cluster.Clock.SetUtcNow(deadline);
        Assert.False(await AuthenticateAsync(_first));
        Assert.Single(Stored.Secrets.Replaced);

        await _cluster.AdvanceToReminderTickAsync(_project.GetGrainId());
        Assert.Empty(Stored.Secrets.Replaced);
        Assert.Null(_cluster.Reminders.GetDueTime(_project.GetGrainId()));
        Assert.True(await AuthenticateAsync(second));
    }

    [Fact]
    public async Task A_failed_rotation_leaves_the_previous_API_key_current()
    {
        _cluster.Storage.Writes(_project.GetGrainId()).FailNext();

        await Assert.ThrowsAsync<StorageUnavailableException>(RotateAsync);
        Assert.True(await AuthenticateAsync(_first));
        Assert.Empty((await _project.Get())!.RetiringApiKeys);
    }

    [Fact]
    public async Task An_unknown_project_authenticates_no_API_key_and_leaves_no_activation()
    {
        var unknown = _cluster.Grains.GetGrain<IProjectGrain>(ProjectId.New(_cluster.Now).ToString());

        Assert.False(await unknown.Authenticate(_first.ComputeDigest()));
        await _cluster.WaitForDeactivationAsync(unknown.GetGrainId());
        Assert.Null(await unknown.Get());
        Assert.Equal(new(ChangeOutcome.NotFound, null), await unknown.RotateApiKey(CreateRotateCommand(_first)));
        Assert.Equal(0, _cluster.Storage.Writes(unknown.GetGrainId()).Count);
    }
}
