using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.Tests.Secrets;

public sealed class PepperTests
{
    private static readonly Sha256Digest Digest = Sha256Digest.Compute("a secret");

    private static Pepper CreatePepper(byte value) => new([.. Enumerable.Repeat(value, Pepper.MinLength)]);

    [Fact]
    public void The_stored_hash_depends_on_the_pepper_and_on_the_secret()
    {
        Assert.Equal(CreatePepper(1).Hash(Digest), CreatePepper(1).Hash(Digest));
        Assert.NotEqual(CreatePepper(1).Hash(Digest), CreatePepper(2).Hash(Digest));
        Assert.NotEqual(CreatePepper(1).Hash(Digest), CreatePepper(1).Hash(Sha256Digest.Compute("a secres")));
    }

    [Fact]
    public void The_stored_hash_differs_from_the_digest()
    {
        var digest = new byte[Sha256Digest.Length];
        Digest.CopyTo(digest);

        Assert.NotEqual(digest, CreatePepper(1).Hash(Digest));
    }

    [Fact]
    public void The_id_of_a_pepper_identifies_it_without_revealing_it()
    {
        Assert.Equal(CreatePepper(1).Id, CreatePepper(1).Id);
        Assert.NotEqual(CreatePepper(1).Id, CreatePepper(2).Id);
        Assert.DoesNotContain("0101", CreatePepper(1).Id, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pepper_that_is_too_short_is_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Pepper(new byte[Pepper.MinLength - 1]));
}
