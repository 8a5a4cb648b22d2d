using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using static KeysCluster.Grains.Tests.TestData;

namespace KeysCluster.Grains.Tests.Projects;

[Collection(ClusterTests.Name)]
public sealed class ProjectGrainTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_created_project_is_returned_and_its_API_key_authenticates()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var shown = await project.GetAsync();

        Assert.Equal(
            (project.Id, "a project", project.First.DisplayPrefix), (shown.Id, shown.Name, shown.ApiKeyDisplayPrefix));
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        Assert.Null(await project.AuthenticateAsync(project.Mint()));
    }

    [Fact]
    public async Task Creating_a_project_twice_is_refused_and_the_first_API_key_stays_valid()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var other = project.Mint();

        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await project.CreateAsync(other));
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        Assert.Null(await project.AuthenticateAsync(other));
    }

    [Fact]
    public async Task An_expired_API_key_is_refused_without_a_reminder_and_erased_by_the_next_tick()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var second = await project.RotateAsync();
        cluster.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Null(await project.AuthenticateAsync(project.First));
        Assert.Single(project.Stored.Secrets.Replaced);

        await cluster.AdvanceToReminderTickAsync(project.GrainId);

        Assert.Empty(project.Stored.Secrets.Replaced);
        Assert.Null(cluster.Reminders.GetDueTime(project.GrainId));
        Assert.NotNull(await project.AuthenticateAsync(second));
    }

    [Fact]
    public async Task A_failed_rotation_leaves_the_previous_API_key_current()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        project.Writes.FailNext();

        await Assert.ThrowsAsync<StorageUnavailableException>(project.RotateAsync);
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        Assert.Empty((await project.GetAsync()).RetiringApiKeys);
    }

    [Fact]
    public async Task An_unknown_project_authenticates_no_API_key_and_leaves_no_activation()
    {
        var unknown = GrainTestProject.Unknown(cluster);

        Assert.Null(await unknown.AuthenticateAsync(unknown.First));
        Assert.False(cluster.IsActive(unknown.GrainId));
        Assert.Null(await unknown.Grain.Get());
        Assert.Equal(
            new(ChangeOutcome.NotFound, null), await unknown.RotateAsync(unknown.Mint(), GracePeriod.Default));
        await cluster.WaitForDeactivationAsync(unknown.GrainId);
        Assert.Equal(0, unknown.Writes.Count);
    }

    [Fact]
    public async Task A_retried_creation_of_a_project_is_replayed_and_a_different_request_is_a_conflict()
    {
        var project = await GrainTestProject.CreateAsync(cluster, OriginalRequest);

        var replayed = await project.CreateAsync(project.Mint(), RetriedRequest);

        Assert.Equal(ChangeOutcome.Replayed, replayed.Outcome);
        Assert.Equal(OriginalRequest.SealedSecret, replayed.SealedSecret);
        Assert.Equal(project.First.DisplayPrefix, replayed.Project!.ApiKeyDisplayPrefix);
        Assert.Equal(
            new(ChangeOutcome.IdempotencyConflict, null), await project.CreateAsync(project.First, ConflictingRequest));
        Assert.Equal(
            new(ChangeOutcome.AlreadyExists, null),
            await project.CreateAsync(project.First, NewIdempotentRequest("another")));
    }

    [Fact]
    public async Task A_retried_rotation_of_an_API_key_is_replayed_and_a_different_request_is_a_conflict()
    {
        var project = await GrainTestProject.CreateAsync(cluster, NewIdempotentRequest("creation"));
        var second = project.Mint();
        var rotated = await project.RotateAsync(second, GracePeriod.Default, OriginalRequest);
        await project.RotateAsync(project.Mint(), TimeSpan.Zero);
        var current = project.Stored.Secrets.CurrentSecret.Id;

        var replayed = await project.RotateAsync(project.Mint(), GracePeriod.Default, RetriedRequest);
        var conflicting = await project.RotateAsync(second, GracePeriod.Default, ConflictingRequest);

        Assert.Equal(ChangeOutcome.Replayed, replayed.Outcome);
        Assert.Equal(OriginalRequest.SealedSecret, replayed.SealedSecret);
        Assert.Equal(current, replayed.Project!.ApiKeyId.ToString());
        Assert.Equal(
            ("replayed", rotated.Project!.ApiKeyId.ToString()),
            (project.Stored.LastEvent.Type, project.Stored.LastEvent.SecretId));
        Assert.Equal(ChangeOutcome.IdempotencyConflict, conflicting.Outcome);
        Assert.Equal(current, project.Stored.Secrets.CurrentSecret.Id);
    }

    /// <summary>
    /// The administrator has extended the API key since the first request, whose idempotency key another API key knows.
    /// </summary>
    [Fact]
    public async Task A_repeated_creation_of_an_API_key_is_replayed_only_to_a_caller_with_its_present_permissions()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var manager = await project.CreateApiKeyAsync(
            [ApiKeyPermissions.ManageApiKeys, ApiKeyPermissions.VerifyVirtualKeys]);
        string[] verify = [ApiKeyPermissions.VerifyVirtualKeys];
        var original = await project.CreateApiKeyAsync(verify, request: OriginalRequest);
        Assert.Equal(
            ChangeOutcome.Replayed,
            (await project.CreateApiKeyAsync(verify, manager.Caller, RetriedRequest)).Result.Outcome);

        await project.Grain.UpdateApiKey(new UpdateApiKeyCommand
        {
            Caller = project.AdminCaller,
            Id = original.Result.ApiKey!.Id,
            Permissions = [ApiKeyPermissions.VerifyVirtualKeys, ApiKeyPermissions.CreateVirtualKeys],
        });
        var denied = (await project.CreateApiKeyAsync(verify, manager.Caller, RetriedRequest)).Result;

        Assert.Equal(ChangeOutcome.PermissionMissing, denied.Outcome);
        Assert.Equal([ApiKeyPermissions.CreateVirtualKeys], denied.MissingPermissions);
        Assert.Null(denied.SealedSecret);
    }

    [Fact]
    public async Task A_rotation_of_an_API_key_waits_for_every_cache_because_a_retiring_one_may_do_less()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var before = cluster.Fence.Invalidations(project.GrainId).Count;

        await project.RotateAsync();

        Assert.Equal(before + 1, cluster.Fence.Invalidations(project.GrainId).Count);
    }

    [Fact]
    public async Task A_retiring_API_key_can_be_expired_immediately_while_others_stay_valid()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var second = await project.RotateAsync();
        var third = await project.RotateAsync();
        var leaked = (await project.GetAsync()).RetiringApiKeys
            .Single(key => key.DisplayPrefix == project.First.DisplayPrefix);

        var expired = await project.ExpireRetiringApiKeysAsync(leaked.Id);

        Assert.Equal(ChangeOutcome.Done, expired.Outcome);
        Assert.Equal(second.DisplayPrefix, Assert.Single(expired.Project!.RetiringApiKeys).DisplayPrefix);
        Assert.Null(await project.AuthenticateAsync(project.First));
        Assert.NotNull(await project.AuthenticateAsync(second));
        Assert.Equal(
            ChangeOutcome.RetiringSecretNotFound,
            (await project.ExpireRetiringApiKeysAsync(expired.Project.ApiKeyId)).Outcome);
        await project.ExpireRetiringApiKeysAsync(null);
        Assert.Null(await project.AuthenticateAsync(second));
        Assert.NotNull(await project.AuthenticateAsync(third));
    }

    [Fact]
    public async Task The_deadline_of_a_retiring_API_key_can_be_changed()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var rotated = await project.RotateAsync(project.Mint(), TimeSpan.FromHours(1));
        var retiring = Assert.Single(rotated.Project!.RetiringApiKeys).Id;
        var deadline = cluster.Now.AddHours(3);

        Assert.Equal(
            ChangeOutcome.DeadlineTooFar,
            (await project.ChangeDeadlineAsync(retiring, cluster.Now.AddDays(31))).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await project.ChangeDeadlineAsync(retiring, deadline)).Outcome);

        cluster.Clock.SetUtcNow(deadline - Millisecond);
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        cluster.Clock.SetUtcNow(deadline);
        Assert.Null(await project.AuthenticateAsync(project.First));
    }

    [Fact]
    public async Task Each_API_key_has_its_own_last_use_that_survives_a_reactivation()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var reports = cluster.Calls.To(project.GrainId, nameof(IProjectGrain.RecordUse));
        Assert.NotNull(await cluster.SiloAuthenticator.AuthenticateAsync(project.First));
        var firstUse = cluster.Now;
        await reports.WaitForCompletedAsync(1);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await project.RotateAsync();
        Assert.Null((await project.GetAsync()).ApiKeyLastUsedAt);
        Assert.NotNull(await cluster.SiloAuthenticator.AuthenticateAsync(second));
        await reports.WaitForCompletedAsync(2);
        await cluster.RestartAsync(project.GrainId);

        var shown = await project.GetAsync();
        Assert.Equal(cluster.Now, shown.ApiKeyLastUsedAt);
        Assert.Equal(firstUse, Assert.Single(shown.RetiringApiKeys).LastUsedAt);
    }
}
