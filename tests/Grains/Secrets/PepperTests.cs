using System.Security.Cryptography;
using System.Text;
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

    /// <summary>States and records of builds that had one pepper stay readable, by these builds too.</summary>
    [Fact]
    public void The_first_form_has_the_hashes_of_builds_that_had_one_pepper()
    {
        byte[] key = [.. Enumerable.Repeat((byte)1, Pepper.MinLength)];
        var expected = HMACSHA256.HashData(key, Digest.ToArray());

        Assert.Equal(expected, CreatePepper(1).Hash(Digest));
        Assert.Equal(expected, CreatePepper(1).HashIdempotencyKey(Digest));
        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData(key, "pepper id"u8))[..16], CreatePepper(1).Id);
    }

    [Fact]
    public void Each_use_of_a_pepper_has_its_own_HKDF_key()
    {
        byte[] key = [.. Enumerable.Repeat((byte)1, Pepper.MinLength)];
        byte[] Hash(string label) => HMACSHA256.HashData(
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.ASCII.GetBytes(label)), Digest.ToArray());

        var pepper = Pepper.WithHashKeys(key);

        Assert.Equal(Hash("secret/v1"), pepper.Hash(Digest));
        Assert.Equal(Hash("idempotency-key/v1"), pepper.HashIdempotencyKey(Digest));
        Assert.NotEqual(CreatePepper(1).Id, pepper.Id);
    }

    [Fact]
    public void A_set_has_one_current_pepper_and_each_pepper_once()
    {
        var (first, second) = (CreatePepper(1), CreatePepper(2));

        Assert.Equal([second, first], new PepperSet(second, first).All);
        Assert.Throws<ArgumentException>(() => new PepperSet(first, CreatePepper(1)));
        Assert.Throws<ArgumentException>(
            () => new PepperSet(first, Enumerable.Range(2, PepperSet.MaxCount).Select(i => CreatePepper((byte)i))));
    }

    [Fact]
    public void A_pepper_that_is_too_short_is_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Pepper(new byte[Pepper.MinLength - 1]));
}
