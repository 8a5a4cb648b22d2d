using System.Text;
using Blake3;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Secrets;

public sealed class SecretFingerprintTests
{
    private static readonly Secret Secret = TestData.MintSecret();
    private static readonly SecretFingerprint Fingerprint = SecretFingerprint.From(Secret.Reveal());

    [Fact]
    public void The_same_secret_has_the_same_fingerprint()
    {
        Assert.True(VirtualKeySecret.TryParse(Secret.Reveal(), out var parsed));
        AssertEqual(Fingerprint, SecretFingerprint.From(parsed.Reveal()));
    }

    [Fact]
    public void A_change_of_any_character_changes_the_fingerprint()
    {
        var text = Secret.Reveal();
        for (var position = 0; position < text.Length; position++)
        {
            var changed = text.ToCharArray();
            changed[position] = changed[position] == 'A' ? 'B' : 'A';
            AssertDifferent(Fingerprint, SecretFingerprint.From(changed));
        }
    }

    [Fact]
    public void Different_digests_have_different_fingerprints()
    {
        var fingerprint = SecretFingerprint.From(Secret.ComputeDigest());

        AssertEqual(fingerprint, SecretFingerprint.From(Secret.ComputeDigest()));
        AssertDifferent(fingerprint, SecretFingerprint.From(TestData.MintSecret().ComputeDigest()));
    }

    [Fact]
    public void A_text_and_its_digest_have_different_fingerprints()
    {
        var ascii = Encoding.ASCII.GetBytes(Secret.Reveal());

        AssertDifferent(Fingerprint, SecretFingerprint.From(Secret.ComputeDigest()));
        AssertDifferent(Fingerprint, SecretFingerprint.From(Sha256Digest.Compute(ascii)));
    }

    [Fact]
    public void ToString_reveals_neither_a_fingerprint_nor_a_presented_secret()
    {
        Assert.Equal("(fingerprint)", Fingerprint.ToString());
        Assert.Equal("(secret)", new PresentedSecret(Secret).ToString());
    }

    [Fact]
    public void A_presented_secret_has_the_same_digest_whether_given_as_text_or_as_digest()
    {
        Assert.Equal(Secret.ComputeDigest(), new PresentedSecret(Secret).ComputeDigest());
        Assert.Equal(Secret.ComputeDigest(), new PresentedSecret(Secret.ComputeDigest()).ComputeDigest());
    }

    /// <summary>The first vector is from the authors of BLAKE3, the second one from other implementations.</summary>
    [Theory]
    [InlineData("", "AF1349B9F5F9A1A6A0404DEA36DCC9499BCB25C9ADC112B7CC9A93CAE41F3262")]
    [InlineData("abc", "6437B3AC38465133FFB63B75273A8DB548C558465D79DB03FD359C6CD5BD9D85")]
    public void The_hash_function_matches_the_BLAKE3_test_vectors(string text, string hash) =>
        Assert.Equal(hash, Convert.ToHexString(Hasher.Hash(Encoding.ASCII.GetBytes(text)).AsSpan()));

    private static void AssertEqual(in SecretFingerprint expected, in SecretFingerprint actual) =>
        Assert.True(expected.FixedTimeEquals(actual));

    private static void AssertDifferent(in SecretFingerprint one, in SecretFingerprint other) =>
        Assert.False(one.FixedTimeEquals(other));
}
