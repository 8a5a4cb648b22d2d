using System.Net;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.Validation.Clients;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>Validation from the cache of an Orleans client, under the client's lease.</summary>
public sealed class ClientSecretValidatorTests(ClientTestCluster cluster) : IClassFixture<ClientTestCluster>
{
    private static readonly TimeSpan ShortGracePeriod = TimeSpan.FromMinutes(8);

    /// <summary>The number of validations and authentications that the client has sent to a silo.</summary>
    private int CallCount =>
        cluster.Calls.To(nameof(IValidationGrain.Validate)).Count
        + cluster.Calls.To(nameof(IValidationGrain.AuthenticateApiKey)).Count;

    [Fact]
    public async Task A_cached_secret_validates_without_a_call_or_an_allocation()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        var text = key.First.Reveal();
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        var calls = CallCount;

        var validator = cluster.Validator;
        AllocationAssert.None(() => validator.ValidateAsync(text));

        Assert.Equal(calls, CallCount);
    }

    [Fact]
    public async Task Permissions_and_addresses_are_checked_from_the_cache_without_a_call_or_an_allocation()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.Grain.Update(new UpdateVirtualKeyCommand
        {
            Caller = TestData.Caller,
            Permissions = ["models:*", "chat:write"],
            AllowedIps = AllowedIpRange.ParseAll(["10.2.0.0/16", "10.1.0.0/16"]),
        });
        var text = key.First.Reveal();
        string[] required = ["chat:write", "models:small"];
        var address = IPAddress.Parse("10.1.2.3");
        var validator = cluster.Validator;
        Assert.Equal(VerdictCode.Active, (await ValidateAsync()).Code);
        var calls = CallCount;

        AllocationAssert.None(ValidateAsync);

        Assert.Equal(calls, CallCount);

        ValueTask<Verdict> ValidateAsync() => validator.ValidateAsync(text, permissions: required, address: address);
    }

    [Fact]
    public async Task The_current_and_the_retiring_secret_are_cached_together()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        var current = key.Mint();
        await key.RotateAsync(current, ShortGracePeriod);
        await AssertVerdictsAsync(key, (key.First, VerdictCode.Retiring), (current, VerdictCode.Active));
        var calls = CallCount;

        await AssertVerdictsAsync(key, (key.First, VerdictCode.Retiring), (current, VerdictCode.Active));
        Assert.Equal(calls, CallCount);
    }

    [Fact]
    public async Task A_client_without_a_lease_calls_a_silo_for_every_validation()
    {
        await LoseLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        var calls = CallCount;

        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
            Assert.Equal(calls + i, CallCount);
        }
    }

    [Fact]
    public async Task Entries_cached_under_an_expired_lease_are_not_used()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.ValidateAsync(key.First);
        var calls = CallCount;

        await LoseLeaseAsync();
        await AcquireLeaseAsync();

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        Assert.Equal(calls + 1, CallCount);
    }

    [Theory]
    [InlineData("revoke", VerdictCode.Revoked)]
    [InlineData("disable", VerdictCode.Disabled)]
    [InlineData("rotate without grace period", VerdictCode.ExpiredSecret)]
    public async Task A_client_refuses_the_secret_as_soon_as_the_change_is_acknowledged(string change, VerdictCode code)
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));

        var changed = change switch
        {
            "revoke" => await key.RevokeAsync(),
            "disable" => await key.DisableAsync(),
            "rotate without grace period" => await key.RotateAsync(key.Mint(), TimeSpan.Zero),
            _ => throw new ArgumentOutOfRangeException(nameof(change)),
        };

        Assert.Equal(ChangeOutcome.Done, changed.Outcome);
        Assert.Equal(code, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_late_response_from_a_silo_does_not_restore_a_revoked_secret()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        var response = cluster.Calls.To(nameof(IValidationGrain.Validate)).BlockNextResponse();
        var late = key.ValidateAsync(key.First);
        await response.Arrived;

        await key.RevokeAsync();
        response.Open();

        Assert.Equal(VerdictCode.Active, await late);
        Assert.Equal(VerdictCode.Revoked, await key.ValidateAsync(key.First));
    }

    /// <summary>A rotation waits for no cache. The client learns of it with the event log.</summary>
    [Fact]
    public async Task The_previous_secret_is_retiring_and_the_new_one_is_active_after_the_next_renewal()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        var current = key.Mint();
        await key.RotateAsync(current, GracePeriod.Maximum);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(current));

        await RenewSiloLeaseAsync();
        await RenewLeaseAsync();

        await AssertVerdictsAsync(key, (key.First, VerdictCode.Retiring), (current, VerdictCode.Active));
    }

    [Fact]
    public async Task A_renewal_removes_what_the_event_log_names_and_keeps_the_rest()
    {
        await AcquireLeaseAsync();
        var (changed, unchanged) = (await GrainTestKey.CreateAsync(cluster), await GrainTestKey.CreateAsync(cluster));
        await changed.ValidateAsync(changed.First);
        await unchanged.ValidateAsync(unchanged.First);
        var (calls, epoch) = (CallCount, cluster.Lease.Epoch);

        cluster.LeaseStore.Append(changed.GrainId, 2);
        await RenewSiloLeaseAsync();
        await RenewLeaseAsync();

        await AssertVerdictsAsync(unchanged, (unchanged.First, VerdictCode.Active));
        Assert.Equal((calls, epoch), (CallCount, cluster.Lease.Epoch));
        await AssertVerdictsAsync(changed, (changed.First, VerdictCode.Active));
        Assert.Equal(calls + 1, CallCount);
        Assert.Equal(cluster.LeaseStore.Position, cluster.Lease.Position);
    }

    /// <summary>It may be from before a change that the client has applied, and will not receive again.</summary>
    [Fact]
    public async Task An_answer_of_a_silo_that_is_behind_the_client_is_returned_but_not_cached()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        var project = await GrainTestProject.CreateAsync(cluster);
        await LoseLeaseAsync();
        await RenewLeaseAsync();
        Assert.False(cluster.SiloLease.Position!.Covers(cluster.Lease.Position!));
        var calls = CallCount;

        await AssertVerdictsAsync(key, (key.First, VerdictCode.Active), (key.First, VerdictCode.Active));
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        Assert.Equal(calls + 4, CallCount);

        await RenewSiloLeaseAsync();
        await AssertVerdictsAsync(key, (key.First, VerdictCode.Active), (key.First, VerdictCode.Active));
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        Assert.Equal(calls + 6, CallCount);
    }

    [Fact]
    public async Task An_answer_without_a_position_or_of_another_timeline_is_returned_but_not_cached()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        var calls = CallCount;

        using (cluster.Calls.ReplaceVerdicts(answer => answer with { Position = null }))
            await AssertVerdictsAsync(key, (key.First, VerdictCode.Active), (key.First, VerdictCode.Active));
        using (cluster.Calls.ReplaceVerdicts(
            answer => answer with { Position = answer.Position! with { Timeline = "00000000" } }))
            await AssertVerdictsAsync(key, (key.First, VerdictCode.Active), (key.First, VerdictCode.Active));

        Assert.Equal(calls + 4, CallCount);
    }

    [Fact]
    public async Task A_client_that_is_ahead_of_the_silo_keeps_its_position_and_its_cache_when_it_renews()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        await LoseLeaseAsync();
        await RenewLeaseAsync();
        var (position, epoch) = (cluster.Lease.Position, cluster.Lease.Epoch);

        await RenewLeaseAsync();

        Assert.Equal((position, epoch), (cluster.Lease.Position, cluster.Lease.Epoch));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }

    /// <summary>The push arrives before the silo that answers has applied the change.</summary>
    [Fact]
    public async Task After_a_push_an_answer_from_before_the_change_is_not_cached_until_the_log_contains_it()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.ValidateAsync(key.First);
        await cluster.Observer.Invalidate(key.GrainId, 2);
        var calls = CallCount;

        await AssertVerdictsAsync(key, (key.First, VerdictCode.Active), (key.First, VerdictCode.Active));
        Assert.Equal(calls + 2, CallCount);

        await key.RenameAsync("another name");
        await AssertVerdictsAsync(key, (key.First, VerdictCode.Active), (key.First, VerdictCode.Active));
        Assert.Equal(calls + 3, CallCount);
    }

    [Fact]
    public async Task A_cached_retiring_secret_is_valid_until_the_last_millisecond_before_its_deadline()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        var deadline = cluster.Now + ShortGracePeriod;
        await key.RotateAsync(key.Mint(), ShortGracePeriod);
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        var calls = CallCount;

        cluster.Clock.SetUtcNow(deadline - TestData.Millisecond);
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        Assert.Equal(calls, CallCount);

        cluster.Clock.Advance(TestData.Millisecond);
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task Validation_calls_other_silos_before_it_returns_Unavailable()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var wrong = key.Mint();

        key.Reads.FailNext(HedgedCalls.MaxCalls - 1);
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(wrong));
        key.Reads.FailNext(HedgedCalls.MaxCalls);
        Assert.Equal(VerdictCode.Unavailable, await key.ValidateAsync(wrong));

        await AssertVerdictsAsync(key, (key.First, VerdictCode.Active), (wrong, VerdictCode.NotFound));
    }

    [Fact]
    public async Task A_malformed_secret_is_rejected_without_a_call()
    {
        var calls = CallCount;

        Assert.Equal(Verdict.Malformed, await cluster.Validator.ValidateAsync("vk-lw-live_nonsense"));
        Assert.Equal(calls, CallCount);
    }

    [Fact]
    public async Task A_cached_key_is_not_found_in_the_scope_of_another_project()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        var text = key.First.Reveal();
        await key.ValidateAsync(key.First);

        Assert.Equal(VerdictCode.NotFound, (await cluster.Validator.ValidateAsync(text, TestData.OtherProject)).Code);
        Assert.Equal(VerdictCode.Active, (await cluster.Validator.ValidateAsync(text, TestData.Project)).Code);
    }

    [Fact]
    public async Task The_client_counts_each_verdict_once()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        var before = MetricReader.Read(cluster.Meters, "keys.validations");

        await AssertVerdictsAsync(
            key, (key.First, VerdictCode.Active), (key.First, VerdictCode.Active), (key.Mint(), VerdictCode.NotFound));
        await cluster.Validator.ValidateAsync("vk-lw-live_nonsense");
        key.Reads.FailNext(HedgedCalls.MaxCalls);
        Assert.Equal(VerdictCode.Unavailable, await key.ValidateAsync(key.Mint()));

        var counted = from after in MetricReader.Read(cluster.Meters, "keys.validations")
                      let count = after.Value - before.GetValueOrDefault(after.Key)
                      where count > 0
                      select (after.Key, count);
        Assert.Equal(
            [
                ("cache active", 1), ("format malformed", 1), ("silo active", 1), ("silo not_found", 1),
                ("silo unavailable", 1),
            ],
            counted);
    }

    [Fact]
    public async Task Usage_is_reported_to_the_key()
    {
        await AcquireLeaseAsync();
        var key = await GrainTestKey.CreateAsync(cluster);
        await AssertVerdictsAsync(key, (key.First, VerdictCode.Active), (key.First, VerdictCode.Active));

        await cluster.Calls.To(key.GrainId, nameof(IVirtualKeyGrain.RecordUse)).WaitForCompletedAsync(1);
        Assert.Equal(cluster.Now, (await key.GetAsync()).LastUsedAt);
    }

    [Fact]
    public async Task A_cached_API_key_is_refused_after_a_rotation_without_grace()
    {
        await AcquireLeaseAsync();
        var project = await GrainTestProject.CreateAsync(cluster);
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        var calls = CallCount;
        Assert.NotNull(await project.AuthenticateAsync(project.First));
        Assert.Equal(calls, CallCount);

        await project.RotateAsync(project.Mint(), TimeSpan.Zero);

        Assert.Null(await project.AuthenticateAsync(project.First));
    }

    private static async Task AssertVerdictsAsync(
        GrainTestKey key, params (Secret Secret, VerdictCode Code)[] expectations)
    {
        foreach (var (secret, code) in expectations) Assert.Equal(code, await key.ValidateAsync(secret));
    }

    /// <summary>Ensures that the client has a lease, and that the silo is not behind it.</summary>
    private async Task AcquireLeaseAsync()
    {
        await RenewLeaseAsync();
        await RenewSiloLeaseAsync();
    }

    private async Task RenewLeaseAsync() =>
        Assert.True(await cluster.Lease.RenewOrAcquireAsync(CancellationToken.None));

    private async Task RenewSiloLeaseAsync() =>
        Assert.True(await cluster.SiloLease.RenewOrAcquireAsync(CancellationToken.None));

    private async Task LoseLeaseAsync()
    {
        await RenewLeaseAsync();
        cluster.Clock.Advance(ClientTestCluster.LeaseDuration);
        Assert.Equal(0, cluster.Lease.Epoch);
    }
}
