using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeysCluster.Grains.Tests.Clients;

/// <summary>Validation in an Orleans client, from its memory under a lease.</summary>
public sealed class ClientSecretValidatorTests(ClientTestCluster cluster) : IClassFixture<ClientTestCluster>
{
    private static readonly TimeSpan ShortGracePeriod = TimeSpan.FromMinutes(8);

    private readonly VirtualKeyId _id = VirtualKeyId.New(cluster.Clock.GetUtcNow());

    private IVirtualKeyGrain Grain => cluster.Grains.GetGrain<IVirtualKeyGrain>(_id.ToString());

    [Fact]
    public async Task A_cached_secret_validates_without_a_call_or_an_allocation()
    {
        await AcquireLeaseAsync();
        var text = (await CreateAsync()).Reveal();
        Assert.Equal(VerdictCode.Active, (await cluster.Validator.ValidateAsync(text)).Code);
        var asked = cluster.ValidationCalls.Count;

        Hit();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Hit();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((0, asked), (allocated, cluster.ValidationCalls.Count));

        void Hit()
        {
            var answer = cluster.Validator.ValidateAsync(text);
            if (!answer.IsCompletedSuccessfully || !answer.GetAwaiter().GetResult().IsValid) throw new InvalidOperationException();
        }
    }

    [Fact]
    public async Task The_current_and_the_retiring_secret_are_cached_together()
    {
        await AcquireLeaseAsync();
        var old = await CreateAsync();
        var current = await RotateAsync(ShortGracePeriod);
        await GetVerdictCodesAsync(old, current);
        var asked = cluster.ValidationCalls.Count;

        Assert.Equal([VerdictCode.Retiring, VerdictCode.Active], await GetVerdictCodesAsync(old, current));
        Assert.Equal(asked, cluster.ValidationCalls.Count);
    }

    [Fact]
    public async Task A_client_without_a_lease_calls_a_silo_for_every_validation()
    {
        await LoseLeaseAsync();
        var secret = await CreateAsync();
        await GetVerdictCodesAsync(secret, secret);
        var asked = cluster.ValidationCalls.Count;

        Assert.Equal([VerdictCode.Active], await GetVerdictCodesAsync(secret));
        Assert.Equal(asked + 1, cluster.ValidationCalls.Count);
    }

    [Fact]
    public async Task Entries_cached_under_an_expired_lease_are_not_used()
    {
        await AcquireLeaseAsync();
        var secret = await CreateAsync();
        await GetVerdictCodesAsync(secret);
        var asked = cluster.ValidationCalls.Count;

        await LoseLeaseAsync();
        await AcquireLeaseAsync();

        Assert.Equal([VerdictCode.Active], await GetVerdictCodesAsync(secret));
        Assert.Equal(asked + 1, cluster.ValidationCalls.Count);
    }

    [Theory]
    [InlineData("revoke", VerdictCode.Revoked)]
    [InlineData("disable", VerdictCode.Disabled)]
    [InlineData("rotate without grace", VerdictCode.ExpiredSecret)]
    public async Task A_client_refuses_the_secret_as_soon_as_the_change_is_acknowledged(string ending, VerdictCode code)
    {
        await AcquireLeaseAsync();
        var secret = await CreateAsync();
        Assert.Equal([VerdictCode.Active], await GetVerdictCodesAsync(secret));

        await (ending switch
        {
            "revoke" => Grain.Revoke(TestData.Caller),
            "disable" => Grain.Disable(TestData.Caller, null),
            _ => (Task)RotateAsync(TimeSpan.Zero),
        });

        Assert.Equal([code], await GetVerdictCodesAsync(secret));
    }

    [Fact]
    public async Task A_late_response_from_a_silo_does_not_restore_a_revoked_secret()
    {
        await AcquireLeaseAsync();
        var secret = await CreateAsync();
        var answered = cluster.ValidationCalls.BlockNextResponseAsync();
        var late = cluster.Validator.ValidateAsync(secret.Reveal());
        await answered;

        await Grain.Revoke(TestData.Caller);
        cluster.ValidationCalls.ReleaseResponse();

        Assert.Equal(VerdictCode.Active, (await late).Code);
        Assert.Equal([VerdictCode.Revoked], await GetVerdictCodesAsync(secret));
    }

    [Fact]
    public async Task The_previous_secret_is_retiring_and_the_new_one_is_active_after_a_rotation()
    {
        await AcquireLeaseAsync();
        var old = await CreateAsync();
        Assert.Equal([VerdictCode.Active], await GetVerdictCodesAsync(old));

        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var current = await RotateAsync(GracePeriod.Maximum);

        Assert.Equal([VerdictCode.Retiring, VerdictCode.Active], await GetVerdictCodesAsync(old, current));
    }

    [Fact]
    public async Task A_cached_retiring_secret_is_valid_until_the_last_millisecond_before_its_deadline()
    {
        await AcquireLeaseAsync();
        var old = await CreateAsync();
        var deadline = cluster.Clock.GetUtcNow() + ShortGracePeriod;
        await RotateAsync(ShortGracePeriod);
        Assert.Equal([VerdictCode.Retiring], await GetVerdictCodesAsync(old));
        var asked = cluster.ValidationCalls.Count;

        cluster.Clock.SetUtcNow(deadline - TestData.Millisecond);
        Assert.Equal([VerdictCode.Retiring], await GetVerdictCodesAsync(old));
        Assert.Equal(asked, cluster.ValidationCalls.Count);

        cluster.Clock.Advance(TestData.Millisecond);
        Assert.Equal([VerdictCode.ExpiredSecret], await GetVerdictCodesAsync(old));
    }

    [Fact]
    public async Task The_age_of_the_state_on_the_silo_counts_toward_the_maximum_age_on_the_client()
    {
        await AcquireLeaseAsync();
        var secret = await CreateAsync();
        await GetVerdictCodesAsync(secret);
        cluster.Clock.Advance(TimeSpan.FromMinutes(5));
        await AcquireLeaseAsync();
        await ClearClientCacheAsync();
        await GetVerdictCodesAsync(secret);
        var asked = cluster.ValidationCalls.Count;

        // The silo read it nine minutes ago, the client heard of it four minutes ago.
        cluster.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal([VerdictCode.Active], await GetVerdictCodesAsync(secret));

        Assert.Equal(asked + 1, cluster.ValidationCalls.Count);
    }

    [Fact]
    public async Task Validation_retries_twice_before_it_returns_Unavailable()
    {
        var secret = await CreateAsync();
        var wrong = VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live);
        var reads = cluster.Storage.Reads(Grain.GetGrainId());

        reads.InjectFaults(Enumerable.Repeat<InjectedFault>(Faults.FailBeforeAsync, 2));
        Assert.Equal([VerdictCode.NotFound], await GetVerdictCodesAsync(wrong));
        reads.InjectFaults(Enumerable.Repeat<InjectedFault>(Faults.FailBeforeAsync, 3));
        Assert.Equal([VerdictCode.Unavailable], await GetVerdictCodesAsync(wrong));

        Assert.Equal([VerdictCode.Active, VerdictCode.NotFound], await GetVerdictCodesAsync(secret, wrong));
    }

    [Fact]
    public async Task A_malformed_secret_is_rejected_without_a_call()
    {
        var asked = cluster.ValidationCalls.Count;

        Assert.Equal(Verdict.Malformed, await cluster.Validator.ValidateAsync("vk-lw-live_nonsense"));
        Assert.Equal(asked, cluster.ValidationCalls.Count);
    }

    [Fact]
    public async Task A_cached_key_is_not_found_in_the_scope_of_another_project()
    {
        await AcquireLeaseAsync();
        var secret = await CreateAsync();
        await GetVerdictCodesAsync(secret);

        Assert.Equal(VerdictCode.NotFound, (await cluster.Validator.ValidateAsync(secret.Reveal(), TestData.OtherProject)).Code);
        Assert.Equal(VerdictCode.Active, (await cluster.Validator.ValidateAsync(secret.Reveal(), TestData.Project)).Code);
    }

    [Fact]
    public async Task The_client_counts_only_verdicts_that_it_produces_itself()
    {
        await AcquireLeaseAsync();
        var secret = await CreateAsync();
        using var counted = new MetricCollector<long>(cluster.Meters, VirtualKeyValidationServiceCollectionExtensions.MeterName, "keys.validations");

        await GetVerdictCodesAsync(secret, secret, VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live));
        await cluster.Validator.ValidateAsync("vk-lw-live_nonsense");
        cluster.Storage.Reads(Grain.GetGrainId()).InjectFaults(Enumerable.Repeat<InjectedFault>(Faults.FailBeforeAsync, 3));
        await GetVerdictCodesAsync(VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live));

        Assert.Equal(
            [VerdictCode.Active, VerdictCode.Malformed, VerdictCode.Unavailable],
            counted.GetMeasurementSnapshot().Select(one => one.Tags["code"]));
    }

    [Fact]
    public async Task Usage_is_reported_to_the_key()
    {
        await AcquireLeaseAsync();
        var secret = await CreateAsync();
        await GetVerdictCodesAsync(secret, secret);

        using var patience = new CancellationTokenSource(KeysTestCluster.WaitTimeout);
        while ((await Grain.Get(TestData.Caller))!.LastUsedAt is null) await Task.Delay(1, patience.Token);
    }

    [Fact]
    public async Task A_cached_API_key_is_refused_after_a_rotation_without_grace()
    {
        await AcquireLeaseAsync();
        var project = ProjectId.New(cluster.Clock.GetUtcNow());
        var grain = cluster.Grains.GetGrain<IProjectGrain>(project.ToString());
        var first = ProjectApiKey.Mint(project);
        await grain.Create(new CreateProjectCommand("a project", NewSecret.From(first, cluster.Clock.GetUtcNow()), "admin"));
        Assert.True(await cluster.Authenticator.AuthenticateAsync(first));
        var asked = cluster.ValidationCalls.Count;
        Assert.True(await cluster.Authenticator.AuthenticateAsync(first));
        Assert.Equal(asked, cluster.ValidationCalls.Count);

        await grain.RotateApiKey(new RotateSecretCommand
        {
            Caller = new Caller(project, "admin"),
            Secret = NewSecret.From(ProjectApiKey.Mint(project), cluster.Clock.GetUtcNow()),
            GracePeriod = TimeSpan.Zero,
        });

        Assert.False(await cluster.Authenticator.AuthenticateAsync(first));
    }

    private async Task AcquireLeaseAsync() => Assert.True(await cluster.Lease.RenewAsync(CancellationToken.None));

    private async Task LoseLeaseAsync()
    {
        await AcquireLeaseAsync();
        cluster.Clock.Advance(ClientTestCluster.LeaseDuration);
        Assert.Equal(0, cluster.Lease.Epoch);
    }

    /// <summary>The client forgets, the silo does not.</summary>
    private async Task ClearClientCacheAsync()
    {
        await cluster.LeaseStore.PreventRenewalAsync([.. cluster.LeaseStore.LeaseIds], CancellationToken.None);
        await AcquireLeaseAsync();
    }

    private async Task<Secret> CreateAsync()
    {
        var secret = VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live);
        await Grain.Create(TestData.CreateKeyCommand(secret, cluster.Clock.GetUtcNow()));
        return secret;
    }

    private async Task<Secret> RotateAsync(TimeSpan grace)
    {
        var secret = VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live);
        var rotated = await Grain.Rotate(new RotateSecretCommand
        {
            Caller = TestData.Caller,
            Secret = NewSecret.From(secret, cluster.Clock.GetUtcNow()),
            GracePeriod = grace,
        });
        Assert.Equal(ChangeOutcome.Done, rotated.Outcome);
        return secret;
    }

    private async Task<List<VerdictCode>> GetVerdictCodesAsync(params Secret[] secrets)
    {
        var codes = new List<VerdictCode>();
        foreach (var secret in secrets) codes.Add((await cluster.Validator.ValidateAsync(secret.Reveal())).Code);
        return codes;
    }
}
