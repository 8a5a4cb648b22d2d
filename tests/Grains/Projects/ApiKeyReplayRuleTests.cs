using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using static KeysCluster.Grains.Tests.TestData;

namespace KeysCluster.Grains.Tests.Projects;

/// <summary>
/// An API key that rotates itself is retiring when it repeats the request, because the response was lost. Only that
/// request is replayed to it.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class ApiKeyReplayRuleTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan Grace = TimeSpan.FromDays(2);

    [Fact]
    public async Task A_replaced_secret_repeats_the_rotation_that_it_made()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var first = GetFirstCaller(project);
        Assert.Equal(ChangeOutcome.Done, (await RotateAsync(project, first, OriginalRequest)).Outcome);
        await project.RotateAsync();
        await cluster.RestartAsync(project.GrainId);
        var current = project.Stored.Secrets.CurrentSecret.Id;

        var replayed = await RotateAsync(project, first, RetriedRequest);

        Assert.Equal(ChangeOutcome.Replayed, replayed.Outcome);
        Assert.Equal(OriginalRequest.SealedSecret, replayed.SealedSecret);
        Assert.Equal(current, project.Stored.Secrets.CurrentSecret.Id);
    }

    [Fact]
    public async Task A_replaced_secret_repeats_no_other_request()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var first = GetFirstCaller(project);
        await RotateAsync(project, first, OriginalRequest);
        foreach (var request in new[] { ConflictingRequest, NewIdempotentRequest("another"), null })
            AssertRetiring(await RotateAsync(project, first, request));
    }

    [Fact]
    public async Task Another_retiring_secret_of_the_same_API_key_does_not_repeat_a_rotation()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var first = GetFirstCaller(project);
        var second = GetCaller(project, await project.RotateAsync());
        await RotateAsync(project, second, OriginalRequest);

        AssertRetiring(await RotateAsync(project, first, RetriedRequest));
        Assert.Equal(ChangeOutcome.Replayed, (await RotateAsync(project, second, RetriedRequest)).Outcome);
    }

    [Fact]
    public async Task A_secret_that_the_administrator_replaced_does_not_repeat_the_rotation()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        await RotateAsync(project, project.AdminCaller, OriginalRequest);

        AssertRetiring(await RotateAsync(project, GetFirstCaller(project), RetriedRequest));
    }

    /// <summary>The API key rotated another one, and was itself replaced afterwards.</summary>
    [Fact]
    public async Task A_retiring_API_key_does_not_repeat_the_rotation_of_another_API_key()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var first = GetFirstCaller(project);
        var other = (await project.CreateApiKeyAsync([ApiKeyPermissions.VerifyVirtualKeys])).Result.ApiKey!.Id;
        var rotated = await project.Grain.RotateApiKey(NewRotation(project, first, OriginalRequest), other);
        Assert.Equal(ChangeOutcome.Done, rotated.Outcome);
        await project.RotateAsync();

        AssertRetiring(await project.Grain.RotateApiKey(NewRotation(project, first, RetriedRequest), other));
    }

    [Fact]
    public async Task A_replaced_secret_repeats_nothing_after_its_deadline_or_that_of_the_record()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var first = GetFirstCaller(project);
        await RotateAsync(project, first, OriginalRequest);
        cluster.Clock.Advance(IdempotentRequest.RecordLifetime);
        AssertRetiring(await RotateAsync(project, first, RetriedRequest));

        cluster.Clock.Advance(Grace - IdempotentRequest.RecordLifetime);
        Assert.Equal(ChangeOutcome.CallerInvalid, (await RotateAsync(project, first, RetriedRequest)).Outcome);
    }

    [Fact]
    public async Task A_replaced_secret_repeats_nothing_that_its_API_key_may_no_longer_do()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var first = GetFirstCaller(project);
        await RotateAsync(project, first, OriginalRequest);
        await project.Grain.UpdateApiKey(new UpdateApiKeyCommand
        {
            Caller = project.AdminCaller,
            Id = ApiKeyId.First(project.Id),
            Permissions = [ApiKeyPermissions.ViewVirtualKeys],
        });

        var denied = await RotateAsync(project, first, RetriedRequest);

        Assert.Equal(ChangeOutcome.PermissionMissing, denied.Outcome);
        Assert.Null(denied.SealedSecret);
    }

    private static void AssertRetiring(ProjectResult result)
    {
        Assert.Equal(ChangeOutcome.CallerRetiring, result.Outcome);
        Assert.Null(result.SealedSecret);
    }

    private Task<ProjectResult> RotateAsync(GrainTestProject project, Caller caller, IdempotentRequest? request) =>
        project.Grain.RotateApiKey(NewRotation(project, caller, request));

    private RotateSecretCommand NewRotation(GrainTestProject project, Caller caller, IdempotentRequest? request) =>
        NewRotateCommand(caller, project.Mint(), cluster.Now) with { GracePeriod = Grace, Idempotency = request };

    private static Caller GetFirstCaller(GrainTestProject project) => GetCaller(project, project.First);

    private static Caller GetCaller(GrainTestProject project, Secret secret)
    {
        var stored = project.Stored.Secrets.All().Single(stored => stored.DisplayPrefix == secret.DisplayPrefix);
        return new(project.Id, secret.DisplayPrefix, new RequestOrigin(ActorKind.ApiKey, stored.Id));
    }
}
