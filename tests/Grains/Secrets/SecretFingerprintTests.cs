using System.Text;
using Blake3;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Secrets;

public class SecretFingerprintTests
{
    private static readonly Secret First = MintSecret();

    [Fact]
    public void The_same_secret_has_the_same_fingerprint()
    {
        Assert.True(VirtualKeySecret.TryParse(First.Reveal(), out var again));
        Assert.True(First.Fingerprint().FixedTimeEquals(again.Fingerprint()));
    }

    [Fact]
    public void A_change_of_any_character_changes_the_fingerprint()
    {
        var text = First.Reveal();
        for (var at = 0; at < text.Length; at++)
        {
            var other = text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
            Assert.False(SecretFingerprint.From(text).FixedTimeEquals(SecretFingerprint.From(other)), $"character {at}");
        }
    }

    [Fact]
    public void Different_digests_have_different_fingerprints()
    {
        var fingerprint = SecretFingerprint.From(First.ComputeDigest());
        Assert.True(fingerprint.FixedTimeEquals(SecretFingerprint.From(First.ComputeDigest())));
        Assert.False(fingerprint.FixedTimeEquals(SecretFingerprint.From(MintSecret().ComputeDigest())));
    }

    [Fact]
    public void A_text_and_its_digest_have_different_fingerprints()
    {
        Assert.False(First.Fingerprint().FixedTimeEquals(SecretFingerprint.From(First.ComputeDigest())));
        var text = Encoding.ASCII.GetBytes(First.Reveal());
        Assert.False(First.Fingerprint().FixedTimeEquals(SecretFingerprint.From(Sha256Digest.Compute(text))));
    }

    [Fact]
    public void ToString_reveals_neither_a_fingerprint_nor_a_presented_secret()
    {
        Assert.Equal("(fingerprint)", First.Fingerprint().ToString());
        Assert.Equal("(secret)", new PresentedSecret(First).ToString());
    }

    [Fact]
    public void A_presented_secret_has_the_same_digest_whether_given_as_text_or_as_digest()
    {
        Assert.Equal(First.ComputeDigest(), new PresentedSecret(First).ComputeDigest());
        Assert.Equal(First.ComputeDigest(), new PresentedSecret(First.ComputeDigest()).ComputeDigest());
    }

    /// <summary>The first by the test vectors of BLAKE3's authors, the other as other implementations have it.</summary>
    [Theory]
    [InlineData("", "AF1349B9F5F9A1A6A0404DEA36DCC9499BCB25C9ADC112B7CC9A93CAE41F3262")]
    [InlineData("abc", "6437B3AC38465133FFB63B75273A8DB548C558465D79DB03FD359C6CD5BD9D85")]
    public void The_hash_function_matches_the_BLAKE3_test_vectors(string text, string hash)
    {
        Assert.Equal(hash, Convert.ToHexString(Hasher.Hash(Encoding.ASCII.GetBytes(text)).AsSpan()));
    }

    private static Secret MintSecret() =>
        VirtualKeySecret.Mint(VirtualKeyId.New(TestData.Start), VirtualKeyEnvironment.Live);
}
