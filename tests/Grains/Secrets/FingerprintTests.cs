using System.Text;
using Blake3;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Secrets;

public class FingerprintTests
{
    private static readonly Secret First = Minted();

    [Fact]
    public void The_same_secret_has_the_same_fingerprint()
    {
        Assert.True(VirtualKeySecret.TryParse(First.Reveal(), out var again));
        Assert.True(First.Fingerprint().FixedTimeEquals(again.Fingerprint()));
    }

    [Fact]
    public void Every_character_of_a_secret_counts()
    {
        var text = First.Reveal();
        for (var at = 0; at < text.Length; at++)
        {
            var other = text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
            Assert.False(Fingerprint.Of(text).FixedTimeEquals(Fingerprint.Of(other)), $"character {at}");
        }
    }

    [Fact]
    public void Every_bit_of_a_digest_counts()
    {
        var fingerprint = Fingerprint.Of(First.Digest());
        Assert.True(fingerprint.FixedTimeEquals(Fingerprint.Of(First.Digest())));
        Assert.False(fingerprint.FixedTimeEquals(Fingerprint.Of(Minted().Digest())));
    }

    [Fact]
    public void Text_and_digest_are_not_taken_for_each_other()
    {
        Assert.False(First.Fingerprint().FixedTimeEquals(Fingerprint.Of(First.Digest())));
        var text = Encoding.ASCII.GetBytes(First.Reveal());
        Assert.False(First.Fingerprint().FixedTimeEquals(Fingerprint.Of(SecretDigest.Of(text))));
    }

    [Fact]
    public void Nothing_of_it_is_shown()
    {
        Assert.Equal("(fingerprint)", First.Fingerprint().ToString());
        Assert.Equal("(secret)", new PresentedSecret(First).ToString());
    }

    [Fact]
    public void A_presented_secret_has_one_digest_by_its_text_or_as_it_came()
    {
        Assert.Equal(First.Digest(), new PresentedSecret(First).Digest());
        Assert.Equal(First.Digest(), new PresentedSecret(First.Digest()).Digest());
    }

    /// <summary>The first by the test vectors of BLAKE3's authors, the other as other implementations have it.</summary>
    [Theory]
    [InlineData("", "AF1349B9F5F9A1A6A0404DEA36DCC9499BCB25C9ADC112B7CC9A93CAE41F3262")]
    [InlineData("abc", "6437B3AC38465133FFB63B75273A8DB548C558465D79DB03FD359C6CD5BD9D85")]
    public void The_library_computes_BLAKE3(string text, string hash)
    {
        Assert.Equal(hash, Convert.ToHexString(Hasher.Hash(Encoding.ASCII.GetBytes(text)).AsSpan()));
    }

    private static Secret Minted() =>
        VirtualKeySecret.Mint(VirtualKeyId.New(Sample.Start), VirtualKeyEnvironment.Live);
}
