using System.Security.Cryptography;
using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.Tests.Idempotency;

public sealed class PepperSealTests
{
    private const string OwnerId = "vk_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static readonly byte[] Content = [.. "the content"u8];
    private readonly byte[] _sealed = TestData.Pepper.Seal(Content, OwnerId);

    [Fact]
    public void Sealed_content_can_be_opened_and_is_not_readable_before()
    {
        Assert.Equal(Content, TestData.Pepper.Open(_sealed, OwnerId));
        Assert.Equal(-1, _sealed.AsSpan().IndexOf(Content));
    }

    [Fact]
    public void Sealing_the_same_content_twice_gives_different_ciphertexts()
    {
        var again = TestData.Pepper.Seal(Content, OwnerId);

        Assert.NotEqual(_sealed, again);
        Assert.NotEqual(_sealed[^Content.Length..], again[^Content.Length..]);
    }

    [Fact]
    public void Sealed_content_cannot_be_opened_with_another_pepper() => Assert.ThrowsAny<CryptographicException>(
        () => new Pepper(new byte[Pepper.MinLength]).Open(_sealed, OwnerId));

    [Fact]
    public void Sealed_content_cannot_be_opened_for_another_key() => Assert.ThrowsAny<CryptographicException>(
        () => TestData.Pepper.Open(_sealed, "vk_01ARZ3NDEKTSV4RRFFQ69G5FAW"));

    [Fact]
    public void Sealed_content_with_any_byte_altered_cannot_be_opened()
    {
        for (var position = 0; position < _sealed.Length; position++)
        {
            var altered = _sealed.ToArray();
            altered[position] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => TestData.Pepper.Open(altered, OwnerId));
        }
    }
}
