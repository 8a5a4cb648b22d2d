using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Storage;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class ProjectLifeTests : IAsyncLifetime
{
    private readonly KeysTestCluster _cluster;
    private readonly ProjectId _id;
    private readonly IProjectGrain _project;
    private readonly Secret _first;

    public ProjectLifeTests(KeysTestCluster cluster)
    {
        _cluster = cluster;
        _id = ProjectId.New(cluster.Now);
        _project = cluster.Grains.GetGrain<IProjectGrain>(_id.ToString());
        _first = ProjectApiKey.Mint(_id);
    }

    public async Task InitializeAsync() => Assert.Equal(ChangeOutcome.Done, (await Create(_first)).Outcome);

    public Task DisposeAsync() => Task.CompletedTask;

    private Task<ProjectResult> Create(Secret apiKey) =>
        _project.Create(new CreateProject("a project", NewSecret.Of(apiKey, _cluster.Now), "admin"));

    private RotateSecret Rotation(Secret apiKey) =>
        new() { Caller = new Caller(_id, "admin"), Secret = NewSecret.Of(apiKey, _cluster.Now) };

    private async Task<Secret> Rotate()
    {
        var apiKey = ProjectApiKey.Mint(_id);
        Assert.Equal(ChangeOutcome.Done, (await _project.RotateApiKey(Rotation(apiKey))).Outcome);
        return apiKey;
    }

    private ValueTask<bool> Authenticates(Secret apiKey) => _project.Authenticate(apiKey.Digest());

    private ProjectState Stored =>
        _cluster.Storage.Row(StorageNames.Project, _project.GetGrainId())!.State<ProjectState>();

    [Fact]
    public async Task A_created_project_is_shown_and_its_api_key_authenticates()
    {
        var shown = Assert.IsType<Project>(await _project.Get());

        Assert.Equal((_id, "a project", _first.DisplayPrefix), (shown.Id, shown.Name, shown.ApiKeyDisplayPrefix));
        Assert.True(await Authenticates(_first));
        Assert.False(await Authenticates(ProjectApiKey.Mint(_id)));
    }

    [Fact]
    public async Task Creating_twice_on_one_id_is_refused_and_the_first_api_key_stays_good()
    {
        var other = ProjectApiKey.Mint(_id);

        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await Create(other));
        Assert.True(await Authenticates(_first));
        Assert.False(await Authenticates(other));
    }

    [Fact]
    public async Task A_replaced_api_key_is_good_until_its_deadline_and_erased_after_it()
    {
        var second = await Rotate();
        var deadline = _cluster.Now.AddHours(24);

        _cluster.Clock.SetUtcNow(deadline - Sample.Millisecond);
        Assert.True(await Authenticates(_first));
        _cluster.Clock.SetUtcNow(deadline);
        Assert.False(await Authenticates(_first));
        Assert.Single(Stored.Secrets.Replaced);

        await _cluster.TickReminder(_project.GetGrainId());
        Assert.Empty(Stored.Secrets.Replaced);
        Assert.Null(_cluster.Reminders.DueAt(_project.GetGrainId()));
        Assert.True(await Authenticates(second));
    }

    [Fact]
    public async Task A_rotation_that_failed_leaves_the_old_api_key_current()
    {
        _cluster.Storage.Writes(_project.GetGrainId()).FailNext();

        await Assert.ThrowsAsync<StorageUnavailableException>(Rotate);
        Assert.True(await Authenticates(_first));
        Assert.Empty((await _project.Get())!.RetiringApiKeys);
    }

    [Fact]
    public async Task A_project_that_is_not_there_authenticates_nothing_and_leaves_no_activation()
    {
        var unknown = _cluster.Grains.GetGrain<IProjectGrain>(ProjectId.New(_cluster.Now).ToString());

        Assert.False(await unknown.Authenticate(_first.Digest()));
        await _cluster.UntilDeactivated(unknown.GetGrainId());
        Assert.Null(await unknown.Get());
        Assert.Equal(new(ChangeOutcome.NotFound, null), await unknown.RotateApiKey(Rotation(_first)));
        Assert.Equal(0, _cluster.Storage.Writes(unknown.GetGrainId()).Count);
    }
}
