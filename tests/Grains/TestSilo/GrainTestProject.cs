using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Storage;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>A project on a test cluster, as a caller uses it, with the API keys that the caller minted.</summary>
internal sealed class GrainTestProject
{
    private readonly TestClusterFixture _cluster;

    private GrainTestProject(TestClusterFixture cluster)
    {
        _cluster = cluster;
        Id = ProjectId.New(cluster.Now);
        Grain = cluster.Grains.GetProjectGrain(Id);
        First = Mint();
    }

    public ProjectId Id { get; }

    public IProjectGrain Grain { get; }

    public GrainId GrainId => Grain.GetGrainId();

    public Secret First { get; }

    public OperationControl Writes => _cluster.Storage.Writes(GrainId);

    public StoredRow Row => _cluster.Storage.FindRow(StorageNames.Project, GrainId)!;

    public ProjectState Stored => Row.DeserializeState<ProjectState>();

    public Caller AdminCaller => new(Id, TestData.Admin);

    /// <summary>Returns an id without a project.</summary>
    public static GrainTestProject Unknown(TestClusterFixture cluster) => new(cluster);

    public static async Task<GrainTestProject> CreateAsync(
        TestClusterFixture cluster, IdempotentRequest? request = null)
    {
        var project = new GrainTestProject(cluster);
        Assert.Equal(ChangeOutcome.Done, (await project.CreateAsync(project.First, request)).Outcome);
        return project;
    }

    public Secret Mint() => ProjectApiKey.Mint(Id);

    public Task<ProjectResult> CreateAsync(Secret apiKey, IdempotentRequest? request = null) => Grain.Create(
        new CreateProjectCommand("a project", NewSecret.From(apiKey, _cluster.Now), TestData.Admin, request));

    /// <summary>Rotates, asserts that the rotation was acknowledged, and returns the new API key.</summary>
    public async Task<Secret> RotateAsync()
    {
        var apiKey = Mint();
        Assert.Equal(ChangeOutcome.Done, (await RotateAsync(apiKey, GracePeriod.Default)).Outcome);
        return apiKey;
    }

    public Task<ProjectResult> RotateAsync(Secret apiKey, TimeSpan grace, IdempotentRequest? request = null) =>
        Grain.RotateApiKey(TestData.NewRotateCommand(AdminCaller, apiKey, _cluster.Now) with
        {
            GracePeriod = grace,
            Idempotency = request,
        });

    /// <summary>Creates an API key, and returns the identity of its callers.</summary>
    public async Task<(ProjectResult Result, Caller Caller)> CreateApiKeyAsync(
        IReadOnlyList<string> permissions, Caller? caller = null, IdempotentRequest? request = null)
    {
        var secret = NewSecret.From(Mint(), _cluster.Now);
        var result = await Grain.CreateApiKey(new CreateApiKeyCommand
        {
            Caller = caller ?? AdminCaller,
            Id = ApiKeyId.New(_cluster.Now),
            Name = "an API key",
            Permissions = permissions,
            Secret = secret,
            Idempotency = request,
        });
        return (result, new Caller(Id, secret.DisplayPrefix, new RequestOrigin(ActorKind.ApiKey, $"{secret.Id}")));
    }

    public Task<ProjectResult> ExpireRetiringApiKeysAsync(SecretId? apiKey) =>
        Grain.ExpireRetiringApiKeys(new ExpireRetiringSecretsCommand(AdminCaller, apiKey));

    public Task<ProjectResult> ChangeDeadlineAsync(SecretId apiKey, DateTimeOffset validUntil) =>
        Grain.ChangeDeadline(new ChangeDeadlineCommand(AdminCaller, apiKey, validUntil));

    public async Task<Project> GetAsync() => Assert.IsType<Project>(await Grain.Get());

    /// <summary>Authenticates with the authenticator of the fixture.</summary>
    public ValueTask<AuthenticatedApiKey?> AuthenticateAsync(Secret apiKey) =>
        _cluster.Authenticator.AuthenticateAsync(apiKey);
}
