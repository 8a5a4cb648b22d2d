using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Tests.VirtualKeys;
using KeysCluster.Grains.VirtualKeys;

namespace KeysCluster.Grains.Tests.Peppers;

public sealed class RehashRuleTests
{
    private static readonly PepperSet Both = new(TestData.NextPepper, TestData.Pepper);

    private readonly RuleTestKey _key = new(TestData.Start);

    private StoredSecret Stored => _key.State.Secrets.CurrentSecret;

    [Fact]
    public void A_secret_gets_its_hash_under_the_current_pepper_and_keeps_everything_else()
    {
        var digest = _key.First.ComputeDigest();

        var rehashed = Stored.Rehash(digest, Both);

        var expected = Stored with { Hash = TestData.NextPepper.Hash(digest), PepperId = TestData.NextPepper.Id };
        Assert.Equal(expected.Hash, rehashed.Hash);
        Assert.Equal(expected with { Hash = rehashed.Hash }, rehashed);
        Assert.Same(rehashed, rehashed.Rehash(digest, Both));
    }

    [Fact]
    public void Another_digest_changes_nothing() =>
        Assert.Same(Stored, Stored.Rehash(RuleTestKey.Mint().ComputeDigest(), Both));

    [Fact]
    public void A_secret_whose_pepper_is_missing_stays_as_it_is() =>
        Assert.Same(Stored, Stored.Rehash(_key.First.ComputeDigest(), new PepperSet(TestData.NextPepper)));

    [Fact]
    public void A_secret_is_found_under_its_own_pepper_whichever_is_current()
    {
        var second = _key.Rotate(TestData.Start);
        var presented = second.ComputeDigest();
        var state = (VirtualKeyState)_key.State.MapSecrets(
            secrets => secrets with { CurrentSecret = secrets.CurrentSecret.Rehash(presented, Both) });

        foreach (var peppers in new[] { Both, new PepperSet(TestData.Pepper, TestData.NextPepper) })
        {
            Assert.Same(state.Secrets.CurrentSecret, state.FindSecret(new PresentedHashes(presented, peppers)));
            Assert.Same(
                state.Secrets.Replaced[0],
                state.FindSecret(new PresentedHashes(_key.First.ComputeDigest(), peppers)));
            Assert.Null(state.FindSecret(new PresentedHashes(RuleTestKey.Mint().ComputeDigest(), peppers)));
            Assert.Null(state.FindUnverifiableSecret(peppers, TestData.Start));
        }
    }

    /// <summary>An expired secret stays invalid, so its pepper may be removed.</summary>
    [Fact]
    public void Only_a_secret_that_may_be_used_depends_on_its_pepper()
    {
        var next = new PepperSet(TestData.NextPepper);
        var second = _key.Rotate(TestData.Start, TimeSpan.FromHours(1));
        var state = (VirtualKeyState)_key.State.MapSecrets(
            secrets => secrets with { CurrentSecret = secrets.CurrentSecret.Rehash(second.ComputeDigest(), Both) });
        var deadline = TestData.Start.AddHours(1);

        Assert.Same(state.Secrets.Replaced[0], state.FindUnverifiableSecret(next, deadline.AddTicks(-1)));
        Assert.Null(state.FindUnverifiableSecret(next, deadline));
        Assert.NotNull(_key.State.FindUnverifiableSecret(next, deadline));
        Assert.NotNull((_key.State with { DisabledAt = deadline }).FindUnverifiableSecret(next, deadline));
        Assert.Null((_key.State with { RevokedAt = deadline }).FindUnverifiableSecret(next, deadline));
    }
}
