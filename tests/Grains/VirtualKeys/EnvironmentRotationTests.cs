using System.Text;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using static KeysCluster.VirtualKeys.VirtualKeyEnvironment;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>
/// A front end that does not know the environment of a key rotates it in one call: it sends both variants of the new
/// secret, and the grain uses the one that fits.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class EnvironmentRotationTests(KeysTestCluster cluster)
{
    [Theory]
    [InlineData(Live)]
    [InlineData(Test)]
    public async Task A_rotation_with_both_variants_stores_the_one_for_the_environment(
        VirtualKeyEnvironment environment)
    {
        var key = await GrainTestKey.CreateAsync(cluster, environment);
        var minted = MintedVirtualKeySecret.Mint(key.Id);
        var (fitting, other) = environment == Test ? (minted.Test, minted.Live) : (minted.Live, minted.Test);

        var rotated = await key.Grain.Rotate(NewRotateCommand(key, minted));

        Assert.Equal((ChangeOutcome.Done, fitting.DisplayPrefix), (rotated.Outcome, rotated.Key!.DisplayPrefix));
        Assert.Equal(fitting.Reveal(), minted.Select(rotated.Key).Reveal());
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(fitting));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(other));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
    }

    /// <summary>A front end of an earlier build reads the environment and sends only the variant that fits.</summary>
    [Fact]
    public async Task A_rotation_with_one_variant_stores_that_variant()
    {
        var key = await GrainTestKey.CreateAsync(cluster, Test);
        var secret = key.Mint();

        var rotated = await key.RotateAsync(secret);

        Assert.Equal((ChangeOutcome.Done, secret.DisplayPrefix), (rotated.Outcome, rotated.Key!.DisplayPrefix));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_repeated_rotation_with_both_variants_changes_nothing()
    {
        var key = await GrainTestKey.CreateAsync(cluster, Test);
        var rotation = NewRotateCommand(key, MintedVirtualKeySecret.Mint(key.Id));
        await key.Grain.Rotate(rotation);

        var repeated = await key.Grain.Rotate(rotation);

        Assert.Equal((ChangeOutcome.Done, 2), (repeated.Outcome, repeated.Key!.Revision));
    }

    /// <summary>The call was sent again after its response was lost, and the key was rotated in between.</summary>
    [Theory]
    [InlineData(Live)]
    [InlineData(Test)]
    public async Task The_variant_of_a_repeated_rotation_is_selected_by_the_environment(
        VirtualKeyEnvironment environment)
    {
        var key = await GrainTestKey.CreateAsync(cluster, environment);
        var minted = MintedVirtualKeySecret.Mint(key.Id);
        var rotation = NewRotateCommand(key, minted);
        await key.Grain.Rotate(rotation);
        await key.RotateAsync();

        var repeated = await key.Grain.Rotate(rotation);

        Assert.Equal(ChangeOutcome.Done, repeated.Outcome);
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(minted.Select(repeated.Key!)));
    }

    [Theory]
    [InlineData(Live)]
    [InlineData(Test)]
    public async Task A_replayed_rotation_with_both_variants_returns_the_one_that_was_stored(
        VirtualKeyEnvironment environment)
    {
        var key = await GrainTestKey.CreateAsync(cluster, environment);
        var (original, retry) = (MintedVirtualKeySecret.Mint(key.Id), MintedVirtualKeySecret.Mint(key.Id));

        await key.Grain.Rotate(NewRotateCommand(key, original) with { Idempotency = NewRequest(original) });
        var replayed = await key.Grain.Rotate(NewRotateCommand(key, retry) with { Idempotency = NewRequest(retry) });

        await AssertReplayedWithWorkingSecretAsync(key, replayed);
    }

    /// <summary>The first attempt was made by a front end of an earlier build, and the retry by a newer one.</summary>
    [Fact]
    public async Task A_replayed_rotation_with_one_variant_returns_that_variant()
    {
        var key = await GrainTestKey.CreateAsync(cluster, Test);
        var (original, retry) = (key.Mint(), MintedVirtualKeySecret.Mint(key.Id));

        await key.RotateAsync(original, NewRequest(original));
        var replayed = await key.Grain.Rotate(NewRotateCommand(key, retry) with { Idempotency = NewRequest(retry) });

        await AssertReplayedWithWorkingSecretAsync(key, replayed);
    }

    private static IdempotentRequest NewRequest(MintedVirtualKeySecret minted) =>
        NewRequest(minted.Live) with { SealedTestSecret = Encoding.ASCII.GetBytes(minted.Test.Reveal()) };

    /// <summary>Creates a request with the text of the secret in place of its sealed form, which is opaque.</summary>
    private static IdempotentRequest NewRequest(Secret secret) =>
        TestData.NewIdempotentRequest("retry", sealedSecret: secret.Reveal());

    private static async Task AssertReplayedWithWorkingSecretAsync(GrainTestKey key, VirtualKeyResult replayed)
    {
        Assert.Equal(ChangeOutcome.Replayed, replayed.Outcome);
        Assert.True(VirtualKeySecret.TryParse(Encoding.ASCII.GetString(replayed.SealedSecret!), out var secret));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
        Assert.Equal(replayed.Key!.DisplayPrefix, secret.DisplayPrefix);
    }

    private RotateSecretCommand NewRotateCommand(GrainTestKey key, MintedVirtualKeySecret minted)
    {
        var id = SecretId.New(cluster.Now);
        return key.NewRotateCommand(minted.Live) with
        {
            Secret = NewSecret.From(minted.Live, id),
            TestSecret = NewSecret.From(minted.Test, id),
        };
    }
}
