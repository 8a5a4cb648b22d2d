using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.Secrets;

public sealed class PepperTests
{
    private static readonly SecretDigest Digest = SecretDigest.Of("a secret");

    private static Pepper PepperOf(byte value) => new([.. Enumerable.Repeat(value, Pepper.MinLength)]);

    [Fact]
    public void The_hash_in_storage_depends_on_the_pepper_and_on_the_secret()
    {
        Assert.Equal(PepperOf(1).Hash(Digest), PepperOf(1).Hash(Digest));
        Assert.NotEqual(PepperOf(1).Hash(Digest), PepperOf(2).Hash(Digest));
        Assert.NotEqual(PepperOf(1).Hash(Digest), PepperOf(1).Hash(SecretDigest.Of("a secres")));
    }

    [Fact]
    public void The_hash_in_storage_is_not_the_digest()
    {
        var digest = new byte[SecretDigest.Length];
        Digest.CopyTo(digest);

        Assert.NotEqual(digest, PepperOf(1).Hash(Digest));
    }

    [Fact]
    public void A_pepper_is_named_without_being_told()
    {
        Assert.Equal(PepperOf(1).Id, PepperOf(1).Id);
        Assert.NotEqual(PepperOf(1).Id, PepperOf(2).Id);
        Assert.DoesNotContain("0101", PepperOf(1).Id, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_pepper_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Pepper(new byte[Pepper.MinLength - 1]));
}
