using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeysCluster.Grains.Tests.Clients;

/// <summary>Validation in an Orleans client, from its memory under a lease.</summary>
public sealed class ValidatorClientTests(LeasedTestCluster cluster) : IClassFixture<LeasedTestCluster>
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(8);

    private readonly VirtualKeyId _id = VirtualKeyId.New(cluster.Clock.GetUtcNow());

    private IVirtualKeyGrain Grain => cluster.Grains.GetGrain<IVirtualKeyGrain>(_id.ToString());

    [Fact]
    public async Task A_good_secret_is_asked_for_once_and_costs_no_allocation_afterwards()
    {
        await HoldLease();
        var text = (await Create()).Reveal();
        Assert.Equal(VerdictCode.Active, (await cluster.Validator.ValidateAsync(text)).Code);
        var asked = cluster.Asked.Count;

        Hit();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Hit();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((0, asked), (allocated, cluster.Asked.Count));

        void Hit()
        {
            var answer = cluster.Validator.ValidateAsync(text);
            if (!answer.IsCompletedSuccessfully || !answer.GetAwaiter().GetResult().IsValid) throw new InvalidOperationException();
        }
    }

    [Fact]
    public async Task Both_secrets_of_a_grace_period_are_known_side_by_side()
    {
        await HoldLease();
        var old = await Create();
        var current = await Rotate(Grace);
        await Codes(old, current);
        var asked = cluster.Asked.Count;

        Assert.Equal([VerdictCode.Retiring, VerdictCode.Active], await Codes(old, current));
        Assert.Equal(asked, cluster.Asked.Count);
    }

    [Fact]
    public async Task Without_a_lease_a_silo_is_asked_each_time()
    {
        await LoseLease();
        var secret = await Create();
        await Codes(secret, secret);
        var asked = cluster.Asked.Count;

        Assert.Equal([VerdictCode.Active], await Codes(secret));
        Assert.Equal(asked + 1, cluster.Asked.Count);
    }

    [Fact]
    public async Task What_was_known_under_a_lease_that_lapsed_is_asked_for_again()
    {
        await HoldLease();
        var secret = await Create();
        await Codes(secret);
        var asked = cluster.Asked.Count;

        await LoseLease();
        await HoldLease();

        Assert.Equal([VerdictCode.Active], await Codes(secret));
        Assert.Equal(asked + 1, cluster.Asked.Count);
    }

    [Theory]
    [InlineData("revoke", VerdictCode.Revoked)]
    [InlineData("disable", VerdictCode.Disabled)]
    [InlineData("rotate without grace", VerdictCode.ExpiredSecret)]
    public async Task An_end_of_validity_is_answered_when_the_client_has_forgotten(string ending, VerdictCode code)
    {
        await HoldLease();
        var secret = await Create();
        Assert.Equal([VerdictCode.Active], await Codes(secret));

        await (ending switch
        {
            "revoke" => Grain.Revoke(Sample.Caller),
            "disable" => Grain.Disable(Sample.Caller, null),
            _ => (Task)Rotate(TimeSpan.Zero),
        });

        Assert.Equal([code], await Codes(secret));
    }

    [Fact]
    public async Task A_late_answer_of_a_silo_does_not_bring_a_revoked_secret_back()
    {
        await HoldLease();
        var secret = await Create();
        var answered = cluster.Asked.HoldNextAnswer();
        var late = cluster.Validator.ValidateAsync(secret.Reveal());
        await answered;

        await Grain.Revoke(Sample.Caller);
        cluster.Asked.LetGo();

        Assert.Equal(VerdictCode.Active, (await late).Code);
        Assert.Equal([VerdictCode.Revoked], await Codes(secret));
    }

    [Fact]
    public async Task After_a_rotation_the_old_secret_is_said_to_be_retiring_and_the_new_one_is_good()
    {
        await HoldLease();
        var old = await Create();
        Assert.Equal([VerdictCode.Active], await Codes(old));

        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var current = await Rotate(GracePeriod.Longest);

        Assert.Equal([VerdictCode.Retiring, VerdictCode.Active], await Codes(old, current));
    }

    [Fact]
    public async Task A_retiring_secret_is_good_from_memory_to_the_last_millisecond_before_its_deadline()
    {
        await HoldLease();
        var old = await Create();
        var deadline = cluster.Clock.GetUtcNow() + Grace;
        await Rotate(Grace);
        Assert.Equal([VerdictCode.Retiring], await Codes(old));
        var asked = cluster.Asked.Count;

        cluster.Clock.SetUtcNow(deadline - Sample.Millisecond);
        Assert.Equal([VerdictCode.Retiring], await Codes(old));
        Assert.Equal(asked, cluster.Asked.Count);

        cluster.Clock.Advance(Sample.Millisecond);
        Assert.Equal([VerdictCode.ExpiredSecret], await Codes(old));
    }

    [Fact]
    public async Task Nothing_is_known_for_longer_than_an_end_needs_to_be_told_ahead()
    {
        await HoldLease();
        var secret = await Create();
        await Codes(secret);
        cluster.Clock.Advance(TimeSpan.FromMinutes(5));
        await HoldLease();
        await Forget();
        await Codes(secret);
        var asked = cluster.Asked.Count;

        // The silo read it nine minutes ago, the client heard of it four minutes ago.
        cluster.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal([VerdictCode.Active], await Codes(secret));

        Assert.Equal(asked + 1, cluster.Asked.Count);
    }

    [Fact]
    public async Task When_a_silo_cannot_tell_one_is_asked_again_and_at_the_third_time_it_is_said()
    {
        var secret = await Create();
        var wrong = VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live);
        var reads = cluster.Storage.Reads(Grain.GetGrainId());

        reads.Interfere(Enumerable.Repeat<Interference>(Interferences.FailBefore, 2));
        Assert.Equal([VerdictCode.NotFound], await Codes(wrong));
        reads.Interfere(Enumerable.Repeat<Interference>(Interferences.FailBefore, 3));
        Assert.Equal([VerdictCode.Unavailable], await Codes(wrong));

        Assert.Equal([VerdictCode.Active, VerdictCode.NotFound], await Codes(secret, wrong));
    }

    [Fact]
    public async Task What_cannot_be_a_secret_is_refused_without_a_call()
    {
        var asked = cluster.Asked.Count;

        Assert.Equal(Verdict.Malformed, await cluster.Validator.ValidateAsync("vk-lw-live_nonsense"));
        Assert.Equal(asked, cluster.Asked.Count);
    }

    [Fact]
    public async Task A_key_of_another_project_is_not_found_although_it_is_known()
    {
        await HoldLease();
        var secret = await Create();
        await Codes(secret);

        Assert.Equal(VerdictCode.NotFound, (await cluster.Validator.ValidateAsync(secret.Reveal(), Sample.OtherProject)).Code);
        Assert.Equal(VerdictCode.Active, (await cluster.Validator.ValidateAsync(secret.Reveal(), Sample.Project)).Code);
    }

    [Fact]
    public async Task The_client_counts_what_it_answers_by_itself()
    {
        await HoldLease();
        var secret = await Create();
        using var counted = new MetricCollector<long>(cluster.Meters, ValidatorServices.MeterName, "keys.validations");

        await Codes(secret, secret, VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live));
        await cluster.Validator.ValidateAsync("vk-lw-live_nonsense");
        cluster.Storage.Reads(Grain.GetGrainId()).Interfere(Enumerable.Repeat<Interference>(Interferences.FailBefore, 3));
        await Codes(VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live));

        Assert.Equal(
            [VerdictCode.Active, VerdictCode.Malformed, VerdictCode.Unavailable],
            counted.GetMeasurementSnapshot().Select(one => one.Tags["code"]));
    }

    [Fact]
    public async Task Uses_are_reported_to_the_key()
    {
        await HoldLease();
        var secret = await Create();
        await Codes(secret, secret);

        using var patience = new CancellationTokenSource(KeysTestCluster.Patience);
        while ((await Grain.Get(Sample.Caller))!.LastUsedAt is null) await Task.Delay(1, patience.Token);
    }

    [Fact]
    public async Task An_api_key_is_known_until_it_is_cut()
    {
        await HoldLease();
        var project = ProjectId.New(cluster.Clock.GetUtcNow());
        var grain = cluster.Grains.GetGrain<IProjectGrain>(project.ToString());
        var first = ProjectApiKey.Mint(project);
        await grain.Create(new CreateProject("a project", NewSecret.Of(first, cluster.Clock.GetUtcNow()), "admin"));
        Assert.True(await cluster.Authenticator.AuthenticateAsync(first));
        var asked = cluster.Asked.Count;
        Assert.True(await cluster.Authenticator.AuthenticateAsync(first));
        Assert.Equal(asked, cluster.Asked.Count);

        await grain.RotateApiKey(new RotateSecret
        {
            Caller = new Caller(project, "admin"),
            Secret = NewSecret.Of(ProjectApiKey.Mint(project), cluster.Clock.GetUtcNow()),
            GracePeriod = TimeSpan.Zero,
        });

        Assert.False(await cluster.Authenticator.AuthenticateAsync(first));
    }

    private async Task HoldLease() => Assert.True(await cluster.Lease.Renew(CancellationToken.None));

    private async Task LoseLease()
    {
        await HoldLease();
        cluster.Clock.Advance(LeasedTestCluster.Length);
        Assert.Equal(0, cluster.Lease.Epoch);
    }

    /// <summary>The client forgets, the silo does not.</summary>
    private async Task Forget()
    {
        await cluster.Table.Break([.. cluster.Table.Ids], CancellationToken.None);
        await HoldLease();
    }

    private async Task<Secret> Create()
    {
        var secret = VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live);
        await Grain.Create(Sample.Creation(secret, cluster.Clock.GetUtcNow()));
        return secret;
    }

    private async Task<Secret> Rotate(TimeSpan grace)
    {
        var secret = VirtualKeySecret.Mint(_id, VirtualKeyEnvironment.Live);
        var rotated = await Grain.Rotate(new RotateSecret
        {
            Caller = Sample.Caller,
            Secret = NewSecret.Of(secret, cluster.Clock.GetUtcNow()),
            GracePeriod = grace,
        });
        Assert.Equal(ChangeOutcome.Done, rotated.Outcome);
        return secret;
    }

    private async Task<List<VerdictCode>> Codes(params Secret[] secrets)
    {
        var codes = new List<VerdictCode>();
        foreach (var secret in secrets) codes.Add((await cluster.Validator.ValidateAsync(secret.Reveal())).Code);
        return codes;
    }
}
